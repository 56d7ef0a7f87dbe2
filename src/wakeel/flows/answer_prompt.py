"""An operator tapped a question that is no card of an opportunity or a draft: who answers it, and what is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.operator_texts import is_late
from wakeel.domain.prompts import PromptKind, carried_by, counts_when_late
from wakeel.flows.reply import Reply, state_words
from wakeel.store import decisions
from wakeel.store.models import Operator, Prompt


@dataclass(frozen=True, slots=True)
class Answered:
    """One tap, click or typed word. operator: locked. prompt: None if it was clicked on a page. tap_key: the tap's
    wamid or the page's one-time key; whoever decides something with it records a decision. via: phone or screen.
    """

    operator: Operator
    button: ButtonReply
    prompt: Prompt | None
    tap_key: str
    via: str

    @property
    def subject(self) -> str:
        return self.button.subject_id or ""


Handler = Callable[[Answered, datetime], Reply | None]
"""Carries a tap out inside the caller's transaction; None when what it queued is itself the answer."""

_HANDLERS: Mapping[PromptKind, Handler] = {}


def answer_prompt(answered: Answered, *, sent_at: datetime, now: datetime) -> Reply | None:
    """Carry out one tap inside the caller's transaction, and what is said to it.

    A button counts only on the message that carried it. sent_at: when it was tapped.
    """
    kind, prompt = carried_by(answered.button), answered.prompt
    handler = _HANDLERS.get(kind) if kind is not None else None
    if handler is None:
        return Reply(AnswerCode.STALE_NOTHING, {"state": state_words("expired")})
    if answered.via == "phone" and not (prompt is not None and _is_of(prompt, kind, answered.button)):
        return Reply(AnswerCode.STALE_NOTHING, {"state": state_words("expired")})
    if is_late(sent_at, now=now) and not counts_when_late(answered.button):
        return Reply(AnswerCode.LATE, {"t": sent_at})
    if decisions.was_taken(answered.operator.business_id, answered.tap_key):
        return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words("expired")})
    return handler(answered, now)


def _is_of(prompt: Prompt, kind: PromptKind | None, button: ButtonReply) -> bool:
    """The buttons of a brief name nothing: the brief they stand on is what they are about."""
    return prompt.kind == kind and (button.kind is ButtonKind.BRIEF or prompt.subject == button.subject_id)
