"""Something changed for a person: what an operator could not approve before is shown once more if it can be now."""

from datetime import datetime

from wakeel.domain.drafts import DraftState
from wakeel.domain.outbox import OutboxState
from wakeel.flows import preview_draft
from wakeel.flows.ask_again import ask_again
from wakeel.flows.show_card import show_draft
from wakeel.store import contacts, drafts
from wakeel.store.models import Contact, Draft, OutboxMessage


def show_what_is_cured(contact: Contact, *, now: datetime) -> None:
    """Look at every draft to this person, by whichever record, inside the caller's transaction.

    An approved, unsent message whose consent changed is asked again: its digest is another one now.
    """
    group = contacts.group_of(contact)
    rows = Draft.objects.filter(contact__in=group, state__in=[DraftState.AWAITING_APPROVAL, DraftState.APPROVED])
    for draft in rows.select_related("opportunity__owner", "contact", "number__business"):
        owner = draft.opportunity.owner
        if owner is None:
            continue
        if draft.state == DraftState.APPROVED:
            _ask_again_if_drifted(draft, now=now)
        elif draft.reshow_when_cured and preview_draft.of(draft, now=now).verdict.may_be_approved:
            show_draft(owner, draft, now=now)


def _ask_again_if_drifted(draft: Draft, *, now: datetime) -> None:
    approval = drafts.standing_approval(draft)
    if approval is None or approval.digest == preview_draft.of(draft, now=now).digest:
        return
    for message in OutboxMessage.objects.filter(draft=draft, state__in=[OutboxState.PENDING, OutboxState.HELD]):
        ask_again(message, now=now)
