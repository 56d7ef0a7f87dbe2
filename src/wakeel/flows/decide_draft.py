"""What a tap on an approval card does: approve, edit, cancel, undo. Walk 2."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonReply
from wakeel.domain.drafts import LIVING, DraftAction, DraftRuling, DraftState, rule_on
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.text import isolate, one_line
from wakeel.flows import preview_draft
from wakeel.flows.approve_draft import approve, release
from wakeel.flows.put_down_draft import put_down
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.show_card import show_draft
from wakeel.flows.tell_failure import still_held
from wakeel.store import decisions, drafts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Draft, Operator, OutboxMessage


def decide_draft(
    operator: Operator, button: ButtonReply, *, shown_digest: str | None, tap_key: str, via: str, now: datetime
) -> Reply:
    """Carry out one tap on an approval card inside the caller's transaction."""
    draft = drafts.lock(button.subject_id or "")
    if draft is None or draft.business_id != operator.business_id:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    reply = _rule(operator, draft, DraftAction(button.action or ""), shown_digest=shown_digest, via=via, now=now)
    decisions.record(
        operator, opportunity=draft.opportunity, draft=draft, action=button.action or "", via=via, tap_key=tap_key,
        reply=reply.code, carried_out=reply.carried_out, now=now,
    )  # fmt: skip
    return reply


def _rule(
    operator: Operator, draft: Draft, action: DraftAction, *, shown_digest: str | None, via: str, now: datetime
) -> Reply:
    message = drafts.message_of(draft)
    ruling = rule_on(DraftState(draft.state), action, phase=drafts.phase_of(message))
    settled = _nothing_to_decide(ruling, draft, message)
    if settled is not None:
        return settled
    seen = preview_draft.of(draft, now=now)
    if not _is_current(draft, action, shown_digest, current=seen.asked_digest):
        show_draft(operator, draft, now=now)
        return Reply(AnswerCode.STALE)
    match ruling:
        case DraftRuling.WAITS_FOR_TEXT:
            return Reply(AnswerCode.WAITS_FOR_TEXT)
        case DraftRuling.APPROVE:
            return approve(draft, operator, seen, via=via, now=now)
        case DraftRuling.RELEASE:
            return release(draft, operator, seen, message, via=via, now=now)
        case DraftRuling.EDIT | DraftRuling.EDIT_APPROVED:
            return _ask_for_text(operator, draft, now=now)
        case _:
            return _cancel(draft, was_approved=ruling is DraftRuling.UNDO, now=now)


def _nothing_to_decide(ruling: DraftRuling, draft: Draft, message: OutboxMessage | None) -> Reply | None:
    """The true answer where a tap changes nothing; None where there is something to decide."""
    match ruling:
        case DraftRuling.CLOSED:
            return Reply(AnswerCode.DRAFT_CLOSED, {"state": state_words(draft.state)})
        case DraftRuling.ALREADY_LEFT:
            return Reply(AnswerCode.ALREADY_LEFT)
        case DraftRuling.ALREADY_APPROVED if message is not None and message.state == OutboxState.PENDING:
            return _already_approved(draft)
        case DraftRuling.ALREADY_APPROVED:
            state = message.state if message is not None else OutboxState.SUPPRESSED.value
            return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words(state)})
        case DraftRuling.OUTCOME_UNKNOWN:
            return Reply(AnswerCode.SEND_UNKNOWN, {"name": one_line(draft.contact.name)})
        case DraftRuling.STILL_HELD if message is not None:
            return still_held(message)
        case _:
            return None


def _is_current(draft: Draft, action: DraftAction, shown_digest: str | None, *, current: str) -> bool:
    """Approving needs the exact digest; taking back needs only the current version, so that undo always works."""
    if shown_digest is None:
        return False
    if shown_digest == current:
        return True
    return action is not DraftAction.APPROVE and drafts.shows_current_version(draft, shown_digest)


def _already_approved(draft: Draft) -> Reply:
    approval = drafts.standing_approval(draft)
    who = isolate(approval.operator.name) if approval else "—"
    return Reply(AnswerCode.ALREADY_APPROVED, {"who": who})


def take_back_approval(draft: Draft, *, code: ReasonCode | None, now: datetime) -> bool:
    """Take the unsent message of an approved draft out of the outbox; False if it was claimed already."""
    if draft.state != DraftState.APPROVED:
        return True
    unsent = OutboxMessage.objects.filter(draft=draft, draft_version=draft.version)
    if not outbox_verbs.take_back(unsent, code=code, now=now) and _is_underway(draft):
        return False
    drafts.revoke_approval(draft, now=now)
    return True


def _is_underway(draft: Draft) -> bool:
    message = drafts.message_of(draft)
    return message is not None and message.state not in {OutboxState.SIMULATED, OutboxState.FAILED}


def _ask_for_text(operator: Operator, draft: Draft, *, now: datetime) -> Reply:
    if not take_back_approval(draft, code=None, now=now):
        return Reply(AnswerCode.ALREADY_LEFT)
    drafts.move(draft, to=DraftState.EDITING, come_from=LIVING, editor=operator, edit_asked_at=now)
    return Reply(AnswerCode.ASK_TEXT, {"name": one_line(draft.contact.name)}, carried_out=True)


def cancel_draft(draft: Draft, *, now: datetime) -> bool:
    """Cancel a living draft and take its message back; False if that message may have left."""
    if not take_back_approval(draft, code=None, now=now):
        return False
    return put_down(draft, now=now)


def _cancel(draft: Draft, *, was_approved: bool, now: datetime) -> Reply:
    if not cancel_draft(draft, now=now):
        return Reply(AnswerCode.ALREADY_LEFT)
    code = AnswerCode.UNDONE if was_approved else AnswerCode.CANCELLED
    return Reply(code, {"name": one_line(draft.contact.name)}, carried_out=True)
