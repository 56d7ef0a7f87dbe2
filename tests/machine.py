"""Simulator, web, worker and clerk as processes over one database: started, stopped, killed, looked at."""

import contextlib
import hashlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.deployment import ON_POSTGRESQL, Deployment, end
from wakeel.processes import bound

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE_S = 12.0
POLL_S = 0.03
UNDO_S = 60
HERE = Path(__file__).parent
WEB = ("-m", "wakeel.web.serve")
WORKER = ("-m", "wakeel.worker.run")


@dataclass
class Machine:
    """What runs. Taps and texts go through the simulator, rows are only read."""

    deployment: Deployment
    simulator_port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_all(self) -> None:
        """All at once: an interpreter's start is most of the time."""
        secret = self.deployment.folder / "app-secret"
        secret.write_text("test_app_secret\n")
        # Only a practising product may find a practice clock in its folder; any other refuses to start.
        practises = str(self.simulator_port) in self.deployment.environ.get("WHATSAPP_GRAPH_URL", "")
        phones = self.deployment.folder if practises else self.deployment.folder / "phones"
        phones.mkdir(exist_ok=True)
        self.start(
            "simulator", "-m", "wakeel.cli", "simulator", "--port", str(self.simulator_port),
            "--webhook-url", f"http://127.0.0.1:{self.deployment.port}/webhook", "--app-secret-file", str(secret),
            "--data-dir", str(phones), "--fast-statuses", "--quiet-personas",
            # One operator's phone gets the cards of a whole file of tests: more than a business sends to one person.
            "--rule", "pair_rate=off", "--rule", "messaging_limit=off",
        )  # fmt: skip
        self.start("clerk", str(HERE / "clerk.py"))
        self.start("web", *WEB)
        self.start("worker", *WORKER)
        names = ("simulator", "clerk", "worker")
        self.until(lambda: all(f"{name} ready" in self.said(name) for name in names), within_s=30)
        self.until(self._web_answers, within_s=30)

    def start(self, name: str, *argv: str) -> None:
        """Start `python argv…`; stdout and stderr go to `<name>.log` in the data folder."""
        with self.log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                bound(sys.executable, *argv), env=self.deployment.environ, cwd=self.deployment.folder,
                stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip

    def start_worker(self, *argv: str, name: str = "worker") -> None:
        """A worker, ready; `argv` instead of the plain one."""
        before = self.said(name).count("worker ready")
        self.start(name, *(argv or WORKER))
        self.until(lambda: self.said(name).count("worker ready") > before)

    def start_web(self, *argv: str) -> None:
        self.start("web", *(argv or WEB))
        self.until(self._web_answers)

    def stop(self, name: str) -> int:
        """Ask it to end; the exit code."""
        return end(self.processes.pop(name))

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def wait_for_end(self, name: str) -> int:
        """The exit code of a process that ends by itself (-9: killed)."""
        code = self.processes[name].wait(PATIENCE_S)
        del self.processes[name]
        return code

    def close(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                end(process)

    def log(self, name: str) -> Path:
        return self.deployment.folder / f"{name}.log"

    def said(self, name: str) -> str:
        return self.log(name).read_text() if self.log(name).exists() else ""

    def _web_answers(self) -> bool:
        try:
            return self.deployment.request("GET", "/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def bench(self, method: str, path: str, wish: Json | None = None) -> Any:
        """A call of the simulator's bench that must succeed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.simulator_port, timeout=15)
        with contextlib.closing(connection):
            body = None if wish is None else json.dumps(wish)
            connection.request(method, path, body=body, headers={"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            found = json.loads(answer.read())
        assert answer.status == 200, found
        return found

    def faults(self, **wish: Any) -> None:
        self.bench("POST", "/api/faults", wish)

    def posts(self, *, since: float = 0) -> int:
        """How many requests reached /messages, accepted or not. since: real time in Unix seconds."""
        rows = self.bench("GET", "/api/wire")
        sent = [row for row in rows if row["towards"] == "simulator" and row["path"].endswith("/messages")]
        return sum(row["at"] >= since for row in sent)

    def pass_undo(self) -> None:
        """The undo grace is over: business time goes on, nobody waits."""
        self.advance(UNDO_S + 1)

    def advance(self, seconds: float) -> None:
        self.bench("POST", "/api/clock", {"advance_s": int(seconds)})

    def now(self) -> int:
        """Business time in Unix seconds."""
        return int(self.bench("GET", "/api/state?phone=")["clock"]["now"])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.deployment.query(sql)

    def has_stored(self, body: str) -> bool:
        """True if exactly these bytes are in the raw inbox."""
        digest = hashlib.sha256(body.encode()).hexdigest()
        wanted = f"decode('{digest}', 'hex')" if ON_POSTGRESQL else f"x'{digest}'"
        return bool(self.rows(f"SELECT 1 FROM inbox WHERE digest = {wanted}"))

    def clerk(self, verb: str, **given: Any) -> Any:
        """One command of the console script."""
        process = self.processes["clerk"]
        assert process.stdin is not None
        answered = len(self.said("clerk").splitlines())
        process.stdin.write(json.dumps({"verb": verb, **given}).encode() + b"\n")
        process.stdin.flush()
        return json.loads(self.until(lambda: self.said("clerk").splitlines()[answered:])[0])

    def until(self, look: Callable[[], T | None], *, within_s: float = PATIENCE_S) -> T:
        """The first true answer of `look`; fails with what the processes said when there is none in time."""
        ends = time.monotonic() + within_s
        while time.monotonic() < ends:
            if found := look():
                return found
            time.sleep(POLL_S)
        logs = "".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in self.deployment.folder.glob("*.log"))
        pytest.fail(f"it did not happen within {within_s} s\n{logs}")

    def until_quiet(self) -> None:
        """Return when no webhook is under way or undecoded and nothing is about to leave."""
        self.until(self._is_quiet)

    def _is_quiet(self) -> bool:
        if self.bench("GET", "/api/state?phone=")["webhook"]["waiting"]:
            return False
        waiting = "SELECT (SELECT count(*) FROM inbox WHERE state = 'received')"
        leaving = "(SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending') AND audience = 'operator')"
        return self.rows(f"{waiting} + {leaving}")[0][0] == 0
