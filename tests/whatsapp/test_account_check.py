"""What Meta says of token, number, subscriptions and templates: each read by itself, each refusal kept."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.whatsapp.self_signed import self_signed
from tests.whatsapp.test_client import TOKEN, options, serving
from wakeel.domain.checkup_account import NumberFacts, Subscription, TokenFacts
from wakeel.domain.checkup_refusals import REFUSALS
from wakeel.rehearsal.ports import free_port
from wakeel.whatsapp.account_check import AccountChecked, check_account
from wakeel.whatsapp.listing import WHYS, CannotRead

WABA, NUMBER = "215500000000001", "105500000000002"
Json = dict[str, Any]
BOTH = ["whatsapp_business_management", "whatsapp_business_messaging"]


def meta(request: web.Request) -> Json:
    """As Meta's pages show the answers."""
    match request.path.removeprefix("/v26.0"):
        case "/debug_token":
            granular = [{"scope": BOTH[0], "target_ids": [WABA, "2"]}, {"scope": BOTH[1]}]
            data = {
                "app_id": "670843887433847", "type": "SYSTEM_USER", "application": "x", "data_access_expires_at": 0,
                "expires_at": 1_800_000_000, "is_valid": True, "scopes": BOTH, "granular_scopes": granular,
            }  # fmt: skip
            return {"data": data}
        case "/105500000000002":
            return {
                "id": NUMBER, "display_phone_number": "+966 11 000 0001", "verified_name": "أفق\u202e",
                "name_status": "APPROVED", "status": "CONNECTED", "code_verification_status": "VERIFIED",
                "quality_rating": "GREEN", "throughput": {"level": "STANDARD"},
                "whatsapp_business_manager_messaging_limit": "TIER_250",
                "health_status": {"can_send_message": "LIMITED", "entities": [{"errors": [1]}]},
                "webhook_configuration": {"application": "https://a.example/", "phone_number": "https://n.example/"},
            }  # fmt: skip
        case "/215500000000001/subscribed_apps":
            app = {"id": "670843887433847", "name": "وكيل", "link": "x"}
            return {"data": [{"whatsapp_business_api_data": app, "override_callback_uri": "https://w.example/"}]}
        case _:
            return {"data": []}


def checked(answer: Callable[[web.Request], Any], **changes: Any) -> AccountChecked:
    async def handler(request: web.Request) -> web.StreamResponse:
        found = answer(request)
        return found if isinstance(found, web.StreamResponse) else web.json_response(found)

    async def run() -> AccountChecked:
        async with serving(handler) as url:
            return await check_account(options(url, **changes), waba_id=WABA, phone_number_id=NUMBER)

    return asyncio.run(run())


def test_everything_is_read_as_meta_says_it():
    found = checked(meta)
    assert found.token == TokenFacts(
        is_valid=True, app_id="670843887433847", kind="SYSTEM_USER", scopes=tuple(BOTH), waba_ids=(WABA, "2"),
        expires_at=datetime.fromtimestamp(1_800_000_000, UTC),
    )  # fmt: skip
    assert found.number == NumberFacts(
        phone="+966 11 000 0001", name="أفق", name_status="APPROVED", status="CONNECTED", verification="VERIFIED",
        quality="GREEN", limit="TIER_250", throughput="STANDARD", can_send="LIMITED",
        callbacks=("https://n.example/", "https://a.example/"),
    )  # fmt: skip
    assert found.apps == (Subscription(app_id="670843887433847", name="وكيل", callback="https://w.example/"),)
    assert found.templates == ()
    assert found.answered_at is not None
    assert abs(found.answered_at - datetime.now(UTC)).total_seconds() < 60


def test_what_one_part_is_refused_the_others_still_tell():
    def halves(request: web.Request) -> Any:
        if request.path.endswith("/debug_token"):
            error = {"code": 190, "message": f"Error validating access token {TOKEN}"}
            return web.json_response({"error": error}, status=401)
        return web.Response(body=b"[") if request.path.endswith("/subscribed_apps") else meta(request)

    found = checked(halves)
    assert isinstance(found.token, CannotRead)
    assert isinstance(found.apps, CannotRead)
    assert (found.token.why, found.apps.why) == ("bad_token", "unreadable")
    assert TOKEN not in str(found.token)
    assert isinstance(found.number, NumberFacts)


@pytest.mark.parametrize("expires_at", [0, -1, 10**14])
def test_a_token_without_an_end_has_none(expires_at: int):
    def endless(request: web.Request) -> Any:
        answer = meta(request)
        if request.path.endswith("/debug_token"):
            answer["data"]["expires_at"] = expires_at
        return answer

    found = checked(endless).token
    assert isinstance(found, TokenFacts)
    assert found.expires_at is None


def test_nobody_who_answers_late_and_a_false_certificate_are_told_apart(tmp_path: Path):
    async def late(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1)
        return web.Response()

    async def asked(server: AbstractAsyncContextManager[str]) -> list[str]:
        async with server as url:
            found = await check_account(options(url, timeout_s=0.1), waba_id=WABA, phone_number_id=NUMBER)
        parts = (found.token, found.number, found.apps, found.templates)
        return [one.why for one in parts if isinstance(one, CannotRead)]

    async def gone() -> list[str]:
        return await asked(nullcontext(f"http://127.0.0.1:{free_port()}"))

    assert asyncio.run(asked(serving(late))) == ["timeout"] * 4
    assert asyncio.run(asked(self_signed(tmp_path))) == ["certificate"] * 4
    assert asyncio.run(gone()) == ["not_reached"] * 4


def test_the_doctor_has_words_for_every_refusal():
    assert set(REFUSALS) == set(WHYS)


def test_without_a_token_nobody_is_asked():
    with pytest.raises(CannotRead) as cannot:
        checked(meta, token="")
    assert cannot.value.why == "no_token"
