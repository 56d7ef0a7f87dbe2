"""The raw inbox, from the worker's side."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from wakeel.store.models import InboxRow, InboxState


def oldest_waiting_age(*, real_now: datetime) -> timedelta:
    """How long the oldest undecoded webhook has waited; zero if none does."""
    oldest = InboxRow.objects.filter(state=InboxState.RECEIVED).order_by("id").values_list("received_at", flat=True)[:1]
    return max((real_now - at for at in oldest), default=timedelta(0))


def waiting(*, real_now: datetime, limit: int) -> list[int]:
    """Ids of rows to decode now, in order of arrival."""
    rows = InboxRow.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=real_now), state=InboxState.RECEIVED)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def lock(row_id: int) -> InboxRow | None:
    """The row, locked until the transaction ends; None if another worker has it or it is done."""
    rows = InboxRow.objects.filter(pk=row_id, state=InboxState.RECEIVED)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return rows.first()


def finish(row_id: int, *, errors: list[dict[str, Any]], quarantined: bool, real_now: datetime) -> None:
    InboxRow.objects.filter(pk=row_id).update(
        state=InboxState.QUARANTINED if quarantined else InboxState.DONE, errors=errors, processed_at=real_now
    )


def try_later(row_id: int, *, at: datetime, error: str, counts: bool) -> None:
    """Leave the row `received`; counts: False for a wait of our own, True for a fault that cut processing short."""
    row = InboxRow.objects.get(pk=row_id)
    row.next_try_at = at
    if counts:
        row.attempts = min(row.attempts + 1, 30_000)
        row.errors = [{"kind": "fault", "error": error}]
    row.save(update_fields=["next_try_at", "attempts", "errors"])
