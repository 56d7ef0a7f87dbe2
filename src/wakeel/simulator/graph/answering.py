"""Answers one request of Graph and writes it down in the wire log."""

import inspect
import json
import time
from collections.abc import Awaitable

from starlette.requests import Request
from starlette.responses import Response

from wakeel.simulator.bodies import EscapedJson
from wakeel.simulator.cut import Cut, cut_connection
from wakeel.simulator.errors import NO_TOKEN, MetaError
from wakeel.simulator.graph.calls import Answer, Call, Handler
from wakeel.simulator.rules.book import Standing
from wakeel.simulator.rules.judge import EXPIRED
from wakeel.simulator.secrets_out import query_without_secrets, without_secrets
from wakeel.simulator.switchboard import Switchboard


async def answered(
    board: Switchboard, request: Request, *, body: bytes, work: Awaitable[Answer | Cut], is_whole: bool = True
) -> Response:
    """Do the work, log it, tell the pages.

    body: as the log keeps it, but for secrets. is_whole: False when that is only a description of a file.
    """
    content_type = request.headers.get("content-type", "")
    kept = without_secrets(body, content_type=content_type)
    exchange = board.wire.note(
        at=time.time(),
        towards="simulator",
        method=request.method,
        path=request.url.path + query_without_secrets(request.query_params.multi_items()),
        body=kept,
        content_type=content_type,
        is_whole=is_whole and kept == body,
    )
    started = time.perf_counter()
    answer = await work
    exchange.ms = round((time.perf_counter() - started) * 1000, 1)
    board.bell.ring()
    if isinstance(answer, Cut):
        exchange.answer = answer
        return _end(request, answer)
    exchange.status, exchange.answer = answer.status, json.dumps(answer.body, ensure_ascii=False)
    whole = EscapedJson(answer.body, status_code=answer.status)
    if not answer.torn:
        return whole
    half = bytes(whole.body)[: len(whole.body) // 2]
    exchange.answer = half.decode("ascii")
    return Response(half, status_code=answer.status, media_type="application/json")


def unheard(board: Switchboard, token: str) -> MetaError | None:
    """Why a caller is not heard at all, whatever they ask; None if they are. Any token will do until all expire."""
    if not token:
        return NO_TOKEN
    return EXPIRED if board.rules.account is Standing.TOKEN_EXPIRED else None


async def handled(handler: Handler, call: Call) -> Answer:
    """What a handler answers, whether at once or after waiting."""
    answer = handler(call)
    return await answer if inspect.isawaitable(answer) else answer


def _end(request: Request, cut: Cut) -> Response:
    """End the caller's connection. The response goes nowhere; without a socket to end it is an empty 500."""
    peer, own = request.scope.get("client"), request.scope.get("server")
    if peer and own:
        cut_connection(cut, peer_port=int(peer[1]), own_port=int(own[1]))
    return Response(status_code=500)
