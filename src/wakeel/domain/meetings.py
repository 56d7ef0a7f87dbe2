"""Meetings: their states, and times that suit both sides. Issue 7, design section 4."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from wakeel.domain.calendars import Span
from wakeel.domain.policy import Policy


class MeetingState(StrEnum):
    DRAFT = "draft"  # proposed; also one whose invitation left while no calendar is set up
    APPROVED = "approved"  # the invitation left; the calendar is not written yet
    BOOKED = "booked"
    FAILED = "failed"  # the calendar refused it
    CANCELLED = "cancelled"


_S = MeetingState
ALLOWED: dict[MeetingState, frozenset[MeetingState]] = {
    _S.DRAFT: frozenset({_S.APPROVED, _S.CANCELLED}),
    _S.APPROVED: frozenset({_S.BOOKED, _S.FAILED, _S.CANCELLED}),
    # Another time was agreed on, and the calendar did not take it.
    _S.BOOKED: frozenset({_S.FAILED, _S.CANCELLED}),
    _S.FAILED: frozenset({_S.BOOKED, _S.CANCELLED}),
    _S.CANCELLED: frozenset(),
}


class CalendarState(StrEnum):
    """Where the event stands, beside the meeting's own state."""

    NONE = ""  # no calendar is set up, or the event was taken out of it
    WAITING = "waiting"  # to be written, or taken out, when it is due
    WRITTEN = "written"
    REFUSED = "refused"  # a person must look


class MailState(StrEnum):
    """Where the e-mail with the calendar file stands."""

    NONE = ""
    WAITING = "waiting"  # leaves when it is due
    SENDING = "sending"  # taken by one worker
    SENT = "sent"
    REFUSED = "refused"  # certainly not sent, at least not to everybody
    UNKNOWN = "unknown"  # it may have left: never repeated by itself


MINUTES = 30
"""How long a meeting is unless somebody says otherwise."""
FEWEST, MOST = 2, 3
"""So many times are proposed (issue 7)."""
HORIZON_DAYS = 14
TITLE_LIMIT = 120

_OFFICE, _LONG_DAY = Span(9 * 60, 17 * 60), Span(8 * 60, 20 * 60)
"""Wall time in which people meet; the longer day only where the clocks of both sides leave too little."""
_PREFERRED = (10 * 60, 13 * 60 + 30, 11 * 60)
"""Of our wall time, turn by turn, so that what is proposed differs by more than the day; clear of the noon prayer."""
_STEP = 30

_FRI_SAT, _SAT_SUN = frozenset({4, 5}), frozenset({5, 6})
_WEEKEND_FRI_SAT = frozenset({"SA", "KW", "QA", "BH", "OM", "JO", "EG", "IQ", "SY", "YE", "SD", "LY", "DZ", "PS"})
"""Friday and Saturday; elsewhere Saturday and Sunday, in the Emirates since 2022."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a meeting: whose days off count (None if unknown), and every zone its clocks may show."""

    country: str | None
    zones: tuple[ZoneInfo, ...]


def propose(
    ours: Side, theirs: Side, *, policy: Policy, after: datetime, minutes: int, busy: Collection[datetime] = ()
) -> tuple[datetime, ...]:
    """Two or three beginnings, aware UTC, on different days of ours from tomorrow on, at which both sides work.

    () if there are not even two within two weeks. busy: beginnings that are taken, each as long as `minutes`.
    """
    for hours in (_OFFICE, _LONG_DAY):
        days = _days(ours, theirs, policy=policy, hours=hours, after=after, minutes=minutes, busy=busy)
        if len(found := tuple(islice(days, MOST))) >= FEWEST:
            return found
    return ()


def is_working_time(side: Side, at: datetime, *, policy: Policy, minutes: int, hours: Span = _OFFICE) -> bool:
    """Whether from `at` on so many minutes are inside the working hours of one day, in every zone of that side."""
    return all(_is_inside(side.country, zone, at, minutes, policy, hours) for zone in side.zones)


def _days(
    ours: Side, theirs: Side, *, policy: Policy, hours: Span, after: datetime, minutes: int, busy: Collection[datetime]
) -> Iterator[datetime]:
    home, length, taken = ours.zones[0], timedelta(minutes=minutes), 0
    first = after.astimezone(home).date()
    for offset in range(1, HORIZON_DAYS + 1):
        day = first + timedelta(days=offset)
        for minute in _minutes_of_a_day(hours, first=_PREFERRED[taken % len(_PREFERRED)]):
            at = datetime.combine(day, time(minute // 60, minute % 60), home).astimezone(UTC)
            is_free = all(abs(at - other) >= length for other in busy)
            if is_free and all(
                is_working_time(side, at, policy=policy, minutes=minutes, hours=hours) for side in (ours, theirs)
            ):
                taken += 1
                yield at
                break


def _minutes_of_a_day(hours: Span, *, first: int) -> Iterator[int]:
    yield first
    yield from range(hours.start, hours.end, _STEP)


def _is_inside(country: str | None, zone: ZoneInfo, at: datetime, minutes: int, policy: Policy, hours: Span) -> bool:
    local = at.astimezone(zone)
    begins = local.hour * 60 + local.minute
    spans = _spans(country, local.date(), policy, hours)
    return any(span.start <= begins and begins + minutes <= span.end for span in spans)


def _spans(country: str | None, day: date, policy: Policy, hours: Span) -> Sequence[Span]:
    """The working hours of one day. A day on which a country's calendar closes offers is a holiday there; where it
    narrows even updates, as in Ramadan, meetings keep to that too."""
    if day.weekday() in (_FRI_SAT if country in _WEEKEND_FRI_SAT else _SAT_SUN):
        return ()
    calendar = policy.calendars.get(country or "")
    if calendar is None:
        return (hours,)
    if calendar.spans_on(day, "marketing") == ():
        return ()
    narrowed = calendar.spans_on(day, "utility")
    if narrowed is None:
        return (hours,)
    return [
        Span(max(hours.start, span.start), min(hours.end, span.end))
        for span in narrowed
        if max(hours.start, span.start) < min(hours.end, span.end)
    ]
