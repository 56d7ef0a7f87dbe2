"""The operator's own window: cards and answers reach them for a day after their last message. Reference WA 5.1.

While it is closed nothing but an approved template is posted to them; everything else waits in the outbox.
"""

from collections.abc import Iterable
from datetime import datetime

from wakeel.domain.gate import is_window_open
from wakeel.flows.gather_notices import gather
from wakeel.flows.send_brief import show_after_all
from wakeel.flows.show_card import show_unseen
from wakeel.store import operators, prompts
from wakeel.store.models import Operator


def wrote(operator: Operator, *, at: datetime, now: datetime) -> None:
    """They wrote or tapped: their window is open from then on. Inside the caller's transaction."""
    was_open = is_window_open(operator.last_inbound_at, now=now)
    operators.wrote(operator, at=at)
    if not was_open and is_window_open(operator.last_inbound_at, now=now):
        _opened(operator, now=now)


def tapped(taps: Iterable[tuple[Operator, datetime]], *, now: datetime) -> None:
    """The same for several taps at once, with the time of each; operators as they were read before."""
    known = list(taps)
    operators.move_windows([(operator.id, at) for operator, at in known])
    opened = {
        operator.id: operator
        for operator, at in known
        if not is_window_open(operator.last_inbound_at, now=now) and is_window_open(at, now=now)
    }
    for operator in opened.values():
        _opened(operator, now=now)


def _opened(operator: Operator, *, now: datetime) -> None:
    """The template that asked for it need not leave any more, notices come together, and what failed is shown."""
    for brief_id in prompts.take_back_knocks(operator, now=now):
        show_after_all(operator, brief_id, now=now)
    gather(operator, now=now)
    show_unseen(operator, now=now)
