"""What is on its way to contacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from wakeel.domain.outbox import UNCLAIMED, Audience, Lane, OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.store.compiled import Compiled
from wakeel.store.models import Attempt, OutboxMessage, SendingNumber
from wakeel.store.screens.template_words import template_words

SHOWN = 25
LOOKED_AT = 300
"""Of the newest tries: those that were accepted and of which no delivery is known yet."""


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """One message. may_be_undone: nobody has claimed it yet. failure_code, failure_details: of the refusal after which
    the machine tries again; None and '' at the first try. wait_code: ReasonCode of what holds it or puts it off until
    due_at, '' if nothing does; wait_facts: what its words name. draft_id, opportunity_id: '' for a fixed text.
    status: what WhatsApp told of it, '' before. updated_at: of its last change, business time."""

    id: str
    contact_id: str
    draft_id: str
    opportunity_id: str
    version: int | None
    digest: str
    name: str
    organisation: str
    text: str
    state: str
    due_at: datetime
    failure_code: int | None
    failure_details: str
    wait_code: str
    wait_facts: dict[str, Any]
    fence: int
    status: str
    updated_at: datetime

    @property
    def is_tried_again(self) -> bool:
        """It was refused before and waits for its next try."""
        return self.state == OutboxState.PENDING and self.fence > 0

    @property
    def may_be_undone(self) -> bool:
        return self.state in UNCLAIMED


class Stage(StrEnum):
    """How far a message has come, in the order of the page."""

    UNDO = "undo"  # may be taken back for a moment, then it leaves
    RETRY = "retry"  # was refused, and is tried again by itself
    SENDING = "sending"
    CONFIRMING = "confirming"  # WhatsApp has it, its delivery is not known yet
    UNCERTAIN = "uncertain"
    SCHEDULED = "scheduled"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """rows: at most SHOWN of those that have not arrived, and at most SHOWN that are being confirmed. is_cut: there
    are more of the first."""

    rows: tuple[OutgoingRow, ...]
    is_cut: bool


def stages(
    rows: Iterable[OutgoingRow], *, now: datetime, undo: timedelta
) -> tuple[tuple[Stage, list[OutgoingRow]], ...]:
    """The rows by how far they have come; no stage without one. undo: the grace after an approval."""
    found: dict[Stage, list[OutgoingRow]] = {stage: [] for stage in Stage}
    for row in rows:
        found[_stage_of(row, now=now, undo=undo)].append(row)
    return tuple((stage, of_it) for stage, of_it in found.items() if of_it)


_STAGES = {
    OutboxState.SENDING: Stage.SENDING,
    OutboxState.ACCEPTED: Stage.CONFIRMING,
    OutboxState.UNKNOWN: Stage.UNCERTAIN,
    OutboxState.HELD: Stage.HELD,
}


def _stage_of(row: OutgoingRow, *, now: datetime, undo: timedelta) -> Stage:
    state = OutboxState(row.state)
    if state in _STAGES:
        return _STAGES[state]
    if row.is_tried_again:
        return Stage.RETRY
    return Stage.SCHEDULED if row.wait_code or row.due_at > now + undo else Stage.UNDO


def read(business_id: str) -> Outgoing:
    """Pending, sending and unconfirmed messages to contacts, the next to leave first; behind them what is held."""
    of = {"business": business_id}
    pending = [
        row for (number,) in _numbers(**of) for lane in Lane for row in _pending(**of, number=number, lane=lane.value)
    ]
    under_way = sorted(pending + _sending(**of) + _unknown(**of), key=lambda row: (row.due_at, row.id))
    rows = under_way if len(under_way) > SHOWN else under_way + _held(**of)
    shown = rows[:SHOWN] + _unconfirmed(**of)
    said = template_words(shown)
    return Outgoing(tuple(_row(row, said.get(row.id)) for row in shown), is_cut=len(rows) > SHOWN)


def _to_contacts(state: OutboxState) -> QuerySet[OutboxMessage]:
    rows = OutboxMessage.objects.filter(audience=Audience.CONTACT.value, state=state.value)
    return rows.select_related("contact", "draft")


@Compiled
def _numbers(*, business: Any) -> QuerySet[SendingNumber, Any]:
    return SendingNumber.objects.filter(business_id=business).values_list("pk")


# Each is read from the front of an index, however many there are.
@Compiled
def _pending(*, business: Any, number: Any, lane: Any) -> QuerySet[OutboxMessage]:
    rows = _to_contacts(OutboxState.PENDING).filter(business_id=business, number=number, lane=lane)
    return rows.order_by("due_at", "id")[: SHOWN + 1]


@Compiled
def _sending(*, business: Any) -> QuerySet[OutboxMessage]:
    return _to_contacts(OutboxState.SENDING).filter(business_id=business).order_by("lease_until")[: SHOWN + 1]


@Compiled
def _unknown(*, business: Any) -> QuerySet[OutboxMessage]:
    return _to_contacts(OutboxState.UNKNOWN).filter(business_id=business).order_by("-updated_at")[: SHOWN + 1]


@Compiled
def _held(*, business: Any) -> QuerySet[OutboxMessage]:
    return _to_contacts(OutboxState.HELD).filter(business_id=business).order_by("-updated_at")[: SHOWN + 1]


def first_due(business_id: str) -> datetime | None:
    """When the message to a contact is due that is so first; None if none is pending."""
    found = [
        due_at for (number,) in _numbers(business=business_id) for lane in Lane
        for (due_at,) in _due(business=business_id, number=number, lane=lane.value)
    ]  # fmt: skip
    return min(found, default=None)


@Compiled
def _due(*, business: Any, number: Any, lane: Any) -> QuerySet[OutboxMessage, Any]:
    rows = OutboxMessage.objects.filter(audience=Audience.CONTACT.value, state=OutboxState.PENDING.value)
    rows = rows.filter(business_id=business, number=number, lane=lane)
    return rows.order_by("due_at", "id").values_list("due_at")[:1]


_NOT_YET_THERE = (MessageStatus.ACCEPTED, MessageStatus.SENT)


@Compiled
def _unconfirmed(*, business: Any) -> QuerySet[OutboxMessage]:
    tries = Attempt.objects.filter(business_id=business).order_by("-claimed_at").values("outbox")[:LOOKED_AT]
    known = Q(status__isnull=True) | Q(status__in=[one.value for one in _NOT_YET_THERE])
    return _to_contacts(OutboxState.ACCEPTED).filter(known, pk__in=tries).order_by("-updated_at", "-id")[:SHOWN]


def body_text(body: dict[str, Any]) -> str:
    """The words of a request to WhatsApp: its text, or that of its card; '' for one without words."""
    text = body.get("text")
    if isinstance(text, dict):
        return str(text.get("body", ""))
    card = body.get("interactive")
    return str(card.get("body", {}).get("text", "")) if isinstance(card, dict) else ""


def due_facts(due_at: datetime) -> dict[str, Any]:
    """What the words of a wait name: when it is over and the message leaves."""
    return {"t": due_at.isoformat(), "until": due_at.isoformat()}


def _row(row: OutboxMessage, text: str | None) -> OutgoingRow:
    assert row.contact is not None  # noqa: S101 - a constraint of the table
    return OutgoingRow(
        id=row.id,
        contact_id=row.contact.id,
        draft_id=row.draft.id if row.draft else "",
        opportunity_id=row.draft.opportunity_id if row.draft else "",
        version=row.draft_version,
        digest=row.digest,
        name=row.contact.name,
        organisation=row.contact.organisation,
        text=body_text(row.body) if text is None else text,
        state=row.state,
        due_at=row.due_at,
        failure_code=row.failure_code,
        failure_details=row.failure_details,
        wait_code=row.hold_code if row.state in UNCLAIMED else "",
        wait_facts=due_facts(row.due_at),
        fence=row.fence,
        status=row.status or "",
        updated_at=row.updated_at,
    )
