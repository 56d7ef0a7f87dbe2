"""The person behind what was said: two records that nobody knew to be one become one when it is proven. Design 5."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.events import Sender
from wakeel.domain.recognition import IdentityDoubt
from wakeel.flows.merge_contacts import join_by_evidence
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.tell_owners import tell_owners
from wakeel.store import contacts
from wakeel.store.models import Contact


def keep_contact(business_id: str, sender: Sender, *, at: datetime, now: datetime) -> Contact:
    """The contact who said something at that moment, made if new, inside the caller's transaction.

    at: the event's own time. Words from an identity that they gave up settle who they were before.
    """
    contact = one_contact(business_id, sender, at=at, now=now)
    if contact.identity_doubt == IdentityDoubt.FORMER_UNKNOWN and contacts.was_left(contact, sender, at=at):
        contacts.release(contact)
        show_what_is_cured(contact, now=now)
    return contact


def one_contact(business_id: str, sender: Sender, *, at: datetime, now: datetime) -> Contact:
    """The contact behind these ids at that moment, made if new. Never by name: the BSUID decides, then the phone.

    Two records that the ids prove to be one person are joined.
    """
    at = min(at, now)
    pair = contacts.proven_one(business_id, sender, at=at)
    if pair is not None:
        join_by_evidence(*pair, now=now)
        tell_owners(pair[0], AnswerCode.RECORDS_JOINED, {}, key=f"joined:{pair[0].id}:{pair[1].id}", now=now)
    return contacts.keep(business_id, sender, at=at, now=now)
