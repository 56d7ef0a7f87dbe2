"""Finding and keeping people by their aliases."""

from datetime import datetime

from wakeel.domain.events import Sender
from wakeel.domain.text import plain
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


def all_of(business_id: str, sender: Sender) -> list[Contact]:
    """Everyone who has this sender's BSUID or phone now: two rows, while nobody has seen that they are one person."""
    values = [sender.bsuid, f"+{sender.wa_id}" if sender.wa_id else None]
    owners = [find(business_id, value) for value in values if value]
    return list({owner.id: owner for owner in owners if owner is not None}.values())


def keep(business_id: str, sender: Sender, *, now: datetime) -> Contact:
    """The contact behind a sender, made if new. The BSUID decides, the phone second; never the name.

    A phone-keyed contact that first shows a BSUID is bound to it; two rows are never merged here.
    """
    phone = f"+{sender.wa_id}" if sender.wa_id else None
    by_bsuid = find(business_id, sender.bsuid) if sender.bsuid else None
    by_phone = find(business_id, phone) if phone else None
    contact = by_bsuid or (by_phone if by_phone and _may_bind(by_phone, sender) else None)
    if contact is None:
        contact = Contact.objects.create(business_id=business_id, name=_one_line(sender.name), created_at=now)
        if by_phone is not None and phone:
            close(by_phone.id, phone, now=now)
            by_phone = None
    if phone and by_phone is None:
        open_alias(contact, PHONE, phone, now=now)
    if sender.bsuid and by_bsuid is None:
        open_alias(contact, BSUID, sender.bsuid, now=now)
    if not contact.name and sender.name:
        contact.name = _one_line(sender.name)
        contact.save(update_fields=["name"])
    return contact


def _one_line(profile_name: str | None) -> str:
    """A profile name is somebody else's text: no line breaks, no direction marks in what is built from it."""
    return " ".join(plain(profile_name or "").split())[:200]


def _may_bind(contact: Contact, sender: Sender) -> bool:
    """A phone whose contact already has another BSUID changed hands: that is a new person until somebody looked."""
    if sender.bsuid is None:
        return True
    return not ContactAlias.objects.filter(contact=contact, kind=BSUID, valid_to=None).exists()


def open_alias(contact: Contact, kind: str, value: str, *, now: datetime) -> None:
    """The way to reach them from now on; the one of that kind before is history."""
    ContactAlias.objects.filter(contact=contact, kind=kind, valid_to=None).update(valid_to=now)
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
