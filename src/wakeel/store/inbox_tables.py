"""The inbox table in raw SQL, one transaction a batch. A test holds COLUMNS against `InboxRow`."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg

from wakeel.store.sqlite.driver import WAL_PAGES, Database, set_up
from wakeel.store.sqlite.wish import wish_beside

COLUMNS = ("digest", "body", "key_epoch", "received_at", "state", "errors", "attempts")

ROWS_PER_STATEMENT = 300
SQLITE_BUSY_TIMEOUT_S = 5
POSTGRESQL_TIMEOUT_S = 5
WAL_PAGES_WITHOUT_WORKER = 8 * WAL_PAGES


class NewRow(NamedTuple):
    """One body on its way to the disk. received_at: aware UTC."""

    digest: bytes
    sealed: bytes
    key_epoch: int
    received_at: datetime


class InboxTable(Protocol):
    """Used by one thread."""

    def insert(self, rows: Sequence[NewRow]) -> None:
        """Commit all rows, or raise the database's own error with none kept; whose digest is there is left as it is."""

    def close(self) -> None:
        """Drop the connection; the next `insert` makes a new one."""


class SqliteTable:
    """One connection to the deployment's file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wish = wish_beside(str(path))
        self._connection: Any = None
        self._second: tuple[datetime, str] | None = None

    def insert(self, rows: Sequence[NewRow]) -> None:
        if self._connection is None:
            self._connection = _connect_sqlite(self._path)
        self._wish.say()
        self._connection.execute("BEGIN IMMEDIATE")
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            part = rows[start : start + ROWS_PER_STATEMENT]
            values = [value for row in part for value in (*row[:-1], self._text(row.received_at))]
            self._connection.execute(_sqlite_insert(len(part)), values)
        self._connection.execute("COMMIT")

    def _text(self, moment: datetime) -> str:
        """As Django writes it: naive UTC with a space. A second's text is made once, it costs as a seal."""
        second = moment.replace(microsecond=0)
        if self._second is None or self._second[0] != second:
            self._second = second, str(second.astimezone(UTC).replace(tzinfo=None))
        return f"{self._second[1]}.{moment.microsecond:06d}"

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Database.Error):
                connection.close()


class PostgresTable:
    """One connection to the server, one statement a batch."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: psycopg.Connection[Any] | None = None

    def insert(self, rows: Sequence[NewRow]) -> None:
        """Twice at most: a batch whose answer was lost may be repeated, its digests are unique."""
        try:
            self._insert(rows)
        except (psycopg.OperationalError, OSError):
            # Only a lost connection is worth repeating; a missing table or a full disk stays what it is.
            self.close()
            self._insert(rows)

    def _insert(self, rows: Sequence[NewRow]) -> None:
        if self._connection is None:
            self._connection = _connect_postgresql(self._conninfo)
        digests, bodies, epochs, moments = (list(column) for column in zip(*rows, strict=True))
        stamps = [moment.timestamp() for moment in moments]
        self._connection.execute(_POSTGRESQL_INSERT, [digests, bodies, epochs, stamps])

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error, OSError):
                connection.close()


# All of it binary: as text the client would spend twice the time on a row.
_POSTGRESQL_INSERT = (
    f"INSERT INTO inbox ({', '.join(COLUMNS)}) "  # noqa: S608  (constants of this module)
    "SELECT digest, body, key_epoch, to_timestamp(received_at), 'received', '[]'::jsonb, 0 "
    "FROM unnest(%b::bytea[], %b::bytea[], %b::smallint[], %b::float8[]) "
    "AS arrived (digest, body, key_epoch, received_at) ON CONFLICT (digest) DO NOTHING"
)


def _sqlite_insert(rows: int) -> str:
    values = ", ".join(["(?, ?, ?, ?, 'received', '[]', 0)"] * rows)
    return f"INSERT INTO inbox ({', '.join(COLUMNS)}) VALUES {values} ON CONFLICT (digest) DO NOTHING"  # noqa: S608


def _connect_sqlite(path: Path) -> Any:
    connection = Database.connect(
        str(path), timeout=SQLITE_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    set_up(connection)
    # Nobody who posts waits while the WAL is copied into the file: the worker does that, after its own commits.
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES_WITHOUT_WORKER}").close()
    return connection


def _connect_postgresql(conninfo: str) -> psycopg.Connection[Any]:
    """Autocommit: a batch is one statement. synchronous_commit is not left to the server's default: 200 means kept.

    A server that answers nothing any more is given up too, by the kernel: nobody waits for its silence.
    """
    connection = psycopg.connect(
        conninfo,
        autocommit=True,
        connect_timeout=POSTGRESQL_TIMEOUT_S,
        tcp_user_timeout=2000 * POSTGRESQL_TIMEOUT_S,
        keepalives_idle=POSTGRESQL_TIMEOUT_S,
    )
    connection.execute("SET synchronous_commit = on")
    connection.execute(f"SET statement_timeout = '{POSTGRESQL_TIMEOUT_S}s'")
    return connection
