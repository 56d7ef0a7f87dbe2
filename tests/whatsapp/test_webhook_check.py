"""Knocking at a webhook as Meta would: what a right one, a wrong one and a silent one are found to be."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.whatsapp.self_signed import self_signed
from tests.whatsapp.test_client import serving
from wakeel.domain.checkup_house import Knock
from wakeel.rehearsal.ports import free_port
from wakeel.whatsapp import webhook_check
from wakeel.whatsapp.signature import is_signed
from wakeel.whatsapp.webhook_check import knock

SECRET, WORD = "the app's secret", "the verify token"


def knocked(*, secret: str = SECRET, word: str = WORD, answer: Any = None) -> Knock:
    """At a webhook with this secret and verify token; answer: what another one answers to everything."""

    async def webhook(request: web.Request) -> web.StreamResponse:
        if answer is not None:
            return web.Response(status=answer, headers={"Location": "/elsewhere"})
        if request.method == "GET":
            fits = request.query["hub.verify_token"] == word and request.query["hub.mode"] == "subscribe"
            return web.Response(text=request.query["hub.challenge"]) if fits else web.Response(status=403)
        signed = is_signed(await request.read(), request.headers["X-Hub-Signature-256"], [secret])
        return web.Response(status=200 if signed and request.content_type == "application/json" else 401)

    async def run() -> Knock:
        async with serving(webhook) as url:
            return await knock(f"{url}/webhook", verify_token=WORD, secret=SECRET)

    return asyncio.run(run())


def test_our_own_webhook_repeats_the_challenge_takes_our_signature_and_no_other():
    found = knocked()
    assert (found.repeats_challenge, found.believes_anybody, found.signed, found.forged) == (True, False, 200, 401)
    assert found.fault == ""


def test_another_secret_and_another_verify_token_are_noticed():
    assert (knocked(secret="another").signed, knocked(word="another").repeats_challenge) == (401, False)


@pytest.mark.parametrize("answer", [200, 302, 404, 502])
def test_whatever_else_answers_there_is_not_taken_for_it(answer: int):
    """Redirects are not followed: Meta follows none."""
    found = knocked(answer=answer)
    assert (found.repeats_challenge, found.signed, found.forged) == (False, answer, answer)


def test_nobody_and_somebody_slow_are_told_apart(monkeypatch: pytest.MonkeyPatch):
    nobody = f"http://127.0.0.1:{free_port()}/webhook"
    assert asyncio.run(knock(nobody, verify_token=WORD, secret=SECRET)).fault == "unreachable"
    monkeypatch.setattr(webhook_check, "TIMEOUT_S", 0.1)

    async def never(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1)
        return web.Response()

    async def run() -> Knock:
        async with serving(never) as url:
            return await knock(url, verify_token=WORD, secret=SECRET)

    assert asyncio.run(run()).fault == "timeout"


def test_a_certificate_that_nobody_vouches_for_is_refused_and_sees_no_secret(tmp_path: Path):
    async def run() -> Knock:
        async with self_signed(tmp_path) as url:
            return await knock(f"{url}/webhook", verify_token=WORD, secret=SECRET)

    assert asyncio.run(run()).fault == "certificate"
