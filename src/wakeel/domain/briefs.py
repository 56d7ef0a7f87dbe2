"""The daily brief: when it is due, and what its few lines say. Issue 7, design section 2 walk 5.

One for each operator and local date, at the first instant at or after the hour they chose; more than three hours late
it is not that day's any more. Weekdays and holidays are theirs and the business's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wakeel.domain.calendars import Calendar
from wakeel.domain.gate_request import WINDOW
from wakeel.domain.text import OUTSIDE_LINE_LIMIT, bare_line, one_line
from wakeel.domain.words import Text

BRIEF_MINUTE = 8 * 60
"""Of the operator's local day: eight in the morning unless they chose another hour."""

BRIEF_DAYS = "71234"
"""Sunday to Thursday, as ISO weekday numbers."""

LATE_AFTER = timedelta(hours=3)
"""A brief that could not go out for so long is not that day's any more."""

KNOCKS_UNTIL = timedelta(hours=12)
"""So long after the brief's hour somebody whose window is closed may be asked to open it, once a day."""

MAX_LINES = 5
TOP_SHOWN = 2
REASONS_SHOWN = 2
DIGEST_LIMIT = 600
"""Characters of the lines together in a template, whose body may have 1,024 with its own words (reference WA 1.3)."""
COUNTED_TO = 1000
"""Nothing is counted beyond it: the words say that there are more."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_LOOKS_AHEAD = 60
"""Days within which the next brief is looked for: longer than any holiday."""

IsHoliday = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Hours:
    """When one operator wants it. minute: of their local day; None for no brief. days: ISO weekday numbers."""

    zone: ZoneInfo
    minute: int | None
    days: str
    is_holiday: IsHoliday

    def is_working_day(self, day: date) -> bool:
        return str(day.isoweekday()) in self.days and not self.is_holiday(day)


def is_holiday(calendar: Calendar | None, day: date) -> bool:
    """A closed date of the country, or a special period that shuts a category altogether (Eid; not Ramadan)."""
    if calendar is None:
        return False
    if any(day in dates for dates in calendar.closed_dates.values()):
        return True
    periods = (period for period in calendar.special_periods if period.starts_on <= day <= period.ends_on)
    return any(not spans for period in periods for spans in period.windows.values())


def first_instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which clocks there show that minute of that date, or a later one if they jump over
    it; of an hour that comes twice, the first."""
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone)
    at = wall.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return at
    # Clocks jump over it: between the two readings of the wall time lies the jump.
    before = wall.replace(fold=1).astimezone(UTC)
    while at - before > _SECOND:
        middle = before + timedelta(seconds=int((at - before).total_seconds()) // 2)
        if middle.astimezone(zone).replace(tzinfo=None) < wall.replace(tzinfo=None):
            before = middle
        else:
            at = middle
    return at


def due_date(hours: Hours, *, enrolled_at: datetime, now: datetime) -> date | None:
    """The local date whose brief should be out at `now`; None at every other time, and for a day that had begun before
    they came."""
    if hours.minute is None:
        return None
    today = now.astimezone(hours.zone).date()
    # A brief of late evening may be due after midnight.
    for day in (today, today - _DAY):
        at = first_instant(day, hours.minute, hours.zone)
        if at <= now <= at + LATE_AFTER:
            return day if at >= enrolled_at and hours.is_working_day(day) else None
    return None


def next_at(hours: Hours, *, now: datetime) -> datetime | None:
    """When the next brief comes, after `now`; None if they want none."""
    if hours.minute is None or not hours.days:
        return None
    today = now.astimezone(hours.zone).date()
    for day in (today + _DAY * n for n in range(_LOOKS_AHEAD)):
        at = first_instant(day, hours.minute, hours.zone)
        if at > now and hours.is_working_day(day):
            return at
    return None


def may_knock(hours: Hours, *, knocked_at: datetime | None, now: datetime) -> bool:
    """Whether somebody whose window is closed may be asked now to open it: once a local day, in their hours."""
    minute = BRIEF_MINUTE if hours.minute is None else hours.minute
    today = now.astimezone(hours.zone).date()
    if knocked_at is not None and knocked_at.astimezone(hours.zone).date() >= today:
        return False
    begins = first_instant(today, minute, hours.zone)
    return begins <= now < begins + KNOCKS_UNTIL and hours.is_working_day(today)


def since(last_at: datetime | None, *, now: datetime) -> datetime:
    """From when on decisions are counted: the brief before, a day without one, a week at most."""
    return max(last_at or now - WINDOW, now - 7 * _DAY)


@dataclass(frozen=True, slots=True)
class Top:
    """One opportunity. title: outside text; reasons: why it stands first."""

    title: str
    reasons: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What a brief says. decided: how often which action was taken, by its word. approvals, replies: what waits for
    this operator; opportunities: for them or for anybody; failed: messages and notices that need a look. people: ids
    of the contacts whom `top` may name."""

    decided: Mapping[str, int]
    approvals: int = 0
    opportunities: int = 0
    replies: int = 0
    failed: int = 0
    top: tuple[Top, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def needs_somebody(self) -> bool:
        """Something waits, or went wrong."""
        return bool(self.approvals or self.opportunities or self.replies or self.failed)


KINDS_OF_DECISIONS: Mapping[str, frozenset[str]] = {
    "approved": frozenset({"approve"}),
    "taken": frozenset({"accept", "draft"}),
    "skipped": frozenset({"skip"}),
    "put_off": frozenset({"snooze", "needs_research"}),
    "cancelled": frozenset({"cancel"}),
    "won": frozenset({"won"}),
    "lost": frozenset({"lost"}),
}
"""Which actions are counted, and as what; what only shows something decides nothing."""

_DECIDED = {
    "approved": Text("اعتماد {n}", "approved {n}"),
    "taken": Text("قبول {n}", "accepted {n}"),
    "skipped": Text("تخطي {n}", "skipped {n}"),
    "put_off": Text("تأجيل {n}", "put off {n}"),
    "cancelled": Text("إلغاء {n}", "cancelled {n}"),
    "won": Text("ناجحة {n}", "won {n}"),
    "lost": Text("خاسرة {n}", "lost {n}"),
}
_DECISIONS = Text("القرارات منذ آخر ملخص: {n} ({kinds})", "Decided since the last brief: {n} ({kinds})")
_NO_DECISIONS = Text("لا قرارات منذ آخر ملخص.", "Nothing was decided since the last brief.")
_WAITING = {
    "approvals": Text("رسائل للاعتماد {n}", "messages to approve {n}"),
    "replies": Text("ردود {n}", "replies {n}"),
    "opportunities": Text("فرص {n}", "opportunities {n}"),
}
_WAITS = Text("بانتظارك: {kinds}", "Waiting for you: {kinds}")
_NOTHING_WAITS = Text("لا شيء ينتظر قرارك.", "Nothing waits for your decision.")
_FAILED = Text("تحتاج معالجة: {n}", "Need fixing: {n}")
_FIRST = Text("أهم الفرص: {title}{why}", "Top opportunity: {title}{why}")
_NEXT = Text("تليها: {title}{why}", "Then: {title}{why}")
_WHY = Text(" ({reasons})", " ({reasons})")
_AND = Text("، ", ", ")
_MORE_THAN = Text("أكثر من {n}", "over {n}")
_TOGETHER = " · "


def lines(digest: Digest, language: str) -> tuple[str, ...]:
    """At most five lines: decided, waiting, failed if anything did, the top opportunities. Outside text isolated."""
    found = [_decided_line(digest, language), _waiting_line(digest, language)]
    if digest.failed:
        found.append(_FAILED.say(language, n=_counted(digest.failed, language)))
    for label, top in zip((_FIRST, _NEXT), digest.top[:TOP_SHOWN], strict=False):
        reasons = _AND.say(language).join(reason.say(language) for reason in top.reasons[:REASONS_SHOWN])
        why = _WHY.say(language, reasons=reasons) if reasons else ""
        found.append(label.say(language, title=one_line(top.title) or "—", why=why))
    return tuple(found[:MAX_LINES])


TEMPLATE_VARIABLES = frozenset({"name", "digest"})


def template_values(digest: Digest, language: str, *, name: str) -> dict[str, str]:
    """The same for the template that asks to open a window, by its variables; each in one line without marks, which
    are refused in a template, none empty. name: of the operator."""
    said = _TOGETHER.join(lines(digest, language))
    return {"name": bare_line(name, limit=OUTSIDE_LINE_LIMIT) or "—", "digest": bare_line(said, limit=DIGEST_LIMIT)}


def _decided_line(digest: Digest, language: str) -> str:
    kinds = _decisions(digest, language)
    if not kinds:
        return _NO_DECISIONS.say(language)
    return _DECISIONS.say(language, n=sum(digest.decided.values()), kinds=kinds)


def _waiting_line(digest: Digest, language: str) -> str:
    kinds = _waiting(digest, language)
    return _WAITS.say(language, kinds=kinds) if kinds else _NOTHING_WAITS.say(language)


def _decisions(digest: Digest, language: str) -> str:
    said = (words.say(language, n=digest.decided[kind]) for kind, words in _DECIDED.items() if digest.decided.get(kind))
    return _AND.say(language).join(said)


def _waiting(digest: Digest, language: str) -> str:
    counts = {"approvals": digest.approvals, "replies": digest.replies, "opportunities": digest.opportunities}
    said = (words.say(language, n=_counted(counts[kind], language)) for kind, words in _WAITING.items() if counts[kind])
    return _AND.say(language).join(said)


def _counted(number: int, language: str) -> str:
    return counted(number).say(language)


def counted(number: int) -> Text:
    """A number as it is said, beyond COUNTED_TO only that there are more."""
    if number < COUNTED_TO:
        return Text(str(number), str(number))
    return Text.both(lambda language: _MORE_THAN.say(language, n=COUNTED_TO - 1))
