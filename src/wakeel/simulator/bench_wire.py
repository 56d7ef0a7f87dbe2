"""The wire log: the bench's verbs for it.

    GET  /api/wire?last=n&after=n   the last 500 exchanges, oldest first; after: those with a higher number
    GET  /api/wire/{n}              one exchange with all of its body and answer, however long
    POST /api/wire/{n}/again        {} -> {n}: the same bytes once more, a webhook to the product, a request to
                                    ourselves; n: of the new exchange

A row: {n, at (real time), towards: "product" | "simulator", method, path, body, size, cut, signature, fault, again_of,
status, ms, answer, attempt, note, curl}. body, answer: up to 100,000 characters, `cut` says if there is more; size:
bytes of the body. signature: of a webhook, "" if it had none; null for requests. fault: the kind that was wished for
it. again_of: the number of the exchange that was sent again. status: null without an answer. attempt: which try of a
webhook, from 1; 0 for what is sent once. note: what came of a webhook: taken, refused, unanswered, given_up (the last
try was not taken), "" while nobody knows. curl: the request as a command, null when no command line can carry it or a
secret was taken out of it.
"""

from collections.abc import Awaitable, Callable

import aiohttp
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.bodies import EscapedJson
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wire import Exchange
from wakeel.simulator.wishes import Json, Mistake

PATIENCE_S = 25.0
"""A little longer than a slow answer takes."""


class WireBench:
    """Shows what went over the wire, and sends it again."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def routes(self) -> list[Route]:
        """What is read."""
        return [
            Route("/api/wire", self._rows, methods=["GET"]),
            Route("/api/wire/{n:int}", self._row, methods=["GET"]),
        ]

    def posts(self) -> dict[str, Callable[[Request, Json], Awaitable[Json]]]:
        """Path to verb."""
        return {"/api/wire/{n:int}/again": self._again}

    async def _rows(self, request: Request) -> Response:
        last, after = (_number(request, name) for name in ("last", "after"))
        return EscapedJson(self._board.wire.rows(last=last, after=after or 0))

    async def _row(self, request: Request) -> Response:
        exchange = self._board.wire.find(request.path_params["n"])
        if exchange is None:
            return EscapedJson({"error": "the log does not hold this exchange"}, status_code=404)
        return EscapedJson(self._board.wire.row(exchange, whole=True))

    async def _again(self, request: Request, _: Json) -> Json:
        board = self._board
        exchange = board.wire.find(request.path_params["n"])
        if exchange is None:
            raise Mistake("the log does not hold this exchange any more", status=404)
        if exchange.towards == "product":
            sent = await board.postman.post_raw(
                exchange.body, signature=exchange.signature or None, again_of=exchange.n
            )
        elif not exchange.is_whole:
            raise Mistake("a file or a secret of it was not kept: it cannot be sent again", status=409)
        else:
            sent = await self._to_ourselves(exchange)
        return {"n": sent.n}

    async def _to_ourselves(self, exchange: Exchange) -> Exchange:
        """As the product would: with any token."""
        board = self._board
        headers = {"Authorization": "Bearer practice"}
        headers |= {"Content-Type": exchange.content_type} if exchange.body else {}
        before = board.wire.latest
        timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
        try:
            async with (
                aiohttp.ClientSession(trust_env=False, timeout=timeout) as session,
                session.request(
                    exchange.method, board.options.address + exchange.path, data=exchange.body, headers=headers
                ) as answer,
            ):
                await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            pass  # a fault has met it; the log has what there is
        for sent in board.wire.since(before):
            if (sent.method, sent.path, sent.body) == (exchange.method, exchange.path, exchange.body):
                sent.again_of = exchange.n
                return sent
        raise Mistake("it could not be sent again", status=502)


def _number(request: Request, name: str) -> int | None:
    """A parameter of the query; None when it is absent or no number."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() else None
