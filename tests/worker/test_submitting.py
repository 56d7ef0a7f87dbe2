"""What somebody asked for on a page reaches Meta; a fault of the account stops nothing and is tried again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests import rows
from wakeel.flows.make_template import ask_for_submission, take_starters
from wakeel.flows.ready_templates import ready
from wakeel.store.models import Template, TemplateText
from wakeel.whatsapp.client import ApiOptions
from wakeel.worker import submitting
from wakeel.worker.database import DatabaseThread


class Meta:
    """Refuses the first so many as one whose token has expired; takes the rest, but for those it finds too short.

    loses: names it takes without an answer that arrives.
    """

    def __init__(self) -> None:
        self.faults = 0
        self.loses: set[str] = set()
        self.asked: list[str] = []
        self.has: dict[str, Any] = {}

    async def lists(self, request: web.Request) -> web.Response:
        if not request.path.endswith("/message_templates"):
            return web.json_response({"id": rows.NUMBER_ID})
        found = [{"id": "9002", "status": "APPROVED", **body} for body in self.has.values()]
        return web.json_response({"data": found})

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body["name"])
        if body["name"] in self.has:
            return web.json_response({"error": {"code": 100, "error_subcode": 2388024}}, status=400)
        if body["name"] in self.loses:
            self.has[body["name"]] = body
            assert request.transport is not None
            request.transport.abort()
        if self.faults:
            self.faults -= 1
            return web.json_response({"error": {"code": 190, "message": "EAAsecret"}}, status=401)
        if body["name"].startswith("follow_up"):
            return web.json_response({"error": {"code": 100, "message": "too short"}}, status=400)
        return web.json_response({"id": "9001", "status": "PENDING", "category": body["category"]})


@pytest.fixture
async def meta(transactional_db: None) -> AsyncIterator[tuple[Meta, ApiOptions]]:
    made, app = Meta(), web.Application()
    app.router.add_post("/{rest:.*}", made.answer)
    app.router.add_get("/{rest:.*}", made.lists)
    async with TestServer(app) as server:
        url = f"http://127.0.0.1:{server.port}"
        yield made, ApiOptions(graph_url=url, version="v26.0", token="EAAsecret", allow_live_send=False)


def asked_for() -> rows.Firm:
    firm = rows.firm()
    take_starters(firm.business.id, now=rows.T0)
    for name in ("follow_up", "meeting"):
        row = TemplateText.objects.get(name=name, language="ar")
        ask_for_submission(firm.business.id, row.pk, by="sara", now=rows.T0)
    return firm


def kept() -> dict[str, Any]:
    asked = TemplateText.objects.exclude(asked_at=None)
    return {row.name: (row.submitted_at is not None, row.refused) for row in asked}


async def test_each_wish_is_carried_out_once_whatever_its_answer(meta: tuple[Meta, ApiOptions]):
    stand_in, options = meta
    database = DatabaseThread()
    try:
        firm = await database.run(asked_for)
        stand_in.faults = 1
        assert not await submitting.submit_waiting(database, options, rows.WABA_ID, firm.number.pk)
        assert await database.run(kept) == {"follow_up": (False, ""), "meeting": (False, "")}
        for _ in range(2):
            assert await submitting.submit_waiting(database, options, rows.WABA_ID, firm.number.pk)
        assert await database.run(kept) == {"follow_up": (False, "too short"), "meeting": (True, "")}
        found = await database.run(Template.objects.get)
    finally:
        await database.close()
    assert len(stand_in.asked) == 3
    assert (found.name, found.status, found.category) == ("meeting_v1", "PENDING", "UTILITY")


async def test_a_lost_answer_doubles_nothing_and_what_meta_made_of_it_is_read_at_once(meta: tuple[Meta, ApiOptions]):
    """Else a template that may be sent would be thought missing until the next day's listing."""
    stand_in, options = meta
    stand_in.loses = {"meeting_v1"}
    database = DatabaseThread()
    try:
        firm = await database.run(asked_for)
        ends = [await submitting.submit_waiting(database, options, rows.WABA_ID, firm.number.pk) for _ in range(3)]
        assert await database.run(kept) == {"follow_up": (False, "too short"), "meeting": (True, "")}
        found = await database.run(lambda: ready(firm.business.id, "meeting", language="ar"))
    finally:
        await database.close()
    assert ends == [False, True, True]
    assert stand_in.asked.count("meeting_v1") == 2
    assert found is not None
    assert found.meta_name == "meeting_v1"


async def test_without_a_token_the_loop_ends_at_once(meta: tuple[Meta, ApiOptions], monkeypatch: pytest.MonkeyPatch):
    stand_in, options = meta
    settings = replace(submitting.config.get(), access_token="")
    monkeypatch.setattr(submitting.config, "get", lambda: settings)
    await asyncio.wait_for(submitting.keep_submitting(DatabaseThread(), options, asyncio.Event()), 2)
    assert stand_in.asked == []
