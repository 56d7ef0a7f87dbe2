"""How soon the ticks of a message come by themselves, set by hand.

POST /api/ladder    {sent_s?, delivered_s?, read_s?}: seconds from acceptance, 0 to 86,400; 0 leaves that status to the
                    bench (POST /api/statuses) -> all three. Messages on their way keep the times they left with.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace

from starlette.requests import Request

from wakeel.simulator.durations import DAY_S
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json, Mistake

STEPS = ("sent_s", "delivered_s", "read_s")


class LadderBench:
    """Changes the ladder."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def posts(self) -> dict[str, Callable[[Request, Json], Awaitable[Json]]]:
        """Path to verb."""
        return {"/api/ladder": self._change}

    async def _change(self, _: Request, wish: Json) -> Json:
        if unknown := wish.keys() - set(STEPS):
            raise Mistake(f"{min(unknown)} is no step; there are {', '.join(STEPS)}")
        ladder = replace(self._board.teller.ladder, **{step: _seconds(step, value) for step, value in wish.items()})
        moments = [moment for moment in asdict(ladder).values() if moment]
        if moments != sorted(moments):
            raise Mistake("sent_s, delivered_s and read_s come one after the other")
        self._board.teller.ladder = ladder
        self._board.bell.ring()
        return asdict(ladder)


def _seconds(step: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= DAY_S:
        raise Mistake(f"{step} must be seconds, 0 to {DAY_S}")
    return float(value)
