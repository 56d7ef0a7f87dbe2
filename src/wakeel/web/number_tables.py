"""The tables of the page of numbers: what each says, its chart, and the same rows as a CSV file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wakeel.domain.audit import Place
from wakeel.domain.audit_words import PLACE_WORDS
from wakeel.domain.numbers import Stage
from wakeel.flows.number_words import failure_words
from wakeel.store.screens.costs import Costs
from wakeel.store.screens.numbers import Day, Numbers, Wait
from wakeel.web.charts import Bar, bar, columns
from wakeel.web.templatetags.numbers import day_words, grouped, took

Cell = str | int | date | timedelta | None
CHARTED = 8
"""Bars of a chart; the table has every row."""

STAGE_WORDS = {
    Stage.SENT: gettext_lazy("Sent"),
    Stage.DELIVERED: gettext_lazy("Delivered"),
    Stage.READ: gettext_lazy("Read"),
    Stage.REPLIED: gettext_lazy("Replied"),
    Stage.MEETING: gettext_lazy("Meeting"),
}
ACTION_WORDS = {
    "accept": gettext_lazy("Accepted"),
    "draft": gettext_lazy("Message asked for"),
    "skip": gettext_lazy("Skipped"),
    "approve": gettext_lazy("Approved"),
    "cancel": gettext_lazy("Cancelled"),
}
CHANNELS = (Place.PHONE, Place.SCREEN)


class Name(StrEnum):
    """Of a table, in its address."""

    FUNNEL = "funnel"
    MESSAGES = "messages"
    FAILURES = "failures"
    TIMES = "times"
    CHANNELS = "channels"
    COSTS = "costs"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A bar with its words, as many as `number`."""

    words: str
    number: int
    drawing: SafeString


@dataclass(frozen=True, slots=True)
class Table:
    """name: also the file's. head: of every column; the first one names the row. bars: beside each other, each with its
    words; drawing: columns over the days. Neither without anything to draw. legend: class → words. highest: what the
    highest column stands for. code: the column that holds Meta's number, shown small; None without one.
    """

    name: Name
    title: str
    hint: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[Labelled, ...] = ()
    drawing: SafeString | None = None
    legend: tuple[tuple[str, str], ...] = ()
    highest: str = ""
    code: int | None = None
    footer: tuple[Cell, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.rows


def funnel(numbers: Numbers, *, mirrored: bool) -> Table:
    first, sent = numbers.first, numbers.first[Stage.SENT]
    rows = [(str(STAGE_WORDS[stage]), first[stage], _share(first[stage], sent)) for stage in Stage]
    return Table(
        Name.FUNNEL,
        _("From the first message to a meeting"),
        _("Opportunities whose first message left in this time, on the day it left. An answer counts for a week; "
          "whoever hides that they read may still answer."),
        (_("Step"), _("Opportunities"), _("Of those sent")),
        tuple(rows) if sent else (),
        bars=_bars(((str(STAGE_WORDS[stage]), first[stage]) for stage in Stage), mirrored=mirrored) if sent else (),
    )  # fmt: skip


def messages(numbers: Numbers, *, mirrored: bool) -> Table:
    """Every message to contacts by day, answers and invitations too."""
    days = [day for day in numbers.days if day.messages[Stage.SENT] or day.failed]
    most = max((day.messages[Stage.SENT] + day.failed for day in numbers.days), default=0)
    series = [
        (
            Bar(day.messages[Stage.SENT], "go", f"{day_words(day.day)}: {_sent(day)}"),
            Bar(day.failed, "bad", f"{day_words(day.day)}: {_failed(day)}"),
        )
        for day in numbers.days
    ]
    return Table(
        Name.MESSAGES,
        _("Messages to contacts by day"),
        _("Everything that was approved and left, answers and invitations too."),
        (_("Day"), _("Sent"), _("Delivered"), _("Read"), _("Failed")),
        tuple((day.day, *_stages(day.messages), day.failed) for day in reversed(days)),
        drawing=columns(series, most=most, stacked=True, mirrored=mirrored) if most else None,
        legend=(("go", _("Sent")), ("bad", _("Failed"))),
        highest=grouped(most),
        footer=(_("Together"), *_stages(numbers.messages), sum(day.failed for day in numbers.days)) if days else (),
    )


def failures(numbers: Numbers, *, language: str, mirrored: bool) -> Table:
    said = [(failure_words(code).say(language), number, code) for code, number in numbers.failures]
    return Table(
        Name.FAILURES,
        _("Why messages did not arrive"),
        _("By WhatsApp's reason, as things stand now: what was sent again and arrived is not among them."),
        (_("Reason"), _("Messages"), _("Code")),
        tuple((words, number, code) for words, number, code in said),
        bars=_bars(((words, number) for words, number, _code in said[:CHARTED]), mirrored=mirrored, kind="bad"),
        code=2,
    )


def times(numbers: Numbers, *, mirrored: bool) -> Table:
    days = [day for day in numbers.days if day.wait.decisions]
    most = max((day.wait.p90_s or 0 for day in days), default=0)
    series = [
        (
            Bar(day.wait.p90_s or 0, "soft", f"{day_words(day.day)}: {_spoken(day.wait)}"),
            Bar(day.wait.p50_s or 0, "go", f"{day_words(day.day)}: {_spoken(day.wait)}"),
        )
        for day in numbers.days
    ]
    return Table(
        Name.TIMES,
        _("Time to a decision"),
        _("From the question to the answer: for an opportunity since its card, for a text since it was written. "
          "Right to about a tenth."),
        (_("Day"), _("Decisions"), _("Half within"), _("Nine of ten within")),
        tuple((day.day, *_waited(day.wait)) for day in reversed(days)),
        drawing=columns(series, most=most, stacked=False, mirrored=mirrored) if most else None,
        legend=(("go", _("Half within")), ("soft", _("Nine of ten within"))),
        highest=took(timedelta(seconds=most)),
        footer=(_("Together"), *_waited(numbers.wait)) if days else (),
    )  # fmt: skip


def channels(numbers: Numbers, *, language: str, mirrored: bool) -> Table:
    """Decisions by where they were made."""
    said = [PLACE_WORDS[channel].say(language) for channel in CHANNELS]

    def made(channel: str, action: str) -> int:
        return numbers.decided.get(f"{channel}:{action}", 0)

    together = {channel: sum(made(channel, action) for action in ACTION_WORDS) for channel in CHANNELS}
    rows: list[tuple[Cell, ...]] = [
        (str(words), *(made(channel, action) for channel in CHANNELS)) for action, words in ACTION_WORDS.items()
    ]
    is_any = any(together.values())
    return Table(
        Name.CHANNELS,
        _("Decisions by channel"),
        _("Taps on WhatsApp, and clicks and keys on these pages."),
        (_("Decision"), *said),
        tuple(rows) if is_any else (),
        bars=_bars(zip(said, together.values(), strict=True), mirrored=mirrored) if is_any else (),
        footer=(_("Together"), *together.values()) if is_any else (),
    )


def month_costs(found: Costs, *, language: str, mirrored: bool) -> Table:
    lines = [
        (line.category.say(language), line.kind.say(language), line.messages, f"+{line.phone}") for line in found.lines
    ]
    shown = ((_("Charged"), found.charged), (_("Free"), found.free))
    return Table(
        Name.COSTS,
        _("Delivered this month, by what WhatsApp charges"),
        _("Counted from WhatsApp's own reports, about a minute behind. Prices are not known here: they stand on "
          "WhatsApp's invoice."),
        (_("Category"), _("Charged as"), _("Messages"), _("Number")),
        tuple(lines),
        bars=_bars(shown, mirrored=mirrored, kind="act") if lines else (),
        code=3,
    )  # fmt: skip


def as_rows(table: Table) -> Iterable[Sequence[object]]:
    """As a file has them: days as ISO dates, lengths of time in whole seconds, nothing for what is not known."""
    return ([_plain(cell) for cell in row] for row in table.rows)


def _plain(cell: Cell) -> object:
    match cell:
        case None:
            return ""
        case timedelta():
            return round(cell.total_seconds())
        case date():
            return cell.isoformat()
        case _:
            return cell


def _bars(found: Iterable[tuple[str, int]], *, mirrored: bool, kind: str = "go") -> tuple[Labelled, ...]:
    said = list(found)
    most = max((number for _words, number in said), default=0)
    return tuple(
        Labelled(words, number, bar(number, most=most, mirrored=mirrored, kind=kind)) for words, number in said
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else ""


def _sent(day: Day) -> str:
    number = day.messages[Stage.SENT]
    return ngettext("%(number)s message", "%(number)s messages", number) % {"number": grouped(number)}


def _failed(day: Day) -> str:
    return ngettext("%(number)s failed", "%(number)s failed", day.failed) % {"number": grouped(day.failed)}


def _stages(counts: dict[Stage, int]) -> tuple[int, int, int]:
    return counts[Stage.SENT], counts[Stage.DELIVERED], counts[Stage.READ]


def _waited(wait: Wait) -> tuple[Cell, ...]:
    return wait.decisions, _length(wait.p50_s), _length(wait.p90_s)


def _length(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _spoken(wait: Wait) -> str:
    half, most = (took(_length(seconds)) for seconds in (wait.p50_s, wait.p90_s))
    return _("half within %(half)s, nine of ten within %(most)s") % {"half": half, "most": most}
