"""`/webhook`, whatever the protocol: refuse before reading, sign while reading, store before answering.

Never a Django view. `asgi.py` (beside the screens) and `rsgi.py` (the ingest process) are its two faces.
"""

import hmac
import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, Protocol
from urllib.parse import parse_qs

from wakeel import clock
from wakeel.store.inbox_writer import InboxWriter, QueueFull, StoreFailed
from wakeel.web.counters import Counters
from wakeel.web.deadlines import Deadlines
from wakeel.web.secret_files import Secrets
from wakeel.whatsapp.signature import SignatureCheck, expected_digest

# Meta posts up to 3 MB (reference WA 3.2).
LARGEST_BODY = 3 * 1024 * 1024
BODY_TIMEOUT_S = 10.0
# Over all requests; a body counts from its first byte here until it is answered.
IN_FLIGHT_LIMIT = 64 * 1024 * 1024
LONGEST_CHALLENGE = 1024
LONGEST_QUERY = 4096

_LENGTH = re.compile(r"[0-9]{1,12}", re.ASCII)


# Plain text that no browser takes for anything else.
PLAIN = (
    ("content-type", "text/plain; charset=utf-8"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
)


class Answer(NamedTuple):
    """What leaves. headers: all but the length."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = PLAIN


# For Meta alone, who looks at nothing else.
TAKEN = Answer(200, headers=())


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

    def __init__(self, status: int, word: str) -> None:
        self.word = word
        extra = {405: (("allow", "GET, POST"),), 503: (("retry-after", "1"),)}.get(status, ())
        self.answer = Answer(status, headers=(*PLAIN, *extra))


class Refused(Exception):
    """Ends the handling of one request."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.word)
        self.refusal = refusal


class SenderLeft(Exception):
    """The connection ended before the body did: nobody is there to be answered."""


class Head(NamedTuple):
    """The headers that count, every value that was given for each."""

    signatures: Sequence[str]
    types: Sequence[str]
    lengths: Sequence[str]


class Body(Protocol):
    """The body of one request. length: as declared, None if it was not; it is right, HTTP ends the body there."""

    length: int | None

    async def part(self) -> bytes:
        """The next bytes as they come, or all of a small body at once; b"" at the end. Raises SenderLeft."""


class BodyOf(Protocol):
    """Makes the body of a request, once its declared length is known to be allowed."""

    def __call__(self, length: int | None, /) -> Body: ...


class Webhook:
    """The handler; `writer` was started in the loop that calls this."""

    def __init__(self, *, secrets: Secrets, writer: InboxWriter, counters: Counters) -> None:
        self._secrets = secrets
        self._writer = writer
        self._counters = counters
        self._deadlines = Deadlines(BODY_TIMEOUT_S)
        self._in_flight = 0

    def verify(self, query: bytes) -> Answer:
        """GET: what Meta asked us to repeat, if it knows the verify token; an unset token verifies nobody."""
        known = self._secrets.verify_token
        if not known or len(query) > LONGEST_QUERY:
            return self._refuse(Refusal.NOT_VERIFIED)
        given = parse_qs(query, keep_blank_values=True)
        mode, token, challenge = (_only(given, name) for name in (b"hub.mode", b"hub.verify_token", b"hub.challenge"))
        fits = hmac.compare_digest(token, known)
        if not fits or mode != b"subscribe" or not 0 < len(challenge) <= LONGEST_CHALLENGE:
            return self._refuse(Refusal.NOT_VERIFIED)
        self._counters.verified()
        return Answer(200, challenge)

    def unknown_method(self) -> Answer:
        """Neither GET nor POST."""
        return self._refuse(Refusal.METHOD)

    async def take(self, head: Head, body_of: BodyOf) -> Answer | None:
        """POST: the answer, a 200 once the body is on the disk; None if nobody is there any more."""
        try:
            check = self._secrets.app.begin(_signature_of(head))
            _check_type(head)
            body = body_of(_length_of(head))
            await self._receive(body, check)
        except Refused as refused:
            return self._refuse(refused.refusal)
        except SenderLeft:
            self._counters.refused("sender_left")
            return None
        return TAKEN

    async def _receive(self, body: Body, check: SignatureCheck) -> None:
        """Return once the body is on the disk. Raises Refused or SenderLeft."""
        received = bytearray()
        try:
            with self._deadlines.running():
                await self._read(body, received, check)
            if not check.matches():
                raise Refused(Refusal.SIGNATURE_WRONG)
            await self._store(bytes(received))
        except TimeoutError:
            raise Refused(Refusal.TOO_SLOW) from None
        finally:
            self._in_flight -= len(received)

    async def _read(self, body: Body, received: bytearray, check: SignatureCheck) -> None:
        while len(received) != body.length:
            part = await body.part()
            if not part:
                break
            # Counted as it comes and not as declared: holding our memory costs the sender its own bytes.
            received += part
            self._in_flight += len(part)
            if len(received) > LARGEST_BODY:
                raise Refused(Refusal.TOO_LARGE)
            if self._in_flight > IN_FLIGHT_LIMIT:
                raise Refused(Refusal.BUSY)
            check.update(part)
        if body.length is not None and len(received) < body.length:
            raise SenderLeft

    async def _store(self, body: bytes) -> None:
        arrived = clock.real_now()
        try:
            await self._writer.put(body, arrived)
        except QueueFull:
            raise Refused(Refusal.BUSY) from None
        except StoreFailed:
            raise Refused(Refusal.STORE_FAILED) from None
        self._counters.stored(at=arrived)

    def _refuse(self, refusal: Refusal) -> Answer:
        self._counters.refused(refusal.word)
        return refusal.answer


def _signature_of(head: Head) -> bytes:
    """What the one signature header states; raises Refused if there is none, several, or it cannot be a signature."""
    if not head.signatures:
        raise Refused(Refusal.SIGNATURE_MISSING)
    if len(head.signatures) > 1:
        raise Refused(Refusal.SIGNATURE_DUPLICATE)
    expected = expected_digest(head.signatures[0])
    if expected is None:
        raise Refused(Refusal.SIGNATURE_MALFORMED)
    return expected


def _check_type(head: Head) -> None:
    """Raises Refused for everything that is not said to be JSON, once."""
    if len(head.types) != 1 or not _is_json(head.types[0]):
        raise Refused(Refusal.CONTENT_TYPE)


def _length_of(head: Head) -> int | None:
    """The declared length; None: the body is measured while it is read. Raises Refused."""
    if not head.lengths:
        return None
    if len(head.lengths) > 1 or not _LENGTH.fullmatch(head.lengths[0]):
        raise Refused(Refusal.LENGTH_MALFORMED)
    if int(head.lengths[0]) > LARGEST_BODY:
        raise Refused(Refusal.TOO_LARGE)
    return int(head.lengths[0])


def _is_json(content_type: str) -> bool:
    return content_type == "application/json" or content_type.partition(";")[0].strip().lower() == "application/json"


def _only(query: dict[bytes, list[bytes]], name: bytes) -> bytes:
    """The value of a parameter that was given once, else nothing."""
    values = query.get(name, [])
    return values[0] if len(values) == 1 else b""
