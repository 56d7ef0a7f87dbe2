"""The HTTP client of POST /messages, with exactly three outcomes and a guard below every caller.

The Cloud API has no idempotency key: whatever may have left and was not answered clearly is `NoAnswer`, and nothing
here is ever sent a second time. No token, text or phone number reaches a log line or an exception.
"""

import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import msgspec
from aiohttp import ClientRequest, ClientTimeout
from aiohttp.abc import AbstractResolver
from aiohttp.client_reqrep import ClientResponse
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from wakeel.whatsapp import errors
from wakeel.whatsapp.answer_body import body_of
from wakeel.whatsapp.answers import Accepted, NoAnswer, Outcome, Refused, outcome_of
from wakeel.whatsapp.loopback import PeerNotLoopback, loopback_socket
from wakeel.whatsapp.mode import Mode, mode_of, parse_graph_url

__all__ = ["Accepted", "ApiOptions", "BadOption", "CloudApi", "NoAnswer", "Outcome", "Refused"]

ANSWER_LIMIT = 1_048_576
"""Bytes. Meta's answers are a few hundred; more than this is not one."""
_KEEPALIVE_S: Final = 60.0
_CONNECT_S: Final = 10.0
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]*", re.ASCII)
_PHONE_NUMBER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class BadOption(ValueError):
    """name: the option that cannot be used. Its value is not kept."""

    def __init__(self, name: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(f"{name} {why}")


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """Where and how to send.

    graph_url: scheme, host, port, path. version: like `v26.0`. token: empty is allowed in practice mode only.
    connections: kept alive at most. timeout_s: for one whole request, waiting for a connection included.
    """

    graph_url: str
    version: str
    token: str = field(repr=False)
    allow_live_send: bool
    connections: int = 128
    timeout_s: float = 20.0


class CloudApi:
    """Sends messages; use as `async with CloudApi(options) as api`.

    resolver: another one than the system's, for tests and unusual networks.
    Raises BadGraphUrl or BadOption for options that could never work.
    """

    def __init__(self, options: ApiOptions, *, resolver: AbstractResolver | None = None) -> None:
        if not _VERSION.fullmatch(options.version):
            raise BadOption("version", "must look like v26.0")
        if not _TOKEN.fullmatch(options.token):
            raise BadOption("token", "has characters that cannot stand in a header; check for a line break")
        self._options = options
        self._graph = parse_graph_url(options.graph_url)
        self.mode = mode_of(options.graph_url, allow_live_send=options.allow_live_send)
        self._resolver = resolver
        self._urls: dict[str, URL] = {}
        self._headers = {"Authorization": f"Bearer {options.token}"} if options.token else {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = _Connector(
            limit=self._options.connections,
            keepalive_timeout=_KEEPALIVE_S,
            resolver=self._resolver,
            # Everywhere but live, no socket is even opened to another machine, whatever a name resolves to.
            socket_factory=None if self.mode is Mode.LIVE else loopback_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._options.timeout_s, sock_connect=_CONNECT_S),
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, phone_number_id: str, body: Mapping[str, Any], *, attempt_id: str) -> Outcome:
        """POST one message and say what is known of it afterwards; never raises for what the other side does.

        body: from `payloads.message_body`. attempt_id: goes along as `biz_opaque_callback_data`, at most 512
        characters; statuses carry it back. Raises RuntimeError outside `async with`.
        """
        if self._session is None:
            raise RuntimeError("CloudApi is not open; use it as `async with CloudApi(options) as api`")
        if objection := self._objection(phone_number_id):
            return Refused(errors.refused_here(objection), before_wire=True)
        try:
            raw = msgspec.json.encode({**body, "biz_opaque_callback_data": attempt_id})
        except UnicodeEncodeError:
            return Refused(errors.refused_here(errors.UNSENDABLE_TEXT), before_wire=True)
        return await self._post(self._session, self._messages_url(phone_number_id), raw)

    async def mark_read(self, phone_number_id: str, wamid: str, *, is_writing: bool) -> bool:
        """Tell WhatsApp that a message was read, and everything before it; True if it said so. Never raises for what
        the other side does.

        is_writing: show the sender that an answer is being written, for 25 seconds. Source: reference WA 1.5. The same
        guard as for messages: nothing leaves where no message would.
        """
        if self._session is None:
            raise RuntimeError("CloudApi is not open; use it as `async with CloudApi(options) as api`")
        if self._objection(phone_number_id) is not None:
            return False
        body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        if is_writing:
            body["typing_indicator"] = {"type": "text"}
        url = self._messages_url(phone_number_id)
        try:
            async with self._posted(self._session, url, msgspec.json.encode(body)) as response:
                await body_of(response, limit=ANSWER_LIMIT)
                return response.status == HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    def _objection(self, phone_number_id: str) -> str | None:
        """Why this request must not be made, as a key of `errors.LOCAL`; None if it may."""
        if self.mode is Mode.DRY:
            return errors.LIVE_SEND_OFF
        if self.mode is Mode.LIVE and self._graph.scheme != "https":
            return errors.HTTPS_REQUIRED
        if self.mode is Mode.LIVE and not self._options.token:
            return errors.NO_TOKEN
        if not _PHONE_NUMBER_ID.fullmatch(phone_number_id):
            return errors.BAD_PHONE_NUMBER_ID
        return None

    def _messages_url(self, phone_number_id: str) -> URL:
        url = self._urls.get(phone_number_id)
        if url is None:
            written = f"{self._graph}/{self._options.version}/{phone_number_id}/messages"
            url = self._urls[phone_number_id] = URL(written, encoded=True)
        return url

    async def _post(self, session: aiohttp.ClientSession, url: URL, raw: bytes) -> Outcome:
        _is_connected.set(False)
        try:
            async with self._posted(session, url, raw) as response:
                return outcome_of(response.status, await body_of(response, limit=ANSWER_LIMIT))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return _without_answer(error, was_connected=_is_connected.get())

    def _posted(
        self, session: aiohttp.ClientSession, url: URL, raw: bytes
    ) -> AbstractAsyncContextManager[ClientResponse]:
        # Made outright: the session would look for somebody who knows how to send bytes.
        data = aiohttp.BytesPayload(raw, content_type="application/json")
        return session.post(url, data=data, headers=self._headers, allow_redirects=False)


_is_connected: ContextVar[bool] = ContextVar("_is_connected", default=False)
"""Of the request that this task makes now."""


class _Connector(aiohttp.TCPConnector):
    """Marks a request as connected before its first byte can be written, on new and on kept-alive connections.

    A trace could do it too; the session would then ask it about every other step of every request.
    """

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109 - the base class's word
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        _is_connected.set(True)
        return connection


def _without_answer(error: Exception, *, was_connected: bool) -> Outcome:
    if was_connected:
        return NoAnswer("timeout" if isinstance(error, TimeoutError) else "connection_lost")
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    name = errors.PEER_NOT_LOOPBACK if isinstance(cause, PeerNotLoopback) else errors.CONNECTION_FAILED
    return Refused(errors.refused_here(name), before_wire=True)
