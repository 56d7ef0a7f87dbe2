"""Which address was whose, and when: intervals that come out the same in whatever order the news of them arrived.

A BSUID is never given to anybody else, so that one of the past still is its person. A phone changes hands, so that it
counts by its interval at the moment something was said (design 5; reference WA 4, read 2026-11-22).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from wakeel.domain.addresses import spellings
from wakeel.store import suppressions
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentPayload, Contact, ContactAlias, InboundMessage
from wakeel.store.standings import refresh_standing

PHONE, BSUID = ContactAlias.Kind.PHONE, ContactAlias.Kind.BSUID
A_MOMENT = timedelta(microseconds=1)
"""Meta's stamps are whole seconds: what was said in the second of a change is put just before it."""


def history(business_id: str, values: Iterable[str]) -> list[ContactAlias]:
    """Whoever has, or had, one of these values, with their contacts; the oldest interval first."""
    rows = ContactAlias.objects.filter(business_id=business_id, value__in=list(values))
    return list(rows.select_related("contact").order_by("valid_from", "id"))


def holds(row: ContactAlias, at: datetime) -> bool:
    return row.valid_from <= at and (row.valid_to is None or at < row.valid_to)


def overlaps(one: ContactAlias, other: ContactAlias) -> bool:
    """Whether there was a moment at which both held."""
    begins = max(one.valid_from, other.valid_from)
    return all(row.valid_to is None or begins < row.valid_to for row in (one, other))


def person_of_bsuid(rows: Iterable[ContactAlias], bsuid: str, *, at: datetime) -> ContactAlias | None:
    """The row by which this BSUID is somebody's, also after it was closed; rows: of `history`.

    None for a new one, and for one that was given up before the phone's present owner began: an operator said that the
    phone is a new person's, so what comes from it later is that person's.
    """
    own = [row for row in rows if row.kind == BSUID and row.value == bsuid]
    row = next((row for row in reversed(own) if row.valid_to is None), own[-1] if own else None)
    if row is None or row.valid_to is None or at < row.valid_to:
        return row
    began = [
        phone.contact.epoch_started_at
        for phone in rows
        if phone.kind == PHONE and holds(phone, at) and phone.contact.epoch_started_at is not None
    ]
    return None if any(row.valid_to <= moment for moment in began) else row


def phone_then(rows: Iterable[ContactAlias], phone: str, *, at: datetime) -> ContactAlias | None:
    """The row by which this `+digits` was somebody's at that moment; the very spelling first.

    Without one the first interval after it: whoever was seen there later had it before, unless a notice of a changed
    number says that they had not.
    """
    own = [row for row in rows if row.kind == PHONE]
    held = [row for row in own if holds(row, at)]
    if held:
        return next((row for row in held if row.value == phone), held[0])
    later = next((row for row in own if row.valid_from > at), None)
    return None if later is None or _began_with_a_notice(later) else later


def phone_since(business_id: str, phone: str, *, at: datetime) -> ContactAlias | None:
    """Who has this `+digits` at that moment, else who got it first after it; None if nobody did."""
    rows = [row for row in history(business_id, spellings(phone)) if holds(row, at) or row.valid_from > at]
    return rows[0] if rows else None


def others_bsuid(row: ContactAlias, bsuid: str | None) -> ContactAlias | None:
    """Another BSUID that this phone's contact had while they had the phone: then `bsuid` is somebody else's."""
    known = ContactAlias.objects.filter(contact=row.contact_id, kind=BSUID).exclude(value=bsuid or "")
    return next((other for other in known.order_by("valid_from", "id") if overlaps(row, other)), None)


def _began_with_a_notice(row: ContactAlias) -> bool:
    speaks = row.contact.merged_into_id or row.contact_id
    theirs = Q(contact=speaks) | Q(contact__merged_into=speaks)
    return InboundMessage.objects.filter(theirs, kind="system", sent_at=row.valid_from).exists()


def place(
    contact: Contact,
    kind: str,
    value: str,
    *,
    at: datetime,
    now: datetime,
    until: datetime | None = None,
    known: Iterable[ContactAlias] | None = None,
) -> None:
    """This person had this address at that moment, and has it until somebody else is known to have got it.

    until: when they lost it, if that is known already. known: of `history`, if it was read before. Whoever else had it
    then lost it at that moment; whoever got it later keeps it. An interval of theirs that begins later begins now at
    `at`.
    """
    group = {contact.id, contact.merged_into_id or contact.id}
    values = spellings(value)
    found = history(contact.business_id, values) if known is None else known
    rows = [row for row in found if row.kind == kind and row.value in values]
    own = [row for row in rows if row.contact_id in group or row.contact.merged_into_id in group]
    if any(holds(row, at) for row in own):
        return
    others = [row for row in rows if row not in own]
    ends = [until, *(_lost(row, at=at, now=now) for row in others if holds(row, at))]
    ends += [row.valid_from for row in others if row.valid_from > at]
    ends += [row.valid_from for row in _of_kind(contact, kind) if row.valid_from > at and row not in own]
    end = min((moment for moment in ends if moment is not None), default=None)
    later = next((row for row in own if row.valid_from > at and (end is None or row.valid_from <= end)), None)
    if later is not None:
        ContactAlias.objects.filter(pk=later.pk).update(valid_from=at)
        return
    for row in _of_kind(contact, kind):
        if holds(row, at):
            _end(row, at=at)
    ContactAlias.objects.create(
        business_id=contact.business_id, contact=contact, kind=kind, value=value, valid_from=at, valid_to=end
    )
    refresh(contact.business_id, contact.id, value, now=now)


def _of_kind(contact: Contact, kind: str) -> list[ContactAlias]:
    return list(ContactAlias.objects.filter(contact=contact, kind=kind).order_by("valid_from", "id"))


def _lost(row: ContactAlias, *, at: datetime, now: datetime) -> datetime | None:
    """Somebody else was seen at this address: it changed hands. Returns when its owner got it, None if before that."""
    bsuid = others_bsuid(row, None) if row.kind == PHONE else None
    if bsuid is not None and bsuid.valid_from > at:
        # They were seen there later than that: until then it was the other's.
        ContactAlias.objects.filter(pk=row.pk).update(valid_from=bsuid.valid_from)
        return bsuid.valid_from
    _leave(row, at=at, now=now)
    return None


def _end(row: ContactAlias, *, at: datetime) -> None:
    ContactAlias.objects.filter(pk=row.pk).update(valid_to=at)


def _leave(row: ContactAlias, *, at: datetime, now: datetime) -> None:
    """What an operator barred stays with the person, not with the address."""
    _end(row, at=at)
    suppressions.release_address(row.contact_id, row.value)
    refresh(row.business_id, row.contact_id, row.value, now=now)


def end_all(contact: Contact, *, at: datetime, now: datetime, but: frozenset[str]) -> None:
    """Every address they had at that moment is theirs no longer, except those in `but`; later ones stay."""
    for row in ContactAlias.objects.filter(contact=contact, valid_from__lt=at).exclude(value__in=but):
        if row.valid_to is None or row.valid_to > at:
            _leave(row, at=at, now=now)


def hand_over(joined: Contact, kept: Contact) -> None:
    """Two records are one person: the addresses of one are the other's, where that one has none of the kind now."""
    has = set(ContactAlias.objects.filter(contact=kept, valid_to=None).values_list("kind", flat=True))
    rows = ContactAlias.objects.filter(contact=joined)
    rows.filter(~Q(kind__in=has) | Q(valid_to__isnull=False)).update(contact=kept)


def refresh(business_id: str, contact_id: str, value: str, *, now: datetime) -> None:
    """Entries count by address: where this person stands may be another thing now. Most people have no entry yet."""
    reached = [contact_id, *Contact.objects.filter(merged_into=contact_id).values_list("pk", flat=True)]
    meant = Q(contact__in=reached) | Q(address_token=keyring().address_token(value))
    if ConsentPayload.objects.filter(meant, business=business_id).exists():
        refresh_standing(reached, now=now)
