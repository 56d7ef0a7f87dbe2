"""How much of a workbook has been parsed, in tags: what a tag costs is bounded, what a row or a text costs is not."""

from typing import IO

from wakeel.flows.table_lines import Enough

BRIEFLY = 450_000
"""Between one and one and a half seconds of work; 2,000 rows of 30 cells, each with a text of its own."""


class Effort:
    """Tags that may still be parsed; most: None for no limit."""

    def __init__(self, most: int | None) -> None:
        self._left = most

    def spend(self, tags: int) -> None:
        """Raises Enough once they are used up."""
        if self._left is None:
            return
        self._left -= tags
        if self._left < 0:
            raise Enough


class Counted:
    """A stream whose tags are spent as they are read."""

    def __init__(self, stream: IO[bytes], effort: Effort) -> None:
        self._stream, self._effort = stream, effort

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        self._effort.spend(part.count(b"<"))
        return part
