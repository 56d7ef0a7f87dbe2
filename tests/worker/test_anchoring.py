"""Posting anchors to an address outside: each once, in order, never redirected, its secret in no log."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from wakeel import config
from wakeel.flows import anchor_ledger
from wakeel.flows.anchor_ledger import Unposted
from wakeel.worker import anchoring
from wakeel.worker.database import DatabaseThread


class Outside:
    """The address outside: answers what it is told to and keeps what it got."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.status = 204

    async def take(self, request: web.Request) -> web.Response:
        assert request.content_type == "application/json"
        self.got.append(await request.read())
        headers = {"Location": "/elsewhere"} if self.status == 307 else {}
        return web.Response(status=self.status, headers=headers)


@pytest.fixture
async def outside(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outside]:
    made = Outside()
    app = web.Application()
    app.router.add_post("/anchors", made.take)
    app.router.add_post("/elsewhere", made.take)
    async with TestServer(app) as server:
        monkeypatch.setenv("WAKEEL_ANCHOR_URL", f"http://127.0.0.1:{server.port}/anchors?token=SECRET")
        config.get.cache_clear()
        yield made
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[Unposted]:
    """Two anchors that nobody has yet; what was accepted leaves the list."""
    rows = [Unposted(Path("b.jsonl"), size, b'{"size":%d}' % size) for size in (2, 5)]
    monkeypatch.setattr(anchor_ledger, "unposted", lambda: iter(list(rows)))
    monkeypatch.setattr(anchor_ledger, "note_posted", rows.remove)
    return rows


async def one_round() -> None:
    database = DatabaseThread()
    await anchoring._post(database)
    await database.close()


async def test_each_anchor_is_posted_once_and_in_order(outside: Outside, waiting: list[Unposted]):
    await one_round()
    await one_round()
    assert outside.got == [b'{"size":2}', b'{"size":5}']
    assert waiting == []


@pytest.mark.parametrize("status", [500, 404, 307])
async def test_what_was_not_accepted_is_tried_again(outside: Outside, waiting: list[Unposted], status: int, caplog):
    """A redirect is no acceptance: it could lead anywhere."""
    outside.status = status
    with caplog.at_level(logging.WARNING):
        await one_round()
    assert len(outside.got) == 1
    assert len(waiting) == 2
    assert f"answered {status}" in caplog.text
    assert "SECRET" not in caplog.text
    outside.status = 200
    await one_round()
    assert outside.got[1:] == [b'{"size":2}', b'{"size":5}']


async def test_an_address_that_is_away_is_logged_without_its_secret(
    waiting: list[Unposted], monkeypatch: pytest.MonkeyPatch, caplog
):
    monkeypatch.setenv("WAKEEL_ANCHOR_URL", "http://127.0.0.1:9/?token=SECRET")
    config.get.cache_clear()
    with caplog.at_level(logging.WARNING):
        await one_round()
    monkeypatch.undo()
    config.get.cache_clear()
    assert len(waiting) == 2
    assert "cannot be reached" in caplog.text
    assert "SECRET" not in caplog.text


@pytest.mark.parametrize(
    "url",
    ["http://anchors.example.com/", "https://user:hidden@example.com/", "ftp://example.com/", "https://",
     "https://e x/", "https://example.com/#x", "http://127.0.0.1.example.com/", "http://2130706433/"],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_refused_at_start(url: str):
    with pytest.raises(config.ConfigError, match="WAKEEL_ANCHOR_URL") as refused:
        config.load({"WAKEEL_ANCHOR_URL": url})
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("url", ["https://example.com/a/b?token=x", "http://127.0.0.1:8080/a", "http://[::1]/"])
def test_a_safe_address_is_taken(url: str):
    assert config.load({"WAKEEL_ANCHOR_URL": url}).anchor_url == url
