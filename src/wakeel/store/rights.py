"""Requests of people about their data: kept, found, moved on by compare-and-set."""

from datetime import datetime
from typing import Any

from wakeel.domain.rights import CameBy, RequestState, Right, due_at
from wakeel.store.models import Contact, RightsRequest


def keep(
    contact: Contact, *, right: Right, came_by: CameBy, words: str, received_at: datetime, by: str
) -> RightsRequest:
    """A new request; its clock runs from the moment it was received."""
    return RightsRequest.objects.create(
        business_id=contact.business_id, contact=contact, right=right.value, came_by=came_by.value, words=words,
        received_at=received_at, due_at=due_at(received_at), opened_by=by,
    )  # fmt: skip


def lock(business_id: str, request_id: str) -> RightsRequest | None:
    """The request, locked until the transaction ends; None if this business has none with this id."""
    rows = RightsRequest.objects.select_for_update(of=("self",)).select_related("contact")
    return rows.filter(business_id=business_id, pk=request_id).first()


def change(request: RightsRequest, **fields: Any) -> bool:
    """Compare-and-set on `open`; True if this caller changed it."""
    rows = RightsRequest.objects.filter(pk=request.pk, state=RequestState.OPEN)
    return rows.update(**fields) == 1
