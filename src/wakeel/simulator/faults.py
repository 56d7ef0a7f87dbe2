"""Faults that were asked for. Nothing here is random unless a rate is set, and then by its seed."""

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

from wakeel.simulator.chance import Chance, names
from wakeel.simulator.fault_kinds import Only, SendFault, WebhookFault, send_faults, webhook_faults
from wakeel.simulator.wishes import Mistake

SWITCHES = ("duplicate_webhooks", "hold_statuses", "hold_webhooks")

NONE: dict[str, Any] = {"next_sends": [], "next_webhooks": [], "rates": {}} | dict.fromkeys(SWITCHES, False)
"""The wish that ends every fault."""


@dataclass(slots=True)
class Faults:
    """The faults that are set now.

    next_sends, next_webhooks: used up one by one, first set first met. hits: how often each kind happened.
    """

    next_sends: list[SendFault] = field(default_factory=list)
    next_webhooks: list[WebhookFault] = field(default_factory=list)
    duplicate_webhooks: bool = False
    hold_statuses: bool = False
    hold_webhooks: bool = False
    chance: Chance = field(default_factory=Chance)
    hits: Counter[str] = field(default_factory=Counter)

    def take(self, wa_id: str | None) -> SendFault | None:
        """The fault this send meets, used up by it; None when it meets none."""
        for fault in self.next_sends:
            if fault.to is None or fault.to == wa_id:
                self.next_sends.remove(fault)
                self.hits[f"{fault.kind}_sends"] += 1
                return fault
        return self._by_chance(self.chance.send())

    def take_webhook(self, kind: Only, *, people: Collection[str]) -> WebhookFault | None:
        """The same for one update. people: every number and user id in it."""
        for fault in self.next_webhooks:
            if fault.only in {None, kind} and (fault.to is None or fault.to in people):
                self.next_webhooks.remove(fault)
                self.hits[f"{fault.kind}_webhooks"] += 1
                return fault
        return self._by_chance(self.chance.webhook())

    def _by_chance(self, drawn: Any) -> Any:
        if drawn is None:
            return None
        name, fault = drawn
        self.hits[name] += 1
        return fault

    def change(self, wish: dict[str, Any]) -> None:
        """Replace the fields that are given, keep the others. Raises Mistake and then changes nothing."""
        unknown = wish.keys() - {*SWITCHES, "next_sends", "next_webhooks", "rates", "seed"}
        if unknown:
            raise Mistake(f"unknown field {sorted(unknown)[0]}")
        for name in wish.keys() & set(SWITCHES):
            if not isinstance(wish[name], bool):
                raise Mistake(f"{name} must be true or false")
        sends = send_faults(wish["next_sends"]) if "next_sends" in wish else self.next_sends
        webhooks = webhook_faults(wish["next_webhooks"]) if "next_webhooks" in wish else self.next_webhooks
        self.chance.change(rates=wish.get("rates"), seed=wish.get("seed"))
        for name in wish.keys() & set(SWITCHES):
            setattr(self, name, wish[name])
        self.next_sends, self.next_webhooks = sends, webhooks

    def row(self) -> dict[str, Any]:
        """As the bench shows them (see `bench_faults`)."""
        return {
            "next_sends": [asdict(fault) for fault in self.next_sends],
            "next_webhooks": [asdict(fault) for fault in self.next_webhooks],
            **{name: getattr(self, name) for name in SWITCHES},
            "rates": dict(self.chance.rates),
            "seed": self.chance.seed,
            "hits": dict(self.hits),
            "names": names(),
        }
