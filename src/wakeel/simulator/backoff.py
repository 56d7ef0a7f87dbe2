"""How long a webhook is tried again. Source: Meta, "Webhooks", read 2026-11-22: at once, then less and less often for 7
days, then dropped.
"""

from dataclasses import dataclass

from wakeel.simulator.durations import HOUR_S, MINUTE_S


@dataclass(frozen=True, slots=True)
class Backoff:
    """waits_s: between the tries; there is one try more. in_business_time: else in real time."""

    waits_s: tuple[float, ...]
    in_business_time: bool


COMPRESSED = Backoff(waits_s=(0.2, 0.5, 1.0, 2.0) + (4.0,) * 30, in_business_time=False)
"""About two minutes in all: a rehearsal need not wait for days."""

_FIRST_DAY_S = (0.0, 15.0, MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, HOUR_S, 2 * HOUR_S, 4 * HOUR_S, 8 * HOUR_S)
REAL = Backoff(waits_s=(*_FIRST_DAY_S, *[12 * HOUR_S] * 12), in_business_time=True)
"""Just under 7 days. Meta names the two ends of it only; the steps between are ours."""
