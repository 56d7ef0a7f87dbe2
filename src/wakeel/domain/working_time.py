"""When our own people work: office hours on working days, minus the days and hours that the gate's calendar closes.

A holiday is a day without any marketing window (closed dates, Eid); in a special period such as Ramadan the hours are
those in which utility messages may go too. Reminders, escalation and expiry count this time, never plain hours, so
that nothing expires over a weekend. Arithmetic is UTC, hours are wall time, as in `quiet_hours`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wakeel.domain.calendars import MIDNIGHT, Span
from wakeel.domain.consent import Category
from wakeel.domain.policy import Policy

WORKDAYS = frozenset({6, 0, 1, 2, 3})
"""Sunday to Thursday, as `date.weekday()`."""
HOURS = Span(9 * 60, 17 * 60)
HORIZON_DAYS = 90
"""A calendar that is closed for longer says nothing about working time: plain hours count then."""

_DAY = timedelta(days=1)
_NONE = timedelta()
_WHOLE_DAY = Span(0, MIDNIGHT)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The working time of one business. country: of its number, None if unknown: then only weekends are closed."""

    policy: Policy
    zone: ZoneInfo
    country: str | None

    def is_open(self, at: datetime) -> bool:
        """Half-open at the end of the day."""
        return any(begins <= at < ends for begins, ends in self._on(self._day(at)))

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself in working time, else when the next begins."""
        return self.after(at, _NONE)

    def after(self, at: datetime, worked: timedelta) -> datetime:
        """The working moment when so much working time has passed since `at`; what would end with the day is the next
        morning."""
        left = worked
        day = self._day(at)
        for ahead in range(HORIZON_DAYS):
            for opens, closes in self._on(day + ahead * _DAY):
                begins = max(opens, at)
                if left < closes - begins:
                    return begins + left
                left -= max(closes - begins, _NONE)
        return at + worked

    def before(self, at: datetime, worked: timedelta) -> datetime:
        """The working moment from which so much working time is left until `at`."""
        left, day = worked, self._day(at)
        for back in range(HORIZON_DAYS):
            for opens, closes in reversed(self._on(day - back * _DAY)):
                ends = min(closes, at)
                if opens < ends and left <= ends - opens:
                    return ends - left
                left -= max(ends - opens, _NONE)
        return at - worked

    def days_after(self, at: datetime, days: int) -> datetime:
        """The same time of day so many working days later; where that day is shorter, the next working moment."""
        start = self.next_opening(at)
        day, local = self._day(start), start.astimezone(self.zone).time()
        for _ in range(HORIZON_DAYS + days):
            if days <= 0:
                break
            day += _DAY
            days -= bool(self._on(day))
        return self.next_opening(datetime.combine(day, local, self.zone).astimezone(UTC))

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working spans of one local date, in order; empty on a day off."""
        if day.weekday() not in WORKDAYS or not self._spans(day, Category.MARKETING):
            return []
        found = [(max(one.start, HOURS.start), min(one.end, HOURS.end)) for one in self._spans(day, Category.UTILITY)]
        return [(self._wall(day, start), self._wall(day, end)) for start, end in found if start < end]

    def _spans(self, day: date, category: Category) -> tuple[Span, ...]:
        """A category that the policy quiets nowhere may go the whole day."""
        if category.value not in self.policy.send_windows:
            return (_WHOLE_DAY,)
        return self.policy.spans_on(day, category=category.value, country=self.country)

    def _wall(self, day: date, minutes: int) -> datetime:
        return datetime.combine(day, time(minutes // 60, minutes % 60), self.zone).astimezone(UTC)
