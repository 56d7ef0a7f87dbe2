"""Finding and keeping people by their aliases."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from wakeel.domain.addresses import spellings
from wakeel.domain.events import Sender
from wakeel.domain.recognition import IdentityDoubt
from wakeel.domain.text import bare_line
from wakeel.store import aliases
from wakeel.store.aliases import BSUID, PHONE
from wakeel.store.compiled import Compiled
from wakeel.store.models import Contact, ContactAlias


def address_of(contact_id: str) -> str | None:
    """How to write to them now: `+` and digits if the phone is known, else the BSUID; None without a current alias."""
    return addresses_of([contact_id])[contact_id]


def addresses_of(contact_ids: Collection[str]) -> dict[str, str | None]:
    """The same for several people. A record without an address of its own is reached where the one that speaks for it
    is."""
    found = _own_addresses(contact_ids)
    without = [pk for pk in contact_ids if pk not in found]
    merged = Contact.objects.filter(pk__in=without, merged_into__isnull=False)
    speaks = {row.pk: row.merged_into_id or "" for row in merged.only("merged_into")} if without else {}
    theirs = _own_addresses(set(speaks.values())) if speaks else {}
    return {pk: found.get(pk) or theirs.get(speaks.get(pk, "")) for pk in contact_ids}


def _own_addresses(contact_ids: Collection[str]) -> dict[str, str]:
    ways: dict[str, dict[str, str]] = {}
    for contact_id, kind, value in _current(contacts=contact_ids):
        ways.setdefault(contact_id, {})[kind] = value
    return {contact_id: found.get(PHONE) or found[BSUID] for contact_id, found in ways.items()}


@Compiled
def _current(*, contacts: Any) -> QuerySet[ContactAlias, Any]:
    rows = ContactAlias.objects.filter(contact__in=contacts, valid_to=None)
    return rows.values_list("contact", "kind", "value")


def address_at(contact_id: str, at: datetime | None) -> str | None:
    """Where this record was at that moment, else another of the same person; now, if nobody knows, and for None."""
    if at is not None:
        group = group_of(Contact.objects.get(pk=contact_id))
        rows = ContactAlias.objects.filter(contact__in=group, valid_from__lte=at).order_by("valid_from", "id")
        then = list(rows.filter(Q(valid_to=None) | Q(valid_to__gt=at)))
        ways = {row.kind: row.value for row in [row for row in then if row.contact_id == contact_id] or then}
        if ways:
            return ways.get(PHONE) or ways.get(BSUID)
    return address_of(contact_id)


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
    """Everyone who has this sender's phone now, or ever had the BSUID, which is nobody else's: two records, while
    nobody has seen that they are one person."""
    return all_of_each(business_id, [sender])[sender]


def all_of_each(business_id: str, senders: Collection[Sender]) -> dict[Sender, list[Contact]]:
    """The same of several senders, in one query."""
    values = {sender: _values_of(sender) for sender in senders}
    rows = aliases.history(business_id, frozenset[str]().union(*values.values()))
    theirs = [row for row in rows if row.valid_to is None or row.kind == BSUID]
    return {
        sender: list({row.contact_id: row.contact for row in theirs if row.value in own}.values())
        for sender, own in values.items()
    }


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


def of_sender(business_id: str, sender: Sender, *, at: datetime) -> list[Contact]:
    """Everyone whom this sender was at that moment: by the BSUID, whenever they had it, and by the phone they had
    then, unless by another BSUID. Two records, while nobody has seen that they are one person."""
    rows = _rows_of(business_id, sender)
    found: dict[str, Contact] = {}
    row = aliases.person_of_bsuid(rows, sender.bsuid, at=at) if sender.bsuid else None
    if row is not None:
        found[row.contact_id] = row.contact
    for phone in rows:
        is_theirs = sender.bsuid is None or aliases.others_bsuid(phone, sender.bsuid) is None
        if phone.kind == PHONE and aliases.holds(phone, at) and is_theirs:
            found[phone.contact_id] = phone.contact
    return [contact for contact in found.values() if contact.erased_at is None]


def keep(business_id: str, sender: Sender, *, now: datetime, at: datetime | None = None) -> Contact:
    """The contact behind a sender, made if new. The BSUID decides, the phone second; never the name.

    at: when they said it, None for now: a phone is that person's who had it then. A phone-keyed contact that first
    shows a BSUID is bound to it; two records are joined in `flows.keep_contact`, before this is asked.
    """
    at = min(at or now, now)
    phone = f"+{sender.wa_id}" if sender.wa_id else None
    rows = _rows_of(business_id, sender)
    by_bsuid = aliases.person_of_bsuid(rows, sender.bsuid, at=at) if sender.bsuid else None
    until = by_bsuid.valid_to if by_bsuid is not None else None
    if until is not None:
        at = min(at, until - aliases.A_MOMENT)
    contact = by_bsuid.contact if by_bsuid is not None else _by_phone(rows, phone, sender.bsuid, at=at)
    if contact is None:
        contact = Contact.objects.create(business_id=business_id, name=_one_line(sender.name), created_at=now)
    if sender.bsuid:
        aliases.place(contact, BSUID, sender.bsuid, at=at, now=now, known=rows)
    if phone:
        aliases.place(contact, PHONE, phone, at=at, until=until, now=now, known=rows)
        _respell(contact, phone)
    if not contact.name and sender.name:
        contact.name = _one_line(sender.name)
        contact.save(update_fields=["name"])
    return contact


def is_known(business_id: str, sender: Sender, *, at: datetime) -> bool:
    """Whether `keep` would find somebody."""
    rows, phone = _rows_of(business_id, sender), f"+{sender.wa_id}" if sender.wa_id else None
    by_bsuid = aliases.person_of_bsuid(rows, sender.bsuid, at=at) if sender.bsuid else None
    return by_bsuid is not None or _by_phone(rows, phone, sender.bsuid, at=at) is not None


def _rows_of(business_id: str, sender: Sender) -> list[ContactAlias]:
    return aliases.history(business_id, _values_of(sender))


def _values_of(sender: Sender) -> frozenset[str]:
    phones = spellings(f"+{sender.wa_id}") if sender.wa_id else frozenset()
    return phones | ({sender.bsuid} if sender.bsuid else set())


def _by_phone(rows: list[ContactAlias], phone: str | None, bsuid: str | None, *, at: datetime) -> Contact | None:
    """A phone whose contact has another BSUID changed hands: that is a new person."""
    row = aliases.phone_then(rows, phone, at=at) if phone else None
    if row is None or (bsuid is not None and aliases.others_bsuid(row, bsuid) is not None):
        return None
    return row.contact


def proven_one(business_id: str, sender: Sender, *, at: datetime) -> tuple[Contact, Contact] | None:
    """Two records that this sender proves to be one person, the older one first; None for nothing of the kind.

    What carries both ids says that this BSUID had this phone then. If the phone's contact had no other BSUID, nobody
    else is behind it.
    """
    if sender.bsuid is None or sender.wa_id is None:
        return None
    phone, rows = f"+{sender.wa_id}", _rows_of(business_id, sender)
    by_bsuid = aliases.person_of_bsuid(rows, sender.bsuid, at=at)
    by_phone = aliases.phone_then(rows, phone, at=at)
    if by_bsuid is None or by_phone is None or is_one(by_bsuid.contact, by_phone.contact):
        return None
    if aliases.others_bsuid(by_phone, sender.bsuid) is not None:
        return None
    return older_first(by_bsuid.contact, by_phone.contact)


def was_left(contact: Contact, sender: Sender, *, at: datetime) -> bool:
    """Whether this sender is an identity that the contact had at that moment and has given up since."""
    values = (spellings(f"+{sender.wa_id}") if sender.wa_id else frozenset()) | {sender.bsuid or ""}
    rows = ContactAlias.objects.filter(contact=contact, value__in=values, valid_to__isnull=False)
    return any(row.kind == BSUID or aliases.holds(row, at) for row in rows)


def is_one(one: Contact, other: Contact) -> bool:
    return (one.merged_into_id or one.pk) == (other.merged_into_id or other.pk)


def older_first(one: Contact, other: Contact) -> tuple[Contact, Contact]:
    kept, joined = sorted((one, other), key=lambda contact: (contact.created_at, contact.pk))
    return kept, joined


def join(kept: Contact, joined: Contact) -> list[str]:
    """From now on both are one person, with every record merged into `joined`; returns their ids, the one that speaks
    first. Whoever asked for quiet asked for it whichever way we would write."""
    speaks = group_of(kept)[0]
    Contact.objects.filter(pk__in=group_of(joined)).update(merged_into=speaks)
    group = group_of(kept)
    paused = Contact.objects.filter(pk__in=group, paused_until__isnull=False).order_by("-paused_until").first()
    if paused is not None:
        Contact.objects.filter(pk__in=group).update(paused_until=paused.paused_until)
    return group


def share(kept: Contact, joined: Contact) -> None:
    """What hangs on the way in which they wrote goes with it: addresses, the windows, a doubt, our open question."""
    aliases.hand_over(joined, kept)
    wrote = [record.last_inbound_at for record in (kept, joined) if record.last_inbound_at is not None]
    if wrote:
        move_window(kept, to=max(wrote))
        move_window(joined, to=max(wrote))
    _share_free_entry(kept, joined)
    if joined.expecting and joined.expecting_since is not None:
        ask(kept, joined.expecting, at=joined.expecting_since)
    for one, other in ((kept, joined), (joined, kept)):
        if one.identity_hold:
            hold(other, IdentityDoubt(one.identity_doubt) if one.identity_doubt else None)


def _share_free_entry(kept: Contact, joined: Contact) -> None:
    """The later coming by an advertisement, and the later end of what is free, hold for both."""
    later = {
        column: max(times)
        for column in ("referred_at", "free_until")
        if (times := [at for record in (kept, joined) if (at := getattr(record, column)) is not None])
    }
    if later:
        Contact.objects.filter(pk__in=[kept.pk, joined.pk]).update(**later)


def hold(contact: Contact, doubt: IdentityDoubt | None) -> None:
    """Nothing goes to this person before somebody made sure who they are. doubt: why; None if nobody said.

    That we never knew them before is the weakest doubt: it ends by itself when they turn out to be known.
    """
    if contact.identity_hold and contact.identity_doubt != IdentityDoubt.FORMER_UNKNOWN:
        return
    contact.identity_hold, contact.identity_doubt = True, doubt.value if doubt else ""
    _reached_there(contact).update(identity_hold=True, identity_doubt=contact.identity_doubt)


def release(contact: Contact) -> None:
    """It is settled who they are."""
    contact.identity_hold, contact.identity_doubt = False, ""
    _reached_there(contact).update(identity_hold=False, identity_doubt="")


def _reached_there(contact: Contact) -> QuerySet[Contact]:
    """This record, and those that are reached where it is because they have no address of their own."""
    addressless = ~Exists(ContactAlias.objects.filter(contact=OuterRef("pk"), valid_to=None))
    return Contact.objects.filter(Q(pk=contact.pk) | (Q(merged_into=contact.pk) & addressless))


def _one_line(profile_name: str | None) -> str:
    """A profile name is somebody else's text: no line breaks, no direction marks in what is built from it."""
    return bare_line(profile_name or "")[:200]


def open_alias(contact: Contact, kind: str, value: str, *, now: datetime) -> None:
    """The way to reach them from now on; the one of that kind before is history."""
    ContactAlias.objects.filter(contact=contact, kind=kind, valid_to=None).update(valid_to=now)
    ContactAlias.objects.create(
        business_id=contact.business_id, contact=contact, kind=kind, value=value, valid_from=now
    )
    aliases.refresh(contact.business_id, contact.id, value, now=now)


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
        aliases.refresh(business_id, contact_id, value, now=now)


def note_unread(contact_ids: Collection[str], *, since: datetime | None) -> None:
    """Something of theirs could not be read, since then; None: a person has looked. The first time stands."""
    rows = Contact.objects.filter(pk__in=contact_ids)
    (rows if since is None else rows.filter(unread_since=None)).update(unread_since=since)


def is_unread(contact_ids: Collection[str]) -> bool:
    return Contact.objects.filter(pk__in=contact_ids, unread_since__isnull=False).exists()


def slices(business_id: str, size: int) -> Iterator[list[str]]:
    """The ids of all contacts in slices; memory does not grow with their number, and no transaction stays open."""
    rows = Contact.objects.filter(business_id=business_id).order_by("pk").values_list("pk", flat=True)
    found = list(rows[:size])
    while found:
        yield found
        found = list(rows.filter(pk__gt=found[-1])[:size])


def move_window(contact: Contact, *, to: datetime) -> bool:
    """Open the window from `to` on; False if a later message had opened it before (webhooks come in any order)."""
    rows = _reached_there(contact).filter(Q(last_inbound_at=None) | Q(last_inbound_at__lt=to))
    if not rows.update(last_inbound_at=to):
        return False
    contact.last_inbound_at = to
    return True
