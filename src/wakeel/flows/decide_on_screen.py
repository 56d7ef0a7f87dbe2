"""Decisions about an opportunity that are clicked on its page: the verbs of the phone, each in one transaction."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.opportunities import OPEN_STATES
from wakeel.flows.already_decided import already_decided
from wakeel.flows.no_operator import no_operator
from wakeel.flows.put_off import Deciding
from wakeel.flows.reply import Reply
from wakeel.store import decisions
from wakeel.store.retry import whole_transaction

Verb = Callable[[Deciding, datetime], Reply]
"""Decides inside the caller's transaction."""


@whole_transaction
def decide_on_screen(
    operator_id: str, opportunity_id: str, verb: Verb, *, shown_state: str, tap_key: str, now: datetime
) -> Reply:
    """Carry out one click. shown_state: what the page said; whoever decided since then was first.

    tap_key: the page's one-time key; the same key decides once.
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        opportunity = decisions.lock_opportunities([opportunity_id]).get(opportunity_id)
        if opportunity is None or opportunity.business_id != operator.business_id:
            return Reply(AnswerCode.UNKNOWN_BUTTON)
        if (no_more := no_operator(operator)) is not None:
            return no_more
        is_as_shown = shown_state == opportunity.state or {shown_state, opportunity.state} <= OPEN_STATES
        if not is_as_shown or decisions.was_taken(operator.business_id, tap_key):
            return already_decided(opportunity)
        return verb(Deciding(operator, opportunity, tap_key, "screen"), now)
