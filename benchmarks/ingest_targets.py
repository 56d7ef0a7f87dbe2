"""What the figures are held against: issue 4, "Speed"."""

from typing import Any

RATIOS = {"ratio_sqlite": 2.0, "ratio_postgres": 2.5}
AIMS = {"ratio_sqlite": 3.0, "ratio_postgres": 3.5}
AT_3300 = {"p50_ms": 25, "p99_ms": 250, "over_1s": 0, "drain_s": 5, "lost": 0}
"""At most."""
TIMES_ARRIVAL = {"sqlite": {"statuses": 5.0, "mix": 3.0}, "postgresql": {"statuses": 3.0, "mix": 2.0}}
"""At least."""
DECISION_P99_MS = 150


def targets() -> dict[str, Any]:
    return {
        "ratio_at_least": RATIOS, "ratio_aim": AIMS, "at_3300_at_most": AT_3300,
        "processing_times_arrival_at_least": TIMES_ARRIVAL, "decision_p99_ms_at_most_on_sqlite": DECISION_P99_MS,
    }  # fmt: skip


def missed(found: dict[str, Any]) -> list[str]:
    """In words, every target that a figure of this run does not reach; what was not measured is not missed."""
    words = [
        f"{name} {found[name]}, at least {least}"
        for name, least in RATIOS.items()
        if found.get(name) is not None and found[name] < least
    ]
    for database, figures in found.get("databases", {}).items():
        words += _missed_on(database, figures, database)
        if figures.get("flat"):
            words += _missed_on(database, figures["flat"], f"{database} with full tables")
    return words


def _missed_on(database: str, figures: dict[str, Any], called: str) -> list[str]:
    words = []
    for kind, least in TIMES_ARRIVAL[database].items():
        times = figures.get("processing", {}).get(kind, {}).get("times_arrival")
        if times is not None and times < least:
            words.append(f"{called}: processing {kind} {times} times the arrival rate, at least {least}")
    at_3300 = figures.get("stream")
    if at_3300 is not None:
        words += [
            f"{called}: {name} {at_3300[name]} at 3,300/s, at most {most}"
            for name, most in AT_3300.items()
            if at_3300[name] > most
        ]
    decided = figures.get("decisions", {}).get("screens")
    if database == "sqlite" and decided is not None and decided["p99_ms"] > DECISION_P99_MS:
        words.append(f"{called}: decisions p99 {decided['p99_ms']} ms, at most {DECISION_P99_MS}")
    return words
