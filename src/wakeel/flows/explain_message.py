"""Why a message left or did not: every verdict as it was given, and given again from what is kept. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from wakeel.domain.gate import decide, preview
from wakeel.domain.gate_json import request_from
from wakeel.domain.gate_request import Verdict
from wakeel.domain.policy import policy_from
from wakeel.flows.reply import local_time, reason_words, state_words
from wakeel.store import person_facts
from wakeel.store.models import Attempt, OutboxMessage, PolicyRow, VerdictRow


@dataclass(frozen=True, slots=True)
class Replayed:
    """One stored verdict. again: the verdict given anew from the stored request, policy and ledger; None if something
    of it is gone (the person was erased). differences: field names in which the two differ."""

    row: VerdictRow
    again: Verdict | None
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.again is not None and not self.differences


@dataclass(frozen=True, slots=True)
class Explanation:
    """One message with its verdicts and attempts, oldest first."""

    message: OutboxMessage
    verdicts: tuple[Replayed, ...]
    attempts: tuple[Attempt, ...]

    @property
    def is_proven(self) -> bool:
        """Every verdict comes out again as it was stored."""
        return all(verdict.is_same for verdict in self.verdicts)


def explain(name: str) -> Explanation | None:
    """name: id of the outbox message, of its draft (the newest message of it), or a wamid; None if there is none."""
    rows = OutboxMessage.objects.select_related("draft", "contact")
    message = (
        rows.filter(pk=name).first()
        or rows.filter(wamid=name).first()
        or rows.filter(draft=name).order_by("-created_at", "-id").first()
    )
    if message is None:
        return None
    found = VerdictRow.objects.filter(outbox=message)
    if message.draft_id:
        found |= _planned(message)
    return Explanation(
        message,
        tuple(_replayed(row) for row in found.order_by("at", "id")),
        tuple(message.attempts.order_by("number")),
    )


def _planned(message: OutboxMessage) -> QuerySet[VerdictRow]:
    """What was said when it was approved, and when it was released after a reply; not what led to its successor."""
    rows = VerdictRow.objects.filter(draft=message.draft_id, phase="plan")
    later = OutboxMessage.objects.filter(draft=message.draft_id, id__gt=message.id).order_by("id").first()
    return rows if later is None else rows.filter(at__lt=later.created_at)


def _replayed(row: VerdictRow) -> Replayed:
    policy = PolicyRow.objects.filter(pk=row.policy_version).first()
    if policy is None or not row.request:
        return Replayed(row, None, ())
    rules = policy_from(policy.document)
    # Read first without the ledger, to learn about whom it must be asked.
    subject = request_from(row.request, events=(), policy=rules).recipient.subject
    events = person_facts.entries_of(row.business_id, subject, until_seq=row.ledger_seq)
    request = request_from(row.request, events=events, policy=rules)
    again = preview(request, now=row.at) if row.phase == "plan" else decide(request, now=row.at)
    return Replayed(row, again, tuple(_differences(row, again)))


def _differences(row: VerdictRow, again: Verdict) -> Iterator[str]:
    pairs = {
        "answer": (row.answer, again.answer.value),
        "code": (row.code, again.code.value),
        "all_codes": (row.all_codes, [code.value for code in again.all_codes]),
        "next_allowed_at": (row.next_allowed_at, again.next_allowed_at),
        "grant_id": (row.grant_id, again.grant_id),
        "policy_version": (row.policy_version, again.policy_version),
    }
    return (name for name, (stored, now) in pairs.items() if stored != now)


def in_words(found: Explanation, *, language: str) -> Iterator[str]:
    """One line each, without names, numbers or texts: state, verdicts with their replay, attempts."""
    message = found.message
    yield f"{message.id}  {state_words(message.state).say(language)}  {message.category} {message.purpose}".rstrip()
    for verdict in found.verdicts:
        yield f"  {_moment(verdict.row.at, language)}  {_verdict_words(verdict, language)}"
    for attempt in found.attempts:
        failure = f" {attempt.failure_code}" if attempt.failure_code is not None else ""
        yield f"  {_moment(attempt.claimed_at, language)}  #{attempt.number} {attempt.outcome}{failure}"


def _verdict_words(verdict: Replayed, language: str) -> str:
    row = verdict.row
    until = f" → {_moment(row.next_allowed_at, language)}" if row.next_allowed_at else ""
    place = f"[{row.phase}, ledger {row.ledger_seq}, policy {row.policy_version}, grant {row.grant_id or '—'}]"
    said = f"{row.answer.upper()} {row.code}{until}: {reason_words(row.code, row.facts, language)} {place}"
    if verdict.again is None:
        return f"{said} – cannot be given again: what it rested on was erased"
    if verdict.differences:
        return f"{said} – REPLAY DIFFERS in {', '.join(verdict.differences)}"
    return f"{said} – replayed, the same"


def _moment(at: datetime, language: str) -> str:
    return f"{at.isoformat(timespec='seconds')} ({local_time(at, language)})"
