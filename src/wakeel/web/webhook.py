"""`/webhook`, whatever the protocol: refuse before reading, sign while reading, store before answering.

Never a Django view. `asgi.py` (beside the screens) and `ingest.py` (the process of its own) are its two faces; both
push what they read, so that a webhook needs no task of its own.
"""

import hmac
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple
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
    """The headers alone are reason enough."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.word)
        self.refusal = refusal


class Head(NamedTuple):
    """The headers that count, every value that was given for each."""

    signatures: Sequence[str]
    types: Sequence[str]
    lengths: Sequence[str]


def head_of(headers: Sequence[tuple[bytes, bytes]]) -> Head:
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


class Webhook:
    """The handler; `writer` was started in the loop that calls this."""

    def __init__(self, *, secrets: Secrets, writer: InboxWriter, counters: Counters) -> None:
        self.secrets = secrets
        self.writer = writer
        self.counters = counters
        self.deadlines = Deadlines(BODY_TIMEOUT_S)
        self.in_flight = 0

    def verify(self, query: bytes) -> Answer:
        """GET: what Meta asked us to repeat, if it knows the verify token; an unset token verifies nobody."""
        known = self.secrets.verify_token
        if not known or len(query) > LONGEST_QUERY:
            return self.refused(Refusal.NOT_VERIFIED)
        given = parse_qs(query, keep_blank_values=True)
        mode, token, challenge = (_only(given, name) for name in (b"hub.mode", b"hub.verify_token", b"hub.challenge"))
        fits = hmac.compare_digest(token, known)
        if not fits or mode != b"subscribe" or not 0 < len(challenge) <= LONGEST_CHALLENGE:
            return self.refused(Refusal.NOT_VERIFIED)
        self.counters.verified()
        return Answer(200, challenge)

    def unknown_method(self) -> Answer:
        """Neither GET nor POST."""
        return self.refused(Refusal.METHOD)

    def refused(self, refusal: Refusal) -> Answer:
        """Counted; what to say."""
        self.counters.refused(refusal.word)
        return refusal.answer


class Post:
    """One POST at `webhook`: `begin` with its head, `feed` as its body comes, `end`; or `leave`, if its sender does.

    told: given the answer once, a 200 when the body is on the disk; None if nobody is there any more. It may come out
    of any of the calls, and what is called afterwards does nothing. Must not raise.
    """

    __slots__ = ("_arrived", "_check", "_is_whole", "_length", "_received", "_told", "_webhook")

    def __init__(self, webhook: Webhook, told: Callable[[Answer | None], None]) -> None:
        self._webhook = webhook
        self._told: Callable[[Answer | None], None] | None = told
        self._received = bytearray()
        self._length: int | None = None
        self._is_whole = False
        self._check: SignatureCheck
        self._arrived: datetime

    def begin(self, head: Head) -> None:
        """Whatever the headers show is refused before the body is read."""
        try:
            self._check = self._webhook.secrets.app.begin(_signature_of(head))
            _check_type(head)
            self._length = _length_of(head)
        except Refused as refused:
            self._refuse(refused.refusal)
        else:
            self._webhook.deadlines.begin(self)

    def feed(self, part: bytes) -> None:
        """The next bytes of the body. Counted as they come and not as declared: holding our memory costs the sender
        its own bytes.
        """
        if self._told is None:
            return
        self._received += part
        self._webhook.in_flight += len(part)
        if len(self._received) > LARGEST_BODY:
            self._refuse(Refusal.TOO_LARGE)
        elif self._webhook.in_flight > IN_FLIGHT_LIMIT:
            self._refuse(Refusal.BUSY)
        else:
            self._check.update(part)

    def end(self) -> None:
        """No more comes. A body shorter than declared is nobody's: its sender left."""
        if self._told is None:
            return
        if self._length is not None and len(self._received) < self._length:
            self.leave()
        elif not self._check.matches():
            self._refuse(Refusal.SIGNATURE_WRONG)
        else:
            self._store()

    def leave(self) -> None:
        """The rest will not come. A body that came whole is stored all the same."""
        if self._told is not None and not self._is_whole:
            self._webhook.counters.refused("sender_left")
            self._tell(None)

    def late(self) -> None:
        """The time of its body is over; its commit takes as long as the disk does."""
        self._refuse(Refusal.TOO_SLOW)

    def _store(self) -> None:
        self._webhook.deadlines.end(self)
        self._is_whole, self._arrived = True, clock.real_now()
        try:
            self._webhook.writer.put(bytes(self._received), self._arrived, self._settled)
        except QueueFull:
            self._refuse(Refusal.BUSY)

    def _settled(self, failure: StoreFailed | None) -> None:
        if failure is not None:
            self._refuse(Refusal.STORE_FAILED)
        else:
            self._webhook.counters.stored(at=self._arrived)
            self._tell(TAKEN)

    def _refuse(self, refusal: Refusal) -> None:
        self._tell(self._webhook.refused(refusal))

    def _tell(self, answer: Answer | None) -> None:
        told, self._told = self._told, None
        self._webhook.deadlines.end(self)
        self._webhook.in_flight -= len(self._received)
        self._received.clear()
        if told is not None:
            told(answer)


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
