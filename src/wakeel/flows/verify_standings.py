"""The stored standings against what the ledger says, for every contact of a business, a slice at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from wakeel.domain.consent import Standing
from wakeel.store import contacts, ledger_rows, subjects
from wakeel.store.entries import CHAIN
from wakeel.store.models import Business, ConsentStanding
from wakeel.store.standings import refresh_standing, rows_of, says

SLICE = 500
LOCKED_SLICE = 50
"""Nobody else writes meanwhile: the lock is held for milliseconds."""
Said = frozenset[tuple[str, str, str, str, str | None, datetime | None]]


def differing(business_id: str, *, now: datetime) -> Iterator[tuple[str, bool]]:
    """Every contact, and whether what is stored about them is not what is computed at `now`."""
    for ids in contacts.slices(business_id, SLICE):
        suspects = _compared(ids, now=now)
        if suspects:
            # Somebody may have written between the two readings: look again while nobody can.
            with transaction.atomic():
                ledger_rows.lock_head(business_id, CHAIN)
                suspects = _compared(suspects, now=now)
        yield from ((contact_id, contact_id in suspects) for contact_id in ids)


def refresh_standings(*, now: datetime) -> int:
    """Compute and store every standing again, for example after the policy changed; how many people were looked at."""
    count = 0
    for business_id in Business.objects.order_by("created_at").values_list("id", flat=True):
        for ids in contacts.slices(business_id, LOCKED_SLICE):
            with transaction.atomic():
                ledger_rows.lock_head(business_id, CHAIN)
                refresh_standing(ids, now=now)
            count += len(ids)
    return count


def _compared(ids: Iterable[str], *, now: datetime) -> set[str]:
    found = subjects.read(ids)
    stored: dict[str, list[ConsentStanding]] = defaultdict(list)
    for row in ConsentStanding.objects.filter(contact__in=list(found)):
        stored[row.contact_id].append(row)
    return {pk for pk in found if _said(stored[pk], now) != _said(rows_of(pk, found[pk], now), now)}


def _said(rows: Iterable[ConsentStanding], now: datetime) -> Said:
    """Without `seq`: an entry that changes nothing for a person need not touch their row. The end counts while the row
    is active, for then it decides who is selected."""
    found = [(row, *says(row, at=now)) for row in rows]
    return frozenset(
        (row.business_id, row.category, row.purpose, said, grant, row.valid_until if said == Standing.ACTIVE else None)
        for row, said, grant in found
    )
