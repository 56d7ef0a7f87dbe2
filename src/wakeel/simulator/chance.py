"""Faults by rate: a seeded draw for each update and each send, so that the same seed makes the same choices."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wakeel.simulator.fault_kinds import (
    Kind,
    SendFault,
    WebhookFault,
    WebhookKind,
    send_fault,
    webhook_fault,
)
from wakeel.simulator.wishes import Mistake

CODES = (130429, 131056, 131047, 131048, 131049, 131026, 132000, 132001, 132015, 190, 368)
"""What `refuse_sends` chooses from: the codes of the list in operator-ui.md section 10."""

FIRST_SEED = 1
_SEND = re.compile(r"(http_500|http_503|[a-z_]+?)(?:_([0-9]{1,7}))?_sends", re.ASCII)
_WEBHOOK = re.compile(r"([a-z_]+)_webhooks", re.ASCII)


@dataclass(slots=True)
class Chance:
    """How often what happens.

    rates: name to probability; a name is `<kind>_webhooks`, `<kind>_sends`, `refuse_<code>_sends` or
    `fail_<code>_sends`. At most one fault meets one update or send. seed: None while nothing is random.
    """

    rates: dict[str, float] = field(default_factory=dict)
    seed: int | None = None
    _sends: random.Random = field(default_factory=random.Random)
    _webhooks: random.Random = field(default_factory=random.Random)

    def change(self, *, rates: object = None, seed: object = None) -> None:
        """Replace what is given; a seed starts its sequence again. Raises Mistake and then changes nothing."""
        fresh = self.rates if rates is None else _checked(rates)
        if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
            raise Mistake("seed must be a whole number")
        self.rates = fresh
        if seed is None and self.seed is None and fresh:
            seed = FIRST_SEED
        if seed is not None:
            self._sow(seed)

    def send(self) -> tuple[str, SendFault] | None:
        """The fault that the next send draws, with its name; None for none."""
        name = self._draw("_sends", self._sends)
        return None if name is None else (name, _send_fault(name, self._sends))

    def webhook(self) -> tuple[str, WebhookFault] | None:
        """The same for the next update."""
        name = self._draw("_webhooks", self._webhooks)
        return None if name is None else (name, webhook_fault({"kind": name.removesuffix("_webhooks")}))

    def _sow(self, seed: int) -> None:
        """Two sequences: how many updates there are must not decide what happens to the sends."""
        self.seed = seed
        self._sends = random.Random(f"{seed} sends")  # noqa: S311  (a rehearsal repeats itself)
        self._webhooks = random.Random(f"{seed} webhooks")  # noqa: S311

    def _draw(self, suffix: str, sequence: random.Random) -> str | None:
        """One number decides: how many kinds are set must not shift the later draws."""
        rates = sorted((name, rate) for name, rate in self.rates.items() if name.endswith(suffix))
        if not rates:
            return None
        left = sequence.random()
        for name, rate in rates:
            if left < rate:
                return name
            left -= rate
        return None


def names() -> list[str]:
    """Every name a rate may have, but those with a code of their own."""
    return [f"{kind}_webhooks" for kind in WebhookKind] + [f"{kind}_sends" for kind in Kind]


def _checked(rates: object) -> dict[str, float]:
    if not isinstance(rates, Mapping):
        raise Mistake("rates must be an object")
    for name, rate in rates.items():
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise Mistake(f"rates: {name} must be a number from 0 to 1")
        _check_name(name)
    fresh = {name: float(rate) for name, rate in rates.items() if rate}
    for suffix in ("_webhooks", "_sends"):
        if sum(rate for name, rate in fresh.items() if name.endswith(suffix)) > 1:
            raise Mistake(f"rates: those of {suffix.strip('_')} come to more than 1")
    return fresh


def _check_name(name: str) -> None:
    if found := _WEBHOOK.fullmatch(name):
        known = found[1] in set(WebhookKind)
    else:
        found = _SEND.fullmatch(name)
        known = found is not None and found[1] in set(Kind) and (found[2] is None or found[1] in {"refuse", "fail"})
    if not known:
        raise Mistake(f"rates: {name} is none of {', '.join(names())}, refuse_<code>_sends, fail_<code>_sends")


def _send_fault(name: str, sequence: random.Random) -> SendFault:
    kind, code = _SEND.fullmatch(name).groups()  # type: ignore[union-attr]  # checked when it was set
    wish = {"kind": kind}
    if kind in {Kind.REFUSE, Kind.FAIL}:
        wish["code"] = int(code) if code else sequence.choice(CODES)
    return send_fault(wish)
