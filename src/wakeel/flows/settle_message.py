"""A person settles what the machine must not: an unanswered send, a failure, a held message. Walk 3."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.drafts import DraftState
from wakeel.domain.failures import outages
from wakeel.domain.opportunities import IN_WORK, OpportunityState
from wakeel.domain.outbox import LEASE, SETTLE_GRACE, UNCLAIMED, OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.words import Text
from wakeel.flows.decide_draft import cancel_draft
from wakeel.flows.no_operator import no_operator
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.show_card import show_draft
from wakeel.store import decisions, drafts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Attempt, Draft, Operator, OutboxMessage
from wakeel.store.retry import whole_transaction


class SettleVerb(StrEnum):
    IT_ARRIVED = "it_arrived"
    SEND_AGAIN = "send_again"  # states "it did not arrive": the old attempt is closed as failed
    GIVE_UP = "give_up"
    RETRY = "retry"
    STOP_RETRY = "stop_retry"


TOGETHER = frozenset({SettleVerb.IT_ARRIVED, SettleVerb.SEND_AGAIN, SettleVerb.GIVE_UP})
"""What can be decided for a whole outage at once."""


@whole_transaction
def settle(operator_id: str, outbox_id: str, verb: str, *, tap_key: str, now: datetime) -> Reply:
    """Carry out one settling decision; what no longer fits the message's state changes nothing and says so."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        rows = OutboxMessage.objects.select_for_update(of=("self",)).select_related("draft__opportunity")
        message = rows.filter(pk=outbox_id, business_id=operator.business_id, audience="contact").first()
        if (no_more := no_operator(operator)) is not None:
            return no_more
        if message is None or verb not in set(SettleVerb):
            return Reply(AnswerCode.UNKNOWN_BUTTON)
        if decisions.was_taken(operator.business_id, tap_key):
            return Reply(AnswerCode.ALREADY_DECIDED, {"state": _words(message)})
        done = _carry_out(message, SettleVerb(verb), operator, now=now)
        message.refresh_from_db(fields=["state"])
        code = AnswerCode.SETTLED if done else AnswerCode.ALREADY_DECIDED
        reply = Reply(code, {"state": _words(message)}, carried_out=done)
        decisions.record(
            operator, opportunity=message.draft.opportunity if message.draft else None, draft=message.draft,
            action=verb, via="screen", tap_key=tap_key, reply=reply.code, carried_out=done, now=now,
        )  # fmt: skip
        return reply


@whole_transaction
def settle_outage(operator_id: str, outbox_id: str, verb: str, *, tap_key: str, now: datetime) -> Reply:
    """The same decision for every unanswered send of the outage in which this one was tried, in one commit."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        if verb not in TOGETHER:
            return Reply(AnswerCode.UNKNOWN_BUTTON)
        if decisions.was_taken(operator.business_id, tap_key):
            return Reply(AnswerCode.SETTLED_TOGETHER, {"n": 0})
        unanswered = outbox_verbs.unanswered_beside(operator.business_id, outbox_id)
        of_outage = next((run for run in outages(unanswered) if outbox_id in run), [])
        replies = [
            settle(operator_id, one, verb, tap_key=tap_key if one == outbox_id else f"{tap_key}:{one}", now=now)
            for one in of_outage
        ]
        done = sum(reply.carried_out for reply in replies)
        return Reply(AnswerCode.SETTLED_TOGETHER, {"n": done}, carried_out=done > 0)


def _words(message: OutboxMessage) -> Text:
    """A message's `accepted` is said as sent; the bare word belongs to opportunities."""
    if message.state != OutboxState.ACCEPTED:
        return state_words(message.state)
    if message.status == MessageStatus.FAILED and message.draft is not None:
        draft_state = Draft.objects.filter(pk=message.draft_id).values_list("state", flat=True).get()
        if draft_state == DraftState.AWAITING_APPROVAL:
            return state_words(draft_state)
    return state_words("failed" if message.status == MessageStatus.FAILED else "sent")


def may_send_again(message: OutboxMessage, *, real_now: datetime) -> bool:
    """Only after lease and grace: a late status may still prove that it arrived."""
    attempt = Attempt.objects.filter(outbox=message, number=message.fence).first()
    return attempt is not None and real_now >= attempt.started_at + LEASE + SETTLE_GRACE


def _carry_out(message: OutboxMessage, verb: SettleVerb, operator: Operator, *, now: datetime) -> bool:
    match verb:
        case SettleVerb.IT_ARRIVED:
            _close_attempt(message, operator, outcome="accepted")
            moved = _move(message, OutboxState.ACCEPTED, OutboxState.UNKNOWN, now=now)
            if moved and message.draft is not None:
                opportunity = message.draft.opportunity
                decisions.move_opportunity(opportunity, to=OpportunityState.CONTACTED, come_from=IN_WORK, now=now)
            return moved
        case SettleVerb.SEND_AGAIN:
            if not may_send_again(message, real_now=clock.real_now()):
                return False
            return _leave_again(message, operator, OutboxState.UNKNOWN, now=now)
        case SettleVerb.RETRY if message.state == OutboxState.ACCEPTED:
            return _ask_once_more(message, operator, now=now)
        case SettleVerb.RETRY:
            return _leave_again(message, operator, OutboxState.FAILED, now=now)
        case SettleVerb.GIVE_UP:
            return _give_up(message, operator, now=now)
        case SettleVerb.STOP_RETRY:
            return _stop_retrying(message, now=now)


def _give_up(message: OutboxMessage, operator: Operator, *, now: datetime) -> bool:
    """Off the desk. What had not left is cancelled with its draft, and the opportunity is open again."""
    if message.draft_id is None and message.state in UNCLAIMED:
        # A fixed text, about which nobody was asked: taken back, and nothing else hangs on it.
        return bool(outbox_verbs.take_back(OutboxMessage.objects.filter(pk=message.pk), code=None, now=now))
    failed_later = message.state == OutboxState.ACCEPTED and message.status == MessageStatus.FAILED
    if message.state not in {OutboxState.UNKNOWN, OutboxState.FAILED, OutboxState.HELD} and not failed_later:
        return False
    _close_attempt(message, operator, outcome="failed")
    outbox_verbs.settle_attempt(message, settled_by=operator.id)
    _move(message, OutboxState.FAILED, OutboxState.UNKNOWN, now=now)
    draft = drafts.lock(message.draft_id or "")
    if draft is not None and draft.state == DraftState.APPROVED and draft.version == message.draft_version:
        cancel_draft(draft, now=now)
    return True


def _stop_retrying(message: OutboxMessage, *, now: datetime) -> bool:
    """The machine has tried it before and would again: taken back, and the opportunity is open."""
    if message.state != OutboxState.PENDING or not message.fence:
        return False
    draft = drafts.lock(message.draft_id or "")
    if draft is None:
        return bool(outbox_verbs.take_back(OutboxMessage.objects.filter(pk=message.pk), code=None, now=now))
    return draft.version == message.draft_version and cancel_draft(draft, now=now)


def _ask_once_more(message: OutboxMessage, operator: Operator, *, now: datetime) -> bool:
    """WhatsApp had taken it and reported later that it did not arrive: one more try is a message of its own, and the
    same text asks for a new approval."""
    draft = drafts.lock(message.draft_id or "")
    if draft is None or message.status != MessageStatus.FAILED or draft.version != message.draft_version:
        return False
    if not drafts.move(draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.APPROVED]):
        return False
    drafts.revoke_approval(draft, now=now)
    outbox_verbs.settle_attempt(message, settled_by=operator.id)
    show_draft(operator, draft, now=now)
    return True


def _leave_again(message: OutboxMessage, operator: Operator, come_from: OutboxState, *, now: datetime) -> bool:
    """Back into the queue; the gate decides again at the claim, and a new attempt is journalled."""
    if message.state != come_from or (message.draft and message.draft.version != message.draft_version):
        return False
    _close_attempt(message, operator, outcome="failed")
    return outbox_verbs.move(
        message.id, to=OutboxState.PENDING, come_from=[come_from], now=now, due_at=now, failure_code=None,
        failure_details="", status=None,
    )  # fmt: skip


def _move(message: OutboxMessage, to: OutboxState, come_from: OutboxState, *, now: datetime) -> bool:
    return outbox_verbs.move(message.id, to=to, come_from=[come_from], now=now)


def _close_attempt(message: OutboxMessage, operator: Operator, *, outcome: str) -> None:
    rows = Attempt.objects.filter(outbox=message, number=message.fence, outcome="unknown")
    rows.update(outcome=outcome, settled_by=operator.id, ended_at=clock.real_now())
