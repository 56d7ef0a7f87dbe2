"""Finding and keeping people by their aliases."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from wakeel.domain.addresses import spellings
from wakeel.domain.events import Sender
from wakeel.domain.text import plain
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentPayload, Contact, ContactAlias
from wakeel.store.standings import refresh_standing

PHONE, BSUID = ContactAlias.Kind.PHONE, ContactAlias.Kind.BSUID


def address_of(contact_id: str) -> str | None:
    """How to write to them now: `+` and digits if the phone is known, else the BSUID; None without a current alias."""
    return addresses_of([contact_id])[contact_id]


def addresses_of(contact_ids: Collection[str]) -> dict[str, str | None]:
    """The same for several people, in one query."""
    ways: dict[str, dict[str, str]] = {contact_id: {} for contact_id in contact_ids}
    for row in ContactAlias.objects.filter(contact__in=contact_ids, valid_to=None):
        ways[row.contact_id][row.kind] = row.value
    return {contact_id: found.get(PHONE) or found.get(BSUID) for contact_id, found in ways.items()}


def find(business_id: str, value: str) -> Contact | None:
    """Who has this `+digits` or BSUID now, in whichever spelling of the number; the very same one first."""
    rows = _having(business_id, spellings(value))
    exact = [row for row in rows if row.value == value]
    return next((row.contact for row in exact + rows), None)


def lock(business_id: str, contact_id: str) -> Contact | None:
    """This business's contact, locked until the transaction ends; None if there is none, or the person was erased."""
    rows = Contact.objects.select_for_update(of=("self",))
    return rows.filter(business_id=business_id, pk=contact_id, erased_at=None).first()


def group_of(contact: Contact) -> list[str]:
    """Ids of all records of one person: the one that speaks for the others first."""
    speaks = contact.merged_into_id or contact.id
    merged = Contact.objects.filter(merged_into=speaks).order_by("id").values_list("pk", flat=True)
    return [speaks, *merged]


def all_of(business_id: str, sender: Sender) -> list[Contact]:
    """Everyone who has this sender's BSUID or phone now: two rows, while nobody has seen that they are one person."""
    values = spellings(f"+{sender.wa_id}") if sender.wa_id else frozenset()
    rows = _having(business_id, values | ({sender.bsuid} if sender.bsuid else set()))
    return list({row.contact_id: row.contact for row in rows}.values())


def former_of(business_id: str, sender: Sender, *, at: datetime) -> list[Contact]:
    """Everyone who had this sender's BSUID then and has it no longer, or the phone, unless by another BSUID.

    What arrives late was said by whoever wrote from there at that time, under whichever number they are known now.
    """
    rows = ContactAlias.objects.filter(business_id=business_id, valid_from__lte=at, valid_to__gt=at)
    rows = rows.filter(contact__erased_at=None).select_related("contact").order_by("id")
    values = spellings(f"+{sender.wa_id}") if sender.wa_id else frozenset()
    found = {row.contact_id: row.contact for row in rows.filter(value__in=values | {sender.bsuid or ""})}
    if sender.bsuid is None:
        return list(found.values())
    had = ContactAlias.objects.filter(contact__in=found, kind=BSUID, valid_from__lte=at)
    others = set(
        had.filter(Q(valid_to=None) | Q(valid_to__gt=at)).exclude(value=sender.bsuid).values_list("contact", flat=True)
    )
    return [contact for pk, contact in found.items() if pk not in others]


def having(business_id: str, value: str) -> list[Contact]:
    """Everybody who has this `+digits` or BSUID now, in whichever spelling."""
    return list({row.contact_id: row.contact for row in _having(business_id, spellings(value))}.values())


def sharing(people: Iterable[Contact]) -> list[str]:
    """Ids of everybody who is reached where these people are: they, their merged records, and whoever else has one of
    their addresses now."""
    people = list(people)
    group = {contact_id for contact in people for contact_id in group_of(contact)}
    values = ContactAlias.objects.filter(contact__in=group, valid_to=None).values_list("business", "value")
    owners = {owner.id for business_id, value in values for owner in having(business_id, value)}
    return sorted(group | owners)


def ask(contact: Contact, what: str, *, at: datetime) -> None:
    """Remember which question of ours they may answer, since `at`; a later asking stands."""
    if contact.expecting != what or contact.expecting_since is None or contact.expecting_since < at:
        contact.expecting, contact.expecting_since = what, at
        contact.save(update_fields=["expecting", "expecting_since"])


def forget_question(contact_ids: Iterable[str], *, asked_until: datetime) -> None:
    """Nothing asked up to then is waited for any more."""
    rows = Contact.objects.filter(pk__in=list(contact_ids), expecting_since__lte=asked_until)
    rows.update(expecting="", expecting_since=None)


def _having(business_id: str, values: frozenset[str]) -> list[ContactAlias]:
    rows = ContactAlias.objects.filter(business_id=business_id, value__in=values, valid_to=None)
    return list(rows.select_related("contact").order_by("id"))


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
    elif phone and by_phone == contact:
        _respell(contact, phone)
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
    _refresh(contact.business_id, contact.id, value, now=now)


def _respell(contact: Contact, phone: str) -> None:
    """The same number as WhatsApp writes it: answers go to the id that wrote. Nobody's number changed, nothing ends."""
    others = spellings(phone) - {phone}
    if others:
        ContactAlias.objects.filter(contact=contact, value__in=others, valid_to=None).update(value=phone)


def close(contact_id: str, value: str, *, now: datetime) -> None:
    """This address is theirs no longer, in whichever spelling it stands."""
    rows = ContactAlias.objects.filter(contact_id=contact_id, value__in=spellings(value), valid_to=None)
    business_id = rows.values_list("business", flat=True).first()
    if business_id is not None:
        rows.update(valid_to=now)
        _refresh(business_id, contact_id, value, now=now)


def _refresh(business_id: str, contact_id: str, value: str, *, now: datetime) -> None:
    """Entries count by address: where this person stands may be another thing now. Most people have no entry yet."""
    meant = Q(contact=contact_id) | Q(address_token=keyring().address_token(value))
    if ConsentPayload.objects.filter(meant, business=business_id).exists():
        refresh_standing([contact_id], now=now)


def slices(business_id: str, size: int) -> Iterator[list[str]]:
    """The ids of all contacts in slices; memory does not grow with their number, and no transaction stays open."""
    rows = Contact.objects.filter(business_id=business_id).order_by("pk").values_list("pk", flat=True)
    found = list(rows[:size])
    while found:
        yield found
        found = list(rows.filter(pk__gt=found[-1])[:size])


def move_window(contact: Contact, *, to: datetime) -> bool:
    """Open the window from `to` on; False if a later message had opened it before (webhooks come in any order)."""
    rows = Contact.objects.filter(pk=contact.pk)
    newer = rows.filter(last_inbound_at=None) | rows.filter(last_inbound_at__lt=to)
    if not newer.update(last_inbound_at=to):
        return False
    contact.last_inbound_at = to
    return True
