"""What the figures of sending are held against: issue 5, "Proof and speed"."""

from typing import Any

PER_CORE_SECOND = 2500
TO_CLIENT = 0.8
TO_DBOS = 10.0
FLAT = 0.9
"""Of the rate with empty tables: with five million finished messages it is the same, but for noise."""
PACED_PER_S, CLAIM_TO_POST_P99_MS = 1000, 250
WEBHOOK_P99_MS = 250


def targets() -> dict[str, Any]:
    return {
        "messages_per_core_second": PER_CORE_SECOND, "ratio_to_client": TO_CLIENT, "ratio_to_dbos": TO_DBOS,
        "flat_ratio": FLAT, "paced_per_s": PACED_PER_S, "claim_to_post_p99_ms_at_most": CLAIM_TO_POST_P99_MS,
        "together_webhook_p99_ms_at_most": WEBHOOK_P99_MS,
    }  # fmt: skip


def missed(databases: dict[str, dict[str, Any]]) -> list[str]:
    """In words, every target that a figure of this run does not reach; what was not measured is not missed."""
    words = []
    for name, figures in databases.items():
        words += [
            f"{name}: {what} {found}, at least {least}"
            for what, found, least in _at_least(figures)
            if found is not None and found < least
        ]
        words += [
            f"{name}: {what} {found} ms, at most {most}"
            for what, found, most in _at_most(figures)
            if found is not None and found > most
        ]
    return words


def _at_least(figures: dict[str, Any]) -> list[tuple[str, float | None, float]]:
    unpaced, paced = figures.get("unpaced") or {}, figures.get("paced") or {}
    return [
        ("messages a worker-core-second", unpaced.get("messages_per_core_second"), PER_CORE_SECOND),
        ("ratio to the client alone", figures.get("ratio_to_client"), TO_CLIENT),
        ("ratio to DBOS", figures.get("ratio_to_dbos"), TO_DBOS),
        ("rate with full tables over that with empty ones", figures.get("flat_ratio"), FLAT),
        # The last message falls due a moment before the end: one in a hundred less is on time.
        ("messages a second, paced", paced.get("per_s"), 0.99 * paced.get("offered_per_s", 0)),
    ]


def _at_most(figures: dict[str, Any]) -> list[tuple[str, float | None, float]]:
    paced, together = figures.get("paced") or {}, figures.get("together") or {}
    return [
        ("claim to POST, p99", paced.get("claim_to_post", {}).get("p99_ms"), CLAIM_TO_POST_P99_MS),
        ("webhooks while messages leave, p99", together.get("webhook_p99_ms"), WEBHOOK_P99_MS),
    ]
