"""How much goes into one commit: as much as keeps the database for a few milliseconds, by what was measured lately."""

from dataclasses import dataclass

from django.db import connection

SQLITE_COMMIT_S = 0.010
"""Half of what one transaction may take at most (design section 9): what the disk takes for the commit comes on top."""
POSTGRESQL_COMMIT_S = 0.040
"""There nobody waits for it; what is in hand is only not gathered for long."""
MOST = 1000
_LATEST_COUNTS = 0.3


def commit_s() -> float:
    """So long a transaction of many items should take."""
    return SQLITE_COMMIT_S if connection.vendor == "sqlite" else POSTGRESQL_COMMIT_S


@dataclass(slots=True)
class Pace:
    """item_s: what one item takes, averaged over the latest commits. fewest: on a busy machine too, else commits would
    cost more than what is in them.
    """

    item_s: float
    fewest: int

    @property
    def size(self) -> int:
        """How many items the next commit should have."""
        return max(self.fewest, min(MOST, int(commit_s() / self.item_s)))

    def share(self, items: int) -> int:
        """How many of so many should be in the next commit: equal parts, so that no small one is left for the end."""
        return -(-items // max(1, round(items / self.size)))

    def took(self, seconds: float, *, items: int) -> None:
        """Learn from the statements of one commit, without the wait for the disk, which is the same for few and many.
        A small one says little about what an item takes.
        """
        if items >= self.fewest:
            self.item_s += (seconds / items - self.item_s) * _LATEST_COUNTS
