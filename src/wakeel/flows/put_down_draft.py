"""A draft that will not leave any more is put down: nobody is asked about it, its opportunity is open again."""

from datetime import datetime

from wakeel.domain.drafts import LIVING, DraftState
from wakeel.domain.opportunities import IN_WORK, OpportunityState
from wakeel.flows.drop_meeting import drop_with_invitation
from wakeel.store import cards, decisions, drafts
from wakeel.store.models import Draft


def put_down(draft: Draft, *, now: datetime, to: DraftState = DraftState.CANCELLED) -> bool:
    """Cancel a living draft inside the caller's transaction, which made sure that its message does not leave.

    to: EXPIRED for one that nobody decided in time.
    """
    drafts.revoke_approval(draft, now=now)
    cards.close(now=now, draft=draft)
    cards.take_back_unsent(now=now, draft=draft)
    cancelled = drafts.move(draft, to=to, come_from=LIVING, editor=None, edit_asked_at=None)
    if cancelled:
        drop_with_invitation(draft, now=now)
        if draft.meeting_id is not None and drafts.has_first_message(draft.opportunity_id):
            # Its first message goes its own way, with or without a meeting.
            return True
        decisions.move_opportunity(draft.opportunity, to=OpportunityState.PRESENTED, come_from=IN_WORK, now=now)
    return cancelled
