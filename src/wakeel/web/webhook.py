"""`/webhook`: lean ASGI, never a Django view. Refuse before reading, sign while reading, store before answering."""

import asyncio
import hmac
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import Any
from urllib.parse import parse_qs

from wakeel import clock
from wakeel.store.inbox_writer import InboxWriter, QueueFull, StoreFailed
from wakeel.web.counters import Counters
from wakeel.whatsapp.signature import SignatureCheck, header_is_wellformed

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

# Meta posts up to 3 MB (reference WA 3.2).
LARGEST_BODY = 3 * 1024 * 1024
BODY_TIMEOUT_S = 10.0
# Over all requests; a body counts from its first byte here until it is answered.
IN_FLIGHT_LIMIT = 64 * 1024 * 1024
LONGEST_CHALLENGE = 1024
LONGEST_QUERY = 4096

_LENGTH = re.compile(rb"[0-9]{1,12}")
_EXTRA_HEADERS: dict[int, Headers] = {405: [(b"allow", b"GET, POST")], 503: [(b"retry-after", b"1")]}


class Refusal(Enum):
    """Why a request is not taken: HTTP status, and the word it is counted under. For Meta only 200 is a success."""

    METHOD = (405, "method")
    SIGNATURE_MISSING = (401, "signature_missing")
    SIGNATURE_DUPLICATE = (400, "signature_duplicate")
    SIGNATURE_MALFORMED = (400, "signature_malformed")
    SIGNATURE_WRONG = (401, "signature_wrong")
    CONTENT_TYPE = (415, "content_type")
    LENGTH_MALFORMED = (400, "length_malformed")
    TOO_LARGE = (413, "too_large")
    TOO_SLOW = (408, "too_slow")
    BUSY = (503, "busy")
    STORE_FAILED = (503, "store_failed")
    NOT_VERIFIED = (403, "not_verified")

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def word(self) -> str:
        return self.value[1]


class Refused(Exception):
    """Ends the handling of one request."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.word)
        self.refusal = refusal


class SenderLeft(Exception):
    """The connection ended before the body did: nobody is there to be answered."""


class Webhook:
    """The handler; `writer` was started in the loop that calls this."""

    def __init__(self, *, secrets: Sequence[str], verify_token: str, writer: InboxWriter, counters: Counters) -> None:
        self._secrets = tuple(secrets)
        self._verify_token = verify_token.encode()
        self._writer = writer
        self._counters = counters
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answer(scope, receive, send)
        except Refused as refused:
            self._counters.refused(refused.refusal.word)
            await _respond(send, refused.refusal.status, headers=_EXTRA_HEADERS.get(refused.refusal.status, []))
        except SenderLeft:
            self._counters.refused("sender_left")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET":
            await _respond(send, 200, body=self._challenge(scope["query_string"]))
        elif scope["method"] == "POST":
            await self._take(scope, receive)
            await _respond(send, 200)
        else:
            raise Refused(Refusal.METHOD)

    def _challenge(self, query: bytes) -> bytes:
        """What Meta asked us to repeat, if it knows the verify token; an unset token verifies nobody."""
        if not self._verify_token or len(query) > LONGEST_QUERY:
            raise Refused(Refusal.NOT_VERIFIED)
        given = parse_qs(query, keep_blank_values=True)
        mode, token, challenge = (_only(given, name) for name in (b"hub.mode", b"hub.verify_token", b"hub.challenge"))
        known = hmac.compare_digest(token, self._verify_token)
        if not known or mode != b"subscribe" or not 0 < len(challenge) <= LONGEST_CHALLENGE:
            raise Refused(Refusal.NOT_VERIFIED)
        return challenge

    async def _take(self, scope: Scope, receive: Receive) -> None:
        """Return once the body is on the disk; raises Refused or SenderLeft."""
        check = SignatureCheck(_signature_of(scope["headers"]), self._secrets)
        _check_type_and_length(scope["headers"])
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                async for part in _parts(receive):
                    # Counted as it comes and not as declared: holding our memory costs the sender its own bytes.
                    body += part
                    self._in_flight += len(part)
                    check.update(part)
                    self._check_room(len(body))
            if not check.matches():
                raise Refused(Refusal.SIGNATURE_WRONG)
            await self._store(bytes(body))
        except TimeoutError:
            raise Refused(Refusal.TOO_SLOW) from None
        finally:
            self._in_flight -= len(body)

    def _check_room(self, size: int) -> None:
        if size > LARGEST_BODY:
            raise Refused(Refusal.TOO_LARGE)
        if self._in_flight > IN_FLIGHT_LIMIT:
            raise Refused(Refusal.BUSY)

    async def _store(self, body: bytes) -> None:
        arrived = clock.real_now()
        try:
            await self._writer.put(body, arrived)
        except QueueFull:
            raise Refused(Refusal.BUSY) from None
        except StoreFailed:
            raise Refused(Refusal.STORE_FAILED) from None
        self._counters.stored(at=arrived)


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise SenderLeft
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _signature_of(headers: Headers) -> str:
    """The one signature header; raises Refused if there is none, more than one, or one that cannot be a signature."""
    given = [value.decode("latin-1") for name, value in headers if name.lower() == b"x-hub-signature-256"]
    if not given:
        raise Refused(Refusal.SIGNATURE_MISSING)
    if len(given) > 1:
        raise Refused(Refusal.SIGNATURE_DUPLICATE)
    if not header_is_wellformed(given[0]):
        raise Refused(Refusal.SIGNATURE_MALFORMED)
    return given[0]


def _check_type_and_length(headers: Headers) -> None:
    """Raises Refused; a body without Content-Length is measured while it is read."""
    types = [value for name, value in headers if name.lower() == b"content-type"]
    if len(types) != 1 or types[0].partition(b";")[0].strip().lower() != b"application/json":
        raise Refused(Refusal.CONTENT_TYPE)
    for name, value in headers:
        if name.lower() == b"content-length":
            if not _LENGTH.fullmatch(value):
                raise Refused(Refusal.LENGTH_MALFORMED)
            if int(value) > LARGEST_BODY:
                raise Refused(Refusal.TOO_LARGE)


def _only(query: dict[bytes, list[bytes]], name: bytes) -> bytes:
    """The value of a parameter that was given once, else nothing."""
    values = query.get(name, [])
    return values[0] if len(values) == 1 else b""


async def _respond(send: Send, status: int, *, body: bytes = b"", headers: Headers = ()) -> None:
    """Answer in plain text that no browser takes for anything else."""
    fixed = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})
