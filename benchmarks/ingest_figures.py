"""From raw measurements to figures: percentiles, whether a run of the load generator counts, medians of rounds."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_CPU = 0.5
"""Of one core: above it the load generator takes what is measured from the server."""
LATEST_START_MS = 5.0
"""p99: later than this the load did not come when it was said to."""


def centile(sorted_values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all reach; 0.0 of nothing. sorted_values: ascending."""
    if not sorted_values:
        return 0.0
    place = -(-len(sorted_values) * round(share * 1000) // 1000)
    return sorted_values[max(0, place - 1)]


def spread_ms(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p99, p99.9 and the largest, in milliseconds."""
    ordered = sorted(seconds)
    named = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999, "max_ms": 1.0}
    return {name: round(centile(ordered, share) * 1000, 2) for name, share in named.items()}


@dataclass(frozen=True, slots=True)
class LoadRun:
    """What the load generator says of one run.

    offered: requests it was to send; answered: those it got a 200 for. cores: its own CPU as a share of one core.
    late_p99_ms: how long after its time a request was looked at, None in a closed loop, which has no times.
    """

    offered: int
    answered: int
    refused: int
    broken: int
    seconds: float
    cores: float
    late_p99_ms: float | None
    latency: dict[str, float]
    over_1s: int

    @classmethod
    def of(cls, told: dict[str, Any]) -> "LoadRun":
        return cls(**told)

    @property
    def per_s(self) -> float:
        return self.answered / self.seconds if self.seconds else 0.0

    @property
    def faults(self) -> list[str]:
        """Why the run does not count; empty for one that does."""
        found = []
        if self.cores > MOST_CPU:
            found.append(f"the load generator took {self.cores:.2f} of a core")
        if self.late_p99_ms is not None and self.late_p99_ms > LATEST_START_MS:
            found.append(f"it started {self.late_p99_ms:.1f} ms late at p99")
        return found


@dataclass(frozen=True, slots=True)
class Round:
    """One closed run of one server. cpu_us: of the server's processes for one event, its database's included."""

    server: str
    run: LoadRun
    cpu_us: float


def medians(rounds: Sequence[Round], server: str) -> dict[str, Any] | None:
    """The figures of one server over its valid rounds; None without one."""
    valid = [one for one in rounds if one.server == server and not one.run.faults]
    if not valid:
        return None
    latency = {name: statistics.median(one.run.latency[name] for one in valid) for name in valid[0].run.latency}
    return {
        "per_s": round(statistics.median(one.run.per_s for one in valid)),
        **{name: round(value, 2) for name, value in latency.items()},
        "cpu_us": round(statistics.median(one.cpu_us for one in valid), 1),
        "generator_cores": round(max(one.run.cores for one in valid), 2),
        "rounds": len(valid),
    }


def ratio(ours: dict[str, Any] | None, peer: dict[str, Any] | None) -> float | None:
    """Throughput of ours over the peer's; None if one of them has no valid round."""
    if ours is None or peer is None or not peer["per_s"]:
        return None
    return round(ours["per_s"] / peer["per_s"], 2)
