"""The daily reading of templates and number: what fails disturbs nothing and is tried again."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from django.db import DataError, OperationalError

from tests import rows
from wakeel import config
from wakeel.store.models import Heartbeat, SendingNumber, Template
from wakeel.whatsapp.client import ApiOptions
from wakeel.worker import listing

ROW = {"id": "1", "name": "offer_v1", "language": "ar", "status": "APPROVED", "category": "MARKETING"}
NUMBER = {"quality_rating": "YELLOW", "whatsapp_business_manager_messaging_limit": "TIER_2K"}


class Meta:
    """Answers the first so many requests with a fault of its own."""

    def __init__(self) -> None:
        self.asked = 0
        self.faults = 0

    async def answer(self, request: web.Request) -> web.Response:
        if request.path.endswith("debug_token"):
            return web.json_response({"data": {"is_valid": True, "expires_at": 1_900_000_000}})
        self.asked += 1
        if self.asked <= self.faults:
            return web.json_response({"error": {"code": 190, "message": "EAAsecret"}}, status=401)
        return web.json_response({"data": [ROW]} if request.path.endswith("message_templates") else NUMBER)


@pytest.fixture
async def meta(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Meta, ApiOptions]]:
    monkeypatch.setattr(listing, "FIRST_AGAIN_S", 0.01)
    made, app = Meta(), web.Application()
    app.router.add_get("/{rest:.*}", made.answer)
    async with TestServer(app) as server:
        url = f"http://127.0.0.1:{server.port}"
        yield made, ApiOptions(graph_url=url, version="v26.0", token="EAAsecret", allow_live_send=False)


async def run_until(true, options: ApiOptions) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(listing.keep_listed(options, stop))
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(_answer, true):
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 5)


def _answer(true) -> bool:
    """SQLite in memory is one database for both threads: while one writes the other cannot look."""
    try:
        return bool(true())
    except OperationalError:
        return False


async def test_it_reads_at_start_and_then_rests_for_a_day(meta: tuple[Meta, ApiOptions]):
    server, options = meta
    await asyncio.to_thread(rows.firm)

    def has_rested() -> bool:
        found = Template.objects.exists()
        time.sleep(0.5 if found else 0)
        return found

    await run_until(has_rested, options)
    assert server.asked == 2
    number = await asyncio.to_thread(SendingNumber.objects.get)
    assert (number.quality, number.messaging_limit) == ("YELLOW", 2000)
    token = await asyncio.to_thread(Heartbeat.objects.get, role="token")
    assert token.counters == {"is_valid": True, "expires_at": "2030-03-17T17:46:40+00:00"}


async def test_a_failure_is_told_without_the_token_and_tried_again(
    meta: tuple[Meta, ApiOptions], caplog: pytest.LogCaptureFixture
):
    server, options = meta
    server.faults = 2
    await asyncio.to_thread(rows.firm)
    with caplog.at_level(logging.WARNING):
        await run_until(Template.objects.exists, options)
    assert server.asked == 4
    assert caplog.text.count("the access token is wrong or has expired") == 2
    assert "EAAsecret" not in caplog.text


async def test_an_answer_that_cannot_be_kept_ends_nobody(
    meta: tuple[Meta, ApiOptions], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """The worker would end with it, and the next one would read the same answer at its start."""
    _, options = meta
    await asyncio.to_thread(rows.firm)
    faults, kept, really = [DataError("a value that no column holds")], list[Any](), listing.keep_listing

    def fails_once(*arguments: Any, **named: Any) -> Any:
        if faults:
            raise faults.pop()
        kept.append(really(*arguments, **named))
        return kept[0]

    monkeypatch.setattr(listing, "keep_listing", fails_once)
    await run_until(lambda: bool(kept), options)
    assert "DataError" in caplog.text
    assert "no column" not in caplog.text


async def test_without_a_token_nothing_is_asked(meta: tuple[Meta, ApiOptions], monkeypatch: pytest.MonkeyPatch):
    server, options = meta
    monkeypatch.delenv("WHATSAPP_ACCESS_TOKEN")
    config.get.cache_clear()
    await asyncio.wait_for(listing.keep_listed(options, asyncio.Event()), 5)
    assert server.asked == 0
    config.get.cache_clear()
