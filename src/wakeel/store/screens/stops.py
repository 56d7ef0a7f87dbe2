"""What the business must know about one person's stops: guesses to decide on, and what was sent too late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wakeel.domain.consent import ConsentType
from wakeel.store import leaving
from wakeel.store.contacts import group_of
from wakeel.store.entries import details_by_id
from wakeel.store.models import ConsentEventRow, Contact

_INFERRED = "inferred_text"
_TOLD = "user_request"
_AT_ONCE = timedelta(seconds=2)
"""WhatsApp stamps whole seconds; what left within them left in the same moment."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A sentence that was taken for a request to stop offers, and that nobody decided on yet. words: '' if erased."""

    event_id: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SentBeforeKnown:
    """Messages that left after a person asked us to stop and before we learnt it."""

    asked_at: datetime
    known_at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Stops:
    """Of one person; the newest first."""

    guesses: tuple[Guess, ...] = ()
    too_late: tuple[SentBeforeKnown, ...] = ()


def read(business_id: str, contact_id: str) -> Stops:
    """Nothing for a contact of another business."""
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id).first()
    if contact is None:
        return Stops()
    group = group_of(contact)
    rows = list(ConsentEventRow.objects.filter(payload__contact__in=group).order_by("-seq"))
    withdrawals = [row for row in rows if row.type == ConsentType.WITHDRAW]
    open_guesses = _undecided(rows, [row for row in withdrawals if row.source == _INFERRED])
    words = details_by_id(open_guesses)
    return Stops(
        guesses=tuple(
            Guess(row.id, words.get(row.id, {}).get("evidence", ""), row.at or row.recorded_at) for row in open_guesses
        ),
        too_late=tuple(found for row in withdrawals if (found := _sent_before_known(row, group)) is not None),
    )


def _undecided(rows: list[ConsentEventRow], guesses: list[ConsentEventRow]) -> list[ConsentEventRow]:
    """Without those that were cancelled, and those that a person has confirmed for the same moment."""
    lifted = {row.withdraw_id for row in rows if row.type == ConsentType.RESUME}
    told = {row.at for row in rows if row.type == ConsentType.WITHDRAW and row.source == _TOLD}
    return [row for row in guesses if row.id not in lifted and row.at not in told]


def _sent_before_known(row: ConsentEventRow, group: list[str]) -> SentBeforeKnown | None:
    if row.at is None or row.recorded_at - row.at <= _AT_ONCE:
        return None
    count = leaving.since(group, categories=row.categories, after=row.at, until=row.recorded_at)
    return SentBeforeKnown(row.at, row.recorded_at, count) if count else None
