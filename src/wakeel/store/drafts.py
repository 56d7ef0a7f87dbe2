"""Drafts, versions and approvals: every move is compare-and-set."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wakeel.domain.drafts import ALLOWED, LIVING, DraftState, OutboxPhase
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.store.models import Approval, Card, Draft, DraftVersion, Operator, Opportunity, OutboxMessage


def create(opportunity: Opportunity, *, number_id: str, category: str, text: str, now: datetime) -> Draft:
    """A new draft with its first version. The caller made sure that the opportunity has no living one."""
    draft = Draft.objects.create(
        business_id=opportunity.business_id,
        opportunity=opportunity,
        contact_id=opportunity.contact_id,
        number_id=number_id,
        category=category,
        purpose=opportunity.purpose,
        created_at=now,
    )
    add_version(draft, number=1, text=text, author=None, now=now)
    return draft


def add_version(draft: Draft, *, number: int, text: str, author: Operator | None, now: datetime) -> None:
    DraftVersion.objects.create(
        business_id=draft.business_id, draft=draft, number=number, text=text, author=author, created_at=now
    )


def lock(draft_id: str) -> Draft | None:
    """The draft, locked until the transaction ends; None if there is none with this id."""
    rows = Draft.objects.select_for_update(of=("self",)).select_related("opportunity", "contact", "number")
    return rows.filter(pk=draft_id).first()


def living(opportunity_id: str) -> Draft | None:
    rows = Draft.objects.select_for_update(of=("self",)).select_related("opportunity", "contact", "number")
    return rows.filter(opportunity=opportunity_id, state__in=[state.value for state in LIVING]).first()


def move(draft: Draft, *, to: DraftState, come_from: Iterable[DraftState], **fields: Any) -> bool:
    """Compare-and-set on state and version, only along `ALLOWED`; True if this caller moved it."""
    allowed = [state.value for state in come_from if state is to or to in ALLOWED[state]]
    rows = Draft.objects.filter(pk=draft.pk, version=draft.version, state__in=allowed)
    if rows.update(state=to.value, **fields) != 1:
        return False
    draft.state = to.value
    for name, value in fields.items():
        setattr(draft, name, value)
    return True


def message_of(draft: Draft) -> OutboxMessage | None:
    """The newest message of the current version that was not taken back."""
    rows = OutboxMessage.objects.filter(draft=draft, draft_version=draft.version)
    return rows.exclude(state=OutboxState.SUPPRESSED).order_by("-id").first()


def phase_of(message: OutboxMessage | None) -> OutboxPhase:
    if message is None:
        return OutboxPhase.NONE
    if message.state == OutboxState.HELD and message.hold_code in _HELD_FOR_READING:
        return OutboxPhase.HELD_BY_REPLY
    return _PHASES.get(OutboxState(message.state), OutboxPhase.LEFT)


_HELD_FOR_READING = {ReasonCode.CONTACT_REPLIED.value, ReasonCode.UNREAD_MESSAGE.value}

_PHASES = {
    OutboxState.PENDING: OutboxPhase.UNCLAIMED,
    OutboxState.HELD: OutboxPhase.HELD,
    OutboxState.SIMULATED: OutboxPhase.NOT_SENT,
    OutboxState.FAILED: OutboxPhase.NOT_SENT,
    OutboxState.UNKNOWN: OutboxPhase.UNKNOWN,
}


def revoke_approval(draft: Draft, *, now: datetime) -> None:
    Approval.objects.filter(draft=draft, revoked_at=None).update(revoked_at=now)


def standing_approval(draft: Draft) -> Approval | None:
    return Approval.objects.filter(draft=draft, revoked_at=None).first()


def shows_current_version(draft: Draft, digest: str) -> bool:
    """True if some card with this digest showed the version that is current."""
    return Card.objects.filter(draft=draft, digest=digest, version=draft.version).exists()


def in_editing(operator: Operator, *, asked_after: datetime) -> list[Draft]:
    """Drafts for which this operator was asked for the new text since then."""
    rows = Draft.objects.filter(editor=operator, state=DraftState.EDITING, edit_asked_at__gt=asked_after)
    return list(rows.select_related("opportunity", "contact", "number"))
