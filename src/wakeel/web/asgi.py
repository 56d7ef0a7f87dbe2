"""The whole of `web` as one ASGI application: `/webhook` and `/healthz` lean, everything else Django.

Only `serve` builds it, without a lifespan: it starts and stops the intake itself. Django must be set up before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from django.core.asgi import get_asgi_application

from wakeel.web.intake import Intake
from wakeel.web.webhook import Answer, Body, Head, SenderLeft, Webhook

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


def build(intake: Intake) -> "Application":
    """The application of one process."""
    return Application(intake=intake, django=get_asgi_application())


class Application:
    """Routes by path; the outermost callable of the process."""

    def __init__(self, *, intake: Intake, django: AsgiApp) -> None:
        self._intake = intake
        self._django = django

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A sender that leaves cancels the request's task; the server would log a trace for each.
        try:
            await self._route(scope, receive, send)
        except asyncio.CancelledError:
            log.debug("request given up by its sender")

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["path"]:
            case "/webhook":
                answer = await webhook(self._intake.webhook, scope, receive)
                if answer is not None:
                    await respond(send, answer)
            case "/healthz":
                await respond(send, self._intake.health())
            case _:
                await self._django(scope, receive, send)


async def webhook(handler: Webhook, scope: Scope, receive: Receive) -> Answer | None:
    """One request at `/webhook`; None if its sender left."""
    match scope["method"]:
        case "POST":
            return await handler.take(_head(scope["headers"]), lambda length: _Body(receive, length))
        case "GET":
            return handler.verify(scope["query_string"])
        case _:
            return handler.unknown_method()


async def respond(send: Send, answer: Answer) -> None:
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _head(headers: Sequence[tuple[bytes, bytes]]) -> Head:
    """In one pass. Names come in any case, values as bytes."""
    signatures: list[str] = []
    types: list[str] = []
    lengths: list[str] = []
    for name, value in headers:
        match name.lower():
            case b"x-hub-signature-256":
                signatures.append(value.decode("latin-1"))
            case b"content-type":
                types.append(value.decode("latin-1"))
            case b"content-length":
                lengths.append(value.decode("latin-1"))
    return Head(signatures, types, lengths)


class _Body(Body):
    """ASGI says with each part whether another comes."""

    __slots__ = ("_has_more", "_receive", "length")

    def __init__(self, receive: Receive, length: int | None) -> None:
        self._receive = receive
        self._has_more = True
        self.length = length

    async def part(self) -> bytes:
        """An empty part is not the end: only the server's word is."""
        while self._has_more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise SenderLeft
            self._has_more = message.get("more_body", False)
            part: bytes = message.get("body", b"")
            if part:
                return part
        return b""
