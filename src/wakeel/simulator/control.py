"""The bench face: JSON for the phones page and for tests, and the stream of changes.

Every POST takes and answers a JSON object; a mistake is a 4xx `{"error": sentence}`. `?` marks what may be left out.

    GET  /api/state                 business, clock, webhook, faults, phones with their messages (see `drawing`)
    GET  /api/events                server-sent `{"revision": n}` after each change
    GET  /api/wire?last=n           the last 500 exchanges, oldest first (see `wire.Exchange`)
    GET  /api/sent                  every accepted request: wamid, to, callback, at, payload; of earlier processes
                                    the newest 2,000
    POST /api/phones                {wa_id, bsuid?, name?, role?, …} as in the personas file
    POST /api/phones/{wa_id}/text   {text, context_wamid?, timestamp?} -> {wamid}
    POST /api/phones/{wa_id}/tap    {wamid, id, title?, timestamp?, context?: false} -> {wamid}; wamid is the card's
    POST /api/phones/{wa_id}/bsuid  {bsuid}: another person holds this number from now on
    POST /api/raw                   {body, sign?: true | false | "wrong"} -> {status, answer} of the product
    POST /api/faults                {next_sends?, duplicate_webhooks?, hold_statuses?, hold_webhooks?} (see `faults`)
    POST /api/statuses              {wamid, status, code?}: one status by hand
    POST /api/clock                 {advance_s} -> {offset_s, now}
    /api/templates, /api/account, /api/platform: what Meta says of the account (see `platform_bench`)

Directions are those of the phone's owner: `received` came from the business, `sent` was typed or tapped.
All times are business time (real time plus the practice offset) in Unix seconds, but the wire log's, which are real.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from wakeel.simulator.bodies import BodyTooLarge, EscapedJson, read_body
from wakeel.simulator.drawing import choices, list_rows, phone_row
from wakeel.simulator.faults import FaultMistake
from wakeel.simulator.personas import PersonaFault, persona_from
from wakeel.simulator.platform_bench import PlatformBench
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json, Mistake, given, timestamp
from wakeel.simulator.world import Direction, Phone

BODY_LIMIT = 8_000_000  # above Meta's 3 MB for webhooks, so that a test can send too much
STREAMS = 16  # open pages; a stream is a slot of the server
STREAM_LIFE_S = 600.0  # a browser reconnects by itself
PULSE_S = 15.0
GATHER_S = 0.05  # changes closer together than this are one event
STATUSES = ("sent", "delivered", "read", "failed")


class Control:
    """Answers the page and the tests."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._platform = PlatformBench(board)
        self._streams = 0

    def routes(self) -> list[Route]:
        """Everything below /api/."""
        posts: dict[str, Callable[[Request, Json], Awaitable[Json]]] = {
            "/api/phones": self._add_phone,
            "/api/phones/{wa_id}/text": self._text,
            "/api/phones/{wa_id}/tap": self._tap,
            "/api/phones/{wa_id}/bsuid": self._bsuid,
            "/api/raw": self._raw,
            "/api/faults": self._faults,
            "/api/statuses": self._statuses,
            "/api/clock": self._clock,
            **self._platform.posts(),
        }
        return [
            Route("/api/state", self._state, methods=["GET"]),
            Route("/api/events", self._events, methods=["GET"]),
            Route("/api/wire", self._wire, methods=["GET"]),
            Route("/api/sent", self._sent, methods=["GET"]),
            Route("/api/templates", self._platform.list, methods=["GET"]),
            *(Route(path, _endpoint(verb), methods=["POST"]) for path, verb in posts.items()),
            Route("/api/{rest:path}", _no_such_thing, methods=["GET", "POST"]),
        ]

    async def _state(self, _: Request) -> Response:
        board = self._board
        faults = asdict(board.faults)
        return EscapedJson(
            {
                "revision": board.bell.revision,
                "business": {"name": board.business_name, "display_phone": board.options.display_phone},
                "time_zone": board.options.time_zone,
                "clock": {"offset_s": board.clock.offset_s, "now": board.clock.now()},
                "webhook": {
                    "url": board.postman.url,
                    "last_status": board.postman.last_status,
                    "waiting": board.postman.waiting,
                },
                "faults": faults,
                "phones": [phone_row(phone) for phone in board.world.phones.values()],
            }
        )

    async def _wire(self, request: Request) -> Response:
        """The wire log, oldest first; ?last=n shortens it to the newest n."""
        last = request.query_params.get("last", "")
        rows = self._board.wire.rows()
        return EscapedJson(rows[-int(last) :] if last.isdecimal() else rows)

    async def _sent(self, _: Request) -> Response:
        return EscapedJson(self._board.sent)

    async def _events(self, _: Request) -> Response:
        if self._streams >= STREAMS:
            return EscapedJson({"error": "too many open pages"}, status_code=503)
        return StreamingResponse(self._changes(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    async def _changes(self) -> AsyncIterator[str]:
        """`data: {"revision": n}` at once and after each change; ends when the process stops."""
        self._streams += 1
        ends = time.monotonic() + STREAM_LIFE_S
        stop = asyncio.create_task(self._board.stopping.wait())
        revision = -1
        try:
            yield "retry: 1000\n\n"
            while time.monotonic() < ends and not stop.done():
                current = self._board.bell.revision
                yield f'data: {{"revision": {current}}}\n\n' if current != revision else ": still here\n\n"
                revision = current
                await asyncio.sleep(GATHER_S)
                news = asyncio.create_task(self._board.bell.after(revision, timeout_s=PULSE_S))
                await asyncio.wait({news, stop}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
        finally:
            stop.cancel()
            self._streams -= 1

    async def _add_phone(self, _: Request, wish: Json) -> Json:
        try:
            phone = self._board.world.add(persona_from(wish))
        except (PersonaFault, ValueError) as fault:
            raise Mistake(str(fault)) from fault
        self._board.bell.ring()
        return {"wa_id": phone.wa_id, "bsuid": phone.bsuid}

    async def _text(self, request: Request, wish: Json) -> Json:
        phone = self._phone(request)
        text = given(wish, "text", str)
        context = given(wish, "context_wamid", str, default=None)
        return {"wamid": self._board.write(phone, text, context_wamid=context, at=timestamp(wish)).wamid}

    async def _tap(self, request: Request, wish: Json) -> Json:
        """A tap on a card; the title is the card's, unless the wish names one (for hostile tests)."""
        phone = self._phone(request)
        card, choice_id = given(wish, "wamid", str), given(wish, "id", str)
        held = self._board.world.holding(card)
        message = held[1] if held and held[0] is phone else None
        reply = next((choice for choice in choices(message) if choice["id"] == choice_id), None) if message else None
        title = given(wish, "title", str, default=None)
        if reply is None and title is None:
            raise Mistake("this card has no such button; give a title to tap it all the same", status=404)
        reply = (reply or {"id": choice_id}) | ({} if title is None else {"title": title})
        kind = "list_reply" if message and list_rows(message) else "button_reply"
        quoted = given(wish, "context", bool, default=True)
        return {"wamid": self._board.tap(phone, card, reply, kind=kind, quoted=quoted, at=timestamp(wish)).wamid}

    async def _bsuid(self, request: Request, wish: Json) -> Json:
        """Another person takes the number: Meta tells nobody until they write."""
        phone, bsuid = self._phone(request), given(wish, "bsuid", str)
        if (owner := self._board.world.by_bsuid(bsuid)) and owner is not phone:
            raise Mistake("this bsuid belongs to another phone")
        phone.bsuid = bsuid
        self._board.bell.ring()
        return {"wa_id": phone.wa_id, "bsuid": bsuid}

    async def _raw(self, _: Request, wish: Json) -> Json:
        body = given(wish, "body", str).encode("utf-8", "surrogatepass")
        postman = self._board.postman
        signature: str | None = postman.signature(body)
        match wish.get("sign", True):
            case True:
                pass
            case False:
                signature = None
            case "wrong":
                signature = "sha256=" + "0" * 64
            case _:
                raise Mistake('sign must be true, false or "wrong"')
        exchange = await postman.post_raw(body, signature=signature)
        return {"status": exchange.status, "answer": exchange.answer}

    async def _faults(self, _: Request, wish: Json) -> Json:
        try:
            self._board.change_faults(wish)
        except FaultMistake as mistake:
            raise Mistake(str(mistake)) from mistake
        return asdict(self._board.faults)

    async def _statuses(self, _: Request, wish: Json) -> Json:
        wamid, status = given(wish, "wamid", str), given(wish, "status", str)
        held = self._board.world.holding(wamid)
        if held is None or held[1].direction is not Direction.RECEIVED:
            raise Mistake("no message of the business has this wamid", status=404)
        if status not in STATUSES:
            raise Mistake(f"status must be one of {', '.join(STATUSES)}")
        code = given(wish, "code", int, default=None)
        self._board.report(*held, status, code=code or 131000 if status == "failed" else None)
        return {"wamid": wamid, "status": status}

    async def _clock(self, _: Request, wish: Json) -> Json:
        try:
            self._board.clock.advance(given(wish, "advance_s", int))
        except ValueError as fault:
            raise Mistake(str(fault)) from fault
        self._board.bell.ring()
        return {"offset_s": self._board.clock.offset_s, "now": self._board.clock.now()}

    def _phone(self, request: Request) -> Phone:
        phone = self._board.world.phones.get(request.path_params["wa_id"])
        if phone is None:
            raise Mistake("no phone has this wa_id", status=404)
        return phone


async def _no_such_thing(_: Request) -> Response:
    return EscapedJson({"error": "the bench has no such path or method"}, status_code=404)


def _endpoint(verb: Callable[[Request, Json], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
    """Read the JSON object, do the verb, answer JSON; a mistake becomes a 4xx with one sentence."""

    async def endpoint(request: Request) -> Response:
        try:
            return EscapedJson(await verb(request, await _wish(request)))
        except Mistake as mistake:
            return EscapedJson({"error": mistake.why}, status_code=mistake.status)
        except BodyTooLarge:
            return EscapedJson({"error": "the body is too large"}, status_code=413)
        except (ValueError, RecursionError):
            return EscapedJson({"error": "the body is not JSON"}, status_code=400)

    return endpoint


async def _wish(request: Request) -> Json:
    wish = json.loads(await read_body(request, limit=BODY_LIMIT))
    if not isinstance(wish, dict):
        raise Mistake("the body must be a JSON object")
    return wish
