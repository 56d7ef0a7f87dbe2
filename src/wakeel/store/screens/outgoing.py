"""What is on its way to contacts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.outbox import Audience, OutboxState
from wakeel.store.models import OutboxMessage

SHOWN = 100
_ON_ITS_WAY = (OutboxState.PENDING.value, OutboxState.SENDING.value, OutboxState.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """One message. may_be_undone: nobody has claimed it yet. failure_code, failure_details: of the refusal after which
    the machine tries again; None and '' at the first try. wait_code: ReasonCode of what puts it off until due_at, ''
    if nothing does; wait_facts: what its words name."""

    id: str
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
        return self.state == OutboxState.PENDING


def read(business_id: str) -> tuple[OutgoingRow, ...]:
    """Pending, sending and unconfirmed messages to contacts, the next to leave first."""
    rows = OutboxMessage.objects.filter(business_id=business_id, audience=Audience.CONTACT.value, state__in=_ON_ITS_WAY)
    rows = rows.filter(draft__isnull=False).select_related("contact", "draft").order_by("due_at", "id")[:SHOWN]
    return tuple(_row(row) for row in rows)


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


def _row(row: OutboxMessage) -> OutgoingRow:
    assert row.contact is not None and row.draft is not None  # noqa: S101, PT018 - the query asks for both
    return OutgoingRow(
        id=row.id,
        draft_id=row.draft.id,
        opportunity_id=row.draft.opportunity_id,
        version=row.draft_version,
        digest=row.digest,
        name=row.contact.name,
        organisation=row.contact.organisation,
        text=body_text(row.body),
        state=row.state,
        due_at=row.due_at,
        failure_code=row.failure_code,
        failure_details=row.failure_details,
        wait_code=row.hold_code if row.state == OutboxState.PENDING else "",
        wait_facts=due_facts(row.due_at),
        fence=row.fence,
    )
