"""A database for one rehearsal: a file in its folder, or a database of its own on a PostgreSQL server.

Bringing an empty database up to this version takes seconds. `Blank` does it once, every rehearsal gets a copy.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from wakeel.rehearsal.places import cleaned
from wakeel.store.sqlite.driver import Database as Sqlite

SQLITE_FILE = "wakeel.sqlite3"
BUSY_S = 10.0

Row = tuple[Any, ...]


class CannotMigrate(Exception):
    """The empty database could not be made; the message is what `wakeel migrate` said."""


@dataclass(frozen=True, slots=True)
class RehearsalDatabase:
    """Where the rows are. url: as in DATABASE_URL; sqlite: None on PostgreSQL."""

    url: str
    sqlite: Path | None
    _mine: threading.local = field(default_factory=threading.local, repr=False, compare=False)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Rows, read on a connection of this thread's own. `?` marks a parameter on both databases."""
        if self.sqlite is None and parameters:
            sql = sql.replace("%", "%%").replace("?", "%s")
        given = (sql, tuple(parameters)) if parameters else (sql,)
        return list(self._connection().execute(*given).fetchall())

    def _connection(self) -> Any:
        """Kept: it is asked many times a second, and each new one reads the whole schema."""
        if not hasattr(self._mine, "connection"):
            self._mine.connection = (
                psycopg.connect(self.url, autocommit=True)
                if self.sqlite is None
                else Sqlite.connect(str(self.sqlite), timeout=BUSY_S, isolation_level=None)
            )
        return self._mine.connection


def marks(values: Collection[Any]) -> str:
    """As many `?` as there are values, for `IN ({marks})`."""
    return ", ".join("?" * len(values))


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty database of this version to copy. Either a SQLite file, or a database's name on a server."""

    sqlite: Path | None = None
    server: str = ""
    name: str = ""


@contextlib.contextmanager
def blank(folder: Path, *, server: str = "") -> Iterator[Blank]:
    """An empty database, made by `wakeel migrate` in this folder.

    server: address of a PostgreSQL server, '' for SQLite. Raises CannotMigrate.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not server:
        _migrate(folder, url="")
        yield Blank(sqlite=folder / SQLITE_FILE)
        return
    name = f"rehearsal_blank_{uuid.uuid4().hex[:8]}"
    _on_server(server, f"CREATE DATABASE {name}")
    try:
        _migrate(folder, url=url_of(server, name))
        yield Blank(server=server, name=name)
    finally:
        _on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextlib.contextmanager
def copied(empty: Blank, folder: Path) -> Iterator[RehearsalDatabase]:
    """A copy for one rehearsal; on PostgreSQL it is gone afterwards, on SQLite it stays with its folder."""
    if empty.sqlite is not None:
        path = folder / SQLITE_FILE
        shutil.copy(empty.sqlite, path)
        yield RehearsalDatabase(f"sqlite:///{path}", path)
        return
    name = f"rehearsal_{uuid.uuid4().hex[:12]}"
    _on_server(empty.server, f"CREATE DATABASE {name} TEMPLATE {empty.name}")
    try:
        yield RehearsalDatabase(url_of(empty.server, name), None)
    finally:
        _on_server(empty.server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def url_of(server: str, name: str) -> str:
    """The address of another database on the same server, as an address and not as psycopg's words."""
    scheme, _, rest = server.partition("://")
    before, mark, query = rest.partition("?")
    return f"{scheme}://{before.partition('/')[0]}/{name}{mark}{query}"


def _migrate(folder: Path, *, url: str) -> None:
    told = {"WAKEEL_DATA_DIR": str(folder), "WAKEEL_SECRET_KEY": uuid.uuid4().hex * 2}
    environ = cleaned(os.environ) | told | ({"DATABASE_URL": url} if url else {})
    argv = [sys.executable, "-m", "wakeel.cli", "migrate"]
    done = subprocess.run(argv, env=environ, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise CannotMigrate(done.stderr.strip() or done.stdout.strip())


def _on_server(server: str, statement: str) -> None:
    with psycopg.connect(make_conninfo(server), autocommit=True) as connection:
        connection.execute(statement.encode())
