"""Raw bodies are kept for a time and no longer: what was carried out and is old is deleted, a little at a time.

What waits for a person (quarantined) or for the worker (received) stays, however old; what only named no number of
ours goes with the rest. That nothing is done twice does not depend on raw bodies: every item has a key of its own.
"""

import time
from datetime import datetime, timedelta

from wakeel.store import raw_bodies

# A deletion on SQLite holds the one lock; ingest and the screens must not notice it (design section 9).
AIM_S = 0.010
FEWEST, MOST = 10, 500


class OldBodies:
    """Deletes in chunks that take about AIM_S each, however large the rows and however slow the disk. keep: at least
    the seven days for which Meta repeats a body.
    """

    def __init__(self, keep: timedelta) -> None:
        self._keep = keep
        self._limit = 50

    def forget_some(self, *, real_now: datetime) -> int:
        """One chunk in a commit of its own, the oldest first; how many bodies are gone, 0 if none was old enough."""
        ids = raw_bodies.done_before(real_now - self._keep, limit=self._limit)
        if not ids:
            return 0
        started = time.monotonic()
        gone = raw_bodies.delete_done(ids)
        self._aim(time.monotonic() - started)
        return gone

    def _aim(self, held_s: float) -> None:
        """At most twice as many next time: one quick chunk says little."""
        wanted = self._limit * min(AIM_S / max(held_s, 1e-6), 2.0)
        self._limit = max(FEWEST, min(MOST, int(wanted)))
