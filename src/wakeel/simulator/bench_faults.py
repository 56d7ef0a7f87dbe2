"""Faults by hand, by number and by rate: the bench's verb for them.

    GET  /api/faults                what is set, as under `faults` of /api/state
    POST /api/faults                {next_sends?, next_webhooks?, duplicate_webhooks?, hold_statuses?, hold_webhooks?,
                                    rates?, seed?, reset?}: each field that is given replaces its old value -> the same

next_sends [{kind, code?, http_status?, details?, seconds?, accepted?, to?, times?}]: one POST to /messages each.
    kinds: refuse, fail (accepted, then a `failed` status; code), answer_lost, never_reached, connection_reset,
    timeout_after, timeout_before, http_500, http_503, invalid_json, slow (20 s unless `seconds`), status_first.
    to: wa_id of the only recipient it waits for. times: the same fault so often (in the answer: so many rows).
next_webhooks [{kind, seconds?, count?, only?, to?, times?}]: one update each (reorder and batch: `count` updates).
    kinds: drop (comes at the next try), lose (never comes), duplicate, reorder (3 released backwards), delay (2 s),
    late (six days of business time: it comes when the clock has moved on), batch (10 in one POST), wrong_signature,
    no_signature, altered (those three: first so, then rightly), unknown_fields, very_large.
    only: messages, statuses or management. to: wa_id of the only person it waits for.
rates {name: 0..1}, seed: a draw for each update and each send; at most one fault meets it. A name is `<kind>_webhooks`
    (`drop_webhooks`) or `<kind>_sends`, also `refuse_<code>_sends` and `fail_<code>_sends` (`refuse_131056_sends`).
    {} ends them. A seed starts its sequence again; without one it is 1.
reset true: no fault at all, before the rest of the wish is done; what was held flows again.
The answer also has `hits` {name: how often since the start} and `names`, every name of a rate. Kinds are explained in
`fault_kinds`.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.bodies import EscapedJson
from wakeel.simulator.faults import NONE
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json, given


class FaultBench:
    """Sets faults."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def routes(self) -> list[Route]:
        """What is read."""
        return [Route("/api/faults", self._show, methods=["GET"])]

    def posts(self) -> dict[str, Callable[[Request, Json], Awaitable[Json]]]:
        """Path to verb."""
        return {"/api/faults": self._change}

    async def _show(self, _: Request) -> Response:
        return EscapedJson(self._board.faults.row())

    async def _change(self, _: Request, wish: Json) -> Json:
        if given(wish, "reset", bool, default=False):
            wish = NONE | wish
        self._board.change_faults({name: value for name, value in wish.items() if name != "reset"})
        return self._board.faults.row()
