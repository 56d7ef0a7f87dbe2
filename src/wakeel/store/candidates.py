"""What waits to be asked about: undecided opportunities on nobody's phone, and as much of them as ranking reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from wakeel.domain.opportunities import WROTE_FIRST, OpportunityState
from wakeel.domain.ranking import Earlier
from wakeel.domain.recognition import OperatorState
from wakeel.store.compiled import Compiled
from wakeel.store.earlier import History
from wakeel.store.models import Card, Opportunity


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking reads of an opportunity; of hundreds only the first few are read whole.

    held_for: the active operator who is in charge of it, and is asked first; None for whoever is free.
    """

    id: str
    score: int | None
    last_inbound_at: datetime | None
    created_at: datetime
    purpose: str
    earlier: tuple[Earlier, ...]
    has_owner: bool
    wrote_first: bool
    held_for: str | None


_AT_MOST = 200
"""Of what waits, by the imported score: so many are ranked."""

# Written out: for `state IN (…)` SQLite would not see that the index of what waits has it all.
STILL_OPEN = Q(state=OpportunityState.NEW.value) | Q(state=OpportunityState.PRESENTED.value)
"""`domain.opportunities.OPEN_STATES`."""


def not_expired(now: datetime) -> Q:
    """Of an opportunity."""
    return Q(expires_at=None) | Q(expires_at__gt=now)


def _undecided(now: datetime) -> "QuerySet[Opportunity]":
    """Not expired, and no open card of an active operator."""
    held = Card.objects.filter(
        opportunity=OuterRef("pk"), kind=Card.Kind.OPPORTUNITY.value, closed_at=None, operator__state="active"
    )
    return Opportunity.objects.filter(STILL_OPEN, not_expired(now)).filter(~Exists(held))


_CANDIDATE = (
    "id", "score", "contact__last_inbound_at", "created_at", "purpose", "contact_id", "contact__organisation",
    "owner_id", "owner__state", "source",
)  # fmt: skip
_WROTE_FIRST = [source.value for source in WROTE_FIRST]
_ARRIVED_AT_MOST = 50
"""Of those who wrote first, the newest: no score says which of them comes first."""
SETTLES_IN = timedelta(seconds=5)
"""People write line by line: the card waits for the end of it, and has all of it."""
_SCORED = Compiled(
    lambda business, now: (
        _undecided(now)
        .filter(business=business, score__isnull=False)
        .order_by("-score", "created_at", "id")
        .values_list(*_CANDIDATE)[:_AT_MOST]
    )
)
_UNSCORED = Compiled(
    lambda business, now: (
        _undecided(now)
        .filter(business=business, score=None)
        .exclude(source__in=_WROTE_FIRST)
        .order_by("created_at", "id")
        .values_list(*_CANDIDATE)[:_AT_MOST]
    )
)
_ARRIVED = Compiled(
    lambda business, now, settled: (
        _undecided(now)
        .filter(STILL_OPEN, business=business, source__in=_WROTE_FIRST, contact__last_inbound_at__lte=settled)
        .order_by("-created_at", "id")
        .values_list(*_CANDIDATE)[:_ARRIVED_AT_MOST]
    )
)
_WHOLE = Compiled(lambda ids, now: _undecided(now).select_related("contact").filter(pk__in=ids))


def waiting_opportunities(business_id: str, *, now: datetime) -> list[Candidate]:
    """Undecided opportunities that have not expired and that no active operator has as an open card."""
    found = _SCORED(business=business_id, now=now)
    if len(found) < _AT_MOST:
        found += _UNSCORED(business=business_id, now=now)[: _AT_MOST - len(found)]
    found += _ARRIVED(business=business_id, now=now, settled=now - SETTLES_IN)
    history = History(business_id, ((row[5], row[6]) for row in found))
    return [_candidate(row, history) for row in found]


def _candidate(row: tuple[Any, ...], history: History) -> Candidate:
    pk, score, last_inbound_at, created_at, purpose, contact_id, organisation, owner_id, owner_state, source = row
    held_for = owner_id if owner_state == OperatorState.ACTIVE else None
    earlier = history.of(contact_id, organisation)
    return Candidate(
        pk, score, last_inbound_at, created_at, purpose, earlier, owner_id is not None, source in WROTE_FIRST, held_for
    )


def still_waiting(ids: Collection[str], *, now: datetime) -> dict[str, Opportunity]:
    """Those of these opportunities that are still undecided and on nobody's phone, with their contacts, by id."""
    return {row.pk: row for row in _WHOLE(ids=ids, now=now)} if ids else {}


def expired(*, now: datetime) -> list[Opportunity]:
    """Presented opportunities whose date has passed undecided."""
    return list(Opportunity.objects.filter(state=OpportunityState.PRESENTED, expires_at__lte=now)[:100])
