"""Merge news of a message we sent: forward only, in any order, any number of times. Walk 2 and 3."""

from datetime import datetime

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.events import StatusReceived
from wakeel.domain.outbox import PROVED_FROM, OutboxState
from wakeel.domain.statuses import MessageStatus, merge
from wakeel.flows import number_breaker
from wakeel.flows.note_acceptance import note_acceptance
from wakeel.flows.note_failure import note_failure
from wakeel.flows.platform_stopped import note_platform_stop
from wakeel.flows.tell_failure import tell_confirmed, tell_failure, tell_late_proof
from wakeel.store import outbox as outbox_verbs
from wakeel.store import statuses
from wakeel.store.erased_ids import is_token
from wakeel.store.models import Attempt, OutboxMessage, StatusEvent

PROVED_LATE = "proved_late"
"""In an attempt's details: a person had settled it as not arrived, and a status proved that it had left."""


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
        # It was read before the lock: a person, or the answer to the send, may have settled it in between.
        attempt.refresh_from_db(fields=["wamid", "outcome"])
    if attempt.wamid is None:
        _settle(attempt, message, row, now=now)
    # Somebody whose data was destroyed: the news is merged, and nothing is written or told about them any more.
    is_erased = message.contact is not None and message.contact.erased_at is not None
    if row.status == MessageStatus.FAILED and not is_erased:
        # What they said stands, whatever else became of the message, and whichever news came first.
        note_platform_stop(message, row.failure_code, fence=attempt.number, at=row.at, clock="whatsapp", now=now)
        note_failure(message, row.failure_code, now=now)
    if attempt.number != message.fence:
        return
    message.refresh_from_db(fields=["state"])
    known = MessageStatus(message.status) if message.status else None
    merged = merge(known, row.status)
    if merged is known or merged is None:
        return
    message.status = merged.value
    fields = ["status"]
    if merged is MessageStatus.FAILED:
        message.failure_code, message.failure_details = row.failure_code, row.details
        message.failed_at = message.updated_at = now
        fields += ["failure_code", "failure_details", "failed_at", "updated_at"]
    message.save(update_fields=fields)
    if merged is MessageStatus.FAILED and not is_erased:
        tell_failure(message, AnswerCode.SEND_FAILED, now=now)


def _settle(attempt: Attempt, message: OutboxMessage, row: StatusEvent, *, now: datetime) -> None:
    """A status is proof that Meta took the message, whatever the send's answer or a person's guess was.

    A person who had it sent again, or gave it up, hears what was really so; a second try that has not left does not
    follow any more. That it failed afterwards is no such proof: then it did not arrive, as the person said.
    """
    attempt.wamid = row.wamid
    state = OutboxState(message.state)
    contradicted = attempt.outcome == "failed" and row.status != MessageStatus.FAILED
    proof = {"details": PROVED_LATE} if contradicted else {}
    Attempt.objects.filter(pk=attempt.pk).update(
        wamid=row.wamid, outcome="accepted", ended_at=clock.real_now(), **proof
    )
    number_breaker.after_proof(attempt)
    if outbox_verbs.leave_sending(attempt, to=OutboxState.ACCEPTED, now=now, wamid=row.wamid):
        note_acceptance(attempt.outbox_id, row.wamid, now=now)
        if state is OutboxState.UNKNOWN:
            tell_confirmed(OutboxMessage.objects.select_related("contact").get(pk=attempt.outbox_id), now=now)
    elif contradicted:
        _correct(attempt, message, row.wamid, now=now)


def _correct(attempt: Attempt, message: OutboxMessage, wamid: str, *, now: datetime) -> None:
    """What a person had settled as not arrived did leave. The newest try is the one that counts."""
    if attempt.number != message.fence:
        if Attempt.objects.filter(outbox=message, number__gt=attempt.number).exclude(outcome="not_sent").exists():
            tell_late_proof(message, AnswerCode.SENT_TWICE, attempt=attempt.number, now=now)
        return
    corrected = outbox_verbs.move(
        message.id, to=OutboxState.ACCEPTED, come_from=PROVED_FROM, now=now, wamid=wamid, status=None, hold_code="",
        failure_code=None, failure_details="",
    )  # fmt: skip
    if corrected:
        message.status = None
        note_acceptance(message.id, wamid, now=now)
    tell_late_proof(message, AnswerCode.SENT_AFTER_ALL, attempt=attempt.number, now=now)
