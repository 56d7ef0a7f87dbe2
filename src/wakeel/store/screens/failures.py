"""What did not arrive or must not leave, and what came in and could not be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from wakeel.domain.drafts import DraftAction, DraftRuling, DraftState, rule_on
from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.statuses import MessageStatus
from wakeel.store import drafts
from wakeel.store.models import Attempt, Draft, InboxRow, InboxState, OutboxMessage, Suppression, VerdictRow
from wakeel.store.screens.outgoing import body_text

SHOWN = 100
TAKEN_BACK_IS_NEWS = timedelta(days=7)
"""How long a message that the gate took back stays on the desk: there is nothing to settle about it."""


class Trouble(StrEnum):
    FAILED = "failed"  # refused by WhatsApp or by our own client
    FAILED_STATUS = "failed_status"  # accepted first, then reported as not delivered
    HELD = "held"  # the gate wants a person
    SUPPRESSED = "suppressed"  # the gate took it back
    UNKNOWN = "unknown"  # no clear answer


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """One message. hold_code: ReasonCode of HELD and SUPPRESSED, '' otherwise. facts: what the reason's words name.

    failure_code, failure_details: Meta's, or of our own client. attempted_at: real time of the last try, None before.
    may_be_rewritten: the draft can still become another version, which asks for approval again.
    """

    id: str
    trouble: Trouble
    contact_id: str
    name: str
    organisation: str
    opportunity_id: str | None
    draft_id: str | None
    text: str
    hold_code: str
    facts: dict[str, Any]
    failure_code: int | None
    failure_details: str
    attempted_at: datetime | None
    may_be_rewritten: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """One webhook with items that could not be read; the body itself is never shown. path: where in it."""

    id: int
    received_at: datetime
    path: str
    error: str


def count(business_id: str, *, now: datetime) -> int:
    return _in_trouble(business_id, now=now).count() + _quarantined().count()


def read(business_id: str, *, now: datetime) -> tuple[TroubleRow, ...]:
    """Messages to contacts that need a look, the newest first."""
    rows = list(
        _in_trouble(business_id, now=now).select_related("contact", "draft").order_by("-updated_at", "-id")[:SHOWN]
    )
    facts = _facts_of([row for row in rows if row.hold_code])
    # A STOP takes back without asking the gate: what it says is when that was.
    facts |= {row.id: {"t": row.updated_at.isoformat()} for row in rows if row.hold_code == ReasonCode.OPTED_OUT}
    facts |= _causes_of([row for row in rows if row.hold_code == ReasonCode.SUPPRESSED])
    tries = Attempt.objects.filter(outbox__in=[row.id for row in rows]).order_by("number")
    attempted_at = dict(tries.values_list("outbox_id", "started_at"))
    return tuple(_row(row, facts.get(row.id, {}), attempted_at.get(row.id)) for row in rows)


def unread() -> tuple[UnreadRow, ...]:
    """Items of quarantined webhooks. Nobody knows yet whose they are, so every operator of the deployment sees them."""
    rows = []
    for row in _quarantined().order_by("-id").only("id", "received_at", "errors")[:SHOWN]:
        for entry in row.errors or [{}]:
            rows.append(UnreadRow(row.id, row.received_at, str(entry.get("path", "")), str(entry.get("error", ""))))
    return tuple(rows)


def _in_trouble(business_id: str, *, now: datetime) -> QuerySet[OutboxMessage]:
    """Without the failures a person gave up; of what the gate took back only the news that nothing has overtaken."""
    gate_took_it = Q(state=OutboxState.SUPPRESSED.value, updated_at__gt=now - TAKEN_BACK_IS_NEWS) & ~Q(hold_code="")
    newer = OutboxMessage.objects.filter(draft=OuterRef("draft"), created_at__gt=OuterRef("created_at"))
    status_failed = Q(state=OutboxState.ACCEPTED.value, status=MessageStatus.FAILED.value)
    failed = Q(state=OutboxState.FAILED.value) | status_failed
    waiting = Q(state__in=[OutboxState.HELD.value, OutboxState.UNKNOWN.value])
    settled = Attempt.objects.filter(outbox=OuterRef("pk"), number=OuterRef("fence")).exclude(settled_by="")
    rows = OutboxMessage.objects.filter(business_id=business_id, audience=Audience.CONTACT.value)
    return rows.filter(waiting | (failed & ~Exists(settled)) | (gate_took_it & ~Exists(newer)))


def _quarantined() -> QuerySet[InboxRow]:
    return InboxRow.objects.filter(state=InboxState.QUARANTINED)


def _facts_of(rows: list[OutboxMessage]) -> dict[str, dict[str, Any]]:
    """The facts of the last verdict on each message, by message id."""
    verdicts = VerdictRow.objects.filter(outbox__in=[row.id for row in rows]).order_by("id")
    return {verdict.outbox_id: verdict.facts for verdict in verdicts if verdict.outbox_id}


def _causes_of(rows: list[OutboxMessage]) -> dict[str, dict[str, Any]]:
    """Why nothing goes to these people any more; taken back at once, before the gate was asked. By message id."""
    standing = Suppression.objects.filter(contact__in=[row.contact_id for row in rows], lifted_at=None)
    causes = dict(standing.order_by("-created_at", "-id").values_list("contact_id", "cause"))
    return {row.id: {"cause": causes[row.contact_id]} for row in rows if row.contact_id in causes}


def _may_be_rewritten(draft: Draft) -> bool:
    phase = drafts.phase_of(drafts.message_of(draft))
    return rule_on(DraftState(draft.state), DraftAction.EDIT, phase=phase) in _REWRITING


_REWRITING = {DraftRuling.EDIT, DraftRuling.EDIT_APPROVED}


def _row(row: OutboxMessage, facts: dict[str, Any], attempted_at: datetime | None) -> TroubleRow:
    trouble = Trouble.FAILED_STATUS if row.state == OutboxState.ACCEPTED else Trouble(row.state)
    gated = trouble in {Trouble.HELD, Trouble.SUPPRESSED}
    return TroubleRow(
        id=row.id,
        trouble=trouble,
        contact_id=row.contact_id or "",
        name=row.contact.name if row.contact else "",
        organisation=row.contact.organisation if row.contact else "",
        opportunity_id=row.draft.opportunity_id if row.draft else None,
        draft_id=row.draft_id,
        text=body_text(row.body),
        hold_code=row.hold_code if gated else "",
        facts=facts,
        failure_code=row.failure_code,
        failure_details=row.failure_details,
        attempted_at=attempted_at,
        may_be_rewritten=row.draft is not None and _may_be_rewritten(row.draft),
        at=row.updated_at,
    )
