"""Webhook bodies onto the disk: everything that arrived during the last commit goes into the next one.

Importable without `django.setup()`: the webhook answers before Django is asked. One commit a request collapses at
1.4 k/s; batched it is 12 k/s and more (design section 9). Digests and seals are made in the writer's thread.
"""

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple, Protocol

from wakeel.store.body_seal import BodySeal
from wakeel.store.inbox_tables import InboxTable, NewRow, PostgresTable, SqliteTable

log = logging.getLogger(__name__)

# Between two commits, for whoever else waits for SQLite's one lock: without it decisions wait twice as long. Batches
# need no more, a commit takes longer than that and gathers the next one.
LINGER_S = 0.0005
# Bodies waiting for a commit; beyond it the sender is told to come again.
QUEUE_LIMIT = 4096
# A statement of thousands would hold SQLite's one lock for longer than others should wait.
BATCH_LIMIT = 600
# A disk that is full must not be filled with log lines.
QUIET_S = 10.0


class QueueFull(Exception):
    """More bodies wait for a commit than the queue holds; the sender must come again."""


class StoreFailed(Exception):
    """The body is not on the disk. cause: the database's own error class; its text may hold row contents."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"the inbox could not be written ({cause})")
        self.cause = cause


class Address(Protocol):
    """Where the database is; `wakeel.config.Config` says it. sqlite_path: None on PostgreSQL."""

    @property
    def database_url(self) -> str: ...

    @property
    def sqlite_path(self) -> Path | None: ...


Settled = Callable[[StoreFailed | None], None]
"""Told how the commit of one body ended, in the loop of the writer; None: it is on the disk. Must not raise."""


class _Waiting(NamedTuple):
    body: bytes
    received_at: datetime
    settled: Settled


def open_inbox(address: Address, seal: BodySeal) -> "InboxWriter":
    """The writer for a deployment's database; not started yet."""
    table = SqliteTable(address.sqlite_path) if address.sqlite_path else PostgresTable(address.database_url)
    return InboxWriter(table, seal)


class InboxWriter:
    """Where the webhook leaves a body. One loop, one writer, one thread of its own: an fsync must not stop the loop."""

    def __init__(self, table: InboxTable, seal: BodySeal, *, queue_limit: int = QUEUE_LIMIT) -> None:
        self._table = table
        self._seal = seal
        self._room = queue_limit
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        # Not a daemon: the interpreter's exit would cut a commit off.
        self._thread = threading.Thread(target=self._run, name="inbox-writer")
        self._quiet_until = 0.0
        self._loop: asyncio.AbstractEventLoop

    async def start(self) -> None:
        """Called once, in the loop that will call `put`. Does not wait for the database."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def put(self, body: bytes, received_at: datetime, settled: Settled) -> None:
        """Queue one body; `settled` is told when its row is committed, or that it is not.

        A body that is in the inbox already counts as stored. received_at: aware UTC. Raises QueueFull at once.
        """
        if self._room <= 0:
            raise QueueFull
        self._room -= 1
        self._queue.put(_Waiting(body, received_at, settled))

    async def stop(self) -> None:
        """Commit what is queued, tell everybody who waits, then close. Nothing may be put afterwards."""
        self._queue.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping = self._next_batch()
            if batch:
                failure = self._commit(batch)
                # One wake-up of the loop a batch.
                self._loop.call_soon_threadsafe(self._settle, batch, failure)
        self._table.close()

    def _next_batch(self) -> tuple[list[_Waiting], bool]:
        """All that is queued a linger after the first body came; True with the last batch before the end."""
        first = self._queue.get()
        if first is None:
            return [], True
        time.sleep(LINGER_S)
        batch = [first]
        try:
            while len(batch) < BATCH_LIMIT:
                item = self._queue.get_nowait()
                if item is None:
                    return batch, True
                batch.append(item)
        except Empty:
            pass
        return batch, False

    def _commit(self, batch: list[_Waiting]) -> StoreFailed | None:
        try:
            self._table.insert([self._row(waiting) for waiting in batch])
        except Exception as error:  # the loop's edge: whoever waits is told, and the next batch gets a fresh connection
            self._table.close()
            self._complain(type(error).__name__)
            return StoreFailed(type(error).__name__)
        return None

    def _complain(self, cause: str) -> None:
        """The class alone: the text of a database's error may hold a row."""
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + QUIET_S
            log.error("webhooks cannot be stored (%s): they are answered 503 until they can", cause)

    def _row(self, waiting: _Waiting) -> NewRow:
        digest = hashlib.sha256(waiting.body).digest()
        sealed = self._seal.seal(waiting.body, digest)
        return NewRow(digest, sealed, self._seal.epoch, waiting.received_at)

    def _settle(self, batch: Sequence[_Waiting], failure: StoreFailed | None) -> None:
        self._room += len(batch)
        for waiting in batch:
            waiting.settled(failure)
