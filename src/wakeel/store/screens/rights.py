"""Requests of people about their data, with the clock that runs for each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from wakeel.domain.rights import RESTRICTABLE, RequestState, Right, is_overdue, last_day, whole_days
from wakeel.domain.suppression import SuppressionCause
from wakeel.store import suppressions
from wakeel.store.models import RightsRequest
from wakeel.store.screens.people import Person, Sight, person

SHOWN_CLOSED = 50


@dataclass(frozen=True, slots=True)
class RequestLine:
    """until: when the clock ends. days: whole days that remain, or by which it is overdue; of a closed one, as it was
    when it was closed."""

    id: str
    contact_id: str
    name: str
    right: str
    came_by: str
    state: str
    received_at: datetime
    until: datetime
    days: int
    is_overdue: bool
    is_extended: bool

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request. opened_by, closed_by: names of web accounts, '' if unknown. restricts: it may restrict sending while
    it is open; is_restricted: it does now. is_erased: the person's data was destroyed."""

    line: RequestLine
    person: Person
    words: str
    identity_checked: str
    held_because: str
    extension_reason: str
    may_be_extended: bool
    answer: str
    opened_by: str
    closed_by: str
    closed_at: datetime | None
    restricts: bool
    is_restricted: bool
    is_erased: bool


@dataclass(frozen=True, slots=True)
class RequestList:
    """open: the most urgent first. closed: the last fifty, the newest first."""

    open: tuple[RequestLine, ...]
    closed: tuple[RequestLine, ...]


def listed(business_id: str, *, now: datetime) -> RequestList:
    rows = RightsRequest.objects.filter(business_id=business_id).select_related("contact")
    waiting = [_line(row, now=now) for row in rows.filter(state=RequestState.OPEN)]
    done = rows.exclude(state=RequestState.OPEN).order_by("-closed_at", "-id")[:SHOWN_CLOSED]
    return RequestList(
        tuple(sorted(waiting, key=lambda line: (line.until, line.id))), tuple(_line(row, now=now) for row in done)
    )


def of_contact(business_id: str, contact_id: str, *, now: datetime) -> tuple[RequestLine, ...]:
    """Every request of one contact, the newest first."""
    rows = RightsRequest.objects.filter(business_id=business_id, contact=contact_id).select_related("contact")
    return tuple(_line(row, now=now) for row in rows.order_by("-received_at", "-id"))


def read(business_id: str, request_id: str, *, sight: Sight, now: datetime) -> RequestPage | None:
    """None if this business has no such request."""
    row = RightsRequest.objects.filter(business_id=business_id, pk=request_id).select_related("contact").first()
    if row is None:
        return None
    names = _names(row.opened_by, row.closed_by)
    standing = suppressions.standing([row.contact_id], SuppressionCause.RESTRICTED)
    return RequestPage(
        line=_line(row, now=now),
        person=person(row.contact, sight=sight),
        words=row.words,
        identity_checked=row.identity_checked,
        held_because=row.held_because,
        extension_reason=row.extension_reason,
        may_be_extended=row.extended_until is None and now <= row.due_at,
        answer=row.answer,
        opened_by=names.get(row.opened_by, ""),
        closed_by=names.get(row.closed_by, ""),
        closed_at=row.closed_at,
        restricts=Right(row.right) in RESTRICTABLE,
        is_restricted=bool(standing),
        is_erased=row.contact.erased_at is not None,
    )


def was_erased_before(business_id: str, contact_id: str) -> bool:
    """True if somebody with an address of this contact had their data destroyed: nothing is sent there until lifted."""
    return bool(suppressions.of_addresses(business_id, contact_id, SuppressionCause.ERASED))


def open_requests(business_id: Any) -> QuerySet[RightsRequest]:
    return RightsRequest.objects.filter(business_id=business_id, state=RequestState.OPEN.value)


def _line(row: RightsRequest, *, now: datetime) -> RequestLine:
    until = last_day(row.due_at, row.extended_until)
    return RequestLine(
        id=row.id,
        contact_id=row.contact_id,
        name=row.contact.name,
        right=row.right,
        came_by=row.came_by,
        state=row.state,
        received_at=row.received_at,
        until=until,
        days=whole_days(until, now=row.closed_at or now),
        is_overdue=is_overdue(until, now=row.closed_at or now),
        is_extended=row.extended_until is not None,
    )


def _names(*account_ids: str) -> dict[str, str]:
    """Web accounts' names by their id as text."""
    ids = [int(account_id) for account_id in account_ids if account_id.isdecimal()]
    return {str(user.pk): user.get_full_name() or user.get_username() for user in User.objects.filter(pk__in=ids)}
