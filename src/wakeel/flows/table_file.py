"""Reading a table that a person made: every fault with its line and column, nothing guessed.

CSV and XLSX, told apart by what is in them, never by a name; Arabic or English headers.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from wakeel import config
from wakeel.domain.keywords import fold
from wakeel.domain.words import Text
from wakeel.flows import csv_file, xlsx_file
from wakeel.flows.table_lines import MAX_BYTES, MAX_ROWS, Enough, Line, Unreadable
from wakeel.flows.table_report import Fault
from wakeel.flows.xlsx_archive import OLD_OFFICE, OLD_OFFICE_MARK, PACKED_MARK
from wakeel.store.give_way import give_way

ROWS_A_COMMIT = 25
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Row:
    """values by column name, stripped; missing columns are ''. headers: how the file spells each column."""

    line: int
    values: Mapping[str, str]
    headers: Mapping[str, str]

    def fault(self, column: str, reason: Text) -> Fault:
        return Fault(self.line, self.headers.get(column, column), reason)


@dataclass(frozen=True, slots=True)
class Table:
    """What could be read. is_cut: there are rows that nobody looked at."""

    rows: list[Row]
    faults: list[Fault]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first lines of a file, before anybody knows its columns. headers: stripped; samples: of each column."""

    headers: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """The first lines of a file that somebody waits for, read once and then asked several things.

    lines: the headers and what follows, without blank ones. unreadable: why reading ended, None if nothing was wrong so
    far. is_cut: there is more in the file.
    """

    data: bytes
    lines: tuple[Line, ...]
    unreadable: Unreadable | None = None
    is_cut: bool = False


SAMPLES = 3

Lines = dict[int, list[Any]]
"""What stands on each line of a file: its faults, or what was read from it."""


def by_line(faults: Iterable[Fault]) -> Lines:
    """The faults of a file, to which its rows are added."""
    lines: Lines = {}
    for fault in faults:
        lines.setdefault(fault.line, []).append(fault)
    return lines


def as_time(value: str) -> datetime:
    """A date or time as people write it (ISO), aware; without a zone it is the business's.

    Raises ValueError for anything else and for years that no opportunity and no consent can have.
    """
    at = datetime.fromisoformat(value)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(value)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(config.get().time_zone))


T = TypeVar("T")


def slices(rows: list[T], *, at_once: int = ROWS_A_COMMIT) -> Iterator[list[T]]:
    """Parts small enough for one short commit each; between two of them others get at the database."""
    for start in range(0, len(rows), at_once):
        began = time.monotonic()
        yield rows[start : start + at_once]
        give_way(time.monotonic() - began)


def glance(data: bytes, *, at_most: int) -> Glance:
    """The headers and so many rows; fewer if blank lines and formatting around them take too much work."""
    taken: list[Line] = []
    try:
        for count, line in enumerate(_lines(data, briefly=True)):
            if count and line.is_blank and count <= MAX_ROWS:
                continue
            if len(taken) > at_most or count > MAX_ROWS:
                return Glance(data, tuple(taken), is_cut=True)
            taken.append(line)
    except Unreadable as unreadable:
        return Glance(data, tuple(taken), unreadable)
    except Enough:
        return Glance(data, tuple(taken), is_cut=True)
    return Glance(data, tuple(taken))


def read(
    data: bytes | Glance,
    *,
    names: Mapping[str, tuple[str, ...]],
    required: frozenset[str],
    forbidden: Mapping[str, Text],
    most_rows: int = MAX_ROWS,
    chosen: Mapping[str, str] | None = None,
) -> Table:
    """Rows and faults of a file, or of its first lines.

    names: column → how it may be spelled. required: columns that must be there. forbidden: spelling → why not. chosen:
    header of the file → column, '' for one that is left out; it goes before what a header is spelled like.
    """
    if isinstance(data, bytes) and len(data) > MAX_BYTES:
        return Table([], [Fault(1, "", Text("الملف أكبر من 10 م.ب. قسّمه.", "The file is over 10 MB. Split it."))])
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        lines = _lines_of(data)
        headers = next(lines, Line(1, []))
        columns, faults = _columns(headers, names, required, forbidden, chosen or {})
        if faults:
            return Table([], faults)
        for line in lines:
            if line.is_blank:
                continue
            if len(rows) == most_rows:
                return Table([], [Fault(line.number, "", _too_many(most_rows))])
            _take(line, headers.cells, columns, rows, faults)
    except Unreadable as unreadable:
        faults.append(Fault(unreadable.line, "", unreadable.reason))
    return Table(rows, faults, is_cut=isinstance(data, Glance) and data.is_cut)


def beginning(file: Glance) -> Beginning | None:
    """The headers and first cells; None if this is no table that can be read so far."""
    if file.unreadable is not None and len(file.lines) <= SAMPLES:
        return None
    headers, *rows = [line.cells for line in file.lines] or [[]]
    first = rows[:SAMPLES]
    samples = (tuple(cells[place] for cells in first if place < len(cells)) for place in range(len(headers)))
    return Beginning(tuple(header.strip() for header in headers), tuple(samples))


def spelled(header: str, names: Mapping[str, tuple[str, ...]]) -> str | None:
    """The column that a header names; None for none."""
    spellings = {fold(spelling): name for name, ways in names.items() for spelling in (name, *ways)}
    return spellings.get(fold(header.replace("_", " "))) or spellings.get(fold(header))


def _lines_of(file: bytes | Glance) -> Iterator[Line]:
    if isinstance(file, bytes):
        return _lines(file, briefly=False)
    return _seen_lines(file)


def _seen_lines(file: Glance) -> Iterator[Line]:
    yield from file.lines
    if file.unreadable is not None:
        raise file.unreadable


def _lines(data: bytes, *, briefly: bool) -> Iterator[Line]:
    if data.startswith(OLD_OFFICE_MARK):
        raise Unreadable(1, OLD_OFFICE)
    return xlsx_file.lines(data, briefly=briefly) if data.startswith(PACKED_MARK) else csv_file.lines(data)


def _too_many(most_rows: int) -> Text:
    return Text(f"أكثر من {most_rows:,} سطر. قسّم الملف.", f"Over {most_rows:,} rows. Split the file.")


def _take(line: Line, headers: list[str], columns: Mapping[int, str], rows: list[Row], faults: list[Fault]) -> None:
    spelled = {name: headers[place].strip() for place, name in columns.items()}
    for place, why in line.refused.items():
        faults.append(Fault(line.number, headers[place].strip() if place < len(headers) else "", why))
    if line.refused:
        return
    if len(line.cells) > len(headers):
        faults.append(Fault(line.number, "", _TOO_MANY_CELLS))
        return
    values = dict.fromkeys(columns.values(), "")
    values |= {columns[place]: cell.strip() for place, cell in enumerate(line.cells) if place in columns}
    rows.append(Row(line.number, values, spelled))


_TOO_MANY_CELLS = Text(
    "خلايا أكثر من عدد الأعمدة. ضع الخلية التي فيها فاصل بين علامتي اقتباس.",
    "More cells than columns; quote cells with separators.",
)


def _columns(
    line: Line,
    names: Mapping[str, tuple[str, ...]],
    required: frozenset[str],
    forbidden: Mapping[str, Text],
    chosen: Mapping[str, str],
) -> tuple[dict[int, str], list[Fault]]:
    refused = {fold(spelling): why for spelling, why in forbidden.items()}
    columns: dict[int, str] = {}
    faults = [Fault(line.number, "", why) for why in line.refused.values()]
    for place, header in enumerate(line.cells):
        folded, picked = fold(header.replace("_", " ")), chosen.get(header.strip())
        name = picked if picked is not None else spelled(header, names)
        if picked == "":
            continue
        if folded in refused and picked is None:
            faults.append(Fault(1, header, refused[folded]))
        elif name is None:
            if header.strip():
                faults.append(Fault(1, header, Text("عمود غير معروف.", "Unknown column.")))
        elif name in columns.values():
            faults.append(Fault(1, header, Text("عمود مكرر.", "This column stands twice.")))
        else:
            columns[place] = name
    missing = sorted(required - set(columns.values()))
    faults += [Fault(1, names[name][0], Text("عمود ناقص.", "This column is missing.")) for name in missing]
    return columns, faults
