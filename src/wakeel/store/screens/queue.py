"""What waits for a decision, the most urgent first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from wakeel.domain.drafts import DraftState
from wakeel.domain.gate import window_closes_at
from wakeel.domain.opportunities import OPEN_STATES, OpportunityState
from wakeel.domain.ranking import rank
from wakeel.domain.words import Text
from wakeel.store.models import Draft, Opportunity

SHOWN = 50
READ_AT_MOST = 200
"""Rows ranked for one page: the best by score and the latest by window, so that a long import stays fast."""

_WAITING_DRAFTS = (DraftState.AWAITING_APPROVAL.value, DraftState.EDITING.value)
_OPEN = tuple(state.value for state in OPEN_STATES)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One thing to decide. draft_id: None for an opportunity. state: of the draft, else of the opportunity.

    window_closes_at: None if they never wrote, may lie in the past. reasons: why it stands here, the heaviest first.
    """

    opportunity_id: str
    draft_id: str | None
    name: str
    organisation: str
    title: str
    value: str
    state: str
    window_closes_at: datetime | None
    reasons: tuple[Text, ...]
    points: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """rows: at most SHOWN. is_cut: more of them wait. drafts, opportunities: how many there are in all."""

    rows: tuple[QueueRow, ...]
    is_cut: bool
    drafts: int
    opportunities: int

    @property
    def total(self) -> int:
        return self.drafts + self.opportunities


def counts(business_id: str) -> tuple[int, int]:
    """Drafts and opportunities that wait."""
    return (
        Draft.objects.filter(business_id=business_id, state__in=_WAITING_DRAFTS).count(),
        Opportunity.objects.filter(business_id=business_id, state__in=_OPEN).count(),
    )


def read(business_id: str, *, now: datetime, drafts: bool = True, opportunities: bool = True) -> Queue:
    """The queue of one business; the two flags choose what is listed, never what is counted."""
    draft_of = {row.opportunity_id: row for row in _drafts(business_id)} if drafts else {}
    found = {row.id: row for row in _opportunities(business_id)} if opportunities else {}
    found.update({row.opportunity_id: row.opportunity for row in draft_of.values()})
    skipped = _skipped_before(business_id, [row.contact_id for row in found.values()])
    rows = [_row(row, draft_of.get(row.id), skipped[row.contact_id], now=now) for row in found.values()]
    rows.sort(key=lambda row: (-row.points, row.window_closes_at or row.created_at, row.created_at, row.opportunity_id))
    in_all = counts(business_id)
    return Queue(tuple(rows[:SHOWN]), is_cut=len(rows) > SHOWN, drafts=in_all[0], opportunities=in_all[1])


def _drafts(business_id: str) -> Iterable[Draft]:
    waiting = Draft.objects.filter(business_id=business_id, state__in=_WAITING_DRAFTS)
    waiting = waiting.select_related("opportunity", "opportunity__contact")
    return waiting.order_by(F("contact__last_inbound_at").desc(nulls_last=True), "created_at")[:READ_AT_MOST]


def _opportunities(business_id: str) -> Iterable[Opportunity]:
    waiting = Opportunity.objects.filter(business_id=business_id, state__in=_OPEN).select_related("contact")
    by_window = waiting.filter(contact__last_inbound_at__isnull=False).order_by("-contact__last_inbound_at")
    by_score = waiting.order_by(F("score").desc(nulls_last=True), "created_at")
    return [*by_window[:READ_AT_MOST], *by_score[:READ_AT_MOST]]


def _skipped_before(business_id: str, contact_ids: Iterable[str]) -> Counter[str]:
    skipped = Opportunity.objects.filter(
        business_id=business_id, contact__in=list(contact_ids), state=OpportunityState.SKIPPED.value
    )
    return Counter(skipped.values_list("contact_id", flat=True))


def _row(opportunity: Opportunity, draft: Draft | None, skipped: int, *, now: datetime) -> QueueRow:
    contact = opportunity.contact
    placed = rank(score=opportunity.score, last_inbound_at=contact.last_inbound_at, skipped_before=skipped, now=now)
    return QueueRow(
        opportunity_id=opportunity.id,
        draft_id=draft.id if draft else None,
        name=contact.name,
        organisation=contact.organisation,
        title=opportunity.title,
        value=opportunity.value,
        state=draft.state if draft else opportunity.state,
        window_closes_at=window_closes_at(contact.last_inbound_at),
        reasons=placed.reasons,
        points=placed.points,
        created_at=opportunity.created_at,
    )
