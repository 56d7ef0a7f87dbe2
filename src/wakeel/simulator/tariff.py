"""What a message costs, as its statuses say it. Sources: Meta, "Pricing" and "Status messages", read 2026-11-22.

Since 2026-10-01 templates are charged inside the window too, and so is free text beyond the free tier of a month.
"""

from datetime import UTC, datetime
from typing import Any

from wakeel.simulator.world import Message, Phone

Json = dict[str, Any]

FREE_SERVICE = 1_000
"""Service messages of one business number that a month gives away. Source: secondary copies of Meta's October text."""

FREE_ENTRY_S = 72 * 3600
"""Free entry point window, from the business's answer to a person who came from an ad."""

ANSWERED_WITHIN_S = 24 * 3600
"""The answer must come this soon to open that window."""


class Tariff:
    """Counts the service messages of the month."""

    def __init__(self, *, used: dict[str, int]) -> None:
        """used: sent service messages by month (`2026-11`, in UTC); kept up to date here."""
        self.used = used

    def costs(self, phone: Phone, message: Message, status: str, *, at: float) -> Json:
        """`pricing`, and `conversation` within a free entry point window; empty where the status carries neither.

        It stands on `sent` and on exactly one of delivered and read, and says the same on both.
        """
        told = {event.status for event in message.statuses}
        priced = status in {"sent", "delivered"} or (status == "read" and "delivered" not in told)
        if not priced or message.type == "reaction":
            return {}
        earlier = next((event.costs for event in message.statuses if event.costs), None)
        return earlier if earlier is not None else self._judge(phone, message, at=at)

    def answered(self, phone: Phone, *, at: float) -> None:
        """The business wrote: to a person who came from an ad that opens the free window, once."""
        came = phone.referred_at
        if came is not None and at - came < ANSWERED_WITHIN_S:
            phone.free_entry_until = at + FREE_ENTRY_S
        phone.referred_at = None

    def _judge(self, phone: Phone, message: Message, *, at: float) -> Json:
        until = phone.free_entry_until
        if until is not None and message.at < until:
            origin = {"type": "referral_conversion"}
            conversation = {"id": f"{int(until):x}", "expiration_timestamp": str(int(until)), "origin": origin}
            return {"conversation": conversation, "pricing": _pricing("free_entry_point", "referral_conversion")}
        if message.type == "template":
            return {"pricing": _pricing("regular", (message.filled or {}).get("category", "utility").lower())}
        month = datetime.fromtimestamp(at, UTC).strftime("%Y-%m")
        self.used[month] = self.used.get(month, 0) + 1
        kind = "free_customer_service" if self.used[month] <= FREE_SERVICE else "regular"
        return {"pricing": _pricing(kind, "service")}


def _pricing(kind: str, category: str) -> Json:
    return {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}
