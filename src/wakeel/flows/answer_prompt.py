"""An operator tapped a question that is no card of an opportunity or a draft: who answers it, and what is said."""

from collections.abc import Mapping
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonReply
from wakeel.domain.operator_texts import is_late
from wakeel.domain.prompts import PromptKind, carried_by, counts_when_late
from wakeel.flows import (
    answer_brief,
    answer_reply,
    approve_batch,
    choose_next,
    close_opportunity,
    decide_meeting,
    give_reason,
)
from wakeel.flows.answered import Answered, Handler
from wakeel.flows.no_operator import no_operator
from wakeel.flows.reply import Reply, state_words
from wakeel.store import decisions
from wakeel.store.models import Prompt

_HANDLERS: Mapping[PromptKind, Handler] = {
    PromptKind.MEETING: decide_meeting.answer_meeting,
    PromptKind.NEXT: choose_next.chosen,
    PromptKind.TIMES: choose_next.timed,
    PromptKind.REASONS: give_reason.reasoned,
    PromptKind.OUTCOME: close_opportunity.answered_outcome,
    PromptKind.REPLY: answer_reply.answered_reply,
    PromptKind.BATCH: approve_batch.decide,
    PromptKind.BRIEF: answer_brief.answer_brief,
}


def answer_prompt(answered: Answered, *, sent_at: datetime, now: datetime) -> Reply | None:
    """Carry out one tap inside the caller's transaction, and what is said to it.

    A button counts only on the message that carried it; those of a brief decide nothing and count wherever they stand.
    sent_at: when it was tapped.
    """
    if (no_more := no_operator(answered.operator)) is not None:
        return no_more
    kind, prompt = carried_by(answered.button), answered.prompt
    handler = _HANDLERS.get(kind) if kind is not None else None
    if handler is None:
        return Reply(AnswerCode.STALE_NOTHING, {"state": state_words("expired")})
    is_asked = kind is PromptKind.BRIEF or (prompt is not None and _is_of(prompt, kind, answered.button))
    if answered.via == "phone" and not is_asked:
        return Reply(AnswerCode.STALE_NOTHING, {"state": state_words("expired")})
    if is_late(sent_at, now=now) and not counts_when_late(answered.button):
        return Reply(AnswerCode.LATE, {"t": sent_at})
    if decisions.was_taken(answered.operator.business_id, answered.tap_key):
        return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words("expired")})
    return handler(answered, now)


def _is_of(prompt: Prompt, kind: PromptKind | None, button: ButtonReply) -> bool:
    return prompt.kind == kind and prompt.subject == button.subject_id
