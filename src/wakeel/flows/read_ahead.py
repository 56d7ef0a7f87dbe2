"""The webhooks behind those in hand, opened and decoded while the database's write lock is left to others."""

from datetime import datetime

from wakeel.flows.inbox_batch import Opened, opened
from wakeel.store import inbox

ROWS_AT_ONCE = 100
"""A few milliseconds of work: nobody waits longer for a lock that is free again."""


class ReadAhead:
    """For the one thread that reads the inbox, while no other worker decodes."""

    def __init__(self, *, limit: int) -> None:
        """limit: how many webhooks a batch has, and how many are read ahead at most."""
        self._limit = limit
        self.forget()

    def forget(self) -> None:
        """Another worker may have carried out what was read."""
        self._opened: dict[int, Opened] = {}
        self._after = 0
        self._room = inbox.BYTES_AT_ONCE

    def take(self, *, real_now: datetime) -> list[Opened]:
        """The next batch, in order of arrival, what was put off and is due again included."""
        ids = inbox.due(real_now=real_now, limit=self._limit)
        known = {pk: self._opened[pk] for pk in ids if pk in self._opened}
        known |= {waiting.pk: opened(waiting) for waiting in inbox.read([pk for pk in ids if pk not in known])}
        self._after = max([self._after, *ids])
        self._opened = {pk: found for pk, found in self._opened.items() if pk > self._after}
        self._room = inbox.BYTES_AT_ONCE
        return [known[pk] for pk in ids if pk in known]

    def read_on(self, *, real_now: datetime) -> bool:
        """Open some more; False if there is nothing more, or enough of it."""
        if self._room <= 0 or len(self._opened) >= self._limit:
            return False
        after = max(self._opened, default=self._after)
        waiting = inbox.take(real_now=real_now, limit=ROWS_AT_ONCE, after=after)
        self._opened |= {one.pk: opened(one) for one in waiting}
        self._room = self._room - sum(len(one.body) for one in waiting) if waiting else 0
        return self._room > 0
