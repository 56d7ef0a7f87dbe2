"""What a file holds before anybody knows its columns: lines of cells, the same for CSV and XLSX."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wakeel.domain.words import Text

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_ROWS = 100_000
"""Design section 10."""


@dataclass(frozen=True, slots=True)
class Line:
    """number: as an editor or a spreadsheet counts it, from 1. cells: as people see them.

    refused: place of a cell → why it has no value that could be taken; such a cell is '' in `cells`.
    """

    number: int
    cells: list[str]
    refused: Mapping[int, Text] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not self.refused and not any(cell.strip() for cell in self.cells)


class Enough(Exception):
    """A brief look at a file has taken as much work as it may: there is more in it. Carries nothing."""


class Unreadable(Exception):
    """The file cannot be read from here on. line: where; reason: why, and what to do. Carries no cell."""

    def __init__(self, line: int, reason: Text) -> None:
        super().__init__(f"line {line}: {reason.en}")
        self.line = line
        self.reason = reason
