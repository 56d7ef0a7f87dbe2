"""Quiet hours: is it a decent hour where the recipient is, and when is the next one? Right across clock changes.

Rules: reference "consent and contactability", section 5.3 (normative), read 2026-11-22. Windows are wall time in every
zone the recipient may be in, arithmetic is UTC; zone data comes with Python's `zoneinfo`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from wakeel.domain.calendars import Spans
from wakeel.domain.policy import Policy

HORIZON = timedelta(days=60)
"""How far ahead an opening is looked for; a policy that is closed for longer needs a person."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The windows that hold for one message. country: of the recipient's number, None if unknown."""

    policy: Policy
    category: str
    country: str | None
    zones: tuple[ZoneInfo, ...]

    def is_open(self, at: datetime) -> bool:
        """Open in every zone; half-open at the end of a window."""
        return all(self._is_open_in(zone, at) for zone in self.zones)

    def next_opening(self, after: datetime) -> datetime | None:
        """The first instant from `after` on that is open in every zone; None if there is none within HORIZON."""
        latest = after + HORIZON
        at: datetime | None = after
        while at is not None and at <= latest:
            openings = {self._next_opening_in(zone, at, latest) for zone in self.zones}
            if len(openings) == 1:
                return openings.pop()
            at = None if None in openings else max(opening for opening in openings if opening is not None)
        return None

    def _is_open_in(self, zone: ZoneInfo, at: datetime) -> bool:
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        return any(span.start <= minute < span.end for span in self._spans(local.date()))

    def _next_opening_in(self, zone: ZoneInfo, at: datetime, latest: datetime) -> datetime | None:
        if self._is_open_in(zone, at):
            return at
        day, last = at.astimezone(zone).date(), latest.astimezone(zone).date()
        while day <= last:
            starts = (start for start in self._starts(zone, day) if at < start <= latest)
            opening = min((start for start in starts if self._is_open_in(zone, start)), default=None)
            if opening is not None:
                return opening
            day += _DAY
        return None

    def _starts(self, zone: ZoneInfo, day: date) -> Iterator[datetime]:
        """Where a window can begin on this date: at its start (twice if the hour repeats), or where clocks jump."""
        spans = self._spans(day)
        for span in spans:
            for fold in (0, 1):
                wall = datetime.combine(day, time(span.start // 60, span.start % 60, fold=fold), zone)
                yield wall.astimezone(UTC)
        if spans:
            yield from _clock_changes(zone, day)

    def _spans(self, day: date) -> Spans:
        return self.policy.spans_on(day, category=self.category, country=self.country)


def quiet_hours(policy: Policy, *, category: str, country: str | None, time_zones: Iterable[str]) -> QuietHours | None:
    """The windows for a category; None if messages of it may go at any hour.

    time_zones: every zone the recipient may be in, all of them must be open; without a usable one the policy's default
    decides.
    """
    if category not in policy.send_windows:
        return None
    zones = tuple(zone for name in time_zones if (zone := _zone(name)) is not None)
    default = _zone(policy.default_time_zone)
    return QuietHours(policy, category, country, zones or ((default,) if default is not None else (ZoneInfo("UTC"),)))


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=1024)
def _clock_changes(zone: ZoneInfo, day: date) -> tuple[datetime, ...]:
    """The instant of this local date, to the second, at which the zone's clocks change; almost always none."""
    before = datetime.combine(day, time(), UTC) - _DAY
    after = before + 3 * _DAY
    if before.astimezone(zone).utcoffset() == after.astimezone(zone).utcoffset():
        return ()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return (after,)
