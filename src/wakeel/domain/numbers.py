"""Numbers of days: which days a question is about, and how long decisions took without keeping each of them."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, log2

REPLY_COUNTS = timedelta(days=7)
"""What a person writes later than this after the day of a message is no answer to it."""
LONGEST_DAYS = 92
"""So many days back are counted: the longest question, or the longest month and the one before it."""

_STEPS = 4
"""Four steps double the time: what is said of a wait is right to about a tenth."""


class Period(StrEnum):
    WEEK = "7"
    DAYS_30 = "30"
    DAYS_90 = "90"
    MONTH = "month"  # the calendar month that it is


class Stage(StrEnum):
    """How far an opportunity's first message came. Not each is fewer than the one before: whoever hides that they read
    may still answer."""

    SENT = "sent"
    DELIVERED = "delivered"  # read ones too: Meta may leave the delivery out
    READ = "read"
    REPLIED = "replied"
    MEETING = "meeting"  # a time was agreed on


def days_of(period: Period, *, today: date) -> list[date]:
    """The days of the question, oldest first, today the last one."""
    first = today.replace(day=1) if period is Period.MONTH else today - timedelta(days=int(period) - 1)
    return [first + timedelta(days=n) for n in range((today - first).days + 1)]


def bucket(wait: timedelta) -> int:
    """The bucket of a length of time; under a second, and clocks that disagree, are 0."""
    return max(0, round(_STEPS * log2(max(1.0, wait.total_seconds()))))


def quantile(buckets: Mapping[int, int], share: float) -> float | None:
    """Seconds that this share of the waits did not exceed, to about a tenth; None without waits.

    buckets: how many waits each holds.
    """
    total = sum(buckets.values())
    if not total:
        return None
    wanted, seen = max(1, ceil(total * share)), 0
    for place in sorted(buckets):
        seen += buckets[place]
        if seen >= wanted:
            break
    return float(2 ** (place / _STEPS))


def recount_after(age: timedelta) -> timedelta:
    """How old the count of a day may be. age: of the day, zero for today.

    What came after a message – it was read, somebody answered – is counted on the message's own day.
    """
    if age <= timedelta(days=1):
        return timedelta(minutes=1)
    return timedelta(hours=1) if age <= REPLY_COUNTS else timedelta(days=1)
