"""The webhook over real HTTP, against real processes: the same cases for each of its two faces."""

import hashlib
import http.client
import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.deployment import Deployment, as_ingest, end, make_deployment, web_process
from wakeel.rehearsal.ports import free_port
from wakeel.web import webhook
from wakeel.whatsapp.signature import sign

pytestmark = pytest.mark.processes

SECRET = "test_app_secret"
TOKEN = "test-verify-token"


# ASGI beside the screens, and HTTP of our own in a process of its own.
FACES = {"web": "wakeel.web.serve", "ingest": "wakeel.web.ingest"}


@contextmanager
def served(face: str, folder: Path, **more: str) -> Iterator[tuple[Deployment, subprocess.Popen[bytes]]]:
    """A deployment whose port belongs to this face."""
    with make_deployment(folder, **more) as made:
        deployment = as_ingest(made) if face == "ingest" else made
        with web_process(deployment, module=FACES[face]) as process:
            yield deployment, process


@pytest.fixture(scope="module", params=FACES)
def face(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def web(face: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    secrets = {"WHATSAPP_APP_SECRET": f"{SECRET},older_secret"}
    with served(face, tmp_path_factory.mktemp("web"), **secrets) as (deployment, _):
        yield deployment


def signed(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    return {"Content-Type": "application/json", "X-Hub-Signature-256": sign(body, secret)}


def stored(web: Deployment, body: bytes) -> int:
    digest = hashlib.sha256(body).hexdigest()
    encoded = "encode(digest, 'hex')" if web.sqlite_path is None else "lower(hex(digest))"
    return web.query(f"SELECT count(*) FROM inbox WHERE {encoded} = '{digest}'")[0][0]


def outcomes(web: Deployment) -> dict[str, int]:
    return json.loads(web.request("GET", "/healthz")[1])["webhook"]


def raw(web: Deployment, head: str, body: bytes = b"", *, wait_s: float = 5) -> bytes:
    """What the server says to bytes no client library would send; b"" if it only closes."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=wait_s) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n" + body)
        return connection.recv(4096)


@pytest.mark.parametrize("secret", [SECRET, "older_secret"])
def test_a_signed_body_is_in_the_inbox_before_the_200(web: Deployment, secret: str):
    body = json.dumps({"object": "whatsapp_business_account", "entry": [], "by": secret}).encode()
    status, answer = web.request("POST", "/webhook", body=body, headers=signed(body, secret=secret))
    assert (status, answer) == (200, b"")
    assert stored(web, body) == 1


def test_a_repeated_body_is_acknowledged_and_kept_once(web: Deployment):
    """Meta repeats a POST until it sees a 200, for days."""
    body = b'{"repeated": true}'
    assert [web.request("POST", "/webhook", body=body, headers=signed(body))[0] for _ in range(3)] == [200] * 3
    assert stored(web, body) == 1


def test_a_signed_body_that_is_no_json_is_stored_all_the_same(web: Deployment):
    """Signed but unreadable is quarantined later; a refusal would only make Meta repeat it."""
    body = b"\xff\xfe not json"
    assert web.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200
    assert stored(web, body) == 1


def test_a_wrong_signature_is_401_counted_and_not_stored(web: Deployment):
    body = b'{"forged": true}'
    before = outcomes(web).get("signature_wrong", 0)
    assert web.request("POST", "/webhook", body=body, headers=signed(body, secret="another"))[0] == 401
    assert stored(web, body) == 0
    assert outcomes(web)["signature_wrong"] == before + 1


def test_the_signature_covers_the_raw_bytes_not_their_meaning(web: Deployment):
    """Meta signs its own escaping of Arabic."""
    escaped, plain = rb'{"text":"\u0646\u0639\u0645"}', '{"text":"نعم"}'.encode()
    assert web.request("POST", "/webhook", body=plain, headers=signed(escaped))[0] == 401
    assert web.request("POST", "/webhook", body=escaped, headers=signed(escaped))[0] == 200


GOOD = f"X-Hub-Signature-256: {sign(b'{}', SECRET)}\n"
JSON = "Content-Type: application/json\n"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (JSON, 401),
        (GOOD + GOOD + JSON, 400),
        ("X-Hub-Signature-256: sha256=short\n" + JSON, 400),
        ("X-Hub-Signature-256: sha1=" + "a" * 40 + "\n" + JSON, 400),
        (GOOD + "Content-Type: text/plain\n", 415),
        (GOOD, 415),
        (GOOD + JSON + "Content-Length: 3145729\n", 413),
    ],
    ids=["missing", "duplicate", "malformed", "sha1", "not json", "no type", "too large"],
)
def test_what_the_headers_show_is_refused_before_the_body_is_read(web: Deployment, headers: str, status: int):
    """Only the head is sent: a server that waited for the body would not answer."""
    length = "" if "Content-Length" in headers else "Content-Length: 2\n"
    answer = raw(web, f"POST /webhook HTTP/1.1\nHost: localhost\n{length}{headers}")
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


def test_a_missing_signature_is_named_before_any_other_fault(web: Deployment):
    answer = raw(web, "POST /webhook HTTP/1.1\nHost: localhost\nContent-Length: 9999999\nContent-Type: text/plain\n")
    assert answer.startswith(b"HTTP/1.1 401 ")


def test_a_chunked_body_over_three_megabytes_is_cut_off_while_reading(web: Deployment):
    """Without Content-Length only counting helps."""
    head = f"POST /webhook HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n{GOOD}{JSON}"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n")
        sent = 0
        try:
            for _ in range(60):
                connection.sendall(chunk)
                sent += 1
        except OSError:
            pass
        assert connection.recv(64).startswith(b"HTTP/1.1 413 ")


def test_a_body_of_three_megabytes_is_stored(web: Deployment):
    body = b'"' + b"x" * (webhook.LARGEST_BODY - 2) + b'"'
    assert web.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200
    assert stored(web, body) == 1


def test_a_body_that_does_not_come_is_408_within_ten_seconds(web: Deployment):
    """A server by itself would wait without end."""
    began = time.monotonic()
    head = f"POST /webhook HTTP/1.1\nHost: localhost\nContent-Length: 100\n{GOOD}{JSON}"
    answer = raw(web, head, b'{"ha', wait_s=15)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert 9 < time.monotonic() - began < 12


def test_verification_repeats_the_challenge(web: Deployment):
    query = urlencode({"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"})
    assert web.request("GET", f"/webhook?{query}") == (200, b"1158201444")


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.verify_token": "another"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "x" * 2000},
        {"hub.verify_token": [TOKEN, "another"]},
    ],
)
def test_verification_is_refused_unless_everything_fits(web: Deployment, changed: dict[str, object]):
    query = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"} | changed
    status, body = web.request("GET", f"/webhook?{urlencode(query, doseq=True)}")
    assert (status, body) == (403, b"")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
def test_other_methods_are_405(web: Deployment, method: str):
    assert web.request(method, "/webhook")[0] == 405


def test_no_signature_and_no_body_reaches_the_log(web: Deployment):
    """Refusals are one line of counts for many requests."""
    body = b'{"secret words": "in a body"}'
    for _ in range(50):
        web.request("POST", "/webhook", body=body, headers=signed(body, secret="another"))
    log = web.log.read_text()
    assert "secret words" not in log
    assert "sha256=" not in log
    assert log.count("webhook refused") < 10


def test_everything_else_is_django_s_or_nobody_s(web: Deployment, face: str):
    """The ingest process has no screens: nothing of them can be attacked there."""
    status, _ = web.request("GET", "/login/")
    assert status == (200 if face == "web" else 404)
    status, _ = web.request("GET", "/no-such-page/")
    assert status in {302, 404}


def test_health_is_told_without_the_database(web: Deployment):
    status, body = web.request("GET", "/healthz")
    assert status == 200
    assert json.loads(body)["status"] == "ok"


def test_acknowledged_means_stored_when_the_process_is_told_to_stop_under_load(face: str, tmp_path: Path):
    """In-flight posts get their 200 and are kept, or get no answer at all. 0: a stop is no death."""
    with served(face, tmp_path) as (deployment, process):
        acknowledged = _post_until_closed(deployment, process_end=lambda: process.send_signal(signal.SIGTERM))
        assert end(process) == 0
        _assert_stored(deployment, acknowledged)


def test_acknowledged_means_stored_when_the_process_is_killed_under_load(face: str, tmp_path: Path):
    with make_deployment(tmp_path) as made:
        deployment = as_ingest(made) if face == "ingest" else made
        for _ in range(3):
            with web_process(deployment, module=FACES[face]) as process:
                acknowledged = _post_until_closed(deployment, process_end=process.kill)
                process.wait(timeout=5)
                _assert_stored(deployment, acknowledged)


def test_a_store_that_fails_is_503_and_the_next_post_works_again(face: str, tmp_path: Path):
    """Meta repeats what was not acknowledged; a fault of the disk must not need a restart, nor tell what was sent."""
    body = b'{"while": "the table is away"}'
    with served(face, tmp_path) as (deployment, _):
        deployment.change("ALTER TABLE inbox RENAME TO inbox_away")
        assert [deployment.request("POST", "/webhook", body=body, headers=signed(body))[0] for _ in range(5)] == [
            503
        ] * 5
        deployment.change("ALTER TABLE inbox_away RENAME TO inbox")
        assert deployment.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200
        assert stored(deployment, body) == 1
        assert outcomes(deployment)["store_failed"] == 5
        log = deployment.log.read_text()
    assert "the table is away" not in log
    assert log.count("cannot be stored") == 1


def test_two_processes_take_webhooks_into_one_inbox(tmp_path: Path):
    """The ingest process runs beside the screens, on one SQLite file too."""
    with make_deployment(tmp_path) as made, web_process(made):
        beside = as_ingest(replace(made, port=free_port()))
        beside.environ["WAKEEL_PORT"] = str(made.port)
        with web_process(beside, module=FACES["ingest"]):
            for body in (b'{"to": "one"}', b'{"to": "other"}'):
                for server in (made, beside):
                    assert server.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200
            assert made.query("SELECT count(*) FROM inbox") == [(2,)]


def _post_until_closed(deployment: Deployment, *, process_end: Callable[[], None]) -> set[str]:
    """Sixteen senders post until the connection breaks; the digests of what was answered with 200."""
    acknowledged: set[str] = set()

    def sender(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=5)
        try:
            for count in range(100_000):
                body = json.dumps({"sender": number, "count": count, "pid": time.monotonic_ns()}).encode()
                connection.request("POST", "/webhook", body=body, headers=signed(body))
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    acknowledged.add(hashlib.sha256(body).hexdigest())
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    senders = [threading.Thread(target=sender, args=(number,)) for number in range(16)]
    for thread in senders:
        thread.start()
    time.sleep(0.7)
    process_end()
    for thread in senders:
        thread.join(timeout=15)
    assert len(acknowledged) > 50
    return acknowledged


def _assert_stored(deployment: Deployment, acknowledged: set[str]) -> None:
    kept = {bytes(row[0]).hex() for row in deployment.query("SELECT digest FROM inbox")}
    assert acknowledged <= kept
