"""Merge news of a message we sent: forward only, in any order, any number of times. Walk 2 and 3."""

from datetime import datetime

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.events import StatusReceived
from wakeel.domain.outbox import OutboxState
from wakeel.domain.statuses import MessageStatus, merge
from wakeel.flows.note_acceptance import note_acceptance
from wakeel.flows.platform_stopped import note_platform_stop
from wakeel.flows.tell_failure import tell_confirmed, tell_failure
from wakeel.store import outbox as outbox_verbs
from wakeel.store import statuses
from wakeel.store.erased_ids import is_token
from wakeel.store.models import Attempt, OutboxMessage, StatusEvent


def record_status(business_id: str, event: StatusReceived, *, now: datetime) -> bool:
    """Keep one status and what follows from it, inside the caller's transaction.

    True if it is about somebody whose data was destroyed: then what it came in must not name them either.

    A status that names an attempt of ours settles it, also one that nobody answered. One that matches nothing yet is
    parked: the answer to the send may be slower than the webhook.
    """
    attempt = statuses.attempt_of(business_id, event)
    row = statuses.keep(business_id, event, attempt=attempt, now=now)
    if row is not None and attempt is not None:
        apply_status(attempt, row, now=now)
    return attempt is not None and is_token(attempt.wamid)


def match_parked(attempt: Attempt, *, now: datetime) -> None:
    """The wamid of this attempt is known now: statuses that came earlier are applied."""
    for row in statuses.parked(attempt):
        StatusEvent.objects.filter(pk=row.pk).update(attempt=attempt)
        apply_status(attempt, row, now=now)


def apply_status(attempt: Attempt, row: StatusEvent, *, now: datetime) -> None:
    """Settle the attempt if it is open, then merge the status into its message.

    News of an attempt that has a successor settles that attempt only; the event stays as what happened.
    """
    message = OutboxMessage.objects.select_for_update(of=("self",)).select_related("contact").get(pk=attempt.outbox_id)
    if attempt.wamid is None:
        _settle(attempt, row.wamid, now=now)
    # Somebody whose data was destroyed: the news is merged, and nothing is written or told about them any more.
    is_erased = message.contact is not None and message.contact.erased_at is not None
    if row.status == MessageStatus.FAILED and not is_erased:
        # What they said stands, whatever else became of the message, and whichever news came first.
        note_platform_stop(message, row.failure_code, fence=attempt.number, at=row.at, clock="whatsapp", now=now)
    if attempt.number != message.fence:
        return
    message.refresh_from_db(fields=["state"])
    known = MessageStatus(message.status) if message.status else None
    merged = merge(known, row.status)
    if merged is known or merged is None:
        return
    message.status = merged.value
    fields = ["status", "updated_at"]
    message.updated_at = now
    if merged is MessageStatus.FAILED:
        message.failure_code, message.failure_details = row.failure_code, row.details
        fields += ["failure_code", "failure_details"]
    message.save(update_fields=fields)
    if merged is MessageStatus.FAILED and not is_erased:
        tell_failure(message, AnswerCode.SEND_FAILED, now=now)


def _settle(attempt: Attempt, wamid: str, *, now: datetime) -> None:
    """A status is proof that Meta took the message, whatever the send's answer or a person's guess was.

    If a person had it sent again, the gate now knows that it left, and the second one does not follow.
    """
    attempt.wamid = wamid
    was_unknown = OutboxMessage.objects.filter(pk=attempt.outbox_id, state=OutboxState.UNKNOWN).exists()
    Attempt.objects.filter(pk=attempt.pk).update(wamid=wamid, outcome="accepted", ended_at=clock.real_now())
    if outbox_verbs.leave_sending(attempt, to=OutboxState.ACCEPTED, now=now, wamid=wamid):
        note_acceptance(attempt.outbox_id, wamid, now=now)
        if was_unknown:
            tell_confirmed(OutboxMessage.objects.select_related("contact").get(pk=attempt.outbox_id), now=now)
