"""What waits for a decision, the most urgent first. Reads a bounded number of rows, however many wait."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Q, QuerySet, Value

from wakeel.domain.drafts import DraftState
from wakeel.domain.gate import WINDOW, window_closes_at
from wakeel.domain.opportunities import WROTE_FIRST, OpportunityState
from wakeel.domain.ranking import Rank, rank
from wakeel.domain.words import Text
from wakeel.store.compiled import Compiled
from wakeel.store.earlier import History
from wakeel.store.models import Contact, Draft, Opportunity

SHOWN = 25
READ_AT_MOST = 100
"""Rows ranked for one page: so many by score, so many without one, the oldest drafts, and those of WRITERS."""
WRITERS = 100
"""People whose windows close first; what waits for them is ranked whatever its score."""
COUNTED_TO = 1000

# Written out: for `state IN (…)` SQLite would not see that the indexes of what waits have it all.
_WAITING_DRAFTS = Q(state=DraftState.AWAITING_APPROVAL.value) | Q(state=DraftState.EDITING.value)
_OPEN = Q(state=OpportunityState.NEW.value) | Q(state=OpportunityState.PRESENTED.value)
"""`domain.opportunities.OPEN_STATES`."""


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
    state: str
    window_closes_at: datetime | None
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """rows: at most SHOWN. next: the opportunity after which the next page begins, '' on the last page. is_cut: more
    wait than were ranked.
    """

    rows: tuple[QueueRow, ...]
    next: str
    is_cut: bool


def waiting_drafts(business_id: Any) -> QuerySet[Draft]:
    return Draft.objects.filter(_WAITING_DRAFTS, business_id=business_id)


def waiting_opportunities(business_id: Any) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(_OPEN, business_id=business_id)


def read(
    business_id: str, *, now: datetime, in_all: int, drafts: bool = True, opportunities: bool = True, after: str = ""
) -> Queue:
    """One page of the queue of a business; the two flags choose what is listed.

    in_all: how many of them wait. after: the last opportunity that was seen; from the start if it waits no more.
    """
    rows: list[tuple[Any, ...]] = []
    if opportunities:
        rows += _opportunities(business_id, since=now - WINDOW)
    if drafts:
        rows += _oldest_drafts(business=business_id) + _drafts_of_writers(business=business_id, since=now - WINDOW)
    # Drafts come last: of two rows with the same opportunity theirs counts.
    found = {row.opportunity_id: row for row in map(_Candidate._make, rows)}
    ranked = _ranked(business_id, found.values(), now=now)
    start = next((place for place, (row, _) in enumerate(ranked, 1) if row.opportunity_id == after), 0)
    shown, following = ranked[start : start + SHOWN], ranked[start + SHOWN :]
    return Queue(
        rows=_rows(shown),
        next=shown[-1][0].opportunity_id if following else "",
        is_cut=not following and in_all > len(ranked),
    )


class _Candidate(NamedTuple):
    """What ranking reads; only what is shown is read whole. draft_id, draft_state: '' for an opportunity."""

    opportunity_id: str
    contact_id: str
    score: int | None
    last_inbound_at: datetime | None
    created_at: datetime
    purpose: str
    organisation: str
    owner_id: str | None
    source: str
    draft_id: str
    draft_state: str


_Placed = tuple[_Candidate, Rank]


def _ranked(business_id: str, found: Collection[_Candidate], *, now: datetime) -> list[_Placed]:
    history = History(business_id, ((row.contact_id, row.organisation) for row in found))
    placed = [
        (
            row,
            rank(
                score=row.score,
                last_inbound_at=row.last_inbound_at,
                purpose=row.purpose,
                earlier=history.of(row.contact_id, row.organisation, but=row.opportunity_id),
                has_owner=row.owner_id is not None and not row.draft_id,
                wrote_first=row.source in WROTE_FIRST,
                now=now,
            ),
        )
        for row in found
    ]
    return sorted(placed, key=_urgency)


def _urgency(placed: _Placed) -> tuple[Any, ...]:
    row, ranked = placed
    closes_at = window_closes_at(row.last_inbound_at)
    return -ranked.points, closes_at or row.created_at, row.created_at, row.opportunity_id


def _rows(shown: Sequence[_Placed]) -> tuple[QueueRow, ...]:
    words = {pk: texts for pk, *texts in _words_of(ids=[row.opportunity_id for row, _ in shown])}
    return tuple(
        QueueRow(
            opportunity_id=row.opportunity_id,
            draft_id=row.draft_id or None,
            name=name,
            organisation=organisation,
            title=title,
            state=row.draft_state or state,
            window_closes_at=window_closes_at(row.last_inbound_at),
            reasons=ranked.reasons,
        )
        for row, ranked in shown
        for title, state, name, organisation in [words[row.opportunity_id]]
    )


def _opportunities(business_id: str, *, since: datetime) -> list[tuple[Any, ...]]:
    scored = _scored(business=business_id)
    unscored = _unscored(business=business_id) if len(scored) < READ_AT_MOST else []
    return scored + unscored + _of_writers(business=business_id, since=since)


def _writers(business_id: Any, since: Any) -> QuerySet[Contact, Any]:
    rows = Contact.objects.filter(business_id=business_id, last_inbound_at__gt=since)
    return rows.order_by("last_inbound_at").values("pk")[:WRITERS]


_NO_DRAFT = (Value("", CharField()), Value("", CharField()))
_COLUMNS = (
    "pk", "contact", "score", "contact__last_inbound_at", "created_at", "purpose", "contact__organisation", "owner",
    "source", *_NO_DRAFT,
)  # fmt: skip
_DRAFT_COLUMNS = (
    "opportunity", "contact", "opportunity__score", "contact__last_inbound_at", "opportunity__created_at",
    "opportunity__purpose", "contact__organisation", "opportunity__owner", "opportunity__source", "pk", "state",
)  # fmt: skip


@Compiled
def _scored(*, business: Any) -> QuerySet[Opportunity, Any]:
    rows = waiting_opportunities(business).filter(score__isnull=False).order_by("-score", "created_at", "id")
    return rows.values_list(*_COLUMNS)[:READ_AT_MOST]


@Compiled
def _unscored(*, business: Any) -> QuerySet[Opportunity, Any]:
    rows = waiting_opportunities(business).filter(score=None).order_by("created_at", "id")
    return rows.values_list(*_COLUMNS)[:READ_AT_MOST]


@Compiled
def _oldest_drafts(*, business: Any) -> QuerySet[Draft, Any]:
    return waiting_drafts(business).order_by("created_at").values_list(*_DRAFT_COLUMNS)[:READ_AT_MOST]


# Found by their contacts alone: with the business beside them SQLite would read everything that waits in it.
@Compiled
def _of_writers(*, business: Any, since: Any) -> QuerySet[Opportunity, Any]:
    rows = Opportunity.objects.filter(_OPEN, contact__in=_writers(business, since))
    return rows.order_by("contact__last_inbound_at", "pk").values_list(*_COLUMNS)[:WRITERS]


@Compiled
def _drafts_of_writers(*, business: Any, since: Any) -> QuerySet[Draft, Any]:
    rows = Draft.objects.filter(_WAITING_DRAFTS, contact__in=_writers(business, since))
    return rows.order_by("contact__last_inbound_at", "pk").values_list(*_DRAFT_COLUMNS)[:WRITERS]


@Compiled
def _words_of(*, ids: Any) -> QuerySet[Opportunity, Any]:
    rows = Opportunity.objects.filter(pk__in=ids)
    return rows.values_list("pk", "title", "state", "contact__name", "contact__organisation")
