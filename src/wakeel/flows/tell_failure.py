"""Tell the person who approved a message that it did not go through, why, and what can be done. Walk 3."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.steps import Step, after_acceptance
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows.reply import Reply, Value, reason_words
from wakeel.flows.step_links import Steps
from wakeel.flows.tell_operator import tell
from wakeel.store.models import Approval, OutboxMessage, VerdictRow
from wakeel.whatsapp.errors import reason, steps


def tell_failure(message: OutboxMessage, code: AnswerCode, *, now: datetime) -> None:
    """Queue one answer for one attempt of one message; nothing for messages to operators (the screens show those)."""
    why = reason(message.failure_code, details=message.failure_details)
    next_steps = steps(message.failure_code, details=message.failure_details)
    if message.state == OutboxState.ACCEPTED:
        next_steps = after_acceptance(next_steps)
    _tell(message, code, why, next_steps, now=now)


def tell_held(message: OutboxMessage, why: Text, next_steps: tuple[Step, ...], *, now: datetime) -> None:
    """The claim refused what was approved: say so, also when it was released and is refused once more."""
    _tell(message, AnswerCode.HELD_NOW, why, next_steps, now=now, again=f":{now.isoformat()}")


def tell_confirmed(message: OutboxMessage, *, now: datetime) -> None:
    """A late status settled what was unknown: whoever was told so hears the end of it."""
    _tell(message, AnswerCode.SEND_CONFIRMED, Text("", ""), (), now=now)


def still_held(message: OutboxMessage) -> Reply:
    """What to say to somebody who approves once more what is held for another reason."""
    code = ReasonCode(message.hold_code)
    name = one_line(message.contact.name) if message.contact else ""
    verdict = VerdictRow.objects.filter(outbox=message, code=code.value).order_by("-id").first()
    facts = verdict.facts if verdict is not None else {"scope": "business"}
    why = Text(*(reason_words(code, facts, language) for language in ("ar", "en")))
    return Reply(AnswerCode.HELD_NOW, {"name": name, "reason": why, "steps": _steps(message, REASONS[code].steps)})


def _tell(
    message: OutboxMessage,
    code: AnswerCode,
    why: Text,
    next_steps: tuple[Step, ...],
    *,
    now: datetime,
    again: str = "",
) -> None:
    approval = (
        Approval.objects.filter(draft=message.draft_id).select_related("operator").order_by("-approved_at").first()
    )
    if message.contact is None or message.draft_id is None or approval is None:
        return
    values: dict[str, Value] = {
        "name": one_line(message.contact.name),
        "reason": why,
        "steps": _steps(message, next_steps),
    }
    key = f"{code}:{message.id}:{message.fence}{again}"
    tell(approval.operator, Reply(code, values), key=key, now=now, about=message.contact)


def _steps(message: OutboxMessage, next_steps: tuple[Step, ...]) -> Steps:
    opportunity_id = message.draft.opportunity_id if message.draft else ""
    return Steps(next_steps, message.number, message.contact_id or "", opportunity_id)
