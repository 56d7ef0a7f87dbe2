"""What a tap on an approval card does: approve, edit, cancel, undo. Walk 2."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.drafts import LIVING, DraftAction, DraftRuling, DraftState, rule_on
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.text import isolate, one_line
from wakeel.flows import preview_draft
from wakeel.flows.approve_draft import approve, release
from wakeel.flows.effects import Effects
from wakeel.flows.preview_draft import Preview
from wakeel.flows.put_down_draft import put_down
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.tell_failure import still_held
from wakeel.store import decisions, drafts, meetings
from wakeel.store import outbox as outbox_verbs
from wakeel.store.drafts import Queued
from wakeel.store.models import Draft, Operator, OutboxMessage


@dataclass(frozen=True, slots=True)
class DraftTap:
    """One tap on an approval card. operator, draft: locked. shown_digest: of what was tapped, None if unknown.

    not_before: when an approved message may leave at the earliest, None for at once.
    """

    operator: Operator
    draft: Draft
    action: str
    shown_digest: str | None
    tap_key: str
    via: str
    not_before: datetime | None = None


def decide_drafts(taps: Sequence[DraftTap], *, effects: Effects, now: datetime) -> list[Reply]:
    """Carry out taps on different approval cards inside the caller's transaction, which locked their drafts."""
    queued = drafts.queued_of([tap.draft for tap in taps])
    ruled = [_rule(tap, queued.get(tap.draft.id, Queued()).last) for tap in taps]
    open_still = [tap.draft for tap, (_, settled) in zip(taps, ruled, strict=True) if settled is None]
    seen = preview_draft.of_all(open_still, now=now)
    replies = [
        settled or _decide(tap, ruling, seen[tap.draft.id], queued.get(tap.draft.id, Queued()), effects, now=now)
        for tap, (ruling, settled) in zip(taps, ruled, strict=True)
    ]
    effects.decisions += [
        decisions.made(
            tap.operator, opportunity=tap.draft.opportunity, draft=tap.draft, action=tap.action, via=tap.via,
            tap_key=tap.tap_key, reply=reply.code, carried_out=reply.carried_out, now=now,
        )
        for tap, reply in zip(taps, replies, strict=True)
    ]  # fmt: skip
    return replies


def _rule(tap: DraftTap, message: OutboxMessage | None) -> tuple[DraftRuling, Reply | None]:
    """What becomes of it, with the answer if it changes nothing."""
    phase = drafts.phase_of(message)
    ruling = rule_on(DraftState(tap.draft.state), DraftAction(tap.action), phase=phase)
    return ruling, _nothing_to_decide(ruling, tap.draft, message)


def _decide(
    tap: DraftTap, ruling: DraftRuling, seen: Preview, queued: Queued, effects: Effects, *, now: datetime
) -> Reply:
    draft, operator = tap.draft, tap.operator
    action, current = DraftAction(tap.action), seen.asked_digest
    if not _is_current(draft, action, tap.shown_digest, current=current, message=queued.last):
        effects.shown_drafts.append((operator, draft))
        return Reply(AnswerCode.STALE)
    match ruling:
        case DraftRuling.WAITS_FOR_TEXT:
            return Reply(AnswerCode.WAITS_FOR_TEXT)
        case DraftRuling.APPROVE | DraftRuling.RELEASE if meetings.has_begun(draft, now=now):
            return _ask_for_times(operator, draft, now=now)
        case DraftRuling.APPROVE:
            return approve(
                draft, operator, seen, queued=queued, effects=effects, via=tap.via, now=now, not_before=tap.not_before
            )
        case DraftRuling.RELEASE:
            return release(draft, operator, seen, queued.last, via=tap.via, now=now)
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


def _is_current(
    draft: Draft, action: DraftAction, shown_digest: str | None, *, current: str, message: OutboxMessage | None
) -> bool:
    """Approving needs the exact digest; taking back needs only the current version, so that undo always works.

    message: of that version; a page shows its digest, which stays what was approved when a consent changes.
    """
    if shown_digest is None:
        return False
    if shown_digest == current:
        return True
    if action is DraftAction.APPROVE:
        return False
    is_message = message is not None and message.digest == shown_digest
    return is_message or drafts.shows_current_version(draft, shown_digest)


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
    if message is None or (message.state == OutboxState.ACCEPTED and message.status == MessageStatus.FAILED):
        return False
    return message.state not in {OutboxState.SIMULATED, OutboxState.FAILED}


def _ask_for_text(operator: Operator, draft: Draft, *, now: datetime) -> Reply:
    if not take_back_approval(draft, code=None, now=now):
        return Reply(AnswerCode.ALREADY_LEFT)
    drafts.move(draft, to=DraftState.EDITING, come_from=LIVING, editor=operator, edit_asked_at=now)
    code = AnswerCode.ASK_TEXT if draft.meeting_id is None else AnswerCode.MEETING_ASK
    return Reply(code, {"name": one_line(draft.contact.name)}, carried_out=True)


def _ask_for_times(operator: Operator, draft: Draft, *, now: datetime) -> Reply:
    """The card lay there until a time on it was over: nothing is approved, and the next text is its new times."""
    asked = _ask_for_text(operator, draft, now=now)
    return Reply(AnswerCode.MEETING_TIMES_OVER, asked.values) if asked.carried_out else asked


def cancel_draft(draft: Draft, *, now: datetime) -> bool:
    """Cancel a living draft and take its message back; False if that message may have left."""
    if not take_back_approval(draft, code=None, now=now):
        return False
    return put_down(draft, now=now)


def _cancel(draft: Draft, *, was_approved: bool, now: datetime) -> Reply:
    if not cancel_draft(draft, now=now):
        return Reply(AnswerCode.ALREADY_LEFT)
    if draft.meeting is not None:
        was_invited = draft.meeting.invited_at is not None
        code = AnswerCode.MEETING_CANCELLED if was_invited else AnswerCode.MEETING_UNSENT
        values = {"name": one_line(draft.contact.name), "title": one_line(draft.meeting.title)}
        return Reply(code, values, carried_out=True)
    code = AnswerCode.UNDONE if was_approved else AnswerCode.CANCELLED
    return Reply(code, {"name": one_line(draft.contact.name)}, carried_out=True)
