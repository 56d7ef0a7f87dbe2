"""When something that was put off comes back: wall time where the operator is, worked out in UTC. Issue 7."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from wakeel.domain.words import Text
from wakeel.domain.working_time import WorkingTime


class SnoozeChoice(StrEnum):
    """The actions of `snz:` button ids."""

    HOUR = "hour"
    EVENING = "evening"
    TOMORROW = "tomorrow"
    REPLY = "reply"  # when they write


TIME_WORDS: dict[SnoozeChoice, Text] = {
    SnoozeChoice.HOUR: Text("بعد ساعة", "In an hour"),
    SnoozeChoice.EVENING: Text("هذا المساء", "This evening"),
    SnoozeChoice.TOMORROW: Text("صباح الغد", "Tomorrow morning"),
    SnoozeChoice.REPLY: Text("حين يكتب", "When they write"),
}
"""Titles of rows: at most 24 characters."""

EVENING = time(18)
EVENING_FROM = timedelta(hours=1)
"""This evening is offered while it is at least so far away."""
REPLY_PATIENCE = timedelta(days=14)
"""Who waits for a reply is asked again after so long without one: nothing is forgotten."""
RESEARCH_DAYS = 2
"""Working days after which research is asked about."""
BEFORE_EXPIRY = timedelta(hours=1)
"""Nothing is put off to a time when there would be nothing left to decide."""
_SHORTEST = timedelta(minutes=5)
_DAY = timedelta(days=1)


def comes_back_at(choice: SnoozeChoice, *, now: datetime, hours: WorkingTime) -> datetime:
    """The moment, aware UTC, always after `now`; for REPLY the latest one.

    hours: when and where the operator works. An evening that is over, or nearly, is the next working morning.
    """
    match choice:
        case SnoozeChoice.HOUR:
            return now + timedelta(hours=1)
        case SnoozeChoice.REPLY:
            return now + REPLY_PATIENCE
        case SnoozeChoice.EVENING if is_evening_ahead(now, zone=hours.zone):
            return _wall(_today(now, hours.zone), EVENING, hours.zone)
        case _:
            return working_morning(now, hours=hours)


def is_evening_ahead(now: datetime, *, zone: ZoneInfo) -> bool:
    """Whether "this evening" still is a time of its own."""
    return now + EVENING_FROM <= _wall(_today(now, zone), EVENING, zone)


def is_tomorrow(at: datetime, *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is on the day after today's date in `zone`."""
    return at.astimezone(zone).date() == _today(now, zone) + _DAY


def working_morning(now: datetime, *, hours: WorkingTime, after: int = 1) -> datetime:
    """When work begins on the working day that is so many working days after today."""
    at = now
    for _ in range(after):
        at = hours.next_opening(_wall(_today(at, hours.zone) + _DAY, time.min, hours.zone))
    return at


def before_expiry(at: datetime, *, expires_at: datetime | None, now: datetime) -> datetime:
    """`at`, or an hour before it expires if that is earlier; never sooner than in five minutes."""
    if expires_at is None or at < expires_at:
        return at
    return max(expires_at - BEFORE_EXPIRY, now + _SHORTEST)


def _today(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def _wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
