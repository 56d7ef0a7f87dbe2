"""Reading templates and number over real HTTP: pages, refusals in words, and where the token never goes."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from tests.whatsapp.test_client import TOKEN, To, options, serving
from wakeel.domain.templates import ListedTemplate
from wakeel.whatsapp import listing
from wakeel.whatsapp.listing import WHYS, AccountRead, CannotRead, NumberRead, read_account

WABA, NUMBER = "215500000000001", "105500000000002"
Json = dict[str, Any]


def row(name: str, **more: Any) -> Json:
    return {"id": "1", "name": name, "language": "ar", "status": "APPROVED", "category": "UTILITY", **more}


def read(answer: Callable[[web.Request], Any], **changes: Any) -> tuple[AccountRead | CannotRead, list[web.Request]]:
    """What a reading ends in, and the requests that were made."""
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        found = answer(request)
        return found if isinstance(found, web.StreamResponse) else web.json_response(found)

    async def run() -> AccountRead | CannotRead:
        async with serving(handler) as url:
            ids = {"waba_id": changes.pop("waba_id", WABA), "phone_number_id": NUMBER}
            try:
                return await read_account(options(url, **changes), **ids)
            except CannotRead as cannot:
                return cannot

    return asyncio.run(run()), seen


def why(answer: Callable[[web.Request], Any], **changes: Any) -> str:
    found, _ = read(answer, **changes)
    assert isinstance(found, CannotRead)
    assert TOKEN not in str(found)
    return found.why


def pages(request: web.Request) -> Json:
    """Three templates on two pages, then the number. The address of the next page is somebody else's."""
    if not request.path.endswith("/message_templates"):
        return {
            "id": NUMBER, "verified_name": "أفق", "quality_rating": "YELLOW", "throughput": {"level": "HIGH"},
            "whatsapp_business_manager_messaging_limit": "TIER_2K",
        }  # fmt: skip
    if request.query.get("after") != "c2":
        first = row("a", quality_score={"score": "GREEN", "date": 1}, components=[{"type": "BODY", "text": "نص"}])
        paging = {
            "cursors": {"before": "c1", "after": "c2"},
            "next": f"https://elsewhere.example/?access_token={TOKEN}",
        }
        return {"data": [first, row("b", rejected_reason="NONE", correct_category="MARKETING")], "paging": paging}
    return {"data": [row("c", status="REJECTED", rejected_reason="SCAM")], "paging": {"cursors": {"after": "c3"}}}


def test_every_page_is_read_by_its_cursor_and_the_number_after_them():
    found, seen = read(pages)
    assert isinstance(found, AccountRead)
    body = {"type": "BODY", "text": "نص"}
    assert found.templates == (
        ListedTemplate(
            template_id="1", name="a", language="ar", status="APPROVED", category="UTILITY", quality="GREEN",
            components=(body,),
        ),
        ListedTemplate(
            template_id="1", name="b", language="ar", status="APPROVED", category="UTILITY",
            correct_category="MARKETING",
        ),
        ListedTemplate(
            template_id="1", name="c", language="ar", status="REJECTED", category="UTILITY", rejected_reason="SCAM"
        ),
    )  # fmt: skip
    assert found.number == NumberRead(verified_name="أفق", quality="YELLOW", throughput="HIGH", limit="TIER_2K")
    assert [request.path for request in seen] == [
        f"/v26.0/{WABA}/message_templates", f"/v26.0/{WABA}/message_templates", f"/v26.0/{NUMBER}",
    ]  # fmt: skip
    assert {request.headers["Authorization"] for request in seen} == {f"Bearer {TOKEN}"}
    assert all(TOKEN not in request.path_qs for request in seen)


def test_fields_nobody_said_are_empty():
    found, _ = read(lambda request: {"data": []} if "message_templates" in request.path else {"id": NUMBER})
    assert found == AccountRead((), NumberRead())


def error(code: int, status: int = 400) -> web.Response:
    return web.json_response({"error": {"message": "x", "code": code}}, status=status)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (190, "bad_token"), (0, "bad_token"), (10, "no_permission"), (200, "no_permission"), (299, "no_permission"),
        (100, "no_such_object"), (80007, "slower"), (4, "slower"), (12345, "refused"),
    ],
)  # fmt: skip
def test_each_refusal_says_what_to_do(code: int, reason: str):
    found, seen = read(lambda _: error(code))
    assert isinstance(found, CannotRead)
    assert (found.why, found.code, found.object_id) == (reason, code, WABA)
    assert WHYS[reason] in str(found)
    assert str(code) in str(found)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda _: web.Response(status=500, text="{}"), "away"),
        (lambda _: web.Response(status=404, text="<html>"), "unreadable"),
        (lambda _: web.Response(text="<html>"), "unreadable"),
        (lambda _: {"data": [{"name": 1}]}, "unreadable"),
    ],
)
def test_what_is_no_listing_is_refused_whole(answer: Callable[[web.Request], Any], reason: str):
    """Half a listing would delete the other half."""
    assert why(answer) == reason


def test_a_cursor_that_comes_again_ends_the_reading():
    found, seen = read(lambda _: {"data": [], "paging": {"next": "x", "cursors": {"after": "same"}}})
    assert isinstance(found, CannotRead)
    assert (found.why, len(seen)) == ("endless", 2)


def test_a_redirect_is_not_followed():
    found, seen = read(lambda _: web.Response(status=302, headers={"Location": "https://elsewhere.example/"}))
    assert isinstance(found, CannotRead)
    assert (found.why, len(seen)) == ("redirected", 1)


def test_a_page_larger_than_any_page_is_not_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listing, "PAGE_LIMIT", 1000)
    assert why(lambda _: {"data": [row("a", components=[{"type": "BODY", "text": "x" * 2000}])]}) == "unreadable"


def test_without_a_token_or_with_an_odd_id_nothing_is_asked():
    for changes in ({"token": ""}, {"waba_id": "1/../2"}):
        found, seen = read(pages, **changes)
        assert isinstance(found, CannotRead)
        assert found.why == ("no_token" if "token" in changes else "bad_id")
        assert seen == []


@pytest.mark.parametrize(
    ("url", "resolver", "reason"),
    [
        ("http://graph.example", None, "https_required"),
        ("http://127.0.0.1:9", None, "not_reached"),
        ("http://localhost:9", To("192.0.2.1"), "peer_not_loopback"),
    ],
)
def test_the_token_goes_to_the_graph_host_or_nowhere(url: str, resolver: To | None, reason: str):
    """In clear text to another machine, or to one that only has the name of this one: not a byte."""
    with pytest.raises(CannotRead) as cannot:
        asyncio.run(read_account(options(url), waba_id=WABA, phone_number_id=NUMBER, resolver=resolver))
    assert cannot.value.why == reason
