"""What the webhook did since the process started, and one log line for many refusals."""

import asyncio
import logging
from collections import Counter
from datetime import datetime

log = logging.getLogger(__name__)

# A flood of bad posts must not become a flood of log lines.
QUIET_S = 10.0


class Counters:
    """Counts by outcome word; `last_stored_at` is real time, None until the first body was stored. One loop only."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.last_stored_at: datetime | None = None
        self._unlogged: Counter[str] = Counter()

    def stored(self, *, at: datetime) -> None:
        """One body is on the disk."""
        self.outcomes["stored"] += 1
        self.last_stored_at = at

    def refused(self, reason: str) -> None:
        """One request was not taken. The first after a quiet time is logged soon, together with what follows it."""
        self.outcomes[reason] += 1
        if not self._unlogged:
            asyncio.get_running_loop().call_later(QUIET_S, self.flush)
        self._unlogged[reason] += 1

    def flush(self) -> None:
        """Log the refusals since the last line; nothing if there were none."""
        if self._unlogged:
            counts = ", ".join(f"{reason} {count}" for reason, count in sorted(self._unlogged.items()))
            log.warning("webhook refused within %.0f s: %s", QUIET_S, counts)
            self._unlogged.clear()

    def as_json(self) -> dict[str, object]:
        """For `/healthz`: numbers and one time, nothing about anybody."""
        last = self.last_stored_at.isoformat(timespec="seconds") if self.last_stored_at else None
        return {"last_stored_at": last, **dict(sorted(self.outcomes.items()))}
