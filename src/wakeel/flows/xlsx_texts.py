"""The shared texts of a workbook, each read only when a cell names it: a brief look at a file costs what it shows."""

import re
from array import array

from openpyxl.cell.text import Text as Texts
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

from wakeel.flows.xlsx_archive import BEGINNING
from wakeel.flows.xlsx_effort import Effort

_TEXT = f"{{{SHEET_MAIN_NS}}}si"
_AT_ONCE = 32
_LONGEST_HEAD = 4_096
"""Bytes before the first text: the element around them and its namespaces, parsed with each."""
_AROUND = re.compile(rb"<([\w:.-]+)[^<>]*>\s*\Z")
"""The opening tag that stands before the first text."""


class SharedTexts:
    """What a cell names by number. part: the unpacked part, checked by `xlsx_archive`; b"" if there is none.

    Raises what the XML parser and openpyxl raise, for a text that is none.
    """

    def __init__(self, part: bytes, effort: Effort) -> None:
        self._part, self._effort = part, effort
        self._starts = array("Q", (found.start() for found in BEGINNING.finditer(part)))
        self._head = part[: self._starts[0]] if self._starts else b""
        around = _AROUND.search(self._head) if len(self._head) <= _LONGEST_HEAD else None
        if self._starts and around is None:
            raise ValueError
        self._tail = b"</%s>" % around[1] if around else b""
        self._read: dict[int, str] = {}

    def __getitem__(self, number: int) -> str:
        if number not in self._read:
            self._read_around(number)
        return self._read[number]

    def _read_around(self, number: int) -> None:
        """A file names its texts mostly one after the other, and a parser costs more than a text."""
        if not 0 <= number < len(self._starts):
            raise IndexError
        first = number - number % _AT_ONCE
        after = first + _AT_ONCE
        is_end = after >= len(self._starts)
        texts = self._part[self._starts[first] : None if is_end else self._starts[after]]
        self._effort.spend(texts.count(b"<"))
        found = fromstring(self._head + texts + (b"" if is_end else self._tail)).findall(_TEXT)
        for place, text in enumerate(found[:_AT_ONCE], start=first):
            # As openpyxl does when it reads all of them.
            self._read[place] = str(Texts.from_tree(text).content).replace("x005F_", "")
