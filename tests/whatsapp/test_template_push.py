"""Submitting a template over real HTTP: what is asked, the three answers, and what stops all of them."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from tests.whatsapp.test_client import TOKEN, To, options, serving
from wakeel.whatsapp.template_push import CannotSubmit, NotTaken, Submission, Taken, submit

WABA = "215500000000001"
SUBMISSION = Submission(
    name="order_ready_v1", language="ar", category="UTILITY", components=[{"type": "BODY", "text": "أهلًا {{name}}."}],
    is_named=True,
)  # fmt: skip
Json = dict[str, Any]


def end(status: int, answer: Any, **changes: Any) -> tuple[Taken | NotTaken | CannotSubmit, list[Json]]:
    """What a submission ends in, and what was posted."""
    seen: list[Json] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append({
            "path": request.path, "method": request.method, "body": await request.json(),
            "token": request.headers.get("Authorization"),
        })  # fmt: skip
        if isinstance(answer, web.Response):
            return answer
        return web.json_response(answer, status=status)

    async def run() -> Taken | NotTaken | CannotSubmit:
        async with serving(handler) as url:
            given = {**changes}
            waba_id = given.pop("waba_id", WABA)
            resolver = given.pop("resolver", None)
            try:
                return await submit(options(url, **given), SUBMISSION, waba_id=waba_id, resolver=resolver)
            except CannotSubmit as cannot:
                return cannot

    return asyncio.run(run()), seen


def error(code: int, **more: Any) -> Json:
    return {"error": {"code": code, "message": "Invalid parameter", **more}}


def test_a_version_is_posted_once_with_its_format_and_the_answer_is_read():
    found, (sent,) = end(200, {"id": "9001", "status": "PENDING", "category": "MARKETING"})
    assert found == Taken("9001", "PENDING", "MARKETING")
    assert (sent["method"], sent["path"]) == ("POST", f"/v26.0/{WABA}/message_templates")
    assert sent["token"] == f"Bearer {TOKEN}"
    assert sent["body"] == {
        "name": "order_ready_v1", "language": "ar", "category": "UTILITY", "parameter_format": "named",
        "components": [{"type": "BODY", "text": "أهلًا {{name}}."}],
    }  # fmt: skip


def test_what_is_there_already_counts_as_submitted():
    """Names exist once a language, so an answer that was lost is asked for again."""
    found, _ = end(400, error(100, error_subcode=2388024, error_user_title="Content in This Language Already Exists"))
    assert found == Taken("", "", "")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error(100, error_user_title="Too many", error_user_msg="Shorten\nit"), "Too many: Shorten it"),
        (error(100), "Invalid parameter"),
        (error(100, message=None), "code 100"),
        (error(100, error_user_title="ع" * 900), "ع"),
        (error(368, message="Temporarily blocked"), "Temporarily blocked"),
    ],
)
def test_a_wording_that_is_refused_is_told_in_metas_words(answer: Json, words: str):
    found, _ = end(400, answer)
    assert isinstance(found, NotTaken)
    assert words in found.words
    assert len(found.words) <= 400


@pytest.mark.parametrize(
    ("status", "answer", "why"),
    [
        (401, error(190), "bad_token"),
        (403, error(200), "no_permission"),
        (400, error(80007), "slower"),
        (400, error(100, error_subcode=33), "no_such_object"),
        (500, error(1), "away"),
        (429, error(4), "slower"),
        (400, error(2), "away"),
        (302, web.Response(status=302, headers={"Location": "https://elsewhere.example"}), "redirected"),
        (400, web.Response(status=400, text="<html>"), "unreadable"),
        (200, {"id": 5}, "unreadable"),
    ],
)
def test_what_is_not_the_wordings_fault_stops_all_of_them(status: int, answer: Any, why: str):
    found, seen = end(status, answer)
    assert isinstance(found, CannotSubmit)
    assert (found.why, len(seen)) == (why, 1)
    assert TOKEN not in str(found)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"token": ""}, "no_token"),
        ({"waba_id": "../me"}, "bad_id"),
        ({"graph_url": "http://localhost:9", "resolver": To("192.0.2.1")}, "peer_not_loopback"),
        ({"graph_url": "http://graph.example"}, "https_required"),
    ],
)
def test_nothing_is_posted_without_a_token_to_a_strange_id_or_to_another_machine(changes: Json, why: str):
    found, seen = end(200, {"id": "1"}, **changes)
    assert isinstance(found, CannotSubmit)
    assert (found.why, seen) == (why, [])
