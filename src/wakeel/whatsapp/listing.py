"""Reading our own templates and number at Meta. Nothing is sent; the token goes to the Graph host and nowhere else.

Fields and paging: reference WA 5.3 and 8; Meta, "Graph API: paging", read 2026-11-22. A page's `next` is an address
that the answer chose, with the token in it: it is never followed, only its cursor is taken.
"""

import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, TypeVar

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver
from yarl import URL

from wakeel.domain.templates import ListedTemplate
from wakeel.whatsapp.answer_body import body_of
from wakeel.whatsapp.client import ApiOptions
from wakeel.whatsapp.loopback import PeerNotLoopback, loopback_socket
from wakeel.whatsapp.mode import parse_graph_url

PAGE_SIZE: Final = 100
MOST_PAGES: Final = 200
"""6,000 templates a WABA (reference WA 1.3) are 60 pages."""
PAGE_LIMIT: Final = 16 * 1_048_576
"""Bytes of one answer; a hundred templates with all their texts are well below one megabyte."""
_TEMPLATE_FIELDS = "id,name,language,status,category,correct_category,quality_score,rejected_reason,components"
_NUMBER_FIELDS = "id,verified_name,quality_rating,throughput,whatsapp_business_manager_messaging_limit"
_ID = re.compile(r"[0-9]{1,32}", re.ASCII)

_TOKEN_CODES = frozenset({0, 102, 104, 190})
_PERMISSION_CODES = frozenset({3, 10, 131005, *range(200, 300)})
_SLOWER_CODES = frozenset({4, 17, 32, 613, 80007, 80008})
_AWAY_CODES = frozenset({1, 2, 131000, 131016})
_NO_SUCH_OBJECT = 100


class CannotRead(Exception):
    """what: templates or number; why: a key of WHYS; object_id: which one was asked for; code: Meta's, None without."""

    def __init__(self, what: str, why: str, *, object_id: str, code: int | None = None) -> None:
        self.what, self.why, self.object_id, self.code = what, why, object_id, code
        number = "" if code is None else f" (code {code})"
        super().__init__(f"WhatsApp did not list {what} of {object_id}{number}: {WHYS[why]}")


WHYS: Final[Mapping[str, str]] = {
    "no_token": "there is no access token; set WHATSAPP_ACCESS_TOKEN",
    "https_required": "WHATSAPP_GRAPH_URL must begin with https; a token is not sent in clear text",
    "bad_id": "the id is not digits; see WHATSAPP_WABA_ID and WHATSAPP_PHONE_NUMBER_ID",
    "bad_token": "the access token is wrong or has expired; make a new one and set WHATSAPP_ACCESS_TOKEN",
    "no_permission": "the token has no permission for it; it needs whatsapp_business_management and this account as "
    "an asset",
    "no_such_object": "no account or number of this id can be seen with this token; see WHATSAPP_WABA_ID and "
    "WHATSAPP_PHONE_NUMBER_ID",
    "slower": "too many calls; try again in an hour",
    "redirected": "the answer points to another address, which is not followed; see WHATSAPP_GRAPH_URL",
    "not_reached": "no connection; see the network and WHATSAPP_GRAPH_URL",
    "timeout": "no answer in time; see the network, and try again later",
    "certificate": "the certificate there is not to be trusted; see the network, the machine's clock and "
    "WHATSAPP_GRAPH_URL",
    "peer_not_loopback": "the host is not this machine although its name is; see WHATSAPP_GRAPH_URL",
    "away": "WhatsApp has a fault of its own; try again later",
    "unreadable": "the answer cannot be read",
    "endless": "the pages do not end",
    "refused": "it was refused",
}
"""What to do, by `CannotRead.why`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRead:
    """Our number as Meta describes it; '' for what it left out. limit: TIER_…; throughput: STANDARD, HIGH …"""

    verified_name: str = ""
    quality: str = ""
    throughput: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class AccountRead:
    """templates: all of the account, each once."""

    templates: tuple[ListedTemplate, ...]
    number: NumberRead


class _Quality(msgspec.Struct):
    score: str = ""


class _Template(msgspec.Struct):
    id: str
    name: str
    language: str
    status: str
    category: str = ""
    correct_category: str | None = None
    quality_score: _Quality | None = None
    rejected_reason: str | None = None
    components: list[dict[str, Any]] = []


class _Cursors(msgspec.Struct):
    after: str = ""


class _Paging(msgspec.Struct):
    """next: there is another page, whatever address stands in it."""

    cursors: _Cursors = msgspec.field(default_factory=_Cursors)
    next: str | None = None


class _Page(msgspec.Struct):
    data: list[_Template]
    paging: _Paging = msgspec.field(default_factory=_Paging)


class _Throughput(msgspec.Struct):
    level: str = ""


class _Number(msgspec.Struct):
    verified_name: str | None = None
    quality_rating: str | None = None
    throughput: _Throughput | None = None
    limit: str | None = msgspec.field(default=None, name="whatsapp_business_manager_messaging_limit")


class _Error(msgspec.Struct):
    code: int


class _ErrorAnswer(msgspec.Struct):
    error: _Error


_PAGE = msgspec.json.Decoder(_Page)
_NUMBER = msgspec.json.Decoder(_Number)
_ERROR = msgspec.json.Decoder(_ErrorAnswer)
_S = TypeVar("_S")


async def read_account(
    options: ApiOptions, *, waba_id: str, phone_number_id: str, resolver: AbstractResolver | None = None
) -> AccountRead:
    """Every template of the account, and the number. Raises CannotRead; BadGraphUrl for a URL that could never work."""
    async with reading(options, what="templates", object_id=waba_id, resolver=resolver) as reader:
        return AccountRead(await reader.templates(waba_id), await reader.number(phone_number_id))


@asynccontextmanager
async def reading(
    options: ApiOptions, *, what: str, object_id: str, resolver: AbstractResolver | None = None
) -> AsyncIterator["GraphReader"]:
    """A reader with a connection of its own. Raises CannotRead, about `what` of `object_id`, and BadGraphUrl.

    Reading is allowed whatever the live flag says; on a loopback URL no socket is opened to another machine.
    resolver: another one than the system's, for tests and unusual networks.
    """
    graph = parse_graph_url(options.graph_url)
    if not options.token:
        raise CannotRead(what, "no_token", object_id=object_id)
    if graph.scheme != "https" and not graph.is_loopback:
        raise CannotRead(what, "https_required", object_id=object_id)
    connector = aiohttp.TCPConnector(
        limit=1, resolver=resolver, socket_factory=loopback_socket if graph.is_loopback else None
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=options.timeout_s),
        headers={"Authorization": f"Bearer {options.token}"},
        trust_env=False,
    ) as session:
        yield GraphReader(session, f"{graph}/{options.version}")


class GraphReader:
    """Reads objects of Graph. answered_at: the time that Meta's clock showed with the last answer, None without one."""

    def __init__(self, session: aiohttp.ClientSession, root: str) -> None:
        self._session = session
        self._root = root
        self.answered_at: datetime | None = None

    async def templates(self, waba_id: str) -> tuple[ListedTemplate, ...]:
        """All pages of them. Raises CannotRead."""
        found: dict[tuple[str, str], ListedTemplate] = {}
        seen: set[str] = set()
        after = ""
        for _ in range(MOST_PAGES):
            query = {"fields": _TEMPLATE_FIELDS, "limit": str(PAGE_SIZE)} | ({"after": after} if after else {})
            raw = await self.get("templates", waba_id, "/message_templates", query)
            page = decoded(_PAGE, raw, what="templates", object_id=waba_id)
            for row in page.data:
                found[row.name, row.language] = _template(row)
            after = page.paging.cursors.after
            if page.paging.next is None or not after:
                return tuple(found.values())
            if after in seen:
                break
            seen.add(after)
        raise CannotRead("templates", "endless", object_id=waba_id)

    async def number(self, phone_number_id: str) -> NumberRead:
        """Raises CannotRead."""
        raw = await self.get("number", phone_number_id, "", {"fields": _NUMBER_FIELDS})
        number = decoded(_NUMBER, raw, what="number", object_id=phone_number_id)
        return NumberRead(
            verified_name=number.verified_name or "",
            quality=number.quality_rating or "",
            throughput=number.throughput.level if number.throughput else "",
            limit=number.limit or "",
        )

    async def get(self, what: str, object_id: str, path: str, query: Mapping[str, str]) -> bytes:
        """The body of a 200. Raises CannotRead."""
        if not _ID.fullmatch(object_id):
            raise CannotRead(what, "bad_id", object_id=object_id)
        return await self.ask(what, object_id, f"/{object_id}{path}", query)

    async def ask(self, what: str, object_id: str, path: str, query: Mapping[str, str]) -> bytes:
        """The same for a path of Graph's own; object_id: how a refusal calls it. The query goes into no message."""
        url = URL(f"{self._root}{path}", encoded=True).with_query(query)
        status, raw = await self._call("GET", url, what=what, object_id=object_id)
        if status == HTTPStatus.OK:
            return raw
        raise refusal(status, raw, what=what, object_id=object_id)

    async def post(self, what: str, object_id: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to JSON, whatever it says. Raises CannotRead where there is none."""
        if not _ID.fullmatch(object_id):
            raise CannotRead(what, "bad_id", object_id=object_id)
        url = URL(f"{self._root}/{object_id}{path}", encoded=True)
        return await self._call("POST", url, what=what, object_id=object_id, body=body)

    async def _call(
        self, method: str, url: URL, *, what: str, object_id: str, body: bytes | None = None
    ) -> tuple[int, bytes]:
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            async with self._session.request(method, url, data=body, headers=headers, allow_redirects=False) as answer:
                self.answered_at = _dated(answer.headers.get("Date", "")) or self.answered_at
                return answer.status, await body_of(answer, limit=PAGE_LIMIT)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise CannotRead(what, _why_unanswered(fault), object_id=object_id) from None


def refusal(status: int, raw: bytes, *, what: str, object_id: str) -> CannotRead:
    """Why an answer other than 200 came."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return CannotRead(what, "redirected", object_id=object_id)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return CannotRead(what, "away", object_id=object_id)
    try:
        code = _ERROR.decode(raw).error.code
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return CannotRead(what, "unreadable", object_id=object_id)
    why = "refused"
    if code in _TOKEN_CODES:
        why = "bad_token"
    elif code in _PERMISSION_CODES:
        why = "no_permission"
    elif code in _SLOWER_CODES:
        why = "slower"
    elif code in _AWAY_CODES:
        why = "away"
    elif code == _NO_SUCH_OBJECT:
        why = "no_such_object"
    return CannotRead(what, why, object_id=object_id, code=code)


def _why_unanswered(fault: Exception) -> str:
    cause = fault.os_error if isinstance(fault, aiohttp.ClientConnectorError) else fault
    match cause:
        case PeerNotLoopback():
            return "peer_not_loopback"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "certificate"
        case TimeoutError():
            return "timeout"
        case _:
            return "not_reached"


def _dated(header: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def decoded(decoder: "msgspec.json.Decoder[_S]", raw: bytes, *, what: str, object_id: str) -> _S:
    """The body as a struct. Raises CannotRead."""
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CannotRead(what, "unreadable", object_id=object_id) from None


def _template(row: _Template) -> ListedTemplate:
    reason = row.rejected_reason or ""
    return ListedTemplate(
        template_id=row.id,
        name=row.name,
        language=row.language,
        status=row.status,
        category=row.category,
        correct_category=row.correct_category or "",
        quality=row.quality_score.score if row.quality_score else "",
        rejected_reason="" if reason == "NONE" else reason,
        components=tuple(row.components),
    )
