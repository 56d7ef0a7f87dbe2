"""What strangers can do to the webhook over real HTTP, on both faces: it costs little, and others are served."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import Deployment
from tests.web.test_webhook import FACES, GOOD, JSON, SECRET, outcomes, raw, served, signed, stored
from wakeel.whatsapp.signature import sign

pytestmark = pytest.mark.processes

HEAD = "POST /webhook HTTP/1.1\nHost: localhost\n"


@pytest.fixture(scope="module", params=FACES)
def web(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(request.param, tmp_path_factory.mktemp("attacked")) as (deployment, _):
        yield deployment


def head(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("latin-1") + b"\r\n"


def connected(web: Deployment) -> socket.socket:
    return socket.create_connection(("127.0.0.1", web.port), timeout=10)


def is_served(web: Deployment) -> bool:
    body = b'{"honest": %d}' % time.monotonic_ns()
    return web.request("POST", "/webhook", body=body, headers=signed(body))[0] == 200 and stored(web, body) == 1


def resident(web: Deployment) -> int:
    """MB that the process holds now."""
    pid = json.loads(web.request("GET", "/healthz")[1])["pid"]
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) // 1024


def total(web: Deployment, *words: str) -> int:
    found = outcomes(web)
    return sum(found.get(word, 0) for word in words)


def counted(web: Deployment, *words: str, at_least: int) -> bool:
    """True as soon as so many were counted; the server notices a sender that left a moment later."""
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        if total(web, *words) >= at_least:
            return True
        time.sleep(0.05)
    return False


def test_hundreds_of_slow_senders_keep_nobody_else_from_being_served(web: Deployment):
    """Each has declared a body and drips it; all are given up after ten seconds, wherever they are."""
    before = outcomes(web).get("too_slow", 0)
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connected(web)) for _ in range(200)]
        began = time.monotonic()
        for one in slow:
            one.sendall(head(f"{HEAD}Content-Length: 100000\n{GOOD}{JSON}") + b"{")
        while time.monotonic() < began + 8:
            for one in slow:
                one.sendall(b" ")
            assert is_served(web)
            time.sleep(1)
        for one in slow:
            one.settimeout(15)
            assert one.recv(64).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - began < 14
    assert outcomes(web)["too_slow"] == before + 200


@pytest.mark.parametrize(
    "framing", ["Content-Length: 1000\n", "Content-Length: 200000\n", "Transfer-Encoding: chunked\n"]
)
def test_a_sender_that_leaves_in_the_middle_leaves_nothing_behind(web: Deployment, framing: str):
    """Half a chunked body has no declared length: where the server says nothing it counts as a forgery, harmlessly."""
    words = ("sender_left", "signature_wrong") if "chunked" in framing else ("sender_left",)
    before, rows = total(web, *words), web.query("SELECT count(*) FROM inbox")
    half = b"a\r\n{" + b"x" * 9 + b"\r\n" if "chunked" in framing else b'{"half'
    for _ in range(20):
        with connected(web) as one:
            one.sendall(head(f"{HEAD}{framing}{GOOD}{JSON}") + half)
            time.sleep(0.01)
    assert counted(web, *words, at_least=before + 20)
    assert web.query("SELECT count(*) FROM inbox") == rows
    assert is_served(web)


@pytest.mark.parametrize(
    "headers",
    ["X-Long: " + "a" * 1_000_000 + "\n", "".join(f"X-{number}: a\n" for number in range(500)), "X-Torn: \x01\n"],
    ids=["a megabyte", "five hundred", "a control character"],
)
def test_huge_and_broken_headers_are_refused_by_the_server(web: Deployment, headers: str):
    with connected(web) as one:
        with contextlib.suppress(OSError):
            one.sendall(head(f"{HEAD}{headers}{GOOD}{JSON}Content-Length: 2\n") + b"{}")
        with contextlib.suppress(ConnectionError):
            assert one.recv(64)[9:12] in {b"", b"400", b"431"}
    assert is_served(web)


def test_half_a_header_is_closed_in_time(web: Deployment):
    with connected(web) as one:
        one.settimeout(15)
        one.sendall(b"POST /webhook HTTP/1.1\r\nHost: loc")
        began = time.monotonic()
        assert not one.recv(64).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 13


def test_thousands_of_forgeries_cost_neither_memory_nor_log(web: Deployment):
    body = b'{"forged": "' + b"x" * 20_000 + b'"}'
    forged = head(f"{HEAD}Content-Length: {len(body)}\n{GOOD}{JSON}") + body

    def flood(times: int) -> None:
        with connected(web) as one, one.makefile("rb") as answers:
            for _ in range(times):
                one.sendall(forged)
                assert answers.readline() == b"HTTP/1.1 401 Unauthorized\r\n"
                while answers.readline() not in {b"\r\n", b""}:
                    pass

    flood(200)
    before, lines = resident(web), web.log.read_text().count("\n")
    flood(2000)
    assert resident(web) - before < 20
    assert web.log.read_text().count("\n") - lines <= 3
    assert "forged" not in web.log.read_text()


def test_bodies_in_flight_are_limited_over_all_senders_and_the_room_comes_back(web: Deployment):
    """64 MiB, and then Meta is told to come again."""
    size = 3_000_000
    refused = 0
    with contextlib.ExitStack() as stack:
        for _ in range(24):
            one = stack.enter_context(connected(web))
            try:
                one.sendall(head(f"{HEAD}Content-Length: {size}\n{GOOD}{JSON}") + b"x" * (size - 1))
                one.settimeout(0.05)
                refused += one.recv(64).startswith(b"HTTP/1.1 503 ")
            except TimeoutError:
                continue
            except ConnectionError:
                refused += 1
        assert 1 <= refused <= 5
    assert counted(web, "sender_left", at_least=24 - refused)
    assert is_served(web)


def test_a_chunked_body_without_a_length_is_taken(web: Deployment):
    body = b'{"chunked": "in two"}'
    chunks = b"5\r\n" + body[:5] + b"\r\n%x\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\n\r\n"
    signature = f"X-Hub-Signature-256: {sign(body, SECRET)}\n"
    answer = raw(web, f"{HEAD}Transfer-Encoding: chunked\n{signature}{JSON}", chunks)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert stored(web, body) == 1


def test_a_length_beside_chunks_limits_nothing_and_gains_nothing(web: Deployment):
    """Two framings in one request are how proxies are deceived; the chunks count, and the limit counts them."""
    both = f"{HEAD}Content-Length: 5\nTransfer-Encoding: chunked\n{GOOD}{JSON}"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with connected(web) as one:
        one.sendall(head(both))
        with contextlib.suppress(OSError):
            for _ in range(60):
                one.sendall(chunk)
        with contextlib.suppress(ConnectionError):
            assert one.recv(64)[9:12] in {b"", b"400", b"413"}
    assert is_served(web)


@pytest.mark.parametrize("name", ["X-Hub-Signature-256", "x-hub-signature-256", "X-HUB-SIGNATURE-256"])
def test_header_names_come_in_any_case(web: Deployment, name: str):
    answer = raw(
        web, f"{HEAD}content-LENGTH: 2\n{name}: {sign(b'{}', SECRET)}\ncontent-TYPE: application/json\n", b"{}"
    )
    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("x-hub-signature-256: sha256=" + "0" * 64 + "\n", 400),
        ("Content-Type: application/json\n", 415),
        ("Content-Length: 3\n", 400),
    ],
    ids=["signature", "type", "length"],
)
def test_a_second_header_of_a_kind_is_not_chosen_from(web: Deployment, more: str, status: int):
    answer = raw(web, f"{HEAD}Content-Length: 2\n{GOOD}{JSON}{more}", b"{}")
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize(
    "kind", ["text/json", "application/jsonp", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_another_content_type_is_415(web: Deployment, kind: str):
    body = b"{}"
    assert web.request("POST", "/webhook", body=body, headers=signed(body) | {"Content-Type": kind})[0] == 415


def test_a_forgery_and_a_missing_signature_get_the_same_answer_to_the_letter(web: Deployment):
    """Nothing tells whoever tries how near they came."""
    answers = {
        re.sub(rb"date: [^\r]+", b"", raw(web, f"{HEAD}Content-Length: 2\n{signature}{JSON}", b"{}")).replace(
            b"connection: close\r\n", b""
        )
        for signature in (
            "",
            GOOD.replace(GOOD[-3], "0" if GOOD[-3] != "0" else "1"),
            GOOD.replace("=", "=0")[:-2] + "\n",
        )
    }
    assert len(answers) == 1
    [answer] = answers
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert answer.endswith(b"\r\n\r\n")


def test_no_method_but_get_and_post_has_an_answer_of_its_own(web: Deployment):
    for method in ("PUT", "HEAD", "TRACE", "BREW"):
        answer = raw(web, f"{method} /webhook HTTP/1.1\nHost: localhost\n")
        assert answer.startswith(b"HTTP/1.1 405 "), method
        assert b"allow: GET, POST\r\n" in answer, method
