"""A CalDAV calendar (RFC 4791) over aiohttp: four verbs, each answered by a value. Toolchain 11.

PUT writes a new event only where none is (`If-None-Match`), so a repeated try finds its own; GET looks whose it is;
DELETE takes it out; REPORT asks whether the time is free.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

import aiohttp
from icalendar import Calendar
from yarl import URL

from wakeel.flows.calendar_file import Fingerprint, read_fingerprint
from wakeel.flows.write_calendar import Event, Outcome, Written
from wakeel.whatsapp.loopback import loopback_socket
from wakeel.whatsapp.mode import is_loopback_host

ANSWER_WITHIN_S = 15.0
LARGEST_ANSWER = 1_048_576
_OK, _GONE = frozenset({200, 201, 204}), frozenset({404, 410})
_FAILED_PRECONDITION = 412
_TRY_AGAIN = frozenset({408, 423, 425, 429})
_WHY = {401: "unauthorised", 403: "unauthorised", 404: "not_found", 409: "not_found", 410: "not_found", 507: "full"}
"""409 answers a PUT into a collection that does not exist (RFC 4918, 9.7.1), 507 one beyond the quota (9.11)."""
_FREE_BUSY = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:time-range start="{start}" end="{end}"/>'
    "</C:free-busy-query>"
)


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """url: of the calendar collection, with a slash at its end. user: '' for no log-in."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Answer:
    """etag: '' if none was sent. body: at most LARGEST_ANSWER bytes."""

    status: int
    etag: str
    body: bytes


class CalendarClient:
    """Use as an async context manager. Name and password go to the configured address only: redirects are not
    followed, proxies are ignored, and a loopback address is checked again on the socket."""

    def __init__(self, options: CalendarOptions) -> None:
        self._url = options.url
        host = urlsplit(options.url).hostname or ""
        self._connector = {"socket_factory": loopback_socket} if is_loopback_host(host) else {}
        self._headers = {"Authorization": _basic(options)} if options.user else {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(**self._connector),  # type: ignore[arg-type]
            timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S),
            headers=self._headers,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def carry_out(self, event: Event) -> Outcome:
        """Write the event, or take it out; never raises for what the calendar or the network does."""
        try:
            if event.file is None:
                return await self._delete(event.uid)
            return await self._write(event, event.file)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return Outcome(Written.NO_ANSWER, "unreachable")

    async def is_busy(self, begins_at: datetime, ends_at: datetime) -> bool:
        """Whether the calendar says that something is in it then; False where it cannot be asked."""
        body = _FREE_BUSY.format(start=_stamp(begins_at), end=_stamp(ends_at))
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}
        answer = await self._ask("REPORT", self._url, data=body.encode(), headers=headers)
        return answer.status in _OK and _has_busy(answer.body, begins_at, ends_at)

    async def read(self, uid: str) -> tuple[str, Fingerprint | None] | None:
        """The event under this uid as (etag, what it says); None if there is none."""
        answer = await self._ask("GET", self._address(uid))
        if answer.status not in _OK:
            return None
        return answer.etag, read_fingerprint(answer.body)

    async def _write(self, event: Event, file: bytes) -> Outcome:
        is_busy = await self.is_busy(event.begins_at, event.ends_at)
        answer = await self._put(event.uid, file, {"If-None-Match": "*"})
        if answer.status == _FAILED_PRECONDITION:
            return await self._write_over(event, file, is_busy=is_busy)
        return _read(answer, done=Written.DONE_BUSY if is_busy else Written.DONE)

    async def _write_over(self, event: Event, file: bytes, *, is_busy: bool) -> Outcome:
        """There is one already: an earlier try of ours, the meeting as it was before, or not ours at all."""
        found = await self.read(event.uid)
        if found is None:
            return Outcome(Written.NO_ANSWER, "unreachable")
        etag, stands = found
        if stands == event.fingerprint:
            return Outcome(Written.DONE)
        if stands is None or stands.uid != event.uid:
            return Outcome(Written.REFUSED, "conflict")
        answer = await self._put(event.uid, file, {"If-Match": etag} if etag else {})
        if answer.status == _FAILED_PRECONDITION:
            # Somebody changed it between the two: it is looked at again.
            return Outcome(Written.NO_ANSWER, "unreachable")
        # At the same time it would be our own event that makes it busy.
        has_moved = abs(stands.begins_at - event.begins_at) >= event.ends_at - event.begins_at
        return _read(answer, done=Written.DONE_BUSY if is_busy and has_moved else Written.DONE)

    async def _put(self, uid: str, file: bytes, condition: dict[str, str]) -> _Answer:
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        return await self._ask("PUT", self._address(uid), data=file, headers=headers)

    async def _delete(self, uid: str) -> Outcome:
        answer = await self._ask("DELETE", self._address(uid))
        return Outcome(Written.DONE) if answer.status in _GONE else _read(answer, done=Written.DONE)

    def _address(self, uid: str) -> str:
        return f"{self._url}{quote(uid, safe='')}.ics"

    async def _ask(
        self, method: str, url: str, *, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> _Answer:
        if self._session is None:
            raise RuntimeError("the client is used outside of its context")
        async with self._session.request(
            method, URL(url, encoded=True), data=data, headers=headers or {}, allow_redirects=False
        ) as answer:
            return _Answer(answer.status, answer.headers.get("ETag", ""), await _body_of(answer))


async def _body_of(answer: aiohttp.ClientResponse) -> bytes:
    """Raises ValueError for more than any event of ours needs."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise ValueError("the calendar's answer is too long")
    return bytes(body)


def _basic(options: CalendarOptions) -> str:
    """RFC 7617, in UTF-8."""
    return f"Basic {b64encode(f'{options.user}:{options.password}'.encode()).decode()}"


def _read(answer: _Answer, *, done: Written) -> Outcome:
    if answer.status in _OK:
        return Outcome(done)
    if answer.status in _TRY_AGAIN or (answer.status >= 500 and answer.status not in _WHY):  # noqa: PLR2004
        return Outcome(Written.NO_ANSWER, "unreachable")
    return Outcome(Written.REFUSED, _WHY.get(answer.status, "refused"))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _has_busy(body: bytes, begins_at: datetime, ends_at: datetime) -> bool:
    """Whether one of the periods of a VFREEBUSY touches this time."""
    try:
        found = Calendar.from_ical(body).walk("VFREEBUSY")
        periods = [period for one in found for period in _periods(one.get("freebusy"))]
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return any(start < ends_at and end > begins_at for start, end in periods)


def _periods(value: object) -> list[tuple[datetime, datetime]]:
    if value is None:
        return []
    listed = value if isinstance(value, list) else [value]
    return [(one.start, one.end) for entry in listed for one in getattr(entry, "dts", None) or [entry]]
