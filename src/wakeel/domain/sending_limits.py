"""How fast and to how many people a number may send, in Meta's words. Source: reference WA 5.3 and 5.6, 2026-11-22."""

from dataclasses import dataclass

USUAL_THROUGHPUT, HIGH_THROUGHPUT = 80, 1000
"""Messages a second of one number: the usual, and after Meta's upgrade."""

MOST_AT_ONCE = 45
"""Messages that may go to one person at once, on account of the minutes after them."""

_TIERS = {"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1_000, "TIER_2K": 2_000, "TIER_10K": 10_000, "TIER_100K": 100_000}
UNLIMITED = "TIER_UNLIMITED"
_LARGEST = 2**31 - 1
"""PostgreSQL's integer column; more people than that are no limit."""


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What we allow ourselves, below what Meta allows.

    a_second: messages of the number in a second; None for no limit of ours. pair_interval_s: to one person one message
    in so long, after a burst of operator_burst or contact_burst messages; 0 for no such limit.
    """

    a_second: int | None
    pair_interval_s: float
    operator_burst: int
    contact_burst: int


class UnknownLimit(ValueError):
    """A limit in a form that nobody knows; nothing is concluded from it."""


def people_a_day(word: str) -> int | None:
    """Unique people in 24 h outside of windows, None for no bound. Raises UnknownLimit.

    word: TIER_… or digits; -1 also says that there is no bound.
    """
    if word in {UNLIMITED, "-1"}:
        return None
    if word in _TIERS:
        return _TIERS[word]
    digits = word.removeprefix("TIER_")
    if digits.isascii() and digits.isdecimal() and 0 < int(digits) <= _LARGEST:
        return int(digits)
    raise UnknownLimit(word)


def throughput_of(level: str) -> int | None:
    """Messages a second by Meta's `throughput.level`; None where it says nothing."""
    return {"STANDARD": USUAL_THROUGHPUT, "HIGH": HIGH_THROUGHPUT}.get(level)
