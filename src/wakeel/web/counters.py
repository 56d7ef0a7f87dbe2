"""What the webhook did since the process started, and one log line for many refusals."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

log = logging.getLogger(__name__)

# A flood of bad posts must not become a flood of log lines.
QUIET_S = 10.0


VERIFIED = "verified"
"""Somebody asked for the challenge with our token."""


class Counters:
    """Counts by outcome word; `last_stored_at` is real time, None until the first body was stored. One loop only.

    keep: is given what was refused or verified since the last time, at most every QUIET_S; must not block.
    """

    def __init__(self, keep: Callable[[Mapping[str, int]], None] | None = None) -> None:
        self._keep = keep
        self._unkept: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.last_stored_at: datetime | None = None
        self._unlogged: Counter[str] = Counter()

    def stored(self, *, at: datetime) -> None:
        """One body is on the disk."""
        self.outcomes["stored"] += 1
        self.last_stored_at = at

    def refused(self, reason: str) -> None:
        """One request was not taken. The first after a quiet time is logged soon, together with what follows it."""
        self._count(reason)
        self._unlogged[reason] += 1

    def verified(self) -> None:
        """Somebody knew the verify token."""
        self._count(VERIFIED)

    def _count(self, word: str) -> None:
        self.outcomes[word] += 1
        if not self._unkept:
            asyncio.get_running_loop().call_later(QUIET_S, self.flush)
        self._unkept[word] += 1

    def flush(self) -> None:
        """Log the refusals since the last line, and give away what is worth keeping; nothing if there was none."""
        if self._unkept and self._keep is not None:
            self._keep(dict(self._unkept))
        self._unkept.clear()
        if self._unlogged:
            counts = ", ".join(f"{reason} {count}" for reason, count in sorted(self._unlogged.items()))
            log.warning("webhook refused within %.0f s: %s", QUIET_S, counts)
            self._unlogged.clear()

    def as_json(self) -> dict[str, object]:
        """For `/healthz`: numbers and one time, nothing about anybody."""
        last = self.last_stored_at.isoformat(timespec="seconds") if self.last_stored_at else None
        return {"last_stored_at": last, **dict(sorted(self.outcomes.items()))}
