"""Limits that real traffic seldom meets, on the handler itself with a real inbox."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.deployment import Deployment, make_deployment
from wakeel.config import load
from wakeel.store.body_seal import BodySeal
from wakeel.store.inbox_tables import PostgresTable, SqliteTable
from wakeel.store.inbox_writer import InboxWriter, Settled, open_inbox
from wakeel.web import webhook
from wakeel.web.counters import Counters
from wakeel.web.secret_files import Secrets
from wakeel.web.webhook import Answer, Head, Post, Refusal, Webhook
from wakeel.whatsapp.signature import sign

pytestmark = pytest.mark.processes

SECRET = "test_app_secret"
SEAL = BodySeal({1: bytes(32)})


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("limits")) as made:
        yield made


@asynccontextmanager
async def started(deployment: Deployment, *secrets: str) -> AsyncIterator[Webhook]:
    writer = open_inbox(load(deployment.environ), SEAL)
    await writer.start()
    yield Webhook(secrets=Secrets(app_secrets=secrets, verify_token=""), writer=writer, counters=Counters())
    await writer.stop()


@pytest.fixture
async def handler(deployment: Deployment) -> AsyncIterator[Webhook]:
    async with started(deployment, SECRET) as made:
        yield made


class Sender:
    """One POST whose body comes when the test says so."""

    def __init__(
        self, handler: Webhook, body: bytes, *, signature: str | None = None, length: int | None = None
    ) -> None:
        """length: as declared; None for a body in chunks."""
        self._told: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self.post = Post(handler, self._told.set_result)
        lengths = [] if length is None else [str(length)]
        self.post.begin(Head([signature or sign(body, SECRET)], ["Application/JSON; charset=utf-8"], lengths))

    def sends(self, *parts: bytes) -> None:
        for part in parts:
            self.post.feed(part)

    async def status(self) -> int | None:
        """None if nobody was answered."""
        answer = await asyncio.wait_for(self._told, 10)
        return answer.status if answer else None

    async def ends(self) -> int | None:
        self.post.end()
        return await self.status()


def stored_bodies(deployment: Deployment) -> list[bytes]:
    rows = deployment.query("SELECT body, digest FROM inbox")
    return [SEAL.open(bytes(sealed), bytes(digest), epoch=1) for sealed, digest in rows]


async def post(handler: Webhook, body: bytes) -> int | None:
    sender = Sender(handler, body, length=len(body))
    sender.sends(body)
    return await sender.ends()


async def test_bodies_over_all_requests_are_limited_and_the_room_comes_back(
    handler: Webhook, monkeypatch: pytest.MonkeyPatch
):
    """Slow senders must not fill the memory; who comes too many is told to come again."""
    monkeypatch.setattr(webhook, "IN_FLIGHT_LIMIT", 1000)
    slow = Sender(handler, b"s" * 900, length=900)
    slow.sends(b"s" * 800)
    assert await post(handler, b"n" * 300) == 503
    assert await post(handler, b"n" * 100) == 200
    slow.sends(b"s" * 100)
    assert await slow.ends() == 200
    assert await post(handler, b"n" * 300) == 200


async def test_a_full_queue_is_503_and_counted(deployment: Deployment):
    """Meta repeats what is not answered 200: saying so at once loses nothing."""
    table = SqliteTable(deployment.sqlite_path) if deployment.sqlite_path else PostgresTable(deployment.database_url)
    counters = Counters()
    full = Webhook(
        secrets=Secrets(app_secrets=[SECRET], verify_token=""),
        writer=InboxWriter(table, SEAL, queue_limit=0),
        counters=counters,
    )
    assert await post(full, b"one too many") == 503
    assert counters.outcomes == {"busy": 1}
    assert ("retry-after", "1") in Refusal.BUSY.answer.headers


async def test_room_of_a_sender_that_left_comes_back(handler: Webhook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhook, "IN_FLIGHT_LIMIT", 1000)
    gone = Sender(handler, b"x" * 900)
    gone.sends(b"x" * 900)
    gone.post.leave()
    assert await gone.status() is None
    assert await post(handler, b"after the one that left" * 40) == 200


async def test_room_of_what_was_refused_in_the_middle_comes_back(handler: Webhook, monkeypatch: pytest.MonkeyPatch):
    """The connection may stay for a while, its body does not."""
    monkeypatch.setattr(webhook, "IN_FLIGHT_LIMIT", 1000)
    monkeypatch.setattr(webhook, "LARGEST_BODY", 800)
    refused = Sender(handler, b"x" * 900)
    refused.sends(b"x" * 900)
    assert await refused.status() == 413
    refused.sends(b"x" * 900)
    refused.post.end()
    assert await post(handler, b"after the one that was refused" * 20) == 200


async def test_whoever_leaves_while_the_disk_works_has_its_body_stored_all_the_same(
    handler: Webhook, deployment: Deployment
):
    gone = Sender(handler, b"gone", length=4)
    gone.sends(b"gone")
    gone.post.end()
    gone.post.leave()
    assert await gone.status() == 200
    assert b"gone" in stored_bodies(deployment)


async def test_fewer_bytes_than_declared_are_nobody_s_body(handler: Webhook):
    """A server may end the body without a word when the sender leaves: half of it must not look like a forgery."""
    left = Sender(handler, b"half a body", length=22)
    left.sends(b"half a body", b"")
    assert await left.ends() is None


async def test_a_body_that_drips_is_given_up_after_the_whole_time_not_after_each_part(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
):
    """A byte a second would otherwise hold a place for days."""
    monkeypatch.setattr(webhook, "BODY_TIMEOUT_S", 0.3)
    async with started(deployment, SECRET) as handler:
        dripping, other = Sender(handler, b"drip"), Sender(handler, b"other")
        for _ in range(20):
            dripping.sends(b"d")
            await asyncio.sleep(0.05)
        assert await dripping.status() == 408
        assert await other.status() == 408
        assert await post(handler, b"and the next one is taken") == 200


async def test_the_time_of_a_body_is_not_the_time_of_its_commit(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
):
    """A body that came in time waits for the disk as long as the disk needs."""
    monkeypatch.setattr(webhook, "BODY_TIMEOUT_S", 0.05)
    async with started(deployment, SECRET) as handler:
        waiting: list[Settled] = []
        monkeypatch.setattr(handler.writer, "put", lambda body, at, settled: waiting.append(settled))
        sender = Sender(handler, b"slow disk", length=9)
        sender.sends(b"slow disk")
        sender.post.end()
        await asyncio.sleep(0.2)
        waiting[0](None)
        assert await sender.status() == 200


async def test_a_body_in_parts_is_stored_whole(handler: Webhook, deployment: Deployment):
    body = b'{"in": "three parts"}'
    sender = Sender(handler, body)
    sender.sends(body[:5], body[5:6], b"", body[6:])
    assert await sender.ends() == 200
    assert body in stored_bodies(deployment)


async def test_an_unset_verify_token_verifies_nobody(handler: Webhook):
    assert handler.verify(b"hub.mode=subscribe&hub.verify_token=&hub.challenge=1").status == 403


async def test_no_secret_means_no_signature_fits(deployment: Deployment):
    """An empty secret would let anybody sign."""
    async with started(deployment, "") as unset:
        sender = Sender(unset, b"{}", signature=sign(b"{}", ""), length=2)
        sender.sends(b"{}")
        assert await sender.ends() == 401


async def test_two_lengths_are_no_length(handler: Webhook):
    told: list[Answer | None] = []
    Post(handler, told.append).begin(Head([sign(b"{}", SECRET)], ["application/json"], ["2", "3"]))
    assert [answer and answer.status for answer in told] == [400]


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
