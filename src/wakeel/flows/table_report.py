"""What an import did or would do: counts, warnings, and every row that was refused with its place and reason."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from wakeel.domain.words import Text

PREVIEWED = 20
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_CELL_WITHIN = re.compile(r'([;\t\r\n]"*)(?=[=+\-@])')
"""Where a spreadsheet that separates by semicolon or tab would begin a cell with a formula."""


@dataclass(frozen=True, slots=True)
class Fault:
    """line: as an editor counts it, 1 is the header. column: the header as it stands in the file, '' for the line."""

    line: int
    column: str
    reason: Text


@dataclass(slots=True)
class Report:
    """faults: in file order; with any, nothing was written unless valid rows were asked for.

    withdrawn: withdrawals that were recorded. conflicts: how many of the faults are people who asked us to stop, or
    whose data was destroyed. assumed: numbers that had no country code. warnings: what a person should look at. made:
    ids of what was not there before, with `contact` or `opportunity`, in the order they were made.
    """

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    conflicts: int = 0
    assumed: int = 0
    warnings: list[Text] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    made: list[tuple[str, str]] = field(default_factory=list)

    @property
    def refused_lines(self) -> int:
        """How many rows are not taken; a row may have several faults."""
        return len({fault.line for fault in self.faults})

    @property
    def good(self) -> int:
        """How many rows are taken, those that change nothing included."""
        return self.imported + self.updated + self.unchanged + self.withdrawn


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it would be recorded. note: what was assumed about it."""

    line: int
    cells: tuple[str | Text, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """report: what an import of the good rows would do. rows: the first of them. Nothing was written. is_cut: the file
    has more rows than were looked at.
    """

    report: Report
    columns: tuple[Text, ...]
    rows: tuple[PreviewRow, ...]
    is_cut: bool = False


def as_csv(header: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """A CSV file that Excel opens as UTF-8, and in which no cell can be a formula (design section 10)."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([safe_cell(word) for word in header])
    writer.writerows([safe_cell(str(value)) for value in line] for line in lines)
    return file.getvalue().encode("utf-8-sig", errors="replace")


def safe_cell(value: str) -> str:
    """The value with an apostrophe in front of whatever a spreadsheet would calculate with, at its start and within."""
    within = _CELL_WITHIN.sub(r"\1'", value)
    return f"'{within}" if value.startswith(_FORMULA_MARKS) else within


class Told(Protocol):
    """A fault, wherever it is kept."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def reason(self) -> Text: ...


def faults_as_csv(faults: Iterable[Told], language: str) -> bytes:
    """Every fault on a line of its own, for whoever mends the file."""
    header = ("السطر", "العمود", "السبب") if language == "ar" else ("line", "column", "reason")
    return as_csv(header, ((fault.line, fault.column, fault.reason.say(language)) for fault in faults))
