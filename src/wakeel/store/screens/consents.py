"""Where a person stands, and the ledger rows it was computed from."""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.consent import Category, ConsentState, Standing, state_of
from wakeel.store.gate_facts import people
from wakeel.store.models import ConsentEventRow

CATEGORIES = (Category.MARKETING, Category.UTILITY)
"""What consent is asked for here; an answer inside the window needs none."""


@dataclass(frozen=True, slots=True)
class CategoryStanding:
    """One category's answer. at: of the withdrawal when opted out, of the grant when active; else None."""

    category: str
    standing: Standing
    at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry as recorded; actor: an operator's id, or a word for the machine. purposes: None means all."""

    seq: int
    type: str
    at: datetime | None
    recorded_at: datetime
    categories: tuple[str, ...]
    purposes: tuple[str, ...] | None
    source: str
    wording: str
    evidence: str
    actor: str


def standings(contact_id: str, *, purpose: str, now: datetime) -> tuple[CategoryStanding, ...]:
    """Marketing and utility, for one purpose."""
    found = people([contact_id])
    subject = found.recipient(contact_id, None).subject
    dates = dict(ConsentEventRow.objects.filter(contact=contact_id).values_list("id", "at"))
    events = found.events[contact_id]
    states = [
        (category, state_of(events, category=category, purpose=purpose, subject=subject, as_of=now))
        for category in CATEGORIES
    ]
    return tuple(_standing(category, state, dates) for category, state in states)


def ledger(contact_id: str) -> tuple[LedgerRow, ...]:
    """All entries of a person, the newest first."""
    rows = ConsentEventRow.objects.filter(contact=contact_id).order_by("-seq")
    return tuple(
        LedgerRow(
            seq=row.seq,
            type=row.type,
            at=row.at,
            recorded_at=row.recorded_at,
            categories=tuple(row.categories),
            purposes=None if row.purposes is None else tuple(row.purposes),
            source=row.source,
            wording=row.wording,
            evidence=row.proof_ref,
            actor=row.actor,
        )
        for row in rows
    )


def _standing(category: str, state: ConsentState, dates: dict[str, datetime | None]) -> CategoryStanding:
    at = state.withdrawn_at if state.standing is Standing.OPTED_OUT else dates.get(state.grant_id or "")
    return CategoryStanding(category, state.standing, at, state.ends_at)
