"""The Graph API face: what the product talks to."""

import json
import re
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.bodies import BodyTooLarge, EscapedJson, read_body
from wakeel.simulator.checks import check_message, check_receipt, is_receipt
from wakeel.simulator.cut import close_connection
from wakeel.simulator.errors import NO_TOKEN, MetaError, malformed, no_such_object
from wakeel.simulator.faults import Kind, SendFault
from wakeel.simulator.switchboard import Recipient, Switchboard
from wakeel.simulator.templates import PAGE

VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]", re.ASCII)
BODY_LIMIT = 1_000_000
PAGE_LIMIT = 1_000
WISHED = "Set as a fault on the phones page."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller gets."""

    status: int
    body: dict[str, Any]


def refuse(error: MetaError, *, http_status: int | None = None) -> Answer:
    """An error as an answer; http_status overrides the usual one."""
    return Answer(http_status or error.http_status, error.body())


class GraphApi:
    """Answers the calls the product makes to Meta."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def routes(self) -> list[Route]:
        """`/{version}/{phone_number_id}` and its messages, and the account's templates."""
        return [
            Route("/{version}/{number_id}/messages", self.messages, methods=["POST"]),
            Route("/{version}/{waba_id}/message_templates", self.templates, methods=["GET"]),
            Route("/{version}/{number_id}", self.number, methods=["GET"]),
        ]

    async def number(self, request: Request) -> Response:
        """The sending number as Graph describes it."""
        return await self._logged(request, b"", self._number(request))

    async def templates(self, request: Request) -> Response:
        """The account's message templates, a page at a time."""
        return await self._logged(request, b"", self._templates(request))

    async def messages(self, request: Request) -> Response:
        """A message, a read receipt or a typing indicator."""
        try:
            body = await read_body(request, limit=BODY_LIMIT)
        except BodyTooLarge:
            return _json(refuse(malformed("The request is too large"), http_status=413))
        return await self._logged(request, body, self._messages(request, body))

    async def _logged(self, request: Request, body: bytes, work: Awaitable[Answer | None]) -> Response:
        exchange = self._board.wire.note(
            at=time.time(), towards="simulator", method=request.method, path=request.url.path, body=body
        )
        started = time.perf_counter()
        answer = await work
        exchange.ms = round((time.perf_counter() - started) * 1000, 1)
        self._board.bell.ring()
        if answer is None:
            exchange.answer = "connection closed"
            return _cut(request)
        exchange.status, exchange.answer = answer.status, json.dumps(answer.body, ensure_ascii=False)
        return _json(answer)

    async def _number(self, request: Request) -> Answer | None:
        if error := self._stranger(request):
            return refuse(error)
        return Answer(
            200,
            {
                "id": self._board.options.phone_number_id,
                "display_phone_number": self._board.options.display_phone,
                "verified_name": self._board.business_name,
                "quality_rating": "GREEN",
                "throughput": {"level": "STANDARD"},
                "whatsapp_business_manager_messaging_limit": "TIER_250",
            },
        )

    async def _templates(self, request: Request) -> Answer | None:
        waba_id = self._board.options.waba_id
        if error := self._stranger(request, object_id=request.path_params["waba_id"], ours=waba_id):
            return refuse(error)
        asked = request.query_params
        limit = asked.get("limit", "")
        size = int(limit) if limit.isascii() and limit.isdecimal() and 0 < int(limit) <= PAGE_LIMIT else PAGE
        rows, after, more = self._board.templates.page(limit=size, after=asked.get("after", ""))
        paging: dict[str, Any] = {"cursors": {"before": asked.get("after", ""), "after": after}}
        if more:
            paging["next"] = f"https://graph.facebook.com{request.url.path}?after={after}"
        return Answer(200, {"data": [row.row() for row in rows], "paging": paging})

    async def _messages(self, request: Request, body: bytes) -> Answer | None:
        """None means: close the connection without an answer."""
        if error := self._stranger(request):
            return refuse(error)
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            return refuse(malformed("The request body is not JSON"))
        if is_receipt(payload):
            return self._receipt(payload)
        checked = check_message(payload) or self._board.recipient(payload)
        if fault := self._board.faults.take(_reached(checked)):
            return await self._faulty(fault, payload, checked)
        return self._judge(payload, checked)

    def _stranger(self, request: Request, *, object_id: str = "", ours: str = "") -> MetaError | None:
        """object_id, ours: what is asked for and what it must be; our number without them."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return NO_TOKEN
        object_id = object_id or request.path_params["number_id"]
        ours = ours or self._board.options.phone_number_id
        if not VERSION.fullmatch(request.path_params["version"]) or object_id != ours:
            return no_such_object(object_id)
        return None

    def _receipt(self, payload: dict[str, Any]) -> Answer:
        if error := check_receipt(payload):
            return refuse(error)
        self._board.take_receipt(payload)
        return Answer(200, {"success": True})

    def _judge(self, payload: Any, checked: MetaError | Recipient) -> Answer:
        """Refuse or take a request whose body was checked."""
        if isinstance(checked, MetaError):
            return refuse(checked)
        if error := self._board.objection(checked, payload):
            return refuse(error)
        return Answer(200, self._board.accept(payload, checked))

    async def _faulty(self, fault: SendFault, payload: Any, checked: MetaError | Recipient) -> Answer | None:
        match fault.kind:
            case Kind.REFUSE:
                return refuse(MetaError(fault.code, WISHED), http_status=fault.http_status)
            case Kind.NEVER_REACHED:
                return None
            case Kind.ANSWER_LOST:
                self._judge(payload, checked)
                return None
            case Kind.HTTP_500:
                if fault.accepted:
                    self._judge(payload, checked)
                return refuse(MetaError(131000, WISHED), http_status=500)
            case Kind.SLOW:
                # Handled before the wait: a caller who gives up early must not conclude that nothing was sent.
                answer = self._judge(payload, checked)
                await self._board.stopped_within(fault.seconds)
                return answer


def _reached(checked: MetaError | Recipient) -> str | None:
    """The phone a request would reach, also when it was addressed by BSUID; None for a wrong request."""
    if isinstance(checked, MetaError):
        return None
    return checked.phone.wa_id if checked.phone else checked.wa_id


def _json(answer: Answer) -> Response:
    return EscapedJson(answer.body, status_code=answer.status)


def _cut(request: Request) -> Response:
    """Close the caller's connection. The response goes nowhere; without a socket to close it is an empty 500."""
    peer, own = request.scope.get("client"), request.scope.get("server")
    if peer and own:
        close_connection(peer_port=int(peer[1]), own_port=int(own[1]))
    return Response(status_code=500)
