"""How much harm a wrong message could do: who must approve it, and how long it may wait. Issue 7.

The rule, from the top, the first that fits:

- high: the text holds something that a person must look at (a secret, personal data, a promise nobody can keep), names
  a price, belongs to an opportunity worth the business's own limit or more, or is a marketing template to somebody who
  never wrote to us;
- low: a free answer inside the window to what the person just asked;
- normal: everything else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from wakeel.domain.consent import Category


class Risk(StrEnum):
    """From the smallest to the greatest."""

    LOW = "low"  # an answer to what the person just asked
    NORMAL = "normal"
    HIGH = "high"


_PLACE = {risk: place for place, risk in enumerate(Risk)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """What is known of one version of a draft.

    findings: of the content checks, in any form; only whether there are any counts. value: what the opportunity is
    worth, None if nobody said. high_value: from that worth on the risk is high, None for no such limit. has_written:
    whether the person ever wrote to us.
    """

    category: str
    is_template: bool
    is_window_open: bool
    has_written: bool
    findings: Collection[object] = ()
    names_price: bool = False
    value: Decimal | None = None
    high_value: Decimal | None = None


def risk_of(facts: RiskFacts) -> Risk:
    """How much harm this version could do."""
    if facts.findings or facts.names_price or _is_worth_much(facts) or _is_first_offer(facts):
        return Risk.HIGH
    if facts.category == Category.SERVICE and not facts.is_template and facts.is_window_open:
        return Risk.LOW
    return Risk.NORMAL


def _is_worth_much(facts: RiskFacts) -> bool:
    return facts.value is not None and facts.high_value is not None and facts.value >= facts.high_value


def _is_first_offer(facts: RiskFacts) -> bool:
    return facts.is_template and facts.category == Category.MARKETING and not facts.has_written


def needs_two(risk: str, *, quorum_from: str) -> bool:
    """Whether two people must approve. quorum_from: the lowest risk of which that is asked, '' for none."""
    return bool(quorum_from) and _PLACE[Risk(risk)] >= _PLACE[Risk(quorum_from)]
