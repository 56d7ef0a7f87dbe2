"""Every path of Graph but the messages: who is meant, what is asked, and how Graph refuses the rest.

A version in front is optional, any `v26.0` will do, and so will any token.
"""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.graph.answering import answered, handled, unheard
from wakeel.simulator.graph.blocks import BlockCalls
from wakeel.simulator.graph.calls import Answer, Call, Handler, Refused, read_call, refuse
from wakeel.simulator.graph.media_calls import MediaCalls
from wakeel.simulator.graph.number import NumberCalls
from wakeel.simulator.graph.profile import ProfileCalls
from wakeel.simulator.graph.refusals import Refusal, no_such_field, no_such_object, unknown_path
from wakeel.simulator.graph.subscriptions import SubscriptionCalls
from wakeel.simulator.graph.template_calls import TemplateCalls
from wakeel.simulator.graph.tokens import TokenCalls
from wakeel.simulator.graph.uploads import UploadCalls
from wakeel.simulator.graph.waba import WabaCalls
from wakeel.simulator.switchboard import Switchboard

VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]", re.ASCII)
NODES = {
    "number": "WhatsAppBusinessPhoneNumber",
    "waba": "WhatsAppBusinessAccount",
    "template": "WhatsAppMessageTemplate",
    "media": "WhatsAppBusinessMedia",
    "app": "Application",
    "upload": "UploadSession",
    "token": "AccessTokenInfo",
}
"""Our kinds of objects and how Graph calls them."""


class Door:
    """Finds the handler of a call."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._media = MediaCalls(board)
        uploads = UploadCalls(board)
        rooms = (
            NumberCalls(board),
            WabaCalls(board),
            TemplateCalls(board),
            ProfileCalls(board, uploads),
            SubscriptionCalls(board),
            TokenCalls(board),
            BlockCalls(board),
            self._media,
            uploads,
        )
        self._handlers: dict[tuple[str, str, str], Handler] = {}
        for room in rooms:
            self._handlers |= room.handlers()

    def routes(self) -> list[Route]:
        """Downloads of files, then everything."""
        return [
            *self._media.routes(),
            Route("/{path:path}", self.answer, methods=["GET", "POST", "DELETE"]),
        ]

    async def answer(self, request: Request) -> Response:
        """One call, logged; of a file only its size stands in the log."""
        parts = [part for part in request.path_params["path"].split("/") if part]
        if parts and VERSION.fullmatch(parts[0]):
            del parts[0]
        try:
            call = await read_call(request, object_id=parts[0] if parts else "", edge="/".join(parts[1:]))
        except Refused as refused:
            return await answered(self._board, request, body=b"", work=_ready(refuse(refused.refusal)))
        logged = call.logged()
        work = self._answer(call)
        return await answered(self._board, request, body=logged, work=work, is_whole=logged == call.raw)

    async def _answer(self, call: Call) -> Answer:
        if error := unheard(self._board, call.token):
            return refuse(error)
        if not call.object_id or "/" in call.edge:
            return refuse(unknown_path(*(part for part in (call.object_id, call.edge) if part)))
        kind = self._kind(call)
        if kind is None:
            return refuse(no_such_object(call.method, call.object_id))
        handler = self._handlers.get((kind, call.edge, call.method))
        try:
            return refuse(self._wrong_edge(kind, call)) if handler is None else await handled(handler, call)
        except Refused as refused:
            return refuse(refused.refusal)

    def _kind(self, call: Call) -> str | None:
        """What an id names; None for nothing of ours. Any number is an app, for it is never asked for more."""
        board = self._board
        if call.object_id == board.options.phone_number_id:
            return "number"
        if call.object_id == board.options.waba_id:
            return "waba"
        if call.object_id == "debug_token":
            return "token"
        if call.object_id.startswith("upload:"):
            return "upload"
        if board.templates.by_id(call.object_id):
            return "template"
        if board.media.get(call.object_id):
            return "media"
        return "app" if call.edge == "uploads" and call.object_id.isdecimal() else None

    def _wrong_edge(self, kind: str, call: Call) -> Refusal:
        known = {edge for of, edge, _ in self._handlers if of == kind} | {"messages", "marketing_messages"}
        if call.edge in known:
            return no_such_object(call.method, call.object_id)
        return no_such_field(call.edge, NODES[kind]) if call.method == "GET" else unknown_path(call.edge)


async def _ready(answer: Answer) -> Answer:
    return answer
