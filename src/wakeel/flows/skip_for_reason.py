"""An opportunity is skipped and the reason said in the same click: on the phone these are two taps."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import parse_button_id
from wakeel.domain.skip_reasons import REASON_WORDS, SkipReason
from wakeel.domain.text import one_line
from wakeel.flows.give_reason import give_reason
from wakeel.flows.put_off import Deciding
from wakeel.flows.reply import Reply, Value
from wakeel.flows.take_decision import take_decision
from wakeel.store import decisions
from wakeel.store.retry import whole_transaction


@whole_transaction
def skip_for_reason(
    operator_id: str, opportunity_id: str, reason: SkipReason, *, shown_digest: str | None, tap_key: str, now: datetime
) -> Reply:
    """Skip, and keep why if it was skipped by this; otherwise only the answer to the skip. Arguments: as for `Tap`."""
    with transaction.atomic():
        skip = parse_button_id(f"opp:{opportunity_id}:skip")
        skipped = take_decision(operator_id, skip, shown_digest=shown_digest, tap_key=tap_key, via="screen", now=now)
        if skipped.code is not AnswerCode.SKIPPED:
            return skipped
        opportunity = decisions.lock_opportunities([opportunity_id])[opportunity_id]
        deciding = Deciding(decisions.lock_operator(operator_id), opportunity, f"{tap_key}:why", "screen")
        give_reason(deciding, reason, now=now)
        said: dict[str, Value] = {"title": one_line(opportunity.title), "reason": REASON_WORDS[reason]}
        return Reply(AnswerCode.SKIPPED_FOR, said, carried_out=True)
