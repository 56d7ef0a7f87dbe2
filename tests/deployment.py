"""A deployment of its own for tests that start real processes: a data folder, a database, an environment, a port."""

import contextlib
import fcntl
import functools
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from wakeel.processes import bound
from wakeel.rehearsal.ports import free_port
from wakeel.store.sqlite.driver import Database

ON_POSTGRESQL = os.environ.get("WAKEEL_TEST_DB") == "postgresql"
SQLITE_FILE, TEMPLATE = "wakeel.sqlite3", "migrated"


@dataclass(frozen=True)
class Deployment:
    """Migrated and ready to be started. environ: complete; nothing else is needed by the processes."""

    folder: Path
    environ: dict[str, str]
    port: int

    @property
    def sqlite_path(self) -> Path | None:
        return None if ON_POSTGRESQL else self.folder / SQLITE_FILE

    @property
    def database_url(self) -> str:
        return self.environ.get("DATABASE_URL", f"sqlite:///{self.sqlite_path}")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows, read on a connection of our own, which stays open: tests ask again and again until it is true."""
        if self.sqlite_path:
            return _sqlite_reader(self.sqlite_path, self.sqlite_path.stat().st_ino).execute(sql).fetchall()
        try:
            return _postgresql_reader(self.database_url).execute(sql).fetchall()
        except psycopg.OperationalError:
            # Some tests end every connection to their database.
            _postgresql_reader.cache_clear()
            return _postgresql_reader(self.database_url).execute(sql).fetchall()

    def change(self, sql: str) -> None:
        """By hand, as somebody with the database would."""
        if ON_POSTGRESQL:
            with psycopg.connect(self.database_url) as connection:
                connection.execute(sql)
            return
        with contextlib.closing(Database.connect(str(self.sqlite_path), timeout=5)) as connection, connection:
            connection.execute(sql)

    def run(self, *argv: str, **popen: Any) -> subprocess.Popen[bytes]:
        """Start `python argv…` in this deployment's environment; stderr goes to `log`. It ends with this process."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                bound(sys.executable, *argv), env=self.environ, stderr=log, cwd=self.folder, **popen
            )

    @property
    def log(self) -> Path:
        return self.folder / "stderr.log"

    def request(self, method: str, path: str, **given: Any) -> tuple[int, bytes]:
        """One request on a connection of its own: status and body."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)) as connection:
            connection.request(method, path, **given)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def wait_until_up(self, *, within_s: float = 20) -> None:
        """Return when `/healthz` answers; fails with the log otherwise."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.request("GET", "/healthz")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text() if self.log.exists() else "never came up")


@functools.lru_cache(maxsize=4)
def _sqlite_reader(path: Path, inode: int) -> Any:
    """inode: a file that was put in its place is another database."""
    return Database.connect(str(path), timeout=5, check_same_thread=False)


@functools.lru_cache(maxsize=4)
def _postgresql_reader(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(url, autocommit=True)


def as_ingest(deployment: Deployment) -> Deployment:
    """The same deployment, whose port is the ingest process's."""
    ports = {"WAKEEL_INGEST_PORT": str(deployment.port), "WAKEEL_PORT": str(free_port())}
    return replace(deployment, environ=deployment.environ | ports)


@contextlib.contextmanager
def web_process(deployment: Deployment, *, module: str = "wakeel.web.serve") -> Iterator[subprocess.Popen[bytes]]:
    """`python -m wakeel.web.serve`, or another server, up; terminated at the end."""
    process = deployment.run("-m", module)
    try:
        deployment.wait_until_up()
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes], *, within_s: float = 12) -> int:
    """Ask it to stop and wait; kill it if it does not. The exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(timeout=within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


@contextlib.contextmanager
def make_deployment(folder: Path, **more: str) -> Iterator[Deployment]:
    """A fresh deployment below `folder`, on the database the test run was started for."""
    environ = {name: value for name, value in os.environ.items() if name not in {"WAKEEL_TEST_DB", "WAKEEL_ROLE"}}
    port = free_port()
    environ |= {"WAKEEL_DATA_DIR": str(folder), "WAKEEL_PORT": str(port), **more}
    with _database(environ):
        yield Deployment(folder, environ, port)


@contextlib.contextmanager
def _database(environ: dict[str, str]) -> Iterator[None]:
    """On PostgreSQL a database of its own in the run's server, named in `environ`; on SQLite the folder is enough."""
    if not ON_POSTGRESQL:
        environ.pop("DATABASE_URL", None)
        folder = Path(environ["WAKEEL_DATA_DIR"])
        folder.mkdir(exist_ok=True)
        shutil.copy(migrated_once(environ) / SQLITE_FILE, folder)
        yield
        return
    migrated_once(environ)
    name = f"test_{uuid.uuid4().hex[:12]}"
    _on_server(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    environ["DATABASE_URL"] = _url_of(name)
    try:
        yield
    finally:
        _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def migrated_once(environ: dict[str, str]) -> Path:
    """The folder of an empty database, made by `wakeel migrate`: once for all processes of this test run."""
    folder = Path(os.environ["WAKEEL_DATA_DIR"]) / TEMPLATE
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = Path(f"{folder}.new")
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            environ = environ | {"WAKEEL_DATA_DIR": str(made)}
            if ON_POSTGRESQL:
                _on_server(f"DROP DATABASE IF EXISTS {TEMPLATE}")
                _on_server(f"CREATE DATABASE {TEMPLATE}")
                environ["DATABASE_URL"] = _url_of(TEMPLATE)
            subprocess.run(
                [sys.executable, "-m", "wakeel.cli", "migrate"], env=environ, check=True, capture_output=True
            )
            # One operator's phone takes the cards of a whole run: Meta's pace to one person would only make tests wait.
            Deployment(made, environ, 0).change("UPDATE sending_number SET pair_interval_ms = 0")
            made.rename(folder)
    return folder


def _url_of(name: str) -> str:
    host = conninfo_to_dict(os.environ["DATABASE_URL"])["host"]
    return f"postgresql://postgres:@/{name}?host={host}"


def _on_server(statement: str) -> None:
    with psycopg.connect(make_conninfo(os.environ["DATABASE_URL"]), autocommit=True) as connection:
        connection.execute(statement)
