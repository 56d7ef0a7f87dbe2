"""What follows when WhatsApp or our own client refused a send: into the queue later, or onto the desk. Walk 3."""

import random
from datetime import datetime, timedelta

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.outbox import OutboxState
from wakeel.flows import number_breaker
from wakeel.flows.note_failure import note_failure
from wakeel.flows.platform_stopped import note_platform_stop
from wakeel.flows.tell_failure import tell_failure
from wakeel.store import outbox, statuses
from wakeel.store.models import Attempt, OutboxMessage
from wakeel.whatsapp.errors import Failure, machine_wait


def after_refusal(attempt: Attempt, failure: Failure, *, now: datetime) -> timedelta | None:
    """Close a refused attempt and move its message on, inside the caller's transaction, which holds the message.

    Returns the wait after which the machine tries again; None if it does not: the message failed and is told about,
    or the attempt had been settled before and nothing happened (fenced).
    """
    # An answer that no column holds must still be recorded: the message was refused.
    code, details = statuses.code_kept(failure.code), failure.details.replace("\0", "")
    ended = outbox.end_attempt(
        attempt, outcome="failed", real_now=clock.real_now(), http_status=failure.http_status, failure_code=code,
        details=details,
    )  # fmt: skip
    if not ended:
        return None
    number_breaker.after_refusal(attempt, failure)
    fields = {"failure_code": code, "failure_details": details}
    delay = machine_wait(failure, tries=attempt.number, share=random.random())  # noqa: S311 - spreads load, no secret
    if delay is not None:
        moved = outbox.leave_sending(attempt, to=OutboxState.PENDING, now=now, due_at=now + delay, **fields)
        return delay if moved else None
    failed = outbox.leave_sending(attempt, to=OutboxState.FAILED, now=now, **fields)
    message = OutboxMessage.objects.select_related("contact", "number", "draft").get(pk=attempt.outbox_id)
    note_failure(message, code, now=now)
    if failed:
        note_platform_stop(message, code, fence=attempt.number, at=now, now=now)
        tell_failure(message, AnswerCode.SEND_FAILED, now=now)
    return None
