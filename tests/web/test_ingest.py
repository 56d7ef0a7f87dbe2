"""The webhook's own process: how it starts, what it refuses to start with, how it runs beside the rest."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import Deployment, as_ingest, end, make_deployment, web_process
from tests.web.test_webhook import outcomes, signed, stored
from tests.worker.test_supervisor import alive, wait_for
from wakeel.rehearsal.ports import free_port

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

MODULE = "wakeel.web.ingest"


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("ingest")) as made:
        yield as_ingest(made)


def refused(deployment: Deployment, **changed: str) -> tuple[int, str]:
    """Exit code and what it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "wakeel.cli", "ingest"], check=False, env=deployment.environ | changed,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return ended.returncode, ended.stderr


def test_the_command_serves_the_webhook_and_health_and_stops_with_0(deployment: Deployment):
    process = deployment.run("-m", "wakeel.cli", "ingest")
    try:
        deployment.wait_until_up()
        body = b'{"to": "the command"}'
        assert deployment.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200
        assert stored(deployment, body) == 1
        assert outcomes(deployment)["stored"] == 1
        assert deployment.request("GET", "/readyz")[0] == 404, "what asks the database is the screens'"
    finally:
        assert end(process) == 0


def test_it_runs_without_what_only_the_screens_need(tmp_path: Path):
    with make_deployment(tmp_path) as made:
        bare = as_ingest(made)
        bare.environ["WAKEEL_SECRET_KEY"] = ""
        with web_process(bare, module=MODULE):
            body = b"{}"
            assert bare.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200


def test_it_refuses_to_start_as_the_web_process_does(deployment: Deployment, tmp_path: Path):
    for name in ("WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"):
        code, said = refused(deployment, **{name: ""})
        assert (code, f"{name} is not set" in said) == (2, True)
    code, said = refused(deployment, WAKEEL_INGEST_PORT=deployment.environ["WAKEEL_PORT"])
    assert code == 2
    assert "WAKEEL_INGEST_PORT is the port of the screens" in said
    with socket.create_server(("127.0.0.1", deployment.port)):
        code, said = refused(deployment)
    assert (code, f"port {deployment.port} is taken" in said) == (2, True)


def test_a_server_that_cannot_be_made_ends_its_process(deployment: Deployment):
    """The supervisor starts another one; with a thread left behind it would neither serve nor end."""
    broken = "import wakeel.web.ingest as one; one.Server = None; raise SystemExit(one.main())"
    ended = subprocess.run(
        [sys.executable, "-c", broken], check=False, env=deployment.environ, capture_output=True, timeout=30
    )
    assert ended.returncode == 1


def test_it_refuses_to_start_without_the_keys_that_the_database_was_written_with(tmp_path: Path):
    """A body that nobody could open again would be worse than a webhook that Meta repeats."""
    with make_deployment(tmp_path) as made:
        deployment = as_ingest(made)
        with web_process(deployment, module=MODULE):
            pass
        (tmp_path / "keys" / "field.1").unlink()
        code, said = refused(deployment)
    assert code == 2
    assert "key field.1 is missing" in said


def test_serve_starts_it_as_a_third_process_and_starts_it_again(tmp_path: Path):
    """On the same folder as web and worker; every one of the three stops when told."""
    with make_deployment(tmp_path) as made:
        ingest = as_ingest(made)
        screens = Deployment(ingest.folder, ingest.environ, int(ingest.environ["WAKEEL_PORT"]))
        process = screens.run("-m", "wakeel.cli", "serve")
        try:
            ingest.wait_until_up(within_s=60)
            screens.wait_until_up(within_s=60)
            body = b'{"to": "the third process"}'
            assert ingest.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200
            wait_for(
                lambda: screens.query("SELECT count(*) FROM inbox WHERE state <> 'received'") == [(1,)], within_s=20
            )
            pid = json.loads(ingest.request("GET", "/healthz")[1])["pid"]
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda: not alive(pid))
            ingest.wait_until_up(within_s=60)
            pid = json.loads(ingest.request("GET", "/healthz")[1])["pid"]
        finally:
            assert end(process, within_s=30) == 0
        wait_for(lambda: not alive(pid))


def test_a_clean_stop_answers_what_it_has_taken(deployment: Deployment):
    """Posts that wait for their commit while the stop comes are committed and told so."""
    with web_process(deployment, module=MODULE) as process:
        connections = [http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=15) for _ in range(50)]
        bodies = [b'{"waits": %d, "at": %d}' % (number, time.monotonic_ns()) for number in range(50)]
        for connection, body in zip(connections, bodies, strict=True):
            connection.request("POST", "/webhook", body=body, headers=signed(body))
        process.send_signal(signal.SIGTERM)
        told = 0
        for connection, body in zip(connections, bodies, strict=True):
            try:
                if connection.getresponse().status == 200:
                    told += 1
                    assert stored(deployment, body) == 1
            except (OSError, http.client.HTTPException):
                continue
        assert told > 0
        assert process.wait(timeout=15) == 0


def test_it_holds_no_lock_that_serve_or_a_second_of_its_kind_would_need(deployment: Deployment):
    """It only adds rows: any number may run, each on its port."""
    other = Deployment(deployment.folder, deployment.environ | {"WAKEEL_INGEST_PORT": str(free_port())}, 0)
    other = Deployment(other.folder, other.environ, int(other.environ["WAKEEL_INGEST_PORT"]))
    with web_process(deployment, module=MODULE), web_process(other, module=MODULE):
        for server, body in ((deployment, b'{"to": 1}'), (other, b'{"to": 2}'), (deployment, b'{"to": 2}')):
            assert server.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200
            assert stored(deployment, body) == 1
