"""Something changed for a person: what an operator could not approve before is shown once more if it can be now."""

from datetime import datetime

from wakeel.domain.drafts import DraftState
from wakeel.domain.outbox import UNCLAIMED, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.flows import preview_draft
from wakeel.flows.ask_again import ask_again
from wakeel.flows.release_held import release_held
from wakeel.flows.show_waiting import show_waiting
from wakeel.store import contacts, drafts
from wakeel.store.models import Contact, Draft, OutboxMessage

_CONSENT = (ReasonCode.NO_CONSENT, ReasonCode.CONSENT_PENDING, ReasonCode.CONSENT_EXPIRED)
"""Holds that end with what a person said; the others end by a decision of an operator about that very message."""


def show_what_is_cured(contact: Contact, *, now: datetime) -> None:
    """Look at every draft to this person, by whichever record, inside the caller's transaction.

    What is approved and unsent is asked again if anything of it changed; if nothing did and only this held it, it goes
    on.
    """
    group = contacts.group_of(contact)
    rows = Draft.objects.filter(contact__in=group, state__in=[DraftState.AWAITING_APPROVAL, DraftState.APPROVED])
    for draft in rows.select_related("opportunity__owner", "contact", "number__business"):
        owner = draft.opportunity.owner
        if owner is None:
            continue
        if draft.state == DraftState.APPROVED:
            _look_at_unsent(draft, now=now)
        elif draft.reshow_when_cured and preview_draft.of(draft, now=now).verdict.may_be_approved:
            show_waiting(owner, draft, now=now)


def _look_at_unsent(draft: Draft, *, now: datetime) -> None:
    approval, seen = drafts.standing_approval(draft), preview_draft.of(draft, now=now)
    if approval is None:
        return
    has_drifted = approval.digest != seen.digest
    for message in OutboxMessage.objects.filter(draft=draft, state__in=UNCLAIMED).select_related("draft"):
        if has_drifted:
            ask_again(message, now=now)
        elif message.hold_code in _CONSENT and message.state == OutboxState.HELD and seen.verdict.may_be_approved:
            release_held(message, now=now)
