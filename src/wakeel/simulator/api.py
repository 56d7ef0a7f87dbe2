"""The Graph API face: what the product talks to."""

import json
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.bodies import BodyTooLarge, EscapedJson, read_body
from wakeel.simulator.checks.message import check_message, check_receipt, is_receipt
from wakeel.simulator.cut import Cut
from wakeel.simulator.errors import MetaError, malformed
from wakeel.simulator.graph.answering import answered, unheard
from wakeel.simulator.graph.calls import Answer, refuse, token
from wakeel.simulator.graph.door import VERSION, Door
from wakeel.simulator.graph.refusals import Refusal, no_such_object, unknown_path
from wakeel.simulator.send_faults import meet
from wakeel.simulator.switchboard import Recipient, Switchboard

BODY_LIMIT = 1_000_000


class GraphApi:
    """Answers the calls the product makes to Meta."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def routes(self) -> list[Route]:
        """The messages of our number, with and without a version; everything else behind `graph.door`."""
        kinds = {"messages": self.messages, "marketing_messages": self.marketing_messages}
        return [
            *(
                Route(f"{version}/{{number_id}}/{edge}", endpoint, methods=["POST"])
                for edge, endpoint in kinds.items()
                for version in ("/{version}", "")
            ),
            *Door(self._board).routes(),
        ]

    async def messages(self, request: Request) -> Response:
        """A message, a read receipt or a typing indicator."""
        return await self._taken(request, marketing=False)

    async def marketing_messages(self, request: Request) -> Response:
        """The same for marketing templates only. Source: Meta, "Marketing Messages API", read 2026-11-22."""
        return await self._taken(request, marketing=True)

    async def _taken(self, request: Request, *, marketing: bool) -> Response:
        try:
            body = await read_body(request, limit=BODY_LIMIT)
        except BodyTooLarge:
            return EscapedJson(malformed("The request is too large").body(), status_code=413)
        work = self._messages(request, body, marketing=marketing)
        return await answered(self._board, request, body=body, work=work)

    async def _messages(self, request: Request, body: bytes, *, marketing: bool) -> Answer | Cut:
        if error := self._stranger(request):
            return refuse(error)
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            return refuse(malformed("The request body is not JSON"))
        if is_receipt(payload):
            return self._receipt(payload)
        objection = self._no_marketing(payload) if marketing else None
        objection = objection or check_message(payload, media=self._board.media.get, marketing=marketing)
        checked = objection or self._board.recipient(payload)
        if fault := self._board.faults.take(_reached(checked)):
            return await meet(fault, partial(self._judge, payload, checked), board=self._board)
        return self._judge(payload, checked, None)

    def _stranger(self, request: Request) -> Refusal | None:
        """Why this caller is not heard at all: no token, no such version, not our number."""
        version, number_id = request.path_params.get("version"), request.path_params["number_id"]
        if error := unheard(self._board, token(request)):
            return error
        if version is not None and not VERSION.fullmatch(version):
            return unknown_path(version, number_id)
        if number_id != self._board.options.phone_number_id:
            return no_such_object(request.method, number_id)
        return None

    def _no_marketing(self, payload: Any) -> MetaError | None:
        """Why a request is not for the Marketing Messages API: it takes nothing but marketing templates."""
        if not isinstance(payload, dict) or payload.get("type") != "template":
            return MetaError(131055, "Only template messages can be sent here.")
        try:
            found = self._board.templates.find(payload["template"]["name"], payload["template"]["language"]["code"])
        except (KeyError, TypeError):
            return None  # the shape is judged by the checks of every message
        if found is not None and found.category != "MARKETING":
            return MetaError(134100, "Only marketing templates can be sent here.")
        return None

    def _receipt(self, payload: dict[str, Any]) -> Answer:
        if error := check_receipt(payload):
            return refuse(error)
        self._board.take_receipt(payload)
        return Answer(200, {"success": True})

    def _judge(self, payload: Any, checked: MetaError | Recipient, doom: int | None) -> Answer:
        """Refuse or take a request whose body was checked. doom: see `Switchboard.accept`."""
        if isinstance(checked, MetaError):
            return refuse(checked)
        if error := self._board.objection(checked, payload):
            return refuse(error)
        return Answer(200, self._board.accept(payload, checked, doom=doom))


def _reached(checked: MetaError | Recipient) -> str | None:
    """The phone a request would reach, also when it was addressed by BSUID; None for a wrong request."""
    if isinstance(checked, MetaError):
        return None
    return checked.phone.wa_id if checked.phone else checked.wa_id
