"""What waits for a decision, the most urgent first. Reads a bounded number of rows, however many wait."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value

from wakeel.domain.drafts import DraftState
from wakeel.domain.gate import WINDOW, WINDOW_MARGIN, window_closes_at
from wakeel.domain.opportunities import WROTE_FIRST, OpportunityState
from wakeel.domain.ranking import CLOSING_SOON, Rank, rank
from wakeel.domain.recognition import OperatorState
from wakeel.domain.words import Text
from wakeel.store.compiled import Compiled, HowMany
from wakeel.store.earlier import History
from wakeel.store.models import Business, Card, Contact, Decision, Draft, Opportunity, Vote

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
    at: when it leaves or comes back by itself, None for what waits for somebody.
    """

    opportunity_id: str
    draft_id: str | None
    name: str
    organisation: str
    title: str
    state: str
    window_closes_at: datetime | None
    reasons: tuple[Text, ...]
    at: datetime | None = None


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


def own(viewer: Any) -> Q:
    """Opportunities that an operator decides: theirs, nobody's, and those of somebody who left."""
    return Q(owner=None) | Q(owner=viewer) | ~Q(owner__state=OperatorState.ACTIVE.value)


def own_drafts(viewer: Any) -> Q:
    """Of their opportunities, those whose card they have, those that waited too long, and those that one of two people
    has approved."""
    theirs = Q(opportunity__owner=None) | Q(opportunity__owner=viewer)
    abandoned = Q(opportunity__owner__isnull=False) & ~Q(opportunity__owner__state=OperatorState.ACTIVE.value)
    asked = Card.objects.filter(draft=OuterRef("pk"), operator=viewer, closed_at=None)
    votes = Vote.objects.filter(draft=OuterRef("pk"), version=OuterRef("version"))
    return theirs | abandoned | Q(escalated_at__isnull=False) | Q(Exists(asked)) | Q(Exists(votes))


@dataclass(frozen=True, slots=True)
class LastDecided:
    opportunity_id: str
    title: str
    at: datetime


def last_decided(business_id: str) -> LastDecided | None:
    """What was decided last, by anybody; None before the first decision."""
    found = _last_decided.first(business=business_id)
    return LastDecided(*found) if found is not None else None


def is_waiting(business_id: str, opportunity_id: str) -> bool:
    """Whether there is something to decide about it, whoever decides."""
    return bool(_waits.first(business=business_id, opportunity=opportunity_id))


def read(
    business_id: str, *, now: datetime, in_all: int, drafts: bool = True, opportunities: bool = True,
    is_closing: bool = False, viewer: str | None = None, after: str = "",
) -> Queue:  # fmt: skip
    """One page of the queue of a business; the flags choose what is listed, is_closing only windows that close soon.

    in_all: how many of them wait. viewer: the operator whose own queue it is, None for everybody's. after: the last
    opportunity that was seen; from the start if it waits no more.
    """
    rows: list[tuple[Any, ...]] = []
    if opportunities:
        rows += _opportunities(business_id, viewer, since=now - WINDOW)
    if drafts:
        rows += _oldest_drafts(viewer, business=business_id)
        rows += _drafts_of_writers(viewer, business=business_id, since=now - WINDOW)
    # Drafts come last: of two rows with the same opportunity theirs counts.
    found = {row.opportunity_id: row for row in map(_Candidate._make, rows)}
    if is_closing:
        found = {pk: row for pk, row in found.items() if _closes_soon(row.last_inbound_at, now=now)}
    ranked = _ranked(business_id, found.values(), now=now)
    start = next((place for place, (row, _) in enumerate(ranked, 1) if row.opportunity_id == after), 0)
    shown, following = ranked[start : start + SHOWN], ranked[start + SHOWN :]
    return Queue(
        rows=_rows(shown),
        next=shown[-1][0].opportunity_id if following else "",
        is_cut=not following and in_all > len(ranked),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands behind each tab; none is counted beyond COUNTED_TO. closing: of both kinds, before a window that
    closes soon."""

    drafts: int
    opportunities: int
    closing: int

    @property
    def all(self) -> int:
        return self.drafts + self.opportunities


def counts(business_id: str, *, viewer: str | None, now: datetime) -> Counts:
    """viewer: the operator whose own queue it is, None for everybody's."""
    since = now - WINDOW + WINDOW_MARGIN
    [row] = _counts(viewer, business=business_id, since=since, until=since + CLOSING_SOON)
    drafts, opportunities, *closing = map(int, row)
    return Counts(drafts, opportunities, sum(closing))


def _closes_soon(last_inbound_at: datetime | None, *, now: datetime) -> bool:
    closes_at = window_closes_at(last_inbound_at)
    return closes_at is not None and now < closes_at <= now + CLOSING_SOON


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


def _opportunities(business_id: str, viewer: str | None, *, since: datetime) -> list[tuple[Any, ...]]:
    scored = _scored(viewer, business=business_id)
    unscored = _unscored(viewer, business=business_id) if len(scored) < READ_AT_MOST else []
    return scored + unscored + _of_writers(viewer, business=business_id, since=since)


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


class Whose:
    """One query in two: over everybody's rows, and over those that are one operator's to decide.

    build: given what narrows its rows, as many conditions as there are after it. first, and called: as for `Compiled`,
    the first place for the operator, None for everybody's.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *conditions: Callable[[Any], Q]) -> None:
        self._all = Compiled(lambda **given: build(*(Q() for _ in conditions), **given))
        self._own = Compiled(lambda viewer, **given: build(*(one(viewer) for one in conditions), **given))

    def __call__(self, viewer: str | None, /, **given: Any) -> list[Any]:
        return self._all(**given) if viewer is None else self._own(viewer=viewer, **given)

    def first(self, viewer: str | None, /, **given: Any) -> Any:
        return next(iter(self(viewer, **given)), None)


def _of_opportunities(build: Callable[..., QuerySet[Any, Any]]) -> Whose:
    return Whose(build, own)


def _of_drafts(build: Callable[..., QuerySet[Any, Any]]) -> Whose:
    return Whose(build, own_drafts)


@_of_opportunities
def _scored(whose: Q, *, business: Any) -> QuerySet[Opportunity, Any]:
    rows = waiting_opportunities(business).filter(whose, score__isnull=False).order_by("-score", "created_at", "id")
    return rows.values_list(*_COLUMNS)[:READ_AT_MOST]


@_of_opportunities
def _unscored(whose: Q, *, business: Any) -> QuerySet[Opportunity, Any]:
    rows = waiting_opportunities(business).filter(whose, score=None).order_by("created_at", "id")
    return rows.values_list(*_COLUMNS)[:READ_AT_MOST]


@_of_drafts
def _oldest_drafts(whose: Q, *, business: Any) -> QuerySet[Draft, Any]:
    return waiting_drafts(business).filter(whose).order_by("created_at").values_list(*_DRAFT_COLUMNS)[:READ_AT_MOST]


# Found by their contacts alone: with the business beside them SQLite would read everything that waits in it.
@_of_opportunities
def _of_writers(whose: Q, *, business: Any, since: Any) -> QuerySet[Opportunity, Any]:
    rows = Opportunity.objects.filter(_OPEN, whose, contact__in=_writers(business, since))
    return rows.order_by("contact__last_inbound_at", "pk").values_list(*_COLUMNS)[:WRITERS]


@_of_drafts
def _drafts_of_writers(whose: Q, *, business: Any, since: Any) -> QuerySet[Draft, Any]:
    rows = Draft.objects.filter(_WAITING_DRAFTS, whose, contact__in=_writers(business, since))
    return rows.order_by("contact__last_inbound_at", "pk").values_list(*_DRAFT_COLUMNS)[:WRITERS]


def _counted(drafts: Q, opportunities: Q, *, business: Any, since: Any, until: Any) -> QuerySet[Business, Any]:
    writers = Contact.objects.filter(business_id=business, last_inbound_at__gt=since, last_inbound_at__lte=until)
    closing = writers.order_by("last_inbound_at").values("pk")[:COUNTED_TO]
    found: tuple[QuerySet[Any], ...] = (
        waiting_drafts(business).filter(drafts),
        waiting_opportunities(business).filter(opportunities),
        Draft.objects.filter(_WAITING_DRAFTS, drafts, contact__in=closing),
        Opportunity.objects.filter(_OPEN, opportunities, contact__in=closing),
    )
    return Business.objects.filter(pk=business).values_list(
        *(HowMany(rows.values("pk")[:COUNTED_TO]) for rows in found)
    )


_counts = Whose(_counted, own_drafts, own)


@Compiled
def _last_decided(*, business: Any) -> QuerySet[Decision, Any]:
    rows = Decision.objects.filter(business_id=business, carried_out=True, opportunity__isnull=False)
    return rows.order_by("-id").values_list("opportunity", "opportunity__title", "at")[:1]


@Compiled
def _waits(*, business: Any, opportunity: Any) -> QuerySet[Opportunity, Any]:
    drafts = waiting_drafts(business).filter(opportunity=OuterRef("pk"))
    rows = Opportunity.objects.filter(business_id=business, pk=opportunity)
    return rows.filter(_OPEN | Q(Exists(drafts))).values_list("pk")


@Compiled
def _words_of(*, ids: Any) -> QuerySet[Opportunity, Any]:
    rows = Opportunity.objects.filter(pk__in=ids)
    return rows.values_list("pk", "title", "state", "contact__name", "contact__organisation")
