"""The client against a real server on 127.0.0.1: what it sends, what it believes, and where it refuses to go."""

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.client import Accepted, ApiOptions, BadOption, CloudApi, NoAnswer, Refused
from wakeel.whatsapp.errors import FailureClass
from wakeel.whatsapp.mode import BadGraphUrl
from wakeel.whatsapp.payloads import message_body

BODY = message_body(text_part("نص سري"), address="+966500000001")
TOKEN = "EAAsecret"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def options(url: str, **changes) -> ApiOptions:
    return ApiOptions(
        **{"graph_url": url, "version": "v26.0", "token": TOKEN, "allow_live_send": False, "timeout_s": 3.0} | changes
    )


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_server(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def send(url: str, *, resolver: AbstractResolver | None = None, **changes):
    async with CloudApi(options(url, **changes), resolver=resolver) as api:
        return await api.send("105500000000002", BODY, attempt_id="att_1")


def answering(status: int, body: bytes, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers=headers)

    return handler


class To(AbstractResolver):
    """Every name leads to one address."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host=self.address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        return None


async def test_a_message_is_posted_once_with_token_and_attempt_id():
    seen: list[tuple[str, str, str, dict]] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append((request.method, request.path, request.headers["Authorization"], await request.json()))
        return web.json_response({"messages": [{"id": "wamid.X"}]})

    async with serving(handler) as url:
        assert await send(url) == Accepted("wamid.X", "accepted", 200)
    body = BODY | {"biz_opaque_callback_data": "att_1"}
    assert seen == [("POST", "/v26.0/105500000000002/messages", f"Bearer {TOKEN}", body)]


async def test_connections_are_kept_alive():
    peers = set()

    async def handler(request: web.Request) -> web.Response:
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"messages": [{"id": "wamid.X"}]})

    async with serving(handler) as url, CloudApi(options(url)) as api:
        for number in range(3):
            assert isinstance(await api.send("1", BODY, attempt_id=str(number)), Accepted)
    assert len(peers) == 1


async def test_a_readable_4xx_is_a_refusal():
    error = json.dumps({"error": {"code": 131056, "error_data": {"details": "slow"}}}).encode()
    async with serving(answering(429, error)) as url:
        outcome = await send(url)
    assert isinstance(outcome, Refused)
    assert (outcome.failure.code, outcome.failure.failure_class, outcome.before_wire) == (
        131056,
        FailureClass.RETRY,
        False,
    )


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, b"thank you", "unreadable_answer"),
        (400, b"<html>", "unreadable_answer"),
        (500, b'{"error":{"code":131000}}', "http_500"),
        (200, b'{"messages":[{"id":"' + b"x" * 1_100_000 + b'"}]}', "unreadable_answer"),
    ],
)
async def test_an_unclear_answer_is_no_answer(status: int, body: bytes, why: str):
    async with serving(answering(status, body)) as url:
        assert await send(url) == NoAnswer(why)


async def test_a_redirect_is_not_followed():
    """Following it would carry the token and the text to another place."""
    followed = []

    async def target(request: web.Request) -> web.Response:
        followed.append(request.headers.get("Authorization"))
        return web.json_response({"messages": [{"id": "wamid.X"}]})

    async with serving(target) as other, serving(answering(307, b"", Location=other)) as url:
        assert await send(url) == NoAnswer("http_307")
    assert followed == []


async def test_a_time_out_after_the_request_is_no_answer_and_not_repeated():
    calls = []

    async def handler(request: web.Request) -> web.Response:
        calls.append(await request.read())
        await asyncio.sleep(5)
        return web.Response()

    async with serving(handler) as url:
        assert await send(url, timeout_s=0.3) == NoAnswer("timeout")
    assert len(calls) == 1


async def test_a_reset_after_the_request_is_no_answer_and_not_repeated():
    calls = []

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(await reader.read(10))

    async with raw_server(reset) as url:
        assert await send(url) == NoAnswer("connection_lost")
    assert len(calls) == 1


async def test_an_answer_cut_in_the_middle_is_no_answer():
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"att_1")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"messages"')
        await writer.drain()
        await asyncio.sleep(0.05)

    async with raw_server(half) as url:
        assert await send(url) == NoAnswer("connection_lost")


async def test_a_kept_connection_that_broke_is_no_answer():
    """Only a *new* connection that failed proves that nothing left."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"attempt")
        body = b'{"messages":[{"id":"wamid.X"}]}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        await reader.readuntil(b"attempt")

    async with raw_server(once) as url, CloudApi(options(url)) as api:
        assert isinstance(await api.send("1", BODY, attempt_id="attempt"), Accepted)
        assert await api.send("1", BODY, attempt_id="attempt") == NoAnswer("connection_lost")


def assert_refused_before_wire(outcome: object, failure_class: FailureClass, details: str) -> None:
    assert isinstance(outcome, Refused)
    assert outcome.before_wire
    assert (outcome.failure.code, outcome.failure.failure_class, outcome.failure.details) == (
        None,
        failure_class,
        details,
    )


async def test_a_refused_connection_may_be_retried():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert_refused_before_wire(await send(f"http://127.0.0.1:{port}"), FailureClass.RETRY, "connection_failed")


async def test_a_failed_tls_handshake_may_be_retried():
    async def no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 no\r\n\r\n")

    async with raw_server(no_tls) as url:
        outcome = await send(url.replace("http:", "https:"))
    assert_refused_before_wire(outcome, FailureClass.RETRY, "connection_failed")


async def test_a_name_that_does_not_resolve_may_be_retried():
    class Nowhere(To):
        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET):
            raise OSError("no such name")

    outcome = await send("https://graph.example", resolver=Nowhere(""), allow_live_send=True)
    assert_refused_before_wire(outcome, FailureClass.RETRY, "connection_failed")


async def test_a_time_out_while_connecting_may_be_retried():
    class Slow(To):
        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET):
            await asyncio.sleep(5)
            raise OSError

    outcome = await send("https://graph.example", resolver=Slow(""), allow_live_send=True, timeout_s=0.2)
    assert_refused_before_wire(outcome, FailureClass.RETRY, "connection_failed")


async def test_with_the_flag_off_nothing_is_connected():
    """The resolver would lead to a listening server: the guard must not even ask it."""

    class Asked(To):
        async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET):
            raise AssertionError("resolved")

    outcome = await send("https://graph.facebook.com", resolver=Asked(""))
    assert_refused_before_wire(outcome, FailureClass.CONFIGURATION, "live_send_off")


@pytest.mark.parametrize("flag", [True, False])
async def test_localhost_that_leads_elsewhere_is_refused(flag: bool):
    """192.0.2.1 is reserved for documentation: a connection attempt would end in a time-out, not in this answer."""
    outcome = await send("http://localhost:9", resolver=To("192.0.2.1"), allow_live_send=flag)
    assert_refused_before_wire(outcome, FailureClass.CONFIGURATION, "peer_not_loopback")


async def test_localhost_that_leads_here_works():
    async with serving(answering(200, b'{"messages":[{"id":"wamid.X"}]}')) as url:
        port = url.rsplit(":", 1)[1]
        assert isinstance(await send(f"http://localhost:{port}", resolver=To("127.0.0.1")), Accepted)


async def test_live_needs_https_and_a_token():
    insecure = await send("http://graph.facebook.com", allow_live_send=True)
    assert_refused_before_wire(insecure, FailureClass.CONFIGURATION, "https_required")
    tokenless = await send("https://graph.facebook.com", allow_live_send=True, token="")
    assert_refused_before_wire(tokenless, FailureClass.CONFIGURATION, "no_token")


async def test_environment_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(answering(200, b'{"messages":[{"id":"wamid.X"}]}')) as url:
        assert isinstance(await send(url), Accepted)


@pytest.mark.parametrize("phone_number_id", ["", "../1", "1/messages?x=", "1 2", "١"])
async def test_an_id_that_would_change_the_path_is_refused(phone_number_id: str):
    async with CloudApi(options("http://127.0.0.1:9")) as api:
        outcome = await api.send(phone_number_id, BODY, attempt_id="a")
    assert_refused_before_wire(outcome, FailureClass.CONFIGURATION, "bad_phone_number_id")


async def test_half_a_character_is_refused_before_the_wire():
    async with CloudApi(options("http://127.0.0.1:9")) as api:
        outcome = await api.send("1", {"text": {"body": "\ud800"}}, attempt_id="a")
    assert_refused_before_wire(outcome, FailureClass.MESSAGE, "unsendable_text")


@pytest.mark.parametrize(
    "changes", [{"version": "latest"}, {"version": "v26.0/../x"}, {"token": "a\r\nX: y"}, {"token": "رمز"}]
)
def test_options_that_cannot_work_are_refused_without_their_value(changes: dict):
    with pytest.raises(BadOption) as caught:
        CloudApi(options("http://127.0.0.1:9", **changes))
    assert not any(value in str(caught.value) for value in changes.values())


def test_a_graph_url_with_a_user_name_is_refused():
    with pytest.raises(BadGraphUrl):
        CloudApi(options("http://127.0.0.1@evil.com"))


async def test_no_secret_reaches_log_or_repr(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    async with serving(answering(200, b"?")) as url:
        outcome = await send(url)
        shown = repr(options(url)) + repr(outcome) + caplog.text
    assert not any(secret in shown for secret in (TOKEN, "نص سري", "966500000001"))


def test_certificates_are_checked():
    """aiohttp's default context verifies; nothing here may switch it off."""
    assert aiohttp.connector._SSL_CONTEXT_VERIFIED.verify_mode is ssl.CERT_REQUIRED
