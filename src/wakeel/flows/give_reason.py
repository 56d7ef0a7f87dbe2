"""Why an opportunity was skipped: asked under the answer to تخطي, never needed, and what the ranking learns from."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, button_id
from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.prompts import PromptKind
from wakeel.domain.skip_reasons import REASON_EFFECTS, REASON_WORDS, SkipReason
from wakeel.domain.words import Text
from wakeel.flows.already_decided import already_decided
from wakeel.flows.answered import Answered
from wakeel.flows.choose_next import deciding_of
from wakeel.flows.list_question import Choice, ListQuestion
from wakeel.flows.put_off import Deciding
from wakeel.flows.reply import Reply
from wakeel.store import decisions, prompts, snoozes
from wakeel.store.models import Opportunity

_OPENS = Text("السبب (اختياري)", "Why? (optional)")


def reasons_question(opportunity: Opportunity) -> ListQuestion:
    choices = tuple(
        Choice(button_id(ButtonKind.SKIP_REASON, reason, subject_id=opportunity.id), words, REASON_EFFECTS[reason])
        for reason, words in REASON_WORDS.items()
    )
    return ListQuestion(PromptKind.REASONS, opportunity.id, _OPENS, choices)


def reasoned(answered: Answered, now: datetime) -> Reply:
    """A tap on the list of reasons."""
    found = deciding_of(answered)
    return found if isinstance(found, Reply) else give_reason(found, SkipReason(answered.button.action or ""), now=now)


def give_reason(deciding: Deciding, reason: SkipReason, *, now: datetime) -> Reply:
    """Keep why it was skipped, inside the caller's transaction; another reason replaces the first."""
    opportunity = deciding.opportunity
    if opportunity.state != OpportunityState.SKIPPED:
        return already_decided(opportunity)
    if opportunity.skip_reason == reason:
        return Reply(AnswerCode.REASON_SAME, {"reason": REASON_WORDS[reason]})
    snoozes.give_reason(opportunity, reason.value)
    prompts.end(opportunity.business_id, opportunity.id, PromptKind.REASONS, now=now)
    values = {"reason": REASON_WORDS[reason], "effect": REASON_EFFECTS[reason]}
    reply = Reply(AnswerCode.REASON_KEPT, values, carried_out=True)
    decisions.record(
        deciding.operator, opportunity=opportunity, action="reason", via=deciding.via, tap_key=deciding.tap_key,
        reply=reply.code, carried_out=True, now=now,
    )  # fmt: skip
    return reply
