"""What was approved is not what would leave any more: take it back and show it for a new approval."""

from datetime import datetime

from wakeel.domain.drafts import DraftState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.recognition import OperatorState
from wakeel.flows.begin_wait import begin_wait
from wakeel.flows.show_waiting import show_waiting
from wakeel.store import drafts, operators
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Draft, Operator, OutboxMessage


def ask_again(message: OutboxMessage, *, now: datetime, code: ReasonCode = ReasonCode.APPROVAL_STALE) -> bool:
    """Suppress an unclaimed message, revoke its approval, ask its owner about the draft, or everybody where nobody has
    it; False if it was claimed.

    A message of an older version is only suppressed: the newer one has its own approval.
    """
    draft = message.draft
    unclaimed = OutboxMessage.objects.filter(pk=message.pk)
    if draft is None or not outbox_verbs.take_back(unclaimed, code=code, now=now):
        return False
    if draft.version != message.draft_version:
        return True
    drafts.revoke_approval(draft, now=now)
    drafts.move(draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.APPROVED])
    fresh = Draft.objects.select_related("opportunity__owner", "contact", "number__business").get(pk=draft.pk)
    begin_wait([fresh], now=now)
    for operator in whom_to_ask(fresh):
        show_waiting(operator, fresh, now=now)
    return True


def whom_to_ask(draft: Draft) -> list[Operator]:
    """Its owner; everybody where nobody has it who could be asked."""
    owner = draft.opportunity.owner
    if owner is not None and owner.state == OperatorState.ACTIVE:
        return [owner]
    return operators.active(draft.business_id)
