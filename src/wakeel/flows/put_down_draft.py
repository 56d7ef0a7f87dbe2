"""A draft that will not leave any more is put down: nobody is asked about it, its opportunity is open again."""

from datetime import datetime

from wakeel.domain.drafts import LIVING, DraftState
from wakeel.domain.opportunities import IN_WORK, OpportunityState
from wakeel.store import cards, decisions, drafts
from wakeel.store.models import Draft


def put_down(draft: Draft, *, now: datetime) -> bool:
    """Cancel a living draft inside the caller's transaction, which made sure that its message does not leave."""
    drafts.revoke_approval(draft, now=now)
    cards.close(now=now, draft=draft)
    cards.take_back_unsent(now=now, draft=draft)
    cancelled = drafts.move(draft, to=DraftState.CANCELLED, come_from=LIVING, editor=None, edit_asked_at=None)
    if cancelled:
        decisions.move_opportunity(draft.opportunity, to=OpportunityState.PRESENTED, come_from=IN_WORK, now=now)
    return cancelled
