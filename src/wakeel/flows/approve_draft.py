"""Approve exactly this text: the gate as if approved, then approval and outbox row in one commit. Walk 2."""

import random
from datetime import datetime, timedelta

from wakeel import config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category
from wakeel.domain.content_reading import as_kept
from wakeel.domain.drafts import APPROVAL_LIFE, content_hash
from wakeel.domain.gate import preview
from wakeel.domain.gate_request import Verdict
from wakeel.domain.outbox import Audience, Lane, OutboxState, spread
from wakeel.domain.reasons import REASONS, Answer, ReasonCode
from wakeel.domain.text import one_line
from wakeel.flows.effects import Approved, Effects
from wakeel.flows.fitting_templates import that_work
from wakeel.flows.preview_draft import Preview
from wakeel.flows.reply import ReasonOf, Reply, Value
from wakeel.flows.step_links import Steps
from wakeel.flows.vote import vote
from wakeel.store import cards, contacts, drafts, meetings, verdicts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.drafts import Queued
from wakeel.store.models import Approval, Draft, Operator, OutboxMessage, VerdictRow


def approve(
    draft: Draft, operator: Operator, seen: Preview, *, queued: Queued, effects: Effects, via: str, now: datetime,
    not_before: datetime | None = None,
) -> Reply:  # fmt: skip
    """Approve what was just seen of a locked draft. queued: what was queued for this version before. not_before: when
    it may leave at the earliest, and the gate is asked for that moment too; None for at once.

    HOLD and BLOCK store no approval: the verdict and the answer are kept, the draft stays, and is shown once when the
    cause is cured. The exception is a stop switch: the approval is kept, the message held. Of a text that needs two
    people, the first approval is a vote.
    """
    verdict = seen.verdict
    effects.judged.append((_judged(draft, seen, now=now), seen.request.policy))
    if not_before is not None and verdict.may_be_approved:
        verdict = preview(seen.request, now=not_before)
    is_stopped = verdict.is_only_stopped
    if not verdict.may_be_approved and not is_stopped:
        effects.refused.append(draft)
        return _refused(draft, verdict, now=now)
    missing = vote(draft, operator, seen, via=via, now=now)
    if missing is not None:
        return missing
    due_at = max(_due_at(verdict, now=now), not_before or now)
    message = _message(draft, seen, verdict, number=queued.count + 1, due_at=due_at, now=now)
    effects.approved.append(Approved(draft, _approval(draft, operator, seen, via=via, now=now), message))
    return _approved(draft, verdict, is_stopped=is_stopped, due_at=due_at, is_chosen=not_before is not None)


def release(
    draft: Draft, operator: Operator, seen: Preview, message: OutboxMessage | None, *, via: str, now: datetime
) -> Reply:
    """Send as it is: the contact wrote after the approval, the operator read it and stands by the text."""
    verdicts.keep_all([_judged(draft, seen, now=now)], seen.request.policy)
    if not seen.verdict.may_be_approved or message is None:
        return _refused(draft, seen.verdict, now=now)
    missing = vote(draft, operator, seen, via=via, now=now)
    if missing is not None:
        return missing
    drafts.revoke_approval(draft, now=now)
    _approval(draft, operator, seen, via=via, now=now).save(force_insert=True)
    due_at = _due_at(seen.verdict, now=now)
    body = dict(seen.body or {})
    released = outbox_verbs.move(
        message.id, to=OutboxState.PENDING, come_from=[OutboxState.HELD], now=now, hold_code=_waits_for(seen.verdict),
        due_at=due_at, digest=seen.digest, body=body, content_hash=content_hash(body), address=seen.address or "",
    )  # fmt: skip
    if not released:
        return Reply(AnswerCode.ALREADY_LEFT)
    if message.hold_code == ReasonCode.UNREAD_MESSAGE:
        contacts.note_unread(contacts.group_of(draft.contact), since=None)
    cards.close(now=now, draft=draft)
    if seen.verdict.answer is Answer.ALLOW:
        values: dict[str, Value] = {"name": one_line(draft.contact.name), "seconds": config.get().undo_seconds}
        return Reply(AnswerCode.RELEASED, values, carried_out=True)
    return _approved(draft, seen.verdict, is_stopped=False, due_at=due_at)


def _due_at(verdict: Verdict, *, now: datetime) -> datetime:
    """After the undo grace; what must wait leaves at its hour, not everything in the same second."""
    earliest = now + timedelta(seconds=config.get().undo_seconds)
    if verdict.next_allowed_at is None:
        return earliest
    share = random.random()  # noqa: S311 - spreads load, no secret
    return max(earliest, spread(verdict.next_allowed_at, now=now, share=share))


def _waits_for(verdict: Verdict) -> str:
    return verdict.code.value if verdict.answer is Answer.DEFER else ""


def _judged(draft: Draft, seen: Preview, *, now: datetime) -> VerdictRow:
    return verdicts.row(draft.business_id, seen.verdict, request=seen.request, phase="plan", draft_id=draft.id, now=now)


def _approval(draft: Draft, operator: Operator, seen: Preview, *, via: str, now: datetime) -> Approval:
    return Approval(
        business_id=draft.business_id,
        draft=draft,
        version=draft.version,
        digest=seen.digest,
        words_read=as_kept(seen.text, draft.number.business.name),
        grant_id=seen.grant_id,
        operator=operator,
        via=via,
        approved_at=now,
        expires_at=now + APPROVAL_LIFE,
    )


def _message(
    draft: Draft, seen: Preview, verdict: Verdict, *, number: int, due_at: datetime, now: datetime
) -> OutboxMessage:
    """One message per approval: taken back and approved again is a new row, the old one stays as history."""
    is_stopped = verdict.is_only_stopped
    return outbox_verbs.made(
        business_id=draft.business_id,
        number_id=draft.number_id,
        audience=Audience.CONTACT,
        contact_id=draft.contact_id,
        draft=draft,
        draft_version=draft.version,
        address=seen.address or "",
        lane=Lane.CONTACT,
        body=seen.body or {},
        digest=seen.digest,
        category=Category(draft.category),
        purpose=draft.purpose,
        request_key=f"{draft.id}:{draft.version}:{number}",
        due_at=due_at,
        expires_at=meetings.leaves_before(draft),
        now=now,
        state=OutboxState.HELD.value if is_stopped else OutboxState.PENDING.value,
        hold_code=ReasonCode.KILL_SWITCH.value if is_stopped else _waits_for(verdict),
    )


def _refused(draft: Draft, verdict: Verdict, *, now: datetime) -> Reply:
    steps = that_work(REASONS[verdict.code].steps, draft.opportunity_id, now=now)
    return Reply(
        AnswerCode.REFUSED,
        {
            "name": one_line(draft.contact.name),
            "reason": ReasonOf(verdict),
            "steps": Steps(steps, draft.number, draft.contact_id, draft.opportunity_id),
        },
    )


def _approved(draft: Draft, verdict: Verdict, *, is_stopped: bool, due_at: datetime, is_chosen: bool = False) -> Reply:
    """is_chosen: somebody chose when it leaves."""
    name = one_line(draft.contact.name)
    if is_stopped:
        return Reply(AnswerCode.APPROVED_HELD, {"reason": ReasonOf(verdict)}, carried_out=True)
    if verdict.answer is Answer.SIMULATE:
        return Reply(AnswerCode.APPROVED_DRY, {"name": name}, carried_out=True)
    if verdict.answer is Answer.DEFER:
        values: dict[str, Value] = {"name": name, "t": due_at, "reason": ReasonOf(verdict)}
        return Reply(AnswerCode.APPROVED_LATER, values, carried_out=True)
    if is_chosen:
        return Reply(AnswerCode.APPROVED_FOR, {"name": name, "t": due_at}, carried_out=True)
    return Reply(AnswerCode.APPROVED, {"name": name, "seconds": config.get().undo_seconds}, carried_out=True)
