"""Words that something waits for, such as the worth of what was won or the facts of a research: who takes them."""

from collections.abc import Sequence
from datetime import datetime

from wakeel.flows.add_facts import take_facts
from wakeel.flows.close_opportunity import take_value
from wakeel.flows.reply import Reply
from wakeel.flows.written import WordHandler, Written

_HANDLERS: Sequence[WordHandler] = (
    take_value,
    take_facts,
)
"""Asked in this order; each looks at what the words quote, and at what its operator was asked for."""


def take_words(written: Written, *, now: datetime) -> Reply | None:
    """The answer of the first that takes them; None if nobody does."""
    for handler in _HANDLERS:
        reply = handler(written, now)
        if reply is not None:
            return reply
    return None
