"""The ingest process's application, in Granian's own protocol: `/webhook` and `/healthz`, nothing else, no Django view.

Source: the RSGI specification 1.5 in Granian 2.8 and its installed code, read 2026-11-22.
"""

import asyncio
import logging
from collections.abc import Awaitable
from functools import partial
from typing import Protocol

from granian.rsgi import ProtocolClosed

from wakeel.web.intake import Intake
from wakeel.web.webhook import Answer, Body, Head, SenderLeft

log = logging.getLogger(__name__)

# A body up to this length is awaited as one; Meta's are about 1 KB. Held against the limit of requests in flight.
WHOLE_UP_TO = 64 * 1024

NOT_FOUND = Answer(404)


class Headers(Protocol):
    def get_all(self, name: str) -> list[str]: ...


class Scope(Protocol):
    """The head of one request, as far as it is looked at."""

    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> Headers: ...


class HttpProtocol(Protocol):
    """What Granian gives with each request."""

    def __call__(self) -> Awaitable[bytes]: ...
    def __aiter__(self) -> "Parts": ...
    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...


class Parts(Protocol):
    """The body in parts; ends early, without a word, when the sender leaves."""

    def __anext__(self) -> Awaitable[bytes]: ...


class Application:
    """The outermost object of the process."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def __rsgi__(self, scope: Scope, protocol: HttpProtocol) -> None:
        try:
            answer = await self._take(scope, protocol) if scope.path == "/webhook" else self._else(scope.path)
        except asyncio.CancelledError:
            log.debug("request given up by its sender")
            return
        if answer is not None:
            protocol.response_bytes(answer.status, list(answer.headers), answer.body)

    async def _take(self, scope: Scope, protocol: HttpProtocol) -> Answer | None:
        """One request at `/webhook`; None if its sender left."""
        webhook = self._intake.webhook
        match scope.method:
            case "POST":
                return await webhook.take(_head(scope.headers), partial(_body, protocol))
            case "GET":
                return webhook.verify(scope.query_string.encode())
            case _:
                return webhook.unknown_method()

    def _else(self, path: str) -> Answer:
        return self._intake.health() if path == "/healthz" else NOT_FOUND


def _head(headers: Headers) -> Head:
    """Granian's own search; it takes names in any case, and leaves out values that are not ASCII."""
    get_all = headers.get_all
    return Head(get_all("x-hub-signature-256"), get_all("content-type"), get_all("content-length"))


def _body(protocol: HttpProtocol, length: int | None) -> Body:
    return _Whole(protocol, length) if length is not None and length <= WHOLE_UP_TO else _InParts(protocol, length)


class _Whole(Body):
    """One wake-up of the loop for all of a small body."""

    __slots__ = ("_protocol", "length")

    def __init__(self, protocol: HttpProtocol, length: int) -> None:
        self._protocol = protocol
        self.length = length

    async def part(self) -> bytes:
        try:
            return await self._protocol()
        except ProtocolClosed:
            raise SenderLeft from None


class _InParts(Body):
    __slots__ = ("_parts", "length")

    def __init__(self, protocol: HttpProtocol, length: int | None) -> None:
        self._parts = protocol.__aiter__()
        self.length = length

    async def part(self) -> bytes:
        try:
            return await self._parts.__anext__()
        except StopAsyncIteration:
            return b""
