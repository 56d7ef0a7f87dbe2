"""Drafts: states, versions, the digest an approval is bound to, and the standard first text. Walk 2."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wakeel.domain.content import OPT_OUT_LINE
from wakeel.domain.text import measure

MAX_TEXT = 3_500
"""Longest draft in characters: below Meta's 4,096 for a text, so that a later footer still fits (design section 4)."""

APPROVAL_LIFE = timedelta(hours=24)
"""How long an approval of free text may wait: as long as the window it was given for."""

EDIT_PATIENCE = timedelta(minutes=30)
"""How long the next text of an operator is taken as the new version after "what should it say?"."""


class DraftState(StrEnum):
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"  # exactly this version, by one person
    EDITING = "editing"  # the next text is the next version
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"  # another draft took its place


_S = DraftState
ALLOWED: dict[DraftState, frozenset[DraftState]] = {
    _S.AWAITING_APPROVAL: frozenset({_S.APPROVED, _S.EDITING, _S.CANCELLED, _S.EXPIRED, _S.SUPERSEDED}),
    _S.EDITING: frozenset({_S.AWAITING_APPROVAL, _S.CANCELLED, _S.SUPERSEDED}),
    # Each of these only in the transaction that makes sure its message does not leave: taken out of the outbox
    # unclaimed, or refused before.
    _S.APPROVED: frozenset({_S.CANCELLED, _S.EDITING, _S.AWAITING_APPROVAL}),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.SUPERSEDED: frozenset(),
}

UNDECIDED = (_S.AWAITING_APPROVAL, _S.EDITING)
"""Nobody approved it yet, and somebody may: it waits for a decision or for its next words."""
LIVING = frozenset({_S.AWAITING_APPROVAL, _S.EDITING, _S.APPROVED})


class DraftAction(StrEnum):
    APPROVE = "approve"
    EDIT = "edit"
    CANCEL = "cancel"


class DraftRuling(StrEnum):
    """What becomes of one tap on an approval card."""

    APPROVE = "approve"  # ask the gate, then approve
    RELEASE = "release"  # approved before, held because the contact wrote: send as it is
    EDIT = "edit"  # ask for the new text
    CANCEL = "cancel"
    UNDO = "undo"  # cancel, taking the unsent message back
    EDIT_APPROVED = "edit_approved"  # take the unsent message back, then ask for the new text
    WAITS_FOR_TEXT = "waits_for_text"  # approving what is being rewritten makes no sense
    STILL_HELD = "still_held"  # approved, and something else keeps it back
    OUTCOME_UNKNOWN = "outcome_unknown"  # it may have left; only settling it helps
    ALREADY_APPROVED = "already_approved"
    ALREADY_LEFT = "already_left"  # claimed or sent: cannot be recalled
    CLOSED = "closed"  # cancelled, expired or superseded


class OutboxPhase(StrEnum):
    """Where the message of an approved draft stands, as far as a tap cares."""

    NONE = "none"
    UNCLAIMED = "unclaimed"
    HELD = "held"
    HELD_BY_REPLY = "held_by_reply"
    NOT_SENT = "not_sent"  # refused for good, or simulated: it certainly did not leave
    UNKNOWN = "unknown"
    LEFT = "left"


def rule_on(state: DraftState, action: DraftAction, *, phase: OutboxPhase) -> DraftRuling:
    """Say what one tap on an approval card does. phase: of the draft's message, NONE without one."""
    if state not in LIVING:
        return DraftRuling.CLOSED
    if state is _S.APPROVED:
        return _rule_on_approved(action, phase)
    if action is DraftAction.APPROVE:
        return DraftRuling.WAITS_FOR_TEXT if state is _S.EDITING else DraftRuling.APPROVE
    return DraftRuling.EDIT if action is DraftAction.EDIT else DraftRuling.CANCEL


def _rule_on_approved(action: DraftAction, phase: OutboxPhase) -> DraftRuling:
    if phase is OutboxPhase.LEFT:
        return DraftRuling.ALREADY_LEFT
    if phase is OutboxPhase.UNKNOWN:
        return DraftRuling.OUTCOME_UNKNOWN
    if action is DraftAction.APPROVE:
        return _APPROVED_AGAIN.get(phase, DraftRuling.ALREADY_APPROVED)
    return DraftRuling.EDIT_APPROVED if action is DraftAction.EDIT else DraftRuling.UNDO


_APPROVED_AGAIN = {OutboxPhase.HELD_BY_REPLY: DraftRuling.RELEASE, OutboxPhase.HELD: DraftRuling.STILL_HELD}


@dataclass(frozen=True, slots=True)
class FinalRequest:
    """Everything an approval is bound to. Window, caps and clock are not in it: the gate asks for those again.

    body: the request as it will be POSTed, without `biz_opaque_callback_data`. grant_id: the consent that decided,
    None for a message that needs none.
    """

    body: Mapping[str, object]
    phone_number_id: str
    contact_id: str
    category: str
    purpose: str
    grant_id: str | None
    template: Mapping[str, object] | None = None


def digest(request: FinalRequest) -> str:
    """SHA-256 (hex) of the request's canonical JSON: sorted keys, no spaces, UTF-8. Any drift gives another one."""
    fields = {
        "body": request.body,
        "category": request.category,
        "contact_id": request.contact_id,
        "grant_id": request.grant_id,
        "phone_number_id": request.phone_number_id,
        "purpose": request.purpose,
        "template": request.template,
    }
    return _hashed(fields)


_ADDRESS = frozenset({"to", "recipient", "recipient_type"})


def content_hash(body: Mapping[str, object]) -> str:
    """SHA-256 (hex) of what a POST body says, whoever it is addressed to: the same words to two people are equal."""
    return _hashed({name: value for name, value in body.items() if name not in _ADDRESS})


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _hashed(fields: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical(fields).encode()).hexdigest()


class TextRefused(StrEnum):
    """Why a text cannot be the next version."""

    EMPTY = "empty"
    TOO_LONG = "too_long"


def refuse_text(text: str) -> TextRefused | None:
    """None if the text may be a version; counted as it will be sent, by the strictest reading of Meta's limit."""
    if not text.strip():
        return TextRefused.EMPTY
    return TextRefused.TOO_LONG if measure(text) > MAX_TEXT else None


def standard_text(*, name: str, title: str, business: str) -> str:
    """The first draft for an opportunity that brought no text of its own; names the sender and the way to stop."""
    greeting = f"السلام عليكم {name}،" if name else "السلام عليكم،"
    asked = f"{greeting}\nمعك {business} بخصوص: {title}.\nهل يناسبك أن نرسل لك التفاصيل هنا؟"
    return f"{asked}\n\n{OPT_OUT_LINE.ar}"
