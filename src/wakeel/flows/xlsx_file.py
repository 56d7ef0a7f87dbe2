"""Lines of an XLSX file's first sheet, each cell as people see it. Formulas are never evaluated.

openpyxl reads with defusedxml (docs/decisions/0014); what it gets has passed `xlsx_archive` before.
"""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS
from openpyxl.xml.functions import iterparse

from wakeel.domain.words import Text
from wakeel.flows.table_lines import MAX_UNPACKED_BYTES, Line, Unreadable
from wakeel.flows.xlsx_archive import NOT_A_WORKBOOK, TOO_LARGE, slim
from wakeel.flows.xlsx_effort import BRIEFLY, Counted, Effort
from wakeel.flows.xlsx_texts import SharedTexts

# Its warnings quote cells, and standard error is a log.
warnings.filterwarnings("ignore", module=r"openpyxl\b")

_MOST_COLUMNS = 100
_MOST_FORMATTED = 1_000
_MOST_LINES = 1_048_576
"""Excel's own; a row number beyond it would make the reader count empty rows for minutes."""
_MOST_ZEROS = 32
"""Far more digits than any number has that a person typed; a pattern of a million zeros is nobody's."""
_MALFORMED = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError, SyntaxError, OSError,
    AssertionError,
)  # fmt: skip
"""How openpyxl and the XML parser meet a workbook that no program wrote. SyntaxError: XML's own ParseError."""

_FORMULA = Text("صيغة حسابية. ضع قيمتها مكانها (لصق كقيم).", "A formula. Put its value in its place (paste as values).")
_ERROR = Text("خلية فيها خطأ مثل ‎#N/A.", "The cell holds an error such as #N/A.")
_REFUSED = {"f": _FORMULA, "e": _ERROR}
"""By openpyxl's letter for what kind of value a cell holds."""
_TOO_WIDE = Text(f"أكثر من {_MOST_COLUMNS} عمود.", f"More than {_MOST_COLUMNS} columns.")


class EntitiesNotRefused(RuntimeError):
    """openpyxl was told to work without defusedxml: nothing is read that way."""

    def __init__(self) -> None:
        super().__init__("openpyxl reads without defusedxml: unset OPENPYXL_DEFUSEDXML")


def lines(data: bytes, *, briefly: bool = False) -> Iterator[Line]:
    """Every line of the first sheet, blank ones too unless the file leaves them out. Raises Unreadable at the first
    place that cannot be read.

    briefly: somebody waits for it; raises Enough after about a second of work.
    """
    if not openpyxl.DEFUSEDXML:
        raise EntitiesNotRefused
    number, room = 0, MAX_UNPACKED_BYTES
    try:
        for number, cells in _rows(data, Effort(BRIEFLY if briefly else None)):
            if number > _MOST_LINES:
                raise Unreadable(number, NOT_A_WORKBOOK)
            line = _line(number, cells)
            # Cells name their texts by number: one long text, named often, is more than the file unpacked to.
            room -= sum(map(len, line.cells))
            if room < 0:
                raise Unreadable(number, TOO_LARGE)
            yield line
    except _MALFORMED:
        raise Unreadable(number + 1, NOT_A_WORKBOOK) from None


class _Rows(WorkSheetParser):  # type: ignore[misc]
    def parse_formula(self, element: Any) -> str:
        """We refuse the cell: a shared formula would be taken apart again for each one."""
        return "="


Cells = dict[int, Any]
"""What stands in a row, by the number of its column from 1."""


def _rows(data: bytes, effort: Effort) -> Iterator[tuple[int, Cells]]:
    """The number of each row and what is in it; of rows that say they come before the last one nothing.

    The library's own way would measure every sheet and read every text before the first row, and build what stands
    around the rows.
    """
    reader = ExcelReader(slim(data), read_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    book = SimpleNamespace(parent=reader.wb)
    last = 0
    with reader.archive.open(_first_sheet(reader)) as stream:
        parser = _Rows(
            None, _shared_texts(reader, effort), epoch=reader.wb.epoch, date_formats=reader.wb._date_formats,
            timedelta_formats=reader.wb._timedelta_formats,
        )  # fmt: skip
        for _event, element in iterparse(Counted(stream, effort)):
            if element.tag == DATA_TAG:
                return
            if element.tag != ROW_TAG:
                continue
            number, cells = parser.parse_row(element)
            element.clear()
            if number <= last:
                continue
            if last == 0 and number > 1:
                # The headers are on the first line, or nowhere.
                yield 1, {}
            last = number
            yield number, {cell["column"]: ReadOnlyCell(book, **cell) for cell in cells}


def _first_sheet(reader: ExcelReader) -> str:
    """The part of the first sheet that people see when they open the workbook."""
    for sheet, rel in reader.parser.find_sheets():
        if sheet.state == "visible" and rel.target in reader.valid_files and "chartsheet" not in rel.Type:
            return str(rel.target)
    raise Unreadable(1, NOT_A_WORKBOOK)


def _shared_texts(reader: ExcelReader, effort: Effort) -> SharedTexts:
    found = reader.package.find(SHARED_STRINGS)
    return SharedTexts(b"" if found is None else reader.archive.read(found.PartName[1:]), effort)


def _line(number: int, cells: Cells) -> Line:
    texts: list[str] = []
    refused: dict[int, Text] = {}
    # Cells that only carry a format do not count, but nobody formats a thousand columns.
    if cells and max(cells) > _MOST_FORMATTED:
        raise Unreadable(number, _TOO_WIDE)
    for column, cell in sorted(cells.items()):
        place = column - 1
        why = _REFUSED.get(cell.data_type)
        text = _seen(cell) if why is None and cell.value is not None else ""
        if why is None and not text.strip():
            continue
        if place >= _MOST_COLUMNS:
            raise Unreadable(number, _TOO_WIDE)
        if why is not None:
            refused[place] = why
        texts += [""] * (place - len(texts)) + [text]
    return Line(number, texts, refused)


def _seen(cell: Any) -> str:
    value = cell.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def _number(value: int | float, pattern: str) -> str:
    """Digits without an exponent: a phone that was stored as 5.0501E+8 is read as it was typed.

    pattern: the cell's number format; one of zeros alone keeps the zeros in front.
    """
    exact = Decimal(str(value))
    if exact != exact.to_integral_value():
        return f"{exact:f}"
    digits = f"{exact.to_integral_value():f}"
    return digits.zfill(min(len(pattern), _MOST_ZEROS)) if pattern.strip("0") == "" else digits
