"""Finding and keeping people by their aliases."""

from datetime import datetime

from wakeel.domain.events import Sender
from wakeel.store.models import Contact, ContactAlias

PHONE, BSUID = ContactAlias.Kind.PHONE, ContactAlias.Kind.BSUID


def address_of(contact_id: str) -> str | None:
    """How to write to them now: `+` and digits if the phone is known, else the BSUID; None without a current alias."""
    aliases = {row.kind: row.value for row in ContactAlias.objects.filter(contact_id=contact_id, valid_to=None)}
    return aliases.get(PHONE) or aliases.get(BSUID)


def find(business_id: str, value: str) -> Contact | None:
    """Who has this `+digits` or BSUID now."""
    row = (
        ContactAlias.objects.filter(business_id=business_id, value=value, valid_to=None)
        .select_related("contact")
        .first()
    )
    return row.contact if row else None


def is_known(business_id: str, sender: Sender) -> bool:
    """True if this sender's BSUID or phone is a contact's now."""
    values = [sender.bsuid, f"+{sender.wa_id}" if sender.wa_id else None]
    return any(find(business_id, value) is not None for value in values if value)


def keep(business_id: str, sender: Sender, *, now: datetime) -> Contact:
    """The contact behind a sender, made if new. The BSUID decides, the phone second; never the name.

    A phone-keyed contact that first shows a BSUID is bound to it; two rows are never merged here.
    """
    phone = f"+{sender.wa_id}" if sender.wa_id else None
    by_bsuid = find(business_id, sender.bsuid) if sender.bsuid else None
    by_phone = find(business_id, phone) if phone else None
    contact = by_bsuid or (by_phone if by_phone and _may_bind(by_phone, sender) else None)
    if contact is None:
        contact = Contact.objects.create(business_id=business_id, name=(sender.name or "")[:200], created_at=now)
        if by_phone is not None and phone:
            close(by_phone.id, phone, now=now)
            by_phone = None
    if phone and by_phone is None:
        open_alias(contact, PHONE, phone, now=now)
    if sender.bsuid and by_bsuid is None:
        open_alias(contact, BSUID, sender.bsuid, now=now)
    if not contact.name and sender.name:
        contact.name = sender.name[:200]
        contact.save(update_fields=["name"])
    return contact


def _may_bind(contact: Contact, sender: Sender) -> bool:
    """A phone whose contact already has another BSUID changed hands: that is a new person until somebody looked."""
    if sender.bsuid is None:
        return True
    return not ContactAlias.objects.filter(contact=contact, kind=BSUID, valid_to=None).exists()


def open_alias(contact: Contact, kind: str, value: str, *, now: datetime) -> None:
    ContactAlias.objects.create(
        business_id=contact.business_id, contact=contact, kind=kind, value=value, valid_from=now
    )


def close(contact_id: str, value: str, *, now: datetime) -> None:
    ContactAlias.objects.filter(contact_id=contact_id, value=value, valid_to=None).update(valid_to=now)


def move_window(contact: Contact, *, to: datetime) -> bool:
    """Open the window from `to` on; False if a later message had opened it before (webhooks come in any order)."""
    rows = Contact.objects.filter(pk=contact.pk)
    newer = rows.filter(last_inbound_at=None) | rows.filter(last_inbound_at__lt=to)
    if not newer.update(last_inbound_at=to):
        return False
    contact.last_inbound_at = to
    return True
