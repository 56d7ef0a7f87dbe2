"""Tell the person who approved a message that it did not go through, why, and what can be done. Walk 3."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.steps import Step
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows.reply import Reply, Steps, Value
from wakeel.flows.tell_operator import tell
from wakeel.store.models import Approval, OutboxMessage
from wakeel.whatsapp.errors import reason, steps


def tell_failure(message: OutboxMessage, code: AnswerCode, *, now: datetime) -> None:
    """Queue one answer for one attempt of one message; nothing for messages to operators (the screens show those)."""
    why = reason(message.failure_code, details=message.failure_details)
    _tell(message, code, why, steps(message.failure_code, details=message.failure_details), now=now)


def tell_held(message: OutboxMessage, why: Text, next_steps: tuple[Step, ...], *, now: datetime) -> None:
    """The claim refused what was approved: say so once."""
    _tell(message, AnswerCode.HELD_NOW, why, next_steps, now=now)


def _tell(message: OutboxMessage, code: AnswerCode, why: Text, next_steps: tuple[Step, ...], *, now: datetime) -> None:
    approval = (
        Approval.objects.filter(draft=message.draft_id).select_related("operator").order_by("-approved_at").first()
    )
    if message.contact is None or message.draft_id is None or approval is None:
        return
    values: dict[str, Value] = {"name": one_line(message.contact.name), "reason": why, "steps": Steps(next_steps)}
    tell(approval.operator, Reply(code, values), key=f"{code}:{message.id}:{message.fence}", now=now)
