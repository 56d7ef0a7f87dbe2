"""Meta's rules, switched and tuned by hand: the bench's verbs for them.

    GET  /api/rules                 every switch and number, as under `rules` of /api/state
    POST /api/rules                 any of them -> all of them
    POST /api/rules/held            {verdict: "release" | "drop", template?: name} -> {messages: n}: what Meta decides
                                    about messages it holds for a look at their quality

Switches (true: the rule holds): window, templates, pair_rate, throughput, messaging_limit, pacing, marketing_cap,
opt_out, test_numbers. Numbers: pair_every_s, pair_burst, throughput_per_s, messaging_limit_people, pacing_after,
pacing_hold_s, marketing_cap_per_day. test_number_list: [digits]. account: "active", "restricted" (368), "locked"
(131031), "unpaid" (131042) or "token_expired" (190). What each does and its default: `rules.book.Rules`.
The answer also has `held` (messages that wait for their verdict) and `people_reached` (of the messaging limit).
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.bodies import EscapedJson
from wakeel.simulator.rules.book import RuleMistake
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json, Mistake, given


class RuleBench:
    """Shows and changes the rules."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def routes(self) -> list[Route]:
        """What is read."""
        return [Route("/api/rules", self._show, methods=["GET"])]

    def posts(self) -> dict[str, Callable[[Request, Json], Awaitable[Json]]]:
        """Path to verb."""
        return {"/api/rules": self._change, "/api/rules/held": self._decide}

    async def _show(self, _: Request) -> Response:
        return EscapedJson(self._board.desk.row())

    async def _change(self, _: Request, wish: Json) -> Json:
        derived = {"held", "people_reached"}  # so that what was read may be written back
        try:
            self._board.rules.change({name: value for name, value in wish.items() if name not in derived})
        except RuleMistake as mistake:
            raise Mistake(str(mistake)) from mistake
        self._board.bell.ring()
        return self._board.desk.row()

    async def _decide(self, _: Request, wish: Json) -> Json:
        verdict = given(wish, "verdict", str)
        if verdict not in {"release", "drop"}:
            raise Mistake('verdict must be "release" or "drop"')
        name = given(wish, "template", str, default=None)
        return {"messages": self._board.desk.shelf.decide(name, released=verdict == "release")}
