"""A number was given to somebody else: it is a new person now, with nothing of the former one. Reference 3.6."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Deed
from wakeel.domain.outbox import UNCLAIMED, Audience
from wakeel.domain.reasons import ReasonCode
from wakeel.flows.ask_again import ask_again
from wakeel.flows.audit import note_about
from wakeel.flows.reply import Reply
from wakeel.store import consent, contacts, decisions, suppressions
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Contact, ContactAlias, OutboxMessage
from wakeel.store.retry import whole_transaction


@whole_transaction
def new_owner(operator_id: str, contact_id: str, *, now: datetime) -> tuple[Reply, str]:
    """The current number of this record becomes a new person's; their id is returned, '' if nothing changed.

    Entries before now do not count for the new person, in either direction, and they are not written to before they
    write. What was approved for the former owner does not leave; it is asked again once their new number is known.
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        former = contacts.lock(operator.business_id, contact_id)
        if former is None:
            return Reply(AnswerCode.NO_SUCH_CONTACT), ""
        phone = ContactAlias.objects.filter(contact=former, kind=contacts.PHONE, valid_to=None).first()
        if phone is None:
            return Reply(AnswerCode.NO_NUMBER_TO_MOVE), ""
        owner = Contact.objects.create(business_id=former.business_id, created_at=now, epoch_started_at=now)
        _leave_the_number(former, now=now)
        suppressions.release_address(former.id, phone.value)
        contacts.open_alias(owner, contacts.PHONE, phone.value, now=now)
        taken = _take_back(former, now=now)
        consent.refresh_standing([former.id, owner.id], now=now)
        note_about(former.id, operator, Deed.NEW_OWNER, owner=owner.id, now=now)
        return Reply(AnswerCode.NEW_OWNER, {"count": taken}, carried_out=True), owner.id


def _leave_the_number(former: Contact, *, now: datetime) -> None:
    """The BSUID goes too: WhatsApp gives a new one when a number changes hands or is changed (reference 3.6), so this
    one is either dead or the new owner's, whose next message tells."""
    ContactAlias.objects.filter(contact=former, valid_to=None).update(valid_to=now)
    contacts.release(former)


def _take_back(former: Contact, *, now: datetime) -> int:
    rows = OutboxMessage.objects.filter(contact=former, audience=Audience.CONTACT.value)
    unclaimed = rows.filter(state__in=UNCLAIMED).select_related("draft").select_for_update(of=("self",))
    unsent = list(unclaimed.order_by("id"))
    # What a worker claimed before the rows were locked is leaving.
    outbox_verbs.recall(rows, now=now)
    asked = sum(ask_again(message, code=ReasonCode.IDENTITY_HOLD, now=now) for message in unsent if message.draft)
    without_draft = rows.filter(draft=None)
    return asked + outbox_verbs.take_back(without_draft, code=ReasonCode.IDENTITY_HOLD, now=now)
