"""Limits that real traffic seldom meets, on the handler itself with a real inbox."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.deployment import Deployment, make_deployment
from wakeel.config import load
from wakeel.store.inbox_writer import open_inbox
from wakeel.web import webhook
from wakeel.web.counters import Counters
from wakeel.web.webhook import Webhook
from wakeel.whatsapp.signature import sign

pytestmark = pytest.mark.processes

SECRET = "test_app_secret"


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("limits")) as made:
        yield made


@pytest.fixture
async def handler(deployment: Deployment) -> AsyncIterator[Webhook]:
    writer = open_inbox(load(deployment.environ))
    await writer.start()
    yield Webhook(secrets=[SECRET], verify_token="", writer=writer, counters=Counters())
    await writer.stop()


class Sender:
    """One POST whose body comes when the test says so."""

    def __init__(self, handler: Webhook, body: bytes, *, signature: str | None = None) -> None:
        self.parts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.answers: list[dict[str, Any]] = []
        headers = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"x-hub-signature-256", (signature or sign(body, SECRET)).encode()),
        ]
        scope = {"type": "http", "method": "POST", "headers": headers, "query_string": b""}
        self.task = asyncio.create_task(handler(scope, self.parts.get, self._send))

    async def _send(self, message: Any) -> None:
        self.answers.append(message)

    def part(self, body: bytes, *, last: bool) -> None:
        self.parts.put_nowait({"type": "http.request", "body": body, "more_body": not last})

    async def status(self) -> int:
        await asyncio.wait_for(self.task, 10)
        return self.answers[0]["status"]


async def post(handler: Webhook, body: bytes) -> int:
    sender = Sender(handler, body)
    sender.part(body, last=True)
    return await sender.status()


async def test_bodies_over_all_requests_are_limited_and_the_room_comes_back(
    handler: Webhook, monkeypatch: pytest.MonkeyPatch
):
    """Slow senders must not fill the memory; who comes too many is told to come again."""
    monkeypatch.setattr(webhook, "IN_FLIGHT_LIMIT", 1000)
    slow = Sender(handler, b"s" * 900)
    slow.part(b"s" * 800, last=False)
    await asyncio.sleep(0.01)
    assert await post(handler, b"n" * 300) == 503
    assert await post(handler, b"n" * 100) == 200
    slow.part(b"s" * 100, last=True)
    assert await slow.status() == 200
    assert await post(handler, b"n" * 300) == 200


async def test_room_of_a_sender_that_left_comes_back(handler: Webhook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhook, "IN_FLIGHT_LIMIT", 1000)
    gone = Sender(handler, b"x" * 900)
    gone.part(b"x" * 900, last=False)
    gone.parts.put_nowait({"type": "http.disconnect"})
    await asyncio.wait_for(gone.task, 5)
    assert gone.answers == []
    assert await post(handler, b"after the one that left" * 40) == 200


async def test_a_body_that_drips_is_given_up_after_the_whole_time_not_after_each_part(
    handler: Webhook, monkeypatch: pytest.MonkeyPatch
):
    """A byte a second would otherwise hold a place for days."""
    monkeypatch.setattr(webhook, "BODY_TIMEOUT_S", 0.3)
    dripping = Sender(handler, b"drip")
    for _ in range(10):
        dripping.part(b"d", last=False)
        await asyncio.sleep(0.05)
    assert await dripping.status() == 408


async def test_a_body_in_parts_is_stored_whole(handler: Webhook, deployment: Deployment):
    body = b'{"in": "three parts"}'
    sender = Sender(handler, body)
    for start, stop in ((0, 5), (5, 6), (6, len(body))):
        sender.part(body[start:stop], last=stop == len(body))
    assert await sender.status() == 200
    assert body in [bytes(row[0]) for row in deployment.query("SELECT body FROM inbox")]


async def test_an_unset_verify_token_verifies_nobody(handler: Webhook):
    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    query = b"hub.mode=subscribe&hub.verify_token=&hub.challenge=1"
    scope = {"type": "http", "method": "GET", "headers": [], "query_string": query}
    await handler(scope, asyncio.Queue[Any]().get, send)
    assert answers[0]["status"] == 403


async def test_no_secret_means_no_signature_fits(deployment: Deployment):
    """An empty secret would let anybody sign."""
    writer = open_inbox(load(deployment.environ))
    unset = Webhook(secrets=[""], verify_token="", writer=writer, counters=Counters())
    sender = Sender(unset, b"{}", signature=sign(b"{}", ""))
    sender.part(b"{}", last=True)
    assert await sender.status() == 401


async def test_many_refusals_are_one_log_line(caplog: pytest.LogCaptureFixture):
    counters = Counters()
    for _ in range(500):
        counters.refused("signature_wrong")
    counters.refused("busy")
    counters.flush()
    counters.flush()
    assert [record.getMessage() for record in caplog.records] == [
        "webhook refused within 10 s: busy 1, signature_wrong 500"
    ]
