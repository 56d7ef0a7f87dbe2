"""Whoever is about to write says so, in the time stamp of a file beside the database.

SQLite wakes nobody who waits for its one write lock, they look again at longer and longer intervals; and nobody sees
that they wait. Who writes one transaction after the other must know when to leave the lock free (`store.give_way`).
"""

import math
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

SAID_EVERY_S = 0.2
COUNTS_FOR_S = 1.0
"""Longer than SAID_EVERY_S and than SQLite waits between two looks (0.1 s)."""


class Wish:
    """file: of the time stamp; made when something is said first."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._said_at = -math.inf

    def say(self) -> None:
        """Before a write transaction; where the file cannot be written only courtesy is lost."""
        now = time.monotonic()
        if now - self._said_at >= SAID_EVERY_S:
            self._said_at = now
            with suppress(OSError):
                self._file.touch(mode=0o600)

    def was_said(self) -> bool:
        """Lately, by any process. A clock that was put back makes it last longer, never shorter."""
        try:
            return time.time() - self._file.stat().st_mtime < COUNTS_FOR_S
        except OSError:
            return False


@cache
def wish_beside(database: str) -> Wish:
    """One for each database file, for all threads of this process."""
    return Wish(Path(f"{database}-wish"))
