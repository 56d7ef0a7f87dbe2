"""Everything that happened around one opportunity, in the order it happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from wakeel.domain.message_kinds import VOICE
from wakeel.store.messages import ECHO
from wakeel.store.models import (
    Approval,
    Attempt,
    ConsentEventRow,
    Decision,
    DraftVersion,
    InboundMessage,
    Operator,
    Opportunity,
    Showing,
    StatusEvent,
    VerdictRow,
)

LATEST = 60
"""Of each kind; a long conversation shows its end."""


class Kind(StrEnum):
    IMPORTED = "imported"
    CARD = "card"
    DECISION = "decision"
    VERSION = "version"
    VERDICT = "verdict"
    APPROVAL = "approval"
    REVOKED = "revoked"
    ATTEMPT = "attempt"
    STATUS = "status"
    INBOUND = "inbound"
    ECHO = "echo"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. word: the stored word that says what (action, reason code, outcome, status, entry type, card kind).

    who: an operator's name, '' for the machine. via: phone or screen. code: Meta's error code. text: outside text.
    carried_out: of decisions. phase: of verdicts, plan or claim.
    """

    at: datetime
    kind: Kind
    word: str = ""
    who: str = ""
    via: str = ""
    phase: str = ""
    code: int | None = None
    details: str = ""
    text: str = ""
    version: int | None = None
    carried_out: bool = True
    facts: dict[str, Any] = field(default_factory=dict)


_PLACE = {kind: place for place, kind in enumerate(Kind)}


def read(opportunity: Opportunity) -> tuple[Happening, ...]:
    """The newest last; at one instant causes come before effects."""
    found = [
        Happening(opportunity.created_at, Kind.IMPORTED),
        *_cards(opportunity),
        *_decisions(opportunity),
        *_versions(opportunity),
        *_verdicts(opportunity),
        *_approvals(opportunity),
        *_attempts(opportunity),
        *_statuses(opportunity),
        *_inbound(opportunity),
        *_consents(opportunity),
    ]
    return tuple(sorted(found, key=lambda item: (item.at, _PLACE[item.kind])))


def _cards(opportunity: Opportunity) -> Iterator[Happening]:
    rows = Showing.objects.filter(card__opportunity=opportunity).select_related("card", "card__operator")
    for row in rows.order_by("-created_at")[:LATEST]:
        yield Happening(
            row.created_at, Kind.CARD, word=row.card.kind, who=row.card.operator.name, version=row.card.version,
            carried_out=row.wamid is not None,
        )  # fmt: skip


def _decisions(opportunity: Opportunity) -> Iterator[Happening]:
    rows = Decision.objects.filter(opportunity=opportunity) | Decision.objects.filter(draft__opportunity=opportunity)
    for row in rows.select_related("operator").order_by("-at")[:LATEST]:
        yield Happening(
            row.at, Kind.DECISION, word=row.action, who=row.operator.name, via=row.via, version=row.version,
            carried_out=row.carried_out,
        )  # fmt: skip


def _versions(opportunity: Opportunity) -> Iterator[Happening]:
    rows = DraftVersion.objects.filter(draft__opportunity=opportunity).select_related("author")
    for row in rows.order_by("-created_at")[:LATEST]:
        yield Happening(row.created_at, Kind.VERSION, who=_name(row.author), version=row.number)


def _verdicts(opportunity: Opportunity) -> Iterator[Happening]:
    rows = VerdictRow.objects.filter(draft__opportunity=opportunity)
    rows = rows | VerdictRow.objects.filter(outbox__draft__opportunity=opportunity)
    for row in rows.order_by("-at")[:LATEST]:
        yield Happening(row.at, Kind.VERDICT, word=row.code, phase=row.phase, facts=row.facts)


def _approvals(opportunity: Opportunity) -> Iterator[Happening]:
    rows = Approval.objects.filter(draft__opportunity=opportunity).select_related("operator")
    for row in rows.order_by("-approved_at")[:LATEST]:
        yield Happening(row.approved_at, Kind.APPROVAL, who=row.operator.name, via=row.via, version=row.version)
        if row.revoked_at is not None:
            yield Happening(row.revoked_at, Kind.REVOKED, version=row.version)


def _attempts(opportunity: Opportunity) -> Iterator[Happening]:
    rows = Attempt.objects.filter(outbox__draft__opportunity=opportunity).select_related("outbox")
    for row in rows.order_by("-started_at")[:LATEST]:
        # Attempts are dated in real time; in practice, business time may run ahead of it.
        at = max(row.started_at, row.outbox.created_at)
        yield Happening(at, Kind.ATTEMPT, word=row.outcome, code=row.failure_code, details=row.details)


def _statuses(opportunity: Opportunity) -> Iterator[Happening]:
    rows = StatusEvent.objects.filter(attempt__outbox__draft__opportunity=opportunity)
    for row in rows.order_by("-at")[:LATEST]:
        yield Happening(row.at, Kind.STATUS, word=row.status, code=row.failure_code, details=row.details)


def _inbound(opportunity: Opportunity) -> Iterator[Happening]:
    rows = InboundMessage.objects.filter(business_id=opportunity.business_id, contact_id=opportunity.contact_id)
    for row in rows.order_by("-sent_at")[:LATEST]:
        kind = Kind.ECHO if row.kind == ECHO else Kind.INBOUND
        word = VOICE if row.content.get("is_voice") else row.kind
        yield Happening(row.sent_at, kind, word=word, text=row.text)


def _consents(opportunity: Opportunity) -> Iterator[Happening]:
    rows = ConsentEventRow.objects.filter(payload__contact=opportunity.contact_id)
    for row in rows.order_by("-seq")[:LATEST]:
        yield Happening(row.recorded_at, Kind.CONSENT, word=row.type)


def _name(operator: Operator | None) -> str:
    return operator.name if operator else ""
