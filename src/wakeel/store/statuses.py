"""Status events: kept once each, matched to attempts by our own id or by the wamid."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.events import StatusReceived
from wakeel.store.compiled import Compiled
from wakeel.store.erased_ids import either, is_token, overwritten
from wakeel.store.models import Attempt, StatusEvent

LARGEST_CODE = 2**31
"""What the column holds; Meta's codes have seven digits at most."""


def code_kept(code: int | None) -> int | None:
    """The code as it can be stored; None for none, and for a number that is no code of Meta's."""
    return code if code is not None and abs(code) < LARGEST_CODE else None


def attempt_of(business_id: str, event: StatusReceived) -> Attempt | None:
    """The attempt a status speaks of; our echoed id first, because it proves even an unanswered one."""
    rows = Attempt.objects.filter(business_id=business_id)
    if event.callback_data:
        found = rows.filter(pk=event.callback_data).first()
        if found is not None and found.wamid in {None, *either(event.wamid)}:
            return found
    return rows.filter(wamid__in=either(event.wamid)).first()


def keep(business_id: str, event: StatusReceived, *, attempt: Attempt | None, now: datetime) -> StatusEvent | None:
    """Store one status; None if wamid, status and recipient were stored before.

    Late news of a message to somebody whose data was destroyed is kept without what would name them again.
    """
    wamid, recipient, values = event.wamid[:200], recipient_of(event), values_of(event)
    if attempt is not None and is_token(attempt.wamid):
        wamid, recipient, values = overwritten(wamid), overwritten(recipient), {**values, "details": ""}
    row, made = StatusEvent.objects.get_or_create(
        business_id=business_id,
        wamid=wamid,
        status=event.status[:40],
        recipient=recipient,
        defaults={**values, "attempt": attempt, "at": event.at, "recorded_at": now},
    )
    return row if made else None


def recipient_of(event: StatusReceived) -> str:
    """'' if it was not said."""
    return (event.recipient_bsuid or event.recipient_wa_id or "")[:160]


def values_of(event: StatusReceived) -> dict[str, Any]:
    """What a status says beside its key, by column."""
    error = event.errors[0] if event.errors else None
    return {
        "failure_code": code_kept(error.code if error else None),
        "details": error.details if error else "",
        "pricing_category": event.pricing_category[:40],
        "pricing_type": event.pricing_type[:40],
    }


def parked(attempt: Attempt) -> list[StatusEvent]:
    """Statuses that came before the answer to this attempt's send, in order of arrival."""
    rows = StatusEvent.objects.filter(business_id=attempt.business_id, wamid=attempt.wamid, attempt=None)
    return list(rows.order_by("id"))


def parked_wamids(asked: Iterable[tuple[str, str]]) -> set[str]:
    """Of these wamids, each with its business, those for which news came before they were known."""
    wamids: dict[str, list[str]] = {}
    for business_id, wamid in asked:
        wamids.setdefault(business_id, []).append(wamid)
    return {
        wamid
        for business_id, some in wamids.items()
        for (wamid,) in _parked(business=business_id, wamids=some)
    }  # fmt: skip


@Compiled
def _parked(*, business: Any, wamids: Any) -> "QuerySet[StatusEvent, Any]":
    return StatusEvent.objects.filter(business_id=business, wamid__in=wamids, attempt=None).values_list("wamid")
