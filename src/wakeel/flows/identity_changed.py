"""A number, a BSUID or an identity key changed hands or form: aliases move, operators are suspended. Design 5."""

from datetime import datetime

from wakeel.domain.events import IdentityChanged, Sender
from wakeel.domain.recognition import Recognition, recognise
from wakeel.flows.carry_consents import carry, standing_grants
from wakeel.flows.enrol_operator import suspend
from wakeel.store import contacts, messages, operators
from wakeel.store.models import Contact, ContactAlias, SendingNumber


def identity_changed(event: IdentityChanged, number: SendingNumber, *, now: datetime) -> None:
    """Once per event, inside the caller's transaction. An unknown former identity moves nothing: no guessing."""
    business_id = number.business_id
    operator_id = _operator_of(business_id, event.sender)
    contact = None if operator_id else _known_contact(business_id, event.sender)
    if not messages.keep_system(business_id, event, operator_id=operator_id, contact=contact, now=now):
        return
    if operator_id is not None:
        suspend(operator_id, now=now)
    elif contact is not None:
        _move_aliases(contact, event, now=now)


def _operator_of(business_id: str, sender: Sender) -> str | None:
    who = recognise(sender, operators.enrolled(business_id))
    return None if who.who is Recognition.STRANGER else who.operator_id


def _known_contact(business_id: str, sender: Sender) -> Contact | None:
    by_bsuid = contacts.find(business_id, sender.bsuid) if sender.bsuid else None
    return by_bsuid or (contacts.find(business_id, f"+{sender.wa_id}") if sender.wa_id else None)


def _move_aliases(contact: Contact, event: IdentityChanged, *, now: datetime) -> None:
    if event.kind == "customer_identity_changed":
        Contact.objects.filter(pk=contact.pk).update(identity_hold=True)
        return
    granted = standing_grants(contact, now=now)
    moves = (
        (ContactAlias.Kind.PHONE, f"+{event.sender.wa_id}" if event.sender.wa_id else None,
         f"+{event.new_wa_id}" if event.new_wa_id else None),
        (ContactAlias.Kind.BSUID, event.sender.bsuid, event.new_bsuid),
    )  # fmt: skip
    for kind, old, new in moves:
        if old and old != new:
            contacts.close(contact.id, old, now=now)
        if new and _is_free(contact.business_id, new):
            contacts.open_alias(contact, kind, new, now=now)
    carry(contact, granted, key=event.wamid, now=now)


def _is_free(business_id: str, value: str) -> bool:
    """An address that is somebody else's, an operator's above all, is never given away by a notice."""
    return contacts.find(business_id, value) is None and not operators.is_operator_address(business_id, value)
