"""Reading a CSV file that a person made: every fault with its line and column, nothing guessed.

UTF-8 with or without a mark at its start; comma, Excel's semicolon or tab; Arabic or English headers.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from wakeel import config
from wakeel.domain.keywords import fold
from wakeel.domain.words import Text

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000
ROWS_A_COMMIT = 25
FIRST_YEAR, LAST_YEAR = 2000, 2100
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Fault:
    """line: as an editor counts it, 1 is the header. column: the header as it stands in the file, '' for the line."""

    line: int
    column: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Row:
    """values by column name, stripped; missing columns are ''. headers: how the file spells each column."""

    line: int
    values: Mapping[str, str]
    headers: Mapping[str, str]

    def fault(self, column: str, reason: Text) -> Fault:
        return Fault(self.line, self.headers.get(column, column), reason)


@dataclass(slots=True)
class Report:
    """What an import did. faults: in file order; with any, nothing was written unless valid rows were asked for."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


def as_time(value: str) -> datetime:
    """A date or time as people write it (ISO), aware; without a zone it is the business's.

    Raises ValueError for anything else and for years that no opportunity and no consent can have.
    """
    at = datetime.fromisoformat(value)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(value)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(config.get().time_zone))


T = TypeVar("T")


def slices(rows: list[T]) -> Iterator[list[T]]:
    """Parts small enough for one short commit each."""
    yield from (rows[start : start + ROWS_A_COMMIT] for start in range(0, len(rows), ROWS_A_COMMIT))


def read(
    data: bytes, *, names: Mapping[str, tuple[str, ...]], required: frozenset[str], forbidden: Mapping[str, Text]
) -> tuple[list[Row], list[Fault]]:
    """Rows and faults of a file.

    names: column → how it may be spelled. required: columns that must be there. forbidden: spelling → why not.
    """
    if len(data) > MAX_BYTES:
        return [], [Fault(1, "", Text("الملف أكبر من 10 م.ب. قسّمه.", "The file is over 10 MB. Split it."))]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        return [], [Fault(line, "", Text("ليس UTF-8. احفظه بصيغة CSV UTF-8.", "Not UTF-8. Save it as CSV UTF-8."))]
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return [], [Fault(line, "", Text("ليس ملفًا نصيًا.", "This is not a text file."))]
    return _parse(text, names, required, forbidden)


def _parse(
    text: str, names: Mapping[str, tuple[str, ...]], required: frozenset[str], forbidden: Mapping[str, Text]
) -> tuple[list[Row], list[Fault]]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    faults: list[Fault] = []
    line = 1
    try:
        headers = next(reader, [])
        columns, faults = _columns(headers, names, required, forbidden)
        if faults:
            return [], faults
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _take(cells, line, headers, columns, rows, faults)
            line = reader.line_num + 1
            if len(rows) > MAX_ROWS:
                return [], [Fault(line, "", Text("أكثر من 100,000 سطر. قسّم الملف.", "Over 100,000 rows. Split it."))]
    except csv.Error as fault:
        if "field larger" in str(fault):
            return rows, [*faults, Fault(line, "", Text("خلية أطول من المسموح.", "A cell is longer than allowed."))]
        faults.append(Fault(line, "", Text("علامات اقتباس غير مكتملة.", "Quotation marks do not match.")))
    return rows, faults


def _take(
    cells: list[str], line: int, headers: list[str], columns: Mapping[int, str], rows: list[Row], faults: list[Fault]
) -> None:
    if len(cells) > len(headers):
        faults.append(
            Fault(
                line,
                "",
                Text(
                    "خلايا أكثر من عدد الأعمدة. ضع الخلية التي فيها فاصل بين علامتي اقتباس.",
                    "More cells than columns; quote cells with separators.",
                ),
            )
        )
        return
    spelled = {name: headers[place].strip() for place, name in columns.items()}
    values = dict.fromkeys(columns.values(), "")
    values |= {columns[place]: cell.strip() for place, cell in enumerate(cells) if place in columns}
    rows.append(Row(line, values, spelled))


def _columns(
    headers: list[str], names: Mapping[str, tuple[str, ...]], required: frozenset[str], forbidden: Mapping[str, Text]
) -> tuple[dict[int, str], list[Fault]]:
    spellings = {fold(spelling): name for name, ways in names.items() for spelling in (name, *ways)}
    refused = {fold(spelling): why for spelling, why in forbidden.items()}
    columns: dict[int, str] = {}
    faults = []
    for place, header in enumerate(headers):
        folded = fold(header.replace("_", " "))
        name = spellings.get(folded) or spellings.get(fold(header))
        if folded in refused:
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
