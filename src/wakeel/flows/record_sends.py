"""Write down what became of attempts: many in one commit, each fenced by its number. Walk 2.

A worker that lost its lease changes nothing of its successor's: only an attempt that is still open is ended, only a
message that is still this attempt's is moved.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, InternalError, OperationalError, transaction

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.outbox import OutboxState
from wakeel.flows import number_breaker
from wakeel.flows.note_acceptance import note_acceptances
from wakeel.flows.record_status import match_parked
from wakeel.flows.refused_send import after_refusal
from wakeel.flows.tell_failure import tell_failure
from wakeel.store import breakers, records, statuses
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import OutboxMessage
from wakeel.store.records import End, Posted
from wakeel.whatsapp.answers import Accepted, NoAnswer, Outcome, Refused

LONGEST_WORD = 40
"""Letters of Meta's `message_status` that are kept."""
LONGEST_WAMID = 200
UNREADABLE = "unreadable_answer"
_OPEN, _SENDING = ("sending", "unknown"), ("sending",)


def record_all(outcomes: Sequence[tuple[str, Outcome]], *, now: datetime) -> None:
    """Write down these outcomes, by attempt id, in one commit. One that was settled before changes nothing.

    An answer whose wamid another message of ours has already says nothing that can be relied on: it is none. What
    is wrong with one of them is raised when all others were written down.
    """
    try:
        _record(outcomes, now=now)
    except (OperationalError, InternalError):
        raise
    except Exception as fault:  # whatever is wrong is one outcome's
        if len(outcomes) > 1:
            _record_each(outcomes, now=now)
        elif isinstance(fault, IntegrityError) and isinstance(outcomes[0][1], Accepted):
            _record([(outcomes[0][0], NoAnswer(UNREADABLE))], now=now)
        else:
            raise


def _record_each(outcomes: Sequence[tuple[str, Outcome]], *, now: datetime) -> None:
    faults = []
    for one in outcomes:
        try:
            record_all([one], now=now)
        except (OperationalError, InternalError):
            raise
        except Exception as fault:  # as above
            faults.append(fault)
    if faults:
        raise faults[0]


def _record(outcomes: Sequence[tuple[str, Outcome]], *, now: datetime) -> None:
    with transaction.atomic():
        sent = records.posted([attempt_id for attempt_id, _ in outcomes])
        known = [(sent[attempt_id], _that_can_be_kept(said)) for attempt_id, said in outcomes if attempt_id in sent]
        _record_accepted([_accepted(one, said) for one, said in known if isinstance(said, Accepted)], now=now)
        _record_refused({one.attempt_id: said for one, said in known if isinstance(said, Refused)}, now=now)
        _record_unknown([End(one, details=said.why) for one, said in known if isinstance(said, NoAnswer)], now=now)


def _that_can_be_kept(said: Outcome) -> Outcome:
    """Meta's ids are some sixty letters; what no column holds is no id of a message."""
    if isinstance(said, Accepted) and (len(said.wamid) > LONGEST_WAMID or "\0" in said.wamid):
        return NoAnswer(UNREADABLE)
    return said


def record(attempt_id: str, outcome: Outcome, *, now: datetime) -> None:
    """The same for one attempt."""
    record_all([(attempt_id, outcome)], now=now)


def record_not_sent(attempt_ids: Sequence[str], *, now: datetime) -> None:
    """Nothing was written: the messages go back to the queue, where the gate is asked again."""
    with transaction.atomic():
        ends = [End(one) for one in records.posted(attempt_ids).values()]
        ended = records.end_all(ends, outcome="not_sent", from_outcomes=_OPEN, real_now=clock.real_now())
        records.leave_all(ended, to=OutboxState.PENDING, now=now)
        breakers.give_back_probe([end.posted.attempt_id for end in ended], real_now=clock.real_now())


def expire_leases(*, now: datetime) -> int:
    """Attempts whose worker died become `unknown`: they may have left. Returns how many there were."""
    with transaction.atomic():
        gone = [attempt.id for attempt in outbox_verbs.ended_leases(real_now=clock.real_now())]
        ends = [End(one, details="lease_ended") for one in records.posted(gone).values()]
        return _record_unknown(ends, now=now)


def _accepted(posted: Posted, said: Accepted) -> End:
    return End(
        posted,
        wamid=said.wamid,
        http_status=said.http_status,
        message_status=said.message_status.replace("\0", "")[:LONGEST_WORD],
    )


def _record_accepted(ends: Sequence[End], *, now: datetime) -> None:
    if not ends:
        return
    ended = records.end_all(ends, outcome="accepted", from_outcomes=_OPEN, real_now=clock.real_now())
    number_breaker.after_answers({end.posted.number_id for end in ends})
    moved = records.leave_all(ended, to=OutboxState.ACCEPTED, now=now, status="accepted")
    note_acceptances(moved, now=now)
    early = statuses.parked_wamids([(end.posted.business_id, end.wamid) for end in ended if end.wamid is not None])
    waiting = [end.posted.attempt_id for end in ended if end.wamid in early]
    for attempt in records.attempts(waiting).values():
        match_parked(attempt, now=now)


def _record_refused(refusals: Mapping[str, Refused], *, now: datetime) -> None:
    for attempt_id, attempt in records.attempts(refusals).items():
        after_refusal(attempt, refusals[attempt_id].failure, now=now)


def _record_unknown(ends: Sequence[End], *, now: datetime) -> int:
    """Only what is still on the wire: an attempt that was found unknown before was told about then."""
    if not ends:
        return 0
    ended = records.end_all(ends, outcome="unknown", from_outcomes=_SENDING, real_now=clock.real_now())
    moved = records.leave_all(ended, to=OutboxState.UNKNOWN, now=now)
    rows = records.attempts(end.posted.attempt_id for end in ended)
    for end in ended:
        number_breaker.after_silence(rows[end.posted.attempt_id], end.details)
    for message in _to_tell(end.posted for end in moved):
        tell_failure(message, AnswerCode.SEND_UNKNOWN, now=now)
    return len(ended)


def _to_tell(moved: Iterable[Posted]) -> list[OutboxMessage]:
    """Of messages to operators nobody is told: the screens show those."""
    return records.messages([one.outbox_id for one in moved if one.draft_id is not None])
