"""What may come after the first decision on an opportunity, as its page offers it."""

from dataclasses import dataclass
from decimal import Decimal

from wakeel.domain.amounts import amount_words
from wakeel.domain.opportunities import (
    ANSWERED,
    OPEN_STATES,
    PUT_OFF,
    LaterAction,
    OpportunityState,
    Ruling,
    rule_on_later,
)
from wakeel.domain.skip_reasons import REASON_WORDS, SkipReason
from wakeel.domain.words import Text
from wakeel.store.screens.item import Item

_OFFERED = {Ruling.MOVE, Ruling.TAKE_BACK, Ruling.REMIND, Ruling.PLAN}


@dataclass(frozen=True, slots=True)
class NextSteps:
    """verbs: what would do something now. reasons: what to choose from, value and words.

    reason: why it was skipped, None if nobody said. value: what it was worth, '' if nobody said.
    """

    verbs: frozenset[str]
    reasons: tuple[tuple[str, Text], ...]
    reason: Text | None
    value: str


def next_steps(item: Item, *, may_decide: bool) -> NextSteps:
    """may_decide: whether whoever looks may do any of it."""
    state = OpportunityState(item.state)
    later = {action.value for action in LaterAction if rule_on_later(state, action).ruling in _OFFERED}
    verbs = later | {verb for verb, states in _VERBS.items() if state in states}
    return NextSteps(
        verbs=frozenset(verbs) if may_decide else frozenset(),
        reasons=tuple((reason.value, words) for reason, words in REASON_WORDS.items()),
        reason=REASON_WORDS[SkipReason(item.skip_reason)] if item.skip_reason else None,
        value=_value_words(item.result_value),
    )


_VERBS = {
    "bring_back": PUT_OFF,
    "facts": OPEN_STATES | PUT_OFF,
    "reason": {OpportunityState.SKIPPED},
    "close": ANSWERED,
    "value": {OpportunityState.WON},
}


def _value_words(value: Decimal | None) -> str:
    return amount_words(value) if value is not None else ""
