"""Webhook bodies onto the disk: everything that arrived during the last commit goes into the next one.

Raw SQL on a connection of its own, importable without `django.setup()`: the webhook answers before Django is asked.
A test holds COLUMNS against `InboxRow`. One commit a request collapses at 1.4 k/s; batched it is 12 k/s and more
(design section 9).
"""

import asyncio
import hashlib
import logging
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import psycopg

from wakeel.store.sqlite.driver import Database, set_up

log = logging.getLogger(__name__)

COLUMNS = ("digest", "body", "received_at", "state", "errors", "attempts")

# How long the first body of a batch waits for others; below what anybody notices, above one loop turn under load.
LINGER_S = 0.003
# Bodies waiting for a commit; beyond it the sender is told to come again.
QUEUE_LIMIT = 4096
ROWS_PER_STATEMENT = 300
SQLITE_BUSY_TIMEOUT_S = 5
POSTGRESQL_TIMEOUT_S = 5


class QueueFull(Exception):
    """More bodies wait for a commit than the queue holds; the sender must come again."""


class StoreFailed(Exception):
    """The body is not on the disk. cause: the database's own error class; its text may hold row contents."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"the inbox could not be written ({cause})")
        self.cause = cause


class InboxWriter(Protocol):
    """Where the webhook leaves a body. One loop, one writer."""

    async def start(self) -> None:
        """Called once, in the loop that will call `put`. Does not wait for the database."""

    def put(self, body: bytes, received_at: datetime) -> "asyncio.Future[None]":
        """Queue one body; the future is done when its row is committed, and fails with StoreFailed if it is not.

        A body that is in the inbox already counts as stored. Raises QueueFull at once.
        """

    async def stop(self) -> None:
        """Commit what is queued, then close. Nothing may be put afterwards."""


@dataclass(slots=True)
class _Waiting:
    digest: bytes
    body: bytes
    received_at: datetime
    stored: "asyncio.Future[None]"


class Address(Protocol):
    """Where the database is; `wakeel.config.Config` says it. sqlite_path: None on PostgreSQL."""

    @property
    def database_url(self) -> str: ...

    @property
    def sqlite_path(self) -> Path | None: ...


def open_inbox(config: Address) -> InboxWriter:
    """The writer for a deployment's database; not started yet."""
    return SqliteInbox(config.sqlite_path) if config.sqlite_path else PostgresInbox(config.database_url)


class SqliteInbox:
    """A thread of its own: an fsync must not stop the loop."""

    def __init__(self, path: Path, *, queue_limit: int = QUEUE_LIMIT) -> None:
        self._path = path
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(queue_limit)
        # Not a daemon: the interpreter's exit would cut a commit off.
        self._thread = threading.Thread(target=self._run, name="inbox-writer")
        self._loop: asyncio.AbstractEventLoop
        self._connection: Any = None

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def put(self, body: bytes, received_at: datetime) -> "asyncio.Future[None]":
        waiting = _Waiting(_digest(body), body, received_at, self._loop.create_future())
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            raise QueueFull from None
        return waiting.stored

    async def stop(self) -> None:
        await self._loop.run_in_executor(None, self._queue.put, None)
        await self._loop.run_in_executor(None, self._thread.join)

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping = self._next_batch()
            if batch:
                failure = self._commit(batch)
                self._loop.call_soon_threadsafe(_settle, batch, failure)
        self._disconnect()

    def _next_batch(self) -> tuple[list[_Waiting], bool]:
        """All that is queued a linger after the first body came; True with the last batch before the end."""
        first = self._queue.get()
        if first is None:
            return [], True
        time.sleep(LINGER_S)
        batch, stopping = [first], False
        with suppress(queue.Empty):
            while not stopping:
                item = self._queue.get_nowait()
                if item is None:
                    stopping = True
                else:
                    batch.append(item)
        return batch, stopping

    def _commit(self, batch: list[_Waiting]) -> StoreFailed | None:
        try:
            self._insert(batch)
        except Exception as error:  # the loop's edge: whoever waits is told, and the next batch gets a fresh connection
            self._disconnect()
            return _failure(error)
        return None

    def _insert(self, batch: list[_Waiting]) -> None:
        if self._connection is None:
            self._connection = _connect_sqlite(self._path)
        self._connection.execute("BEGIN IMMEDIATE")
        for start in range(0, len(batch), ROWS_PER_STATEMENT):
            rows = batch[start : start + ROWS_PER_STATEMENT]
            values: list[Any] = []
            for row in rows:
                values += (row.digest, row.body, _sqlite_time(row.received_at))
            self._connection.execute(_sqlite_insert(len(rows)), values)
        self._connection.execute("COMMIT")

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Database.Error):
                connection.close()


class PostgresInbox:
    """A task of the loop, one connection, one statement a batch."""

    def __init__(self, conninfo: str, *, queue_limit: int = QUEUE_LIMIT) -> None:
        self._conninfo = conninfo
        self._queue: asyncio.Queue[_Waiting | None] = asyncio.Queue()
        self._limit = queue_limit
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None]

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="inbox-writer")

    def put(self, body: bytes, received_at: datetime) -> "asyncio.Future[None]":
        if self._queue.qsize() >= self._limit:
            raise QueueFull
        waiting = _Waiting(_digest(body), body, received_at, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(waiting)
        return waiting.stored

    async def stop(self) -> None:
        self._queue.put_nowait(None)
        await self._task

    async def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping = await self._next_batch()
            if batch:
                _settle(batch, await self._commit(batch))
        await self._disconnect()

    async def _next_batch(self) -> tuple[list[_Waiting], bool]:
        first = await self._queue.get()
        if first is None:
            return [], True
        await asyncio.sleep(LINGER_S)
        batch = [first]
        while not self._queue.empty():
            item = self._queue.get_nowait()
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False

    async def _commit(self, batch: list[_Waiting]) -> StoreFailed | None:
        """Twice at most: a batch whose answer was lost may be repeated, its digests are unique."""
        failure = None
        for _ in range(2):
            try:
                async with asyncio.timeout(2 * POSTGRESQL_TIMEOUT_S):
                    await self._insert(batch)
            except Exception as error:  # the loop's edge: whoever waits is told, and the next try gets a new connection
                await self._disconnect()
                failure = _failure(error)
                # Only a lost connection is worth repeating; a missing table or a full disk stays what it is.
                if not isinstance(error, psycopg.OperationalError | OSError):
                    break
            else:
                return None
        return failure

    async def _insert(self, batch: list[_Waiting]) -> None:
        if self._connection is None:
            self._connection = await _connect_postgresql(self._conninfo)
        columns = ([row.digest for row in batch], [row.body for row in batch], [row.received_at for row in batch])
        await self._connection.execute(_POSTGRESQL_INSERT, columns)

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error, OSError):
                await connection.close()


_POSTGRESQL_INSERT = (
    f"INSERT INTO inbox ({', '.join(COLUMNS)}) "  # noqa: S608  (constants of this module)
    "SELECT digest, body, received_at, 'received', '[]'::jsonb, 0 "
    "FROM unnest(%s::bytea[], %s::bytea[], %s::timestamptz[]) AS arrived (digest, body, received_at) "
    "ON CONFLICT (digest) DO NOTHING"
)


def _sqlite_insert(rows: int) -> str:
    values = ", ".join(["(?, ?, ?, 'received', '[]', 0)"] * rows)
    return f"INSERT INTO inbox ({', '.join(COLUMNS)}) VALUES {values} ON CONFLICT (digest) DO NOTHING"  # noqa: S608


def _connect_sqlite(path: Path) -> Any:
    connection = Database.connect(
        str(path), timeout=SQLITE_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    set_up(connection)
    return connection


async def _connect_postgresql(conninfo: str) -> psycopg.AsyncConnection[Any]:
    """Autocommit: a batch is one statement. synchronous_commit is not left to the server's default: 200 means kept."""
    connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True, connect_timeout=POSTGRESQL_TIMEOUT_S)
    await connection.execute("SET synchronous_commit = on")
    await connection.execute(f"SET statement_timeout = '{POSTGRESQL_TIMEOUT_S}s'")
    return connection


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def _sqlite_time(moment: datetime) -> str:
    """As Django writes it: naive UTC with a space."""
    return str(moment.astimezone(UTC).replace(tzinfo=None))


def _failure(error: Exception) -> StoreFailed:
    cause = type(error).__name__
    log.error("inbox batch not stored: %s", cause)
    return StoreFailed(cause)


def _settle(batch: Sequence[_Waiting], failure: StoreFailed | None) -> None:
    """Tell everyone who still waits; a sender that left has cancelled its future."""
    for waiting in batch:
        if waiting.stored.done():
            continue
        if failure is None:
            waiting.stored.set_result(None)
        else:
            waiting.stored.set_exception(failure)
