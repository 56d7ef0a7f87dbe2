"""How Meta sees the sending number, set by hand; Graph tells it, and the product hears of what Meta would announce.

POST /api/number                {quality?: GREEN | YELLOW | RED | UNKNOWN, limit?: TIER_250 | TIER_2K | TIER_10K |
                                TIER_100K | TIER_UNLIMITED, throughput?: STANDARD | HIGH, name?, registered?}
                                -> the number as Graph has it. limit and throughput change the rules of that name and
                                are announced, and so is an approved name; quality is not (Meta tells it nowhere)
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from wakeel.simulator import envelopes
from wakeel.simulator.account import HIGH_PER_S, LIMITS, UNLIMITED
from wakeel.simulator.graph.number import number_node
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json, given, one_of

QUALITIES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
PEOPLE = {word: people for people, word in LIMITS.items()} | {UNLIMITED: None}
PER_S = {"STANDARD": 80, "HIGH": HIGH_PER_S}
"""Source: Meta, "Throughput", read 2026-11-22."""


class NumberBench:
    """Changes the number."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def posts(self) -> dict[str, Callable[[Request, Json], Awaitable[Json]]]:
        """Path to verb."""
        return {"/api/number": self._number}

    async def _number(self, _: Request, wish: Json) -> Json:
        board = self._board
        quality = one_of(wish, "quality", QUALITIES, default="")
        limit, throughput = one_of(wish, "limit", PEOPLE, default=""), one_of(wish, "throughput", PER_S, default="")
        name, registered = given(wish, "name", str, default=""), given(wish, "registered", bool, default=None)
        board.account.quality = quality or board.account.quality
        board.account.registered = board.account.registered if registered is None else registered
        if limit:
            people = PEOPLE[limit]
            board.rules.change(
                {"messaging_limit": people is not None} | ({"messaging_limit_people": people} if people else {})
            )
            self._tell("business_capability_update", {"max_daily_conversations_per_business": limit})
        if throughput:
            board.rules.change({"throughput": True, "throughput_per_s": PER_S[throughput]})
            self._announce("THROUGHPUT_UPGRADE")
        if name:
            board.account.verified_name, board.account.new_name = name, ""
            value = {"decision": "APPROVED", "requested_verified_name": name, "rejection_reason": None}
            self._tell("phone_number_name_update", {"display_phone_number": board.options.display_phone} | value)
        board.bell.ring()
        return number_node(board)

    def _announce(self, event: str) -> None:
        node = number_node(self._board)
        value = {"display_phone_number": node["display_phone_number"], "event": event}
        limit = {"max_daily_conversations_per_business": node["whatsapp_business_manager_messaging_limit"]}
        self._tell("phone_number_quality_update", value | limit)

    def _tell(self, field: str, value: Json) -> None:
        at = int(self._board.clock.now())
        self._board.postman.post(envelopes.management(self._board.sender, field, value, at=at))
