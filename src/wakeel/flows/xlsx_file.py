"""Lines of an XLSX file's first sheet, each cell as people see it. Formulas are never evaluated.

openpyxl reads with defusedxml (docs/decisions/0014); what it gets has passed `xlsx_archive` before.
"""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl

from wakeel.domain.words import Text
from wakeel.flows.table_lines import MAX_UNPACKED_BYTES, Line, Unreadable
from wakeel.flows.xlsx_archive import NOT_A_WORKBOOK, TOO_LARGE, slim

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


def lines(data: bytes) -> Iterator[Line]:
    """Every line of the first sheet, blank ones too. Raises Unreadable at the first place that cannot be read."""
    if not openpyxl.DEFUSEDXML:
        raise EntitiesNotRefused
    number, room = 0, MAX_UNPACKED_BYTES
    try:
        for number, cells in enumerate(_rows(data), start=1):
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


def _rows(data: bytes) -> Iterator[tuple[Any, ...]]:
    workbook = openpyxl.load_workbook(slim(data), read_only=True, keep_links=False)
    # The first that people see when they open it.
    sheet = next((sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise Unreadable(1, NOT_A_WORKBOOK)
    # The size a sheet declares may be wrong; what is there counts.
    sheet.reset_dimensions()
    yield from sheet.iter_rows()


def _line(number: int, cells: tuple[Any, ...]) -> Line:
    texts: list[str] = []
    refused: dict[int, Text] = {}
    # Cells that only carry a format do not count, but nobody formats a thousand columns.
    if len(cells) > _MOST_FORMATTED:
        raise Unreadable(number, _TOO_WIDE)
    for place, cell in enumerate(cells):
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
