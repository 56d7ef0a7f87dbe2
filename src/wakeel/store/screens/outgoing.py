"""What is on its way to contacts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.outbox import UNCLAIMED, Audience, Lane, OutboxState
from wakeel.store.compiled import Compiled
from wakeel.store.models import OutboxMessage, SendingNumber
from wakeel.store.screens.template_words import template_words

SHOWN = 25


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """One message. may_be_undone: nobody has claimed it yet. failure_code, failure_details: of the refusal after which
    the machine tries again; None and '' at the first try. wait_code: ReasonCode of what holds it or puts it off until
    due_at, '' if nothing does; wait_facts: what its words name. draft_id, opportunity_id: '' for a fixed text."""

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

    @property
    def is_tried_again(self) -> bool:
        """It was refused before and waits for its next try."""
        return self.state == OutboxState.PENDING and self.fence > 0

    @property
    def may_be_undone(self) -> bool:
        return self.state in UNCLAIMED


@dataclass(frozen=True, slots=True)
class Outgoing:
    """rows: at most SHOWN. is_cut: there are more."""

    rows: tuple[OutgoingRow, ...]
    is_cut: bool


def read(business_id: str) -> Outgoing:
    """Pending, sending and unconfirmed messages to contacts, the next to leave first; behind them what is held."""
    of = {"business": business_id}
    pending = [
        row for (number,) in _numbers(**of) for lane in Lane for row in _pending(**of, number=number, lane=lane.value)
    ]
    under_way = sorted(pending + _sending(**of) + _unknown(**of), key=lambda row: (row.due_at, row.id))
    rows = under_way if len(under_way) > SHOWN else under_way + _held(**of)
    said = template_words(rows[:SHOWN])
    return Outgoing(tuple(_row(row, said.get(row.id)) for row in rows[:SHOWN]), is_cut=len(rows) > SHOWN)


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
    )
