"""Changes are kept for a quarter of an hour, longer than a stream lasts: a browser that comes again misses none."""

import time
from collections import deque

from wakeel.store import live_events

KEPT_S = 900.0
MARKED_EVERY_S = 30.0
CHUNK = 1000
"""A few milliseconds of the one lock on SQLite."""


class OldLiveEvents:
    """Changes carry no time, that would be paid for with each of them: this remembers which was the newest when.

    After a restart it begins anew, and the oldest ones stay a quarter of an hour longer.
    """

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def forget_some(self) -> int:
        """One chunk in a commit of its own; how many are gone."""
        now = time.monotonic()
        if not self._marks or now - self._marks[-1][0] >= MARKED_EVERY_S:
            self._marks.append((now, live_events.newest()))
        while len(self._marks) > 1 and now - self._marks[1][0] >= KEPT_S:
            self._marks.popleft()
        at, last = self._marks[0]
        return live_events.delete_up_to(last, limit=CHUNK) if now - at >= KEPT_S else 0
