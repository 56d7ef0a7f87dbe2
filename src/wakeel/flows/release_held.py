"""What held an approved message is over: it goes on as it was approved, or it is asked again. Design section 6."""

from datetime import datetime, timedelta

from wakeel.domain.outbox import OutboxState
from wakeel.flows import preview_draft
from wakeel.flows.ask_again import ask_again
from wakeel.flows.preview_draft import Preview
from wakeel.store import drafts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import OutboxMessage

YOUNG_ENOUGH = timedelta(hours=24)
"""An approval that waited longer is asked about again, also where the policy lets approvals live on."""


def release_held(message: OutboxMessage, *, now: datetime) -> bool:
    """True if it is in the queue again, where the gate decides once more; False if it is asked again instead.

    Inside the caller's transaction; message: of a draft, held.
    """
    if message.draft is None or not is_as_approved(message, preview_draft.of(message.draft, now=now), now=now):
        ask_again(message, now=now)
        return False
    # Not before its hour: what was held seconds after its approval can still be undone for as long as it was said.
    due_at = max(now, message.due_at)
    return outbox_verbs.move(
        message.id, to=OutboxState.PENDING, come_from=[OutboxState.HELD], now=now, due_at=due_at, hold_code=""
    )


def is_as_approved(message: OutboxMessage, seen: Preview, *, now: datetime) -> bool:
    """True if its approval stands, is young enough and is for exactly what would leave now. seen: its draft now."""
    draft = message.draft
    approval = drafts.standing_approval(draft) if draft else None
    if draft is None or approval is None or draft.version != message.draft_version:
        return False
    is_young = now < min(approval.expires_at, approval.approved_at + YOUNG_ENOUGH)
    return is_young and approval.digest == seen.digest
