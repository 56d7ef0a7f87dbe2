"""The stored standing of every person: a cache of `domain.consent.state_of`, for selecting many at once.

It is written in the same transaction as the entry or alias that changes it. Sending never relies on it: the claim
always computes. `wakeel ledger-verify` compares both.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings

from wakeel.domain.consent import ConsentEvent, ConsentType, Standing
from wakeel.store import subjects
from wakeel.store.models import ConsentStanding
from wakeel.store.subjects import Asked

_GRANTS = frozenset({ConsentType.GRANT, ConsentType.RE_PERMISSION, ConsentType.IMPORT})
Scope = tuple[str, str]


def refresh_standing(contact_ids: Iterable[str], *, now: datetime) -> None:
    """Compute and store where these people stand, inside the caller's transaction.

    Only categories and purposes that somebody once granted are stored: without a grant nobody can be selected.
    """
    found = subjects.read(contact_ids)
    wanted = {(row.contact_id, row.category, row.purpose): row for pk in found for row in rows_of(pk, found[pk], now)}
    stale = [
        row.pk
        for row in ConsentStanding.objects.filter(contact__in=list(found))
        if (row.contact_id, row.category, row.purpose) not in wanted
    ]
    if stale:
        ConsentStanding.objects.filter(pk__in=stale).delete()
    if wanted:
        ConsentStanding.objects.bulk_create(
            wanted.values(),
            update_conflicts=True,
            unique_fields=["business", "contact", "category", "purpose"],
            update_fields=["standing", "grant_event", "valid_until", "seq"],
        )


def rows_of(contact_id: str, asked: Asked, now: datetime) -> list[ConsentStanding]:
    """The rows that should stand for one contact, not saved."""
    as_of, policy = _settled(asked.events, now), settings.DEPLOYMENT().policy
    rows = []
    for category, purpose in sorted(scopes(asked.events)):
        state = asked.state(category, purpose, policy=policy, as_of=as_of)
        rows.append(
            ConsentStanding(
                business_id=asked.business_id,
                contact_id=contact_id,
                category=category,
                purpose=purpose,
                standing=state.standing.value,
                grant_event=state.grant_id,
                valid_until=state.ends_at,
                seq=asked.ledger_seq,
            )
        )
    return rows


def scopes(events: Iterable[ConsentEvent]) -> set[Scope]:
    """Every category and purpose that a granting entry names."""
    return {
        (category, purpose)
        for event in events
        if event.type in _GRANTS
        for category in event.categories
        for purpose in event.purposes or ()
    }


def says(row: ConsentStanding, *, at: datetime) -> tuple[str, str | None]:
    """What a row says at a later moment: the standing, and the grant that it rests on."""
    ended = row.standing == Standing.ACTIVE and row.valid_until is not None and row.valid_until <= at
    return Standing.EXPIRED.value if ended else row.standing, row.grant_event


def _settled(events: Sequence[ConsentEvent], now: datetime) -> datetime:
    """When every entry counts: clocks differ a little, and the row must stay true until the next entry."""
    tolerance = settings.DEPLOYMENT().policy.clock_skew_tolerance
    latest = [min(event.at or event.recorded_at, event.recorded_at + tolerance) for event in events]
    return max([now, *latest, *(event.recorded_at for event in events)])
