"""A number, a BSUID or an identity key changed hands or form: aliases move, operators are suspended. Design 5.

The notice is WhatsApp's own proof that whoever had the former ids has the new ones. It may arrive before the first
message of either identity, or after both: every order ends the same.
"""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.events import IdentityChanged, Sender
from wakeel.domain.recognition import DOUBT_WORDS, IdentityDoubt, Recognition, recognise
from wakeel.domain.steps import Step
from wakeel.flows.carry_consents import carry, standing_grants
from wakeel.flows.enrol_operator import suspend
from wakeel.flows.keep_contact import one_contact
from wakeel.flows.merge_contacts import join_by_evidence
from wakeel.flows.tell_owners import tell_owners
from wakeel.store import aliases, contacts, messages, operators, suppressions
from wakeel.store.models import Contact, SendingNumber


def identity_changed(event: IdentityChanged, number: SendingNumber, *, now: datetime) -> None:
    """Once per event, inside the caller's transaction. Nobody is found by name, and nobody guessed."""
    business_id, at = number.business_id, min(event.sent_at, now)
    operator_id = _operator_of(business_id, event.sender, at=at)
    if not messages.keep_system(business_id, event, operator_id=operator_id, contact=None, now=now):
        return
    if operator_id is not None:
        suspend(operator_id, now=now)
    elif event.kind == "customer_identity_changed":
        contact = one_contact(business_id, event.sender, at=at, now=now)
        messages.attach(business_id, event.wamid, contact)
        _doubt(contact, IdentityDoubt.KEY_CHANGED, event, now=now)
    else:
        _suspend_whose_number_it_was(business_id, event, at=at, now=now)
        _move(business_id, event, at=at, now=now)


def _operator_of(business_id: str, sender: Sender, *, at: datetime) -> str | None:
    """Whose enrolment is not sure any more; None for nobody's, and for one that was made after the change."""
    who = recognise(sender, operators.enrolled(business_id))
    if who.who is Recognition.STRANGER or who.operator_id is None:
        return None
    return who.operator_id if operators.enrolled_by(who.operator_id, at=at) else None


def _suspend_whose_number_it_was(business_id: str, event: IdentityChanged, *, at: datetime, now: datetime) -> None:
    """Somebody else got an operator's number: cards would go to them."""
    if event.new_wa_id is None:
        return
    for operator in operators.of_phone(business_id, Sender(wa_id=event.new_wa_id, bsuid=None)):
        if operator.bsuid != event.new_bsuid and operators.enrolled_by(operator.id, at=at):
            suspend(operator.id, now=now)


@dataclass(frozen=True, slots=True)
class Present:
    """Who has the new ids already. proven: they are the same person; else they may be somebody else."""

    contact: Contact
    proven: bool


def _move(business_id: str, event: IdentityChanged, *, at: datetime, now: datetime) -> None:
    """Close what they had, open what they have. Someone who wrote from the new ids before the notice came is them.

    Of somebody whose data was destroyed nothing is kept but that they are not to be written to at the new ones either.
    """
    just_before, new = at - aliases.A_MOMENT, _addresses(business_id, event)
    was_known = contacts.is_known(business_id, event.sender, at=just_before)
    is_erased = suppressions.follow_erasure(business_id, _former(event.sender), new.values(), now=now)
    if is_erased and not was_known:
        return
    contact = one_contact(business_id, event.sender, at=just_before, now=now)
    granted = standing_grants(contact, now=now)
    aliases.end_all(contact, at=at, now=now, but=frozenset(new.values()))
    present = _present(contact, new, at=at)
    if present is not None and present.proven:
        contact, joined = contacts.older_first(contact, present.contact)
        join_by_evidence(contact, joined, now=now)
        contact.refresh_from_db()
    messages.attach(business_id, event.wamid, contact)
    if present is not None and not present.proven:
        new.pop(aliases.PHONE)
        _doubt(present.contact, IdentityDoubt.NUMBER_SHARED, event, now=now)
        _doubt(contact, IdentityDoubt.NUMBER_SHARED, event, now=now)
    for kind, value in new.items():
        aliases.place(contact, kind, value, at=at, now=now)
    if was_known:
        carry(contact, granted, key=event.wamid, now=now)
    elif present is not None:
        _doubt(contact, IdentityDoubt.FORMER_UNKNOWN, event, now=now)
    else:
        # Nobody we know, before or after: there is nothing to ask about until they write.
        contacts.hold(contact, IdentityDoubt.FORMER_UNKNOWN)


def _former(sender: Sender) -> list[str]:
    return [value for value in (f"+{sender.wa_id}" if sender.wa_id else "", sender.bsuid) if value]


def _addresses(business_id: str, event: IdentityChanged) -> dict[str, str]:
    """The new ids by kind; what is an operator's is never given to a contact."""
    found = {aliases.PHONE: f"+{event.new_wa_id}" if event.new_wa_id else None, aliases.BSUID: event.new_bsuid}
    return {
        kind.value: value
        for kind, value in found.items()
        if value and not operators.is_operator_address(business_id, value)
    }


def _present(contact: Contact, new: dict[str, str], *, at: datetime) -> Present | None:
    """Somebody we know under the new ids; None if nobody is, or if they clearly are another person.

    By the BSUID it is the same account. By the phone alone it is whoever was seen there after the change, unless with
    another BSUID than the notice names. Who had the phone before the change lost it; if nothing but the number is known
    of them, a person has to say whether they are the same.
    """
    business_id, bsuid, phone = contact.business_id, new.get(aliases.BSUID), new.get(aliases.PHONE)
    by_bsuid = aliases.person_of_bsuid(aliases.history(business_id, [bsuid]), bsuid, at=at) if bsuid else None
    if by_bsuid is not None:
        return None if contacts.is_one(by_bsuid.contact, contact) else Present(by_bsuid.contact, proven=True)
    row = aliases.phone_since(business_id, phone, at=at) if phone else None
    if row is None or contacts.is_one(row.contact, contact):
        return None
    other = aliases.others_bsuid(row, bsuid)
    if row.valid_from < at:
        return None if other is not None else Present(row.contact, proven=False)
    if other is not None:
        return None if bsuid is not None else Present(row.contact, proven=True)
    return Present(row.contact, proven=row.contact.last_inbound_at is not None)


def _doubt(contact: Contact, doubt: IdentityDoubt, event: IdentityChanged, *, now: datetime) -> None:
    """Nothing goes to them before a person looked, and whoever works with them hears why."""
    contacts.hold(contact, doubt)
    values = {"reason": DOUBT_WORDS[doubt]}
    key = f"identity:{event.wamid}:{contact.id}"
    tell_owners(contact, AnswerCode.IDENTITY_UNSURE, values, key=key, now=now, steps=(Step.CONFIRM_IDENTITY,))
