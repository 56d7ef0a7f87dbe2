"""Fetching files over real HTTP: the id is resolved, the bytes come from our hosts, the token goes nowhere else."""

import asyncio
import hashlib
from typing import Any

import pytest
from aiohttp import web

from tests.whatsapp.test_client import TOKEN, options, serving
from wakeel.whatsapp.media import Fetched, NotFetched, fetch
from wakeel.whatsapp.media import _allowed as allowed

DATA = b"\x89PNG\r\n\x1a\n" + b"x" * 500
NUMBER = "105500000000002"


def fetched(*, limit: int = 10_000, status: int = 200, media_id: str = "77", **described: Any):
    """What fetching one file ends in, and the requests that were made."""
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        if request.path != f"/v26.0/{media_id}":
            return web.Response(body=DATA, status=status)
        url = f"http://127.0.0.1:{request.url.port}/files/?mid=77&hash=a%2Fb"
        digest = hashlib.sha256(DATA).hexdigest()
        said = {"url": url, "mime_type": "image/png", "sha256": digest, "file_size": len(DATA)}
        return web.json_response(said | described)

    async def run() -> Fetched | NotFetched:
        async with serving(handler) as url:
            return await fetch(options(url), media_id, phone_number_id=NUMBER, hosts=("files.example",), limit=limit)

    return asyncio.run(run()), seen


def test_a_file_is_resolved_by_its_id_and_fetched_with_the_token():
    found, (asked, got) = fetched()
    assert found == Fetched(DATA, "image/png")
    assert asked.query["phone_number_id"] == NUMBER
    assert got.query["hash"] == "a/b"
    assert got.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("described", "why", "requests"),
    [
        ({"file_size": 10_001}, "size", 1),
        ({"url": "https://files.example/x"}, "address", 1),
        ({"url": "http://127.0.0.1:9/x"}, "address", 1),
        ({"url": "http://127.0.0.1@evil.example/x"}, "address", 1),
        ({"url": "javascript:alert(1)"}, "address", 1),
        ({"sha256": "0" * 64}, "changed", 2),
        ({"file_size": 7}, "changed", 2),
        ({"url": None}, "no_answer", 1),
    ],
)
def test_what_is_too_large_elsewhere_or_not_what_was_said_is_not_taken(described: Any, why: str, requests: int):
    found, seen = fetched(**described)
    assert isinstance(found, NotFetched)
    assert (found.why, len(seen)) == (why, requests)


def test_a_file_that_says_less_than_it_holds_is_cut_off_at_the_limit():
    found, _ = fetched(limit=100, file_size=None)
    assert found == NotFetched("size")


@pytest.mark.parametrize(("status", "why"), [(404, "gone"), (401, "no_answer"), (500, "no_answer"), (302, "no_answer")])
def test_an_answer_without_the_file_may_be_asked_again(status: int, why: str):
    found, _ = fetched(status=status)
    assert found == NotFetched(why, again=True)


def test_an_id_that_is_none_is_never_asked_for():
    found, seen = fetched(media_id="../me")
    assert (found, seen) == (NotFetched("gone"), [])


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://lookaside.fbsbx.com/x?a=1", True),
        ("https://lookaside.fbsbx.com:443/x", True),
        ("http://lookaside.fbsbx.com/x", False),
        ("https://lookaside.fbsbx.com:8443/x", False),
        ("https://lookaside.fbsbx.com.evil.example/x", False),
        ("https://evil.example/lookaside.fbsbx.com", False),
        ("https://lookaside.fbsbx.com@evil.example/", False),
        ("https://evil.example\\@lookaside.fbsbx.com/", False),
        ("https://127.0.0.1/x", False),
        ("https://lookaside.fbsbx.com:99999/x", False),
    ],
)
def test_the_token_goes_to_listed_hosts_over_https_alone(url: str, may: bool):
    live = options("https://graph.facebook.com")
    assert (allowed(url, live, ("lookaside.fbsbx.com", "127.0.0.1")) is not None) is may
