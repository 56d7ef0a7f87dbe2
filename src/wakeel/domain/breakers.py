"""A number's breaker: after five unanswered sends in a row, or at a word of Meta's, nothing more is tried. Design 7."""

from datetime import timedelta
from enum import StrEnum

UNKNOWNS_TO_OPEN = 5
"""So many sends in a row without a clear answer open the breaker (design section 7)."""

PROBE_WAITS_S = (30, 60, 120, 300, 600)
"""Waits before one message is let through to see whether answers come again; the last one repeats."""


class BreakerState(StrEnum):
    CLOSED = "closed"  # messages leave; unanswered ones are counted
    OPEN = "open"  # nothing leaves until a probe is due, or until a person releases it
    PROBING = "probing"  # one message is on its way to see; its answer decides


class Cause(StrEnum):
    NO_ANSWER = "no_answer"  # an outage; the machine may see by itself whether it is over
    REFUSED = "refused"  # Meta said that account, number or token must not send: a person settles that with Meta


def probe_wait(probes: int) -> timedelta:
    """How long to wait before the next probe after `probes` of them were not answered either."""
    return timedelta(seconds=PROBE_WAITS_S[min(probes, len(PROBE_WAITS_S) - 1)])
