"""The bench face: JSON for the phones page and for tests, and the stream of changes.

Every POST takes and answers a JSON object; a mistake is a 4xx `{"error": sentence}`. `?` marks what may be left out.

    GET, POST /api/scenario         what was done here since {}, as a scenario file (see `recorder`)
    GET  /api/state?phone=…&have=…  business, clock, webhook, faults, phones with their messages (see `drawing`);
                                    phone: only the one with this wa_id; have: marks of phones, with commas between:
                                    who still has such a mark comes as {wa_id, mark, same: true}
    GET  /api/events                server-sent `{"revision": n}` after each change
    GET  /api/wire?last=n&after=n   the last 500 exchanges, oldest first; /api/wire/{n}, /api/wire/{n}/again: see
                                    `bench_wire`
    GET  /api/sent?to=…&skip=n      every accepted request: wamid, to, callback, at, payload; of earlier processes
                                    the newest 2,000
    POST /api/phones                {wa_id, bsuid?, name?, role?, …} as in the personas file
    POST /api/phones/{wa_id}/text   {text, context_wamid?, timestamp?} -> {wamid}
    POST /api/phones/{wa_id}/tap    {wamid, id, title?, timestamp?, context?: false} -> {wamid}; wamid is the card's, id
                                    of one of its buttons or rows; a position it asks for is sent as a location
    POST /api/phones/{wa_id}/…      send, edit, revoke, read, profile, number, bsuid, … (see `bench_acts`)
    POST /api/raw                   {body, sign?: true | false | "wrong"} -> {status, answer} of the product
    GET, POST /api/faults           {next_sends?, next_webhooks?, rates?, seed?, …}: faults by hand, by number, by rate
                                    (see `bench_faults`)
    GET, POST /api/rules            {window?, pair_rate?, …}: Meta's rules and limits, switchable (see `bench_rules`)
    POST /api/statuses              {wamid, status, code?, …}: one status by hand (see `bench_news`)
    POST /api/clock                 {advance_s} -> {offset_s, now}
    POST /api/reset                 {} -> {product}: everything as at the first start, the clock too. product:
                                    "restarting" where the product goes back as well, else null
    GET  /api/media/{id}            the bytes of a file in a chat (see `bench_media`)
    POST /api/account, /api/news, /api/errors, /api/platform: what Meta says by itself (see `bench_news`)
    POST /api/number                {quality?, limit?, throughput?, name?, …} (see `bench_number`)
    GET, POST /api/templates        what Meta says of a template (see `bench_templates`)

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

from wakeel.simulator.bench_acts import ActsBench
from wakeel.simulator.bench_faults import FaultBench
from wakeel.simulator.bench_ladder import LadderBench
from wakeel.simulator.bench_media import MediaBench
from wakeel.simulator.bench_news import NewsBench
from wakeel.simulator.bench_number import NumberBench
from wakeel.simulator.bench_rules import RuleBench
from wakeel.simulator.bench_templates import TemplateBench
from wakeel.simulator.bench_wire import WireBench
from wakeel.simulator.bodies import BodyTooLarge, EscapedJson, read_body
from wakeel.simulator.drawing import phone_rows
from wakeel.simulator.personas import PersonaFault, persona_from
from wakeel.simulator.recorder import Recorder
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.taps import tapped
from wakeel.simulator.wishes import Json, Mistake, given, phone_of, timestamp

BODY_LIMIT = 8_000_000  # above Meta's 3 MB for webhooks, so that a test can send too much
STREAMS = 16  # open pages; a stream is a slot of the server
STREAM_LIFE_S = 600.0  # a browser reconnects by itself
PULSE_S = 15.0
GATHER_S = 0.05  # changes closer together than this are one event


class Control:
    """Answers the page and the tests."""

    def __init__(self, board: Switchboard, *, reset: Callable[[], Awaitable[Json]]) -> None:
        """reset: puts everything back to the seed; the answer of /api/reset."""
        self._board = board
        self._templates = TemplateBench(board)
        self._faults = FaultBench(board)
        self._rules = RuleBench(board)
        self._wire = WireBench(board)
        self._recorder = Recorder(board)
        self._begin_anew = reset
        self._streams = 0

    def routes(self) -> list[Route]:
        """Everything below /api/."""
        posts: dict[str, Callable[[Request, Json], Awaitable[Json]]] = {
            "/api/phones": self._add_phone,
            "/api/phones/{wa_id}/text": self._text,
            "/api/phones/{wa_id}/tap": self._tap,
            "/api/raw": self._raw,
            "/api/clock": self._clock,
            **self._templates.posts(),
            **NumberBench(self._board).posts(),
            **LadderBench(self._board).posts(),
            **self._faults.posts(),
            **self._rules.posts(),
            **self._wire.posts(),
            "/api/opening": self._opening,
            "/api/reset": self._reset,
            **ActsBench(self._board).posts(),
            **NewsBench(self._board).posts(),
            **self._recorder.posts(),
        }
        return [
            Route("/api/state", self._state, methods=["GET"]),
            Route("/api/events", self._events, methods=["GET"]),
            Route("/api/sent", self._sent, methods=["GET"]),
            Route("/api/templates", self._templates.list, methods=["GET"]),
            *MediaBench(self._board).routes(),
            *self._faults.routes(),
            *self._rules.routes(),
            *self._wire.routes(),
            *self._recorder.routes(),
            *(Route(path, _endpoint(self._recorder.noting(verb)), methods=["POST"]) for path, verb in posts.items()),
            Route("/api/{rest:path}", _no_such_thing, methods=["GET", "POST"]),
        ]

    async def _state(self, request: Request) -> Response:
        board = self._board
        only, known = request.query_params.get("phone"), set(request.query_params.get("have", "").split(","))
        phones = [phone for phone in board.world.phones.values() if only in {None, phone.wa_id}]
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
                "faults": board.faults.row(),
                "rules": board.desk.row(),
                "ladder": asdict(board.teller.ladder),
                "scripts": board.players.rows(),
                "script_seed": board.players.seed,
                "phones": phone_rows(phones, media=board.media.shown, known=known),
            }
        )

    async def _sent(self, request: Request) -> Response:
        """Everything accepted, oldest first; ?to=wa_id leaves out what went to others, ?skip=n the first n."""
        to, skip = request.query_params.get("to"), request.query_params.get("skip", "")
        rows = self._board.sent[int(skip) :] if skip.isdecimal() else self._board.sent
        return EscapedJson([row for row in rows if to is None or row["to"] == to])

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
            phone = self._board.world.add(persona_from(wish, scripts=self._board.players.scripts))
        except (PersonaFault, ValueError) as fault:
            raise Mistake(str(fault)) from fault
        self._board.bell.ring()
        return {"wa_id": phone.wa_id, "bsuid": phone.bsuid}

    async def _opening(self, _: Request, __: Json) -> Json:
        """Who writes first does so now, as at a start that is not quiet."""
        self._board.open_conversations()
        return {}

    async def _text(self, request: Request, wish: Json) -> Json:
        phone = phone_of(request, self._board.world)
        text = given(wish, "text", str)
        context = given(wish, "context_wamid", str, default=None)
        return {"wamid": self._board.write(phone, text, context_wamid=context, at=timestamp(wish)).wamid}

    async def _tap(self, request: Request, wish: Json) -> Json:
        """A tap on a card; the title is the card's, unless the wish names one (for hostile tests)."""
        phone = phone_of(request, self._board.world)
        card, choice_id = given(wish, "wamid", str), given(wish, "id", str)
        held = self._board.world.holding(card)
        message = held[1] if held and held[0] is phone else None
        title = given(wish, "title", str, default=None)
        content = tapped(message, choice_id, wa_id=phone.wa_id, title=title)
        if content is None:
            raise Mistake("this card has no such button; give a title to tap it all the same", status=404)
        quoted = given(wish, "context", bool, default=True)
        return {"wamid": self._board.tap(phone, card, content, quoted=quoted, at=timestamp(wish)).wamid}

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

    async def _reset(self, _: Request, __: Json) -> Json:
        return await self._begin_anew()

    async def _clock(self, _: Request, wish: Json) -> Json:
        try:
            self._board.clock.advance(given(wish, "advance_s", int))
        except ValueError as fault:
            raise Mistake(str(fault)) from fault
        self._board.bell.ring()
        return {"offset_s": self._board.clock.offset_s, "now": self._board.clock.now()}


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
