"""A simulator process on a free port, and a receiver that plays the product's webhook."""

import hashlib
import hmac
import http.client
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from wakeel.rehearsal.ports import free_port

SECRET = b"test_app_secret"
NUMBER_ID = "105500000000002"
OPERATOR = "966500000001"
CONTACT = "966501110001"
HIDDEN = "966501110008"
PERSONAS = Path(__file__).parents[2] / "examples" / "personas.toml"
START = "import sys; from wakeel.simulator.serve import main; sys.exit(main(sys.argv[1:]))"

PATIENCE_S = 30.0
"""More than a busy machine needs, so that only what never happens fails."""

Json = dict[str, Any]


def eventually(look: Callable[[], Any], *, within_s: float = PATIENCE_S) -> Any:
    """The first true answer of look(); fails when there is none in time."""
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        if found := look():
            return found
        time.sleep(0.01)
    pytest.fail("it did not happen in time")


@dataclass
class Receiver:
    """Plays the product: answers every webhook with `status` and keeps what came."""

    port: int
    status: int = 200
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def values(self) -> list[Json]:
        """The `value` of every webhook so far; each must be signed over its exact bytes."""
        values = []
        for headers, body in list(self.came):
            right = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
            assert headers["x-hub-signature-256"] == right
            assert headers["content-type"] == "application/json"
            values += [change["value"] for entry in json.loads(body)["entry"] for change in entry["changes"]]
        return values

    def statuses(self, wamid: str) -> list[Json]:
        return [row for value in self.values() for row in value.get("statuses", []) if row["id"] == wamid]

    def message(self, wamid: str) -> Json:
        """The one inbound message of this id, with the contact it came with under `contact`."""

        def look() -> Json | None:
            for value in self.values():
                for row in value.get("messages", []):
                    if row["id"] == wamid:
                        return row | {"contact": value["contacts"][0]}
            return None

        return eventually(look)


@dataclass
class Simulator:
    """A running simulator process."""

    port: int
    receiver: Receiver
    process: subprocess.Popen[str]
    rules: Json = field(default_factory=dict)

    def call(
        self, method: str, path: str, body: object = None, *, raw: bytes | None = None, **headers: str
    ) -> tuple[int, Json]:
        """Status and JSON answer; headers are given with `_` for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            sent.setdefault("Content-Type", "application/json")
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, body=data, headers=sent)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else {}
        finally:
            connection.close()

    def send(self, payload: object, *, number_id: str = NUMBER_ID) -> tuple[int, Json]:
        """POST to the messages path as the product does."""
        return self.call("POST", f"/v25.0/{number_id}/messages", payload, Authorization="Bearer practice")

    def post(self, path: str, body: object) -> Json:
        """A bench call that must succeed."""
        status, answer = self.call("POST", path, body)
        assert status == 200, answer
        return answer

    def state(self) -> Json:
        return self.call("GET", "/api/state")[1]

    def phone(self, wa_id: str) -> Json:
        return next(phone for phone in self.state()["phones"] if phone["wa_id"] == wa_id)

    def open_window(self, wa_id: str = CONTACT) -> str:
        """Let a person write; the wamid of what they wrote."""
        return self.post(f"/api/phones/{wa_id}/text", {"text": "مرحبا"})["wamid"]

    def stop(self) -> int:
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """As a crash does: no signal handler, no last word."""
        self.process.kill()
        self.process.wait(PATIENCE_S)


def arguments(tmp: Path, *, port: int, webhook_port: int, personas: Path = PERSONAS) -> list[str]:
    secret = tmp / "app-secret"
    secret.write_bytes(SECRET + b"\n")
    return [
        *("--port", str(port), "--webhook-url", f"http://127.0.0.1:{webhook_port}/webhook", "--fast-statuses"),
        *("--app-secret-file", str(secret), "--personas", str(personas), "--data-dir", str(tmp)),
    ]


def launch(tmp: Path, *more: str, receiver: Receiver, personas: Path = PERSONAS) -> Simulator:
    """Start a process and wait for its ready line."""
    port = free_port()
    line = [*arguments(tmp, port=port, webhook_port=receiver.port, personas=personas), *more]
    process = subprocess.Popen([sys.executable, "-c", START, *line], stdout=subprocess.PIPE, text=True)
    try:
        assert first_line(process) == f"simulator ready: http://localhost:{port}/\n"
    except BaseException:
        process.kill()
        process.wait()
        raise
    return Simulator(port=port, receiver=receiver, process=process)


def first_line(process: subprocess.Popen[str]) -> str:
    """The first thing it prints, '' if it ends without a word; fails when nothing comes in time."""
    assert process.stdout is not None
    if not select.select([process.stdout], [], [], PATIENCE_S)[0]:
        pytest.fail("it printed nothing in time")
    return process.stdout.readline()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(free_port())
    receiver.start()
    yield receiver
    receiver.stop()


@pytest.fixture
def start(tmp_path: Path, receiver: Receiver) -> Iterator[Callable[..., Simulator]]:
    """Start as many simulators as a test likes, all against the receiver."""
    running: list[Simulator] = []

    def one(*more: str, personas: Path = PERSONAS) -> Simulator:
        running.append(launch(tmp_path, *more, receiver=receiver, personas=personas))
        return running[-1]

    yield one
    for simulator in running:
        simulator.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One quiet simulator for all tests of a file; `simulator` gives it back without faults and with its first rules.

    What counts messages to one person is off: a file of tests sends more to one phone than a business would.
    """
    receiver = Receiver(free_port())
    receiver.start()
    counting = [f"--rule={rule}=off" for rule in ("pair_rate", "marketing_cap", "messaging_limit")]
    simulator = launch(tmp_path_factory.mktemp("simulator"), "--quiet-personas", *counting, receiver=receiver)
    simulator.rules = simulator.call("GET", "/api/rules")[1]
    yield simulator
    assert simulator.stop() == 0
    receiver.stop()


@pytest.fixture
def simulator(shared: Simulator) -> Simulator:
    shared.post("/api/faults", {"reset": True})
    shared.post("/api/rules", shared.rules)
    shared.receiver.status = 200
    return shared
