"""When messages may go on which local date: spans of wall time, weekdays, special periods, closed dates, by country.

Rules: reference "consent and contactability", section 5.3 (normative), read 2026-11-22. `quiet_hours` asks them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from wakeel.domain import document_reader as reader
from wakeel.domain.consent import Category
from wakeel.domain.document_reader import Faulty, Node

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
QUIETED = (Category.MARKETING.value, Category.UTILITY.value)
"""Service and authentication messages are never quieted."""
MIDNIGHT = 24 * 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of one day in minutes of wall time since midnight; open means start <= local < end."""

    start: int
    end: int


Spans = tuple[Span, ...]
Windows = Mapping[str, Spans]
"""Spans of one day by category; no spans means closed, no entry means that the next rule decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialPeriod:
    """Dates, both included, with windows of their own: Ramadan, or a holiday with empty windows."""

    name: str
    starts_on: date
    ends_on: date
    windows: Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One country's days. weekday_windows: by category, then 0 for Monday to 6. version, source: of the data."""

    windows: Windows = field(default_factory=dict)
    weekday_windows: Mapping[str, Mapping[int, Spans]] = field(default_factory=dict)
    special_periods: tuple[SpecialPeriod, ...] = ()
    closed_dates: Mapping[str, frozenset[date]] = field(default_factory=dict)
    version: str = ""
    source: str = ""

    def spans_on(self, day: date, category: str) -> Spans | None:
        """What the first rule knows: closed date, special period, weekday, country; None if none speaks of it."""
        if day in self.closed_dates.get(category, ()):
            return ()
        for period in self.special_periods:
            if period.starts_on <= day <= period.ends_on and category in period.windows:
                return period.windows[category]
        weekday = self.weekday_windows.get(category, {}).get(day.weekday())
        return weekday if weekday is not None else self.windows.get(category)


def moved(calendar: Calendar, days: Mapping[str, int]) -> Calendar:
    """The calendar with special periods moved, by name: the announced date may differ from the computed one.

    What ended on the eve of a moved period still does: Eid a day later makes Ramadan a day longer.
    """
    periods = calendar.special_periods
    begins = {p.starts_on: p.starts_on + timedelta(days=days.get(p.name, 0)) for p in periods}
    return replace(
        calendar,
        special_periods=tuple(
            replace(
                p,
                starts_on=begins[p.starts_on],
                ends_on=begins.get(p.ends_on + _DAY, p.ends_on + timedelta(days=days.get(p.name, 0)) + _DAY) - _DAY,
            )
            for p in periods
        ),
    )


def read_calendar(country: str, node: Node) -> Calendar:
    """One country's table; its faults are noted in the node."""
    node.only("version", "source", "windows", "weekday_windows", "special_periods", "closed_dates")
    try:
        read_country(country)
    except Faulty as faulty:
        node.fault(str(faulty))
    return Calendar(
        windows=read_windows(node.child("windows")),
        weekday_windows={key: _weekdays(item) for key, item in _by_category(node.child("weekday_windows"))},
        special_periods=tuple(_period(item) for item in node.child("special_periods").items()),
        closed_dates={
            key: frozenset(one.read(reader.day, date.min) for one in item.items())
            for key, item in _by_category(node.child("closed_dates"))
        },
        version=node.child("version").read(reader.text, ""),
        source=node.child("source").read(reader.text, ""),
    )


def _by_category(node: Node) -> list[tuple[str, Node]]:
    node.only(*QUIETED)
    return [(key, item) for key, item in node.children() if key in QUIETED]


def read_windows(node: Node) -> Windows:
    """A table of category → list of spans."""
    return {key: _spans(item) for key, item in _by_category(node)}


def _weekdays(node: Node) -> dict[int, Spans]:
    node.only(*WEEKDAYS)
    return {WEEKDAYS.index(key): _spans(item) for key, item in node.children() if key in WEEKDAYS}


def _spans(node: Node) -> Spans:
    return tuple(sorted((item.read(_span, Span(0, 1)) for item in node.items()), key=lambda span: span.start))


def _span(value: object) -> Span:
    match value:
        case [str() as start, str() as end]:
            span = Span(_minutes(start), _minutes(end))
            if span.start < span.end:
                return span
    raise Faulty('give two times of one day, the earlier first: ["09:00", "21:00"]')


def _minutes(written: str) -> int:
    hours, colon, minutes = written.partition(":")
    numbers = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()
    if colon and numbers and len(hours) == len(minutes) == 2 and int(minutes) < 60:  # noqa: PLR2004 - HH:MM
        total = int(hours) * 60 + int(minutes)
        if total <= MIDNIGHT:
            return total
    raise Faulty('give times as "09:00", up to "24:00"')


def _period(node: Node) -> SpecialPeriod:
    node.only("name", "from", "to", "windows")
    for key in ("name", "from", "to", "windows"):
        if node.child(key).value is None:
            node.child(key).fault("is missing")
    starts_on, ends_on = node.child("from").read(reader.day, date.min), node.child("to").read(reader.day, date.max)
    if ends_on < starts_on:
        node.child("to").fault("ends before it starts")
    return SpecialPeriod(
        name=node.child("name").read(reader.text, ""),
        starts_on=starts_on,
        ends_on=ends_on,
        windows=read_windows(node.child("windows")),
    )


def read_country(value: object) -> str:
    """Two capital letters. Raises Faulty."""
    if not isinstance(value, str) or len(value) != 2 or not (value.isascii() and value.isalpha() and value.isupper()):  # noqa: PLR2004
        raise Faulty("give a country as two capital letters")
    return value


def calendar_document(calendar: Calendar) -> dict[str, Any]:
    """The table that `read_calendar` reads back."""
    document: dict[str, Any] = {
        "version": calendar.version,
        "source": calendar.source,
        "windows": windows_document(calendar.windows),
        "weekday_windows": {
            category: {WEEKDAYS[day]: _spans_document(days[day]) for day in sorted(days)}
            for category, days in calendar.weekday_windows.items()
        },
        "special_periods": [
            {
                "name": period.name,
                "from": period.starts_on.isoformat(),
                "to": period.ends_on.isoformat(),
                "windows": windows_document(period.windows),
            }
            for period in calendar.special_periods
        ],
        "closed_dates": {
            category: [day.isoformat() for day in sorted(days)] for category, days in calendar.closed_dates.items()
        },
    }
    return {key: value for key, value in document.items() if value}


def windows_document(windows: Windows) -> dict[str, list[list[str]]]:
    """The table that `read_windows` reads back."""
    return {category: _spans_document(spans) for category, spans in windows.items()}


def _spans_document(spans: Spans) -> list[list[str]]:
    return [[_clock(span.start), _clock(span.end)] for span in spans]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
