"""The list of people we write to, page by page: those who wrote last first, then those who never wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from wakeel.domain.gate import WINDOW, WINDOW_MARGIN
from wakeel.store.compiled import Compiled
from wakeel.store.models import Contact, ContactAlias, Opportunity
from wakeel.store.screens.people import Person, Sight, masked, seen_of
from wakeel.store.screens.search import Match

PAGE = 50
_NEVER = "never"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOO_LONG = 18
"""Digits of a time that is none."""


class Shown(StrEnum):
    """Which of them."""

    ALL = "all"
    OPEN = "open"  # wrote within the window
    MINE = "mine"  # an opportunity with them is the viewer's
    NEW = "new"  # never wrote


@dataclass(frozen=True, slots=True)
class Row:
    """wrote_at: their last message, None if they never wrote."""

    person: Person
    wrote_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """next: where the next page begins, '' on the last one."""

    rows: tuple[Row, ...]
    next: str


def page(business_id: str, *, shown: Shown, sight: Sight, after: str, now: datetime) -> Page:
    """after: `next` of the page before, '' for the first; anything else begins at the beginning."""
    people = _meant(business_id, shown, viewer=sight.viewer, now=now)
    wrote_at, last_id = _place(after)
    found: list[Contact] = []
    if wrote_at is not None or not last_id:
        wrote = people.filter(last_inbound_at__isnull=False).order_by("-last_inbound_at", "-id")
        found = list((wrote.filter(_behind(wrote_at, last_id)) if wrote_at else wrote)[: PAGE + 1])
    if len(found) <= PAGE and shown is not Shown.OPEN:
        never = people.filter(last_inbound_at=None).order_by("-id")
        never = never.filter(id__lt=last_id) if last_id and wrote_at is None else never
        found += never[: PAGE + 1 - len(found)]
    rows = found[:PAGE]
    return Page(_rows(rows, sight), _mark(rows[-1]) if len(found) > PAGE else "")


def found(business_id: str, matches: Sequence[Match], *, sight: Sight) -> tuple[Row, ...]:
    """The people of a search, in its order."""
    ids = [match.contact_id for match in matches]
    people = Contact.objects.filter(business_id=business_id, pk__in=ids).in_bulk() if ids else {}
    return _rows([people[pk] for pk in ids if pk in people], sight)


def _meant(business_id: str, shown: Shown, *, viewer: str | None, now: datetime) -> QuerySet[Contact]:
    people = Contact.objects.filter(business_id=business_id, merged_into=None, erased_at=None)
    match shown:
        case Shown.OPEN:
            return people.filter(last_inbound_at__gt=now - WINDOW + WINDOW_MARGIN)
        case Shown.MINE:
            return people.filter(pk__in=Opportunity.objects.filter(owner=viewer or "").values("contact"))
        case Shown.NEW:
            return people.filter(last_inbound_at=None)
    return people


def _behind(wrote_at: datetime, last_id: str) -> Q:
    """The range first: it is what the index knows."""
    return Q(last_inbound_at__lte=wrote_at) & (Q(last_inbound_at__lt=wrote_at) | Q(id__lt=last_id))


def _mark(last: Contact) -> str:
    """Where a page ended: when that one wrote, in microseconds, and who it is."""
    at = last.last_inbound_at
    return f"{_NEVER if at is None else round(at.timestamp() * 1_000_000)}.{last.pk}"


def _place(mark: str) -> tuple[datetime | None, str]:
    at, _, last_id = mark.partition(".")
    if at == _NEVER:
        return None, last_id
    if not (last_id and at.isascii() and at.isdigit() and len(at) < _TOO_LONG):
        return None, ""
    return _EPOCH + timedelta(microseconds=int(at)), last_id


def _rows(people: Sequence[Contact], sight: Sight) -> tuple[Row, ...]:
    ids = [contact.pk for contact in people]
    phones = dict(_phones(contacts=ids)) if ids else {}
    seen = seen_of(ids, sight)
    return tuple(
        Row(
            Person(one.pk, one.name, one.organisation, _phone(phones, one.pk, sees=one.pk in seen)),
            one.last_inbound_at,
        )
        for one in people
    )


def _phone(phones: Mapping[str, str], contact_id: str, *, sees: bool) -> str:
    phone = phones.get(contact_id, "")
    return phone if sees else masked(phone)


@Compiled
def _phones(*, contacts: Any) -> QuerySet[ContactAlias, Any]:
    rows = ContactAlias.objects.filter(contact__in=contacts, kind=ContactAlias.Kind.PHONE.value, valid_to=None)
    return rows.values_list("contact", "value")
