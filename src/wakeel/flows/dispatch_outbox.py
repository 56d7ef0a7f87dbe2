"""Claim, decide again, journal, commit; the worker POSTs; then record. No request inside a transaction. Walk 2."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from django.db import transaction

from wakeel import clock
from wakeel.domain.answers import AnswerCode
from wakeel.domain.drafts import digest
from wakeel.domain.gate import decide, deciding_grant
from wakeel.domain.gate_request import GateRequest, Verdict
from wakeel.domain.outbox import CONTACTS_WAIT_FOR_INBOX, OutboxState, retry_delay, spread
from wakeel.domain.reasons import REASONS, Answer, ReasonCode
from wakeel.domain.words import Text
from wakeel.flows import policies
from wakeel.flows.ask_again import ask_again
from wakeel.flows.note_acceptance import note_acceptance
from wakeel.flows.platform_stopped import note_platform_stop
from wakeel.flows.preview_draft import final_request, sends_live
from wakeel.flows.put_down_draft import put_down
from wakeel.flows.record_status import match_parked
from wakeel.flows.reply import reason_words
from wakeel.flows.show_card import show_as_it_is
from wakeel.flows.tell_failure import tell_failure, tell_held
from wakeel.store import gate_facts, inbox, statuses, verdicts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Attempt, OutboxMessage
from wakeel.whatsapp.answers import Accepted, NoAnswer, Outcome, Refused
from wakeel.whatsapp.errors import FailureClass

BATCH = 64
_ASK_AGAIN = frozenset({
    ReasonCode.APPROVAL_MISSING, ReasonCode.APPROVAL_STALE, ReasonCode.APPROVAL_EXPIRED, ReasonCode.CONTENT_PII,
    ReasonCode.CONTENT_RISKY_CLAIM, ReasonCode.SENDER_NOT_NAMED, ReasonCode.OPT_OUT_PATH_MISSING,
})  # fmt: skip
"""Any drift from what was approved asks for a new approval (design section 1, promise 1); so does a text that only
another version can mend."""
_TEXT_IS_KEPT = frozenset({ReasonCode.APPROVAL_MISSING, ReasonCode.KILL_SWITCH})
"""A fixed text waits for these to end; with any other it would be an answer nobody waits for any more."""
DEFER_AT_LEAST = timedelta(seconds=1)
PAIR_RATE = 131056
"""Meta's code for messages to one person faster than allowed; it has a back-off of its own."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message to POST now."""

    attempt_id: str
    outbox_id: str
    phone_number_id: str
    body: Mapping[str, Any]


def claim(*, lease: timedelta, now: datetime, limit: int = BATCH) -> list[Claimed]:
    """Take what may leave now, ask the gate again, journal one attempt each, and commit.

    What the gate refuses moves to its honest state in the same commit. Returns what the caller must POST; each is
    already `sending`, so that a crash from here on leaves `unknown`, never a second message.
    """
    with transaction.atomic():
        paused = inbox.oldest_waiting_age(real_now=clock.real_now()) > CONTACTS_WAIT_FOR_INBOX
        messages = outbox_verbs.claimable(now=now, limit=limit, contacts_paused=paused)
        if not messages:
            return []
        policy = policies.current()
        requests = gate_facts.of_messages(messages, live_send=sends_live(), policy=policy, now=now)
        decided = list(_decided(messages, requests, now=now))
        verdicts.keep_all(
            [
                verdicts.row(m.business_id, v, request=r, phase="claim", draft_id=m.draft_id, outbox_id=m.id, now=now)
                for m, r, v in decided
            ],
            policy,
        )
        return [taken for m, _, v in decided if (taken := _carry_out(m, v, lease=lease, now=now)) is not None]


def _decided(
    messages: Iterable[OutboxMessage], requests: Mapping[str, GateRequest], *, now: datetime
) -> Iterator[tuple[OutboxMessage, GateRequest, Verdict]]:
    """One person gets one message of a batch, whichever of their addresses it goes to: it counts for the next one,
    which is claimed in its turn."""
    leaving: set[str] = set()
    for message in messages:
        people = requests[message.id].recipient.subject.contacts
        if not leaving.isdisjoint(people):
            continue
        request, verdict = _decide(message, requests[message.id], now=now)
        if message.contact_id and verdict.answer is Answer.ALLOW:
            leaving |= people
        yield message, request, verdict


def _decide(message: OutboxMessage, request: GateRequest, *, now: datetime) -> tuple[GateRequest, Verdict]:
    """The digest is computed anew from what would really be POSTed and the consent it rests on now."""
    if message.draft is not None:
        final = final_request(message.draft, body=message.body, grant_id=deciding_grant(request, now=now))
        request = replace(request, current_digest=digest(final))
    return request, decide(request, now=now)


def _carry_out(message: OutboxMessage, verdict: Verdict, *, lease: timedelta, now: datetime) -> Claimed | None:
    if message.draft is not None and message.contact is not None and message.contact.unread_since is not None:
        # Something of theirs could not be read: whenever this was approved or let go, nobody has looked yet.
        _move(message, OutboxState.HELD, now=now, code=ReasonCode.UNREAD_MESSAGE)
        show_as_it_is(message, reply="", now=now)
        return None
    match verdict.answer:
        case Answer.ALLOW:
            attempt = outbox_verbs.start_attempt(message, lease=lease, now=now, real_now=clock.real_now())
            return Claimed(attempt.id, message.id, message.number_id, message.body)
        case Answer.SIMULATE:
            _move(message, OutboxState.SIMULATED, now=now)
        case Answer.DEFER:
            next_at = max(verdict.next_allowed_at or now, now + DEFER_AT_LEAST)
            due_at = spread(next_at, now=now, share=random.random())  # noqa: S311 - spreads load, no secret
            outbox_verbs.put_off(message, due_at=due_at, code=verdict.code, now=now)
        case Answer.HOLD if verdict.code in _ASK_AGAIN and message.draft is not None:
            ask_again(message, code=verdict.code, now=now)
        case Answer.HOLD if message.intent and verdict.code not in _TEXT_IS_KEPT:
            _move(message, OutboxState.SUPPRESSED, now=now, code=verdict.code)
        case Answer.HOLD:
            _move(message, OutboxState.HELD, now=now, code=verdict.code)
            if verdict.code is ReasonCode.CONTACT_REPLIED:
                show_as_it_is(message, reply="", now=now)
            else:
                _tell_held(message, verdict, now=now)
        case Answer.BLOCK:
            _move(message, OutboxState.SUPPRESSED, now=now, code=verdict.code)
            _tell_held(message, verdict, now=now)
            _close_draft(message, verdict, now=now)
        case _:
            assert_never(verdict.answer)
    return None


def _move(message: OutboxMessage, to: OutboxState, *, now: datetime, code: ReasonCode | None = None) -> None:
    outbox_verbs.move(message.id, to=to, come_from=[OutboxState.PENDING], now=now, hold_code=code.value if code else "")


def _close_draft(message: OutboxMessage, verdict: Verdict, *, now: datetime) -> None:
    """What will never leave is not "approved" any more; a duplicate's draft stays, because the first one left."""
    if message.draft is not None and verdict.code is not ReasonCode.DUPLICATE_REQUEST:
        put_down(message.draft, now=now)


def _tell_held(message: OutboxMessage, verdict: Verdict, *, now: datetime) -> None:
    why = Text(*(reason_words(verdict.code, verdict.facts, language) for language in ("ar", "en")))
    tell_held(message, why, REASONS[verdict.code].steps, now=now)


def recalled(claimed: Iterable[Claimed]) -> set[str]:
    """Attempt ids that must not be written to the wire: a stop or a withdrawal came since the claim."""
    ids = [one.attempt_id for one in claimed]
    rows = Attempt.objects.filter(pk__in=ids, outbox__recalled_at__isnull=False)
    return set(rows.values_list("pk", flat=True))


def record(attempt_id: str, outcome: Outcome, *, now: datetime) -> None:
    """Write down what became of one attempt. Fenced: a worker that lost its lease changes nothing any more."""
    with transaction.atomic():
        attempt = Attempt.objects.select_related("outbox__contact").get(pk=attempt_id)
        OutboxMessage.objects.select_for_update(of=("self",)).get(pk=attempt.outbox_id)
        match outcome:
            case Accepted():
                _record_accepted(attempt, outcome, now=now)
            case Refused():
                _record_refused(attempt, outcome, now=now)
            case NoAnswer():
                _record_unknown(attempt, outcome.why, now=now)
            case _:
                assert_never(outcome)


def record_not_sent(attempt_ids: Sequence[str], *, now: datetime) -> None:
    """Nothing was written: the message goes back to the queue, where the gate is asked again."""
    for attempt_id in attempt_ids:
        with transaction.atomic():
            attempt = Attempt.objects.select_related("outbox").get(pk=attempt_id)
            if outbox_verbs.end_attempt(attempt, outcome="not_sent", real_now=clock.real_now()):
                outbox_verbs.leave_sending(attempt, to=OutboxState.PENDING, now=now)


def expire_leases(*, now: datetime) -> int:
    """Attempts whose worker died become `unknown`: they may have left. Returns how many there were."""
    with transaction.atomic():
        ended = outbox_verbs.ended_leases(real_now=clock.real_now())
        for attempt in ended:
            OutboxMessage.objects.select_for_update(of=("self",)).get(pk=attempt.outbox_id)
            _record_unknown(attempt, "lease_ended", now=now)
        return len(ended)


def _record_accepted(attempt: Attempt, outcome: Accepted, *, now: datetime) -> None:
    ended = outbox_verbs.end_attempt(
        attempt, outcome="accepted", real_now=clock.real_now(), wamid=outcome.wamid, http_status=outcome.http_status,
        message_status=outcome.message_status[:40],
    )  # fmt: skip
    if not ended:
        return
    attempt.wamid = outcome.wamid
    if outbox_verbs.leave_sending(attempt, to=OutboxState.ACCEPTED, now=now, wamid=outcome.wamid, status="accepted"):
        note_acceptance(attempt.outbox_id, outcome.wamid, now=now)
    match_parked(attempt, now=now)


def _record_refused(attempt: Attempt, outcome: Refused, *, now: datetime) -> None:
    failure = outcome.failure
    # An answer that no column holds must still be recorded: the message was refused.
    code, details = statuses.code_kept(failure.code), failure.details.replace("\0", "")
    ended = outbox_verbs.end_attempt(
        attempt, outcome="failed", real_now=clock.real_now(), http_status=failure.http_status, failure_code=code,
        details=details,
    )  # fmt: skip
    if not ended:
        return
    fields = {"failure_code": code, "failure_details": details}
    delay = None
    if failure.failure_class is FailureClass.RETRY:
        delay = retry_delay(attempt.number, pair_rate=failure.code == PAIR_RATE)
    if delay is not None:
        outbox_verbs.leave_sending(attempt, to=OutboxState.PENDING, now=now, due_at=now + delay, **fields)
    elif outbox_verbs.leave_sending(attempt, to=OutboxState.FAILED, now=now, **fields):
        note_platform_stop(_message(attempt), code, fence=attempt.number, at=now, now=now)
        tell_failure(_message(attempt), AnswerCode.SEND_FAILED, now=now)


def _record_unknown(attempt: Attempt, why: str, *, now: datetime) -> None:
    rows = Attempt.objects.filter(pk=attempt.pk, outcome="sending")
    if not rows.update(outcome="unknown", details=why, ended_at=clock.real_now()):
        return
    if outbox_verbs.leave_sending(attempt, to=OutboxState.UNKNOWN, now=now):
        tell_failure(_message(attempt), AnswerCode.SEND_UNKNOWN, now=now)


def _message(attempt: Attempt) -> OutboxMessage:
    return OutboxMessage.objects.select_related("contact").get(pk=attempt.outbox_id)
