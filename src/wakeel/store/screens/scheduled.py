"""What goes on by itself later: approved messages that leave at their hour, and opportunities that come back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from wakeel.domain.gate import window_closes_at
from wakeel.domain.outbox import Audience, Lane, OutboxState
from wakeel.store.compiled import Compiled
from wakeel.store.models import Opportunity, OutboxMessage, SendingNumber
from wakeel.store.screens.queue import SHOWN, Queue, QueueRow, Whose, own

SOON = timedelta(minutes=2)
"""What leaves within it is on its way: undo grace and back-off are no schedule."""


def read(business_id: str, *, viewer: str | None, now: datetime) -> Queue:
    """The next to leave or to come back first; viewer: as for the queue. No second page: what is done leaves it."""
    leaving = [row for (number,) in _numbers(business=business_id) for row in _sends(business_id, number, viewer, now)]
    coming = [_opportunity_row(*row) for row in _put_off(viewer, business=business_id, now=now)]
    rows = sorted([*leaving, *coming], key=lambda row: (row.at or now, row.opportunity_id))
    return Queue(rows=tuple(rows[:SHOWN]), next="", is_cut=len(rows) > SHOWN)


def _sends(business_id: str, number: str, viewer: str | None, now: datetime) -> Iterator[QueueRow]:
    rows = _pending(viewer, business=business_id, number=number, lane=Lane.CONTACT.value, after=now + SOON)
    for opportunity_id, draft_id, name, organisation, title, due_at, last_inbound_at in rows:
        yield QueueRow(
            opportunity_id, draft_id, name, organisation, title, OutboxState.PENDING.value,
            window_closes_at(last_inbound_at), (), at=due_at,
        )  # fmt: skip


def _opportunity_row(
    pk: str, name: str, organisation: str, title: str, state: str, at: datetime, last_inbound_at: datetime | None
) -> QueueRow:
    return QueueRow(pk, None, name, organisation, title, state, window_closes_at(last_inbound_at), (), at=at)


@Compiled
def _numbers(*, business: Any) -> QuerySet[SendingNumber, Any]:
    return SendingNumber.objects.filter(business_id=business).values_list("pk")


def _owner_of_draft(viewer: Any) -> Q:
    return Q(draft__opportunity__owner=viewer) | Q(draft__opportunity__owner=None)


def _pending_of(whose: Q, *, business: Any, number: Any, lane: Any, after: Any) -> QuerySet[OutboxMessage, Any]:
    rows = OutboxMessage.objects.filter(
        whose, business_id=business, number=number, lane=lane, state=OutboxState.PENDING.value, due_at__gt=after,
        audience=Audience.CONTACT.value, draft__isnull=False,
    )  # fmt: skip
    return rows.order_by("due_at", "id").values_list(
        "draft__opportunity", "draft", "contact__name", "contact__organisation", "draft__opportunity__title", "due_at",
        "contact__last_inbound_at",
    )[: SHOWN + 1]  # fmt: skip


_pending = Whose(_pending_of, _owner_of_draft)


def _put_off_of(whose: Q, *, business: Any, now: Any) -> QuerySet[Opportunity, Any]:
    rows = Opportunity.objects.filter(whose, business_id=business, snoozed_until__gt=now)
    return rows.order_by("snoozed_until", "id").values_list(
        "pk", "contact__name", "contact__organisation", "title", "state", "snoozed_until", "contact__last_inbound_at"
    )[: SHOWN + 1]


_put_off = Whose(_put_off_of, own)
