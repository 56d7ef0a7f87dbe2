"""What a fault does to one POST to /messages.

Whatever waits has handled the request before it waits: a caller who gives up early must not conclude that nothing was
sent.
"""

from collections.abc import Callable
from dataclasses import replace

from wakeel.simulator.cut import Cut
from wakeel.simulator.errors import MetaError
from wakeel.simulator.fault_kinds import Kind, SendFault
from wakeel.simulator.graph.calls import Answer, refuse
from wakeel.simulator.switchboard import Switchboard

WISHED = "Set as a fault on the phones page."
SERVER_ERRORS = {Kind.HTTP_500: (131000, 500), Kind.HTTP_503: (2, 503)}
"""Kind to code and HTTP status. Source: Meta, "Error codes", read 2026-11-22."""
LOOK_S = 0.02

Judge = Callable[[int | None], Answer]
"""Refuses or takes the request; the argument is the code with which it fails after all, None for a normal end."""


async def meet(fault: SendFault, judge: Judge, *, board: Switchboard) -> Answer | Cut:
    """The answer under a fault, or how the connection ends without one."""
    match fault.kind:
        case Kind.REFUSE:
            return refuse(MetaError(fault.code, fault.details or WISHED), http_status=fault.http_status)
        case Kind.NEVER_REACHED:
            return Cut.CLOSED
        case Kind.CONNECTION_RESET:
            if fault.accepted:
                judge(None)
            return Cut.RESET
        case Kind.TIMEOUT_BEFORE:
            await board.stopped_within(fault.seconds)
            return Cut.CLOSED
        case Kind.HTTP_500 | Kind.HTTP_503:
            if fault.accepted:
                judge(None)
            code, status = SERVER_ERRORS[fault.kind]
            return refuse(MetaError(code, fault.details or WISHED), http_status=status)
        case Kind.INVALID_JSON:
            answer = Answer(200, {"messaging_product": "whatsapp"}) if fault.accepted is False else judge(None)
            return replace(answer, torn=True)
        case Kind.FAIL:
            return judge(fault.code)
        case _:
            return await _late(fault, judge(None), board)


async def _late(fault: SendFault, answer: Answer, board: Switchboard) -> Answer | Cut:
    """The request is handled; what becomes of its answer."""
    if fault.kind is Kind.ANSWER_LOST:
        return Cut.CLOSED
    if fault.kind is Kind.STATUS_FIRST:
        await _statuses_came(answer, board, within_s=fault.seconds)
        return answer
    await board.stopped_within(fault.seconds)
    return answer if fault.kind is Kind.SLOW else Cut.CLOSED


async def _statuses_came(answer: Answer, board: Switchboard, *, within_s: float) -> None:
    """Wait until the product has `sent` and `delivered` of the message, if it was taken and while there is time."""
    for message in answer.body.get("messages", []):
        ends = board.clock.now() + within_s
        while board.clock.now() < ends and not board.teller.has_told(message["id"], {"sent", "delivered"}):
            if await board.stopped_within(LOOK_S):
                return
