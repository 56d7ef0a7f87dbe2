"""Opportunities that were put off: until when, what brings them back, and which are due."""

from collections.abc import Collection
from datetime import datetime

from wakeel.domain.opportunities import OpportunityState
from wakeel.store.compiled import Compiled
from wakeel.store.models import Opportunity

AT_ONCE = 100
"""So many come back in one transaction."""


def put_off(opportunity: Opportunity, *, until: datetime, for_reply: bool, now: datetime) -> None:
    """The caller holds its lock. for_reply: words of the contact bring it back before."""
    opportunity.snoozed_until, opportunity.snoozed_for_reply = until, for_reply
    rows = Opportunity.objects.filter(pk=opportunity.pk)
    rows.update(snoozed_until=until, snoozed_for_reply=for_reply, updated_at=now)


def forget(opportunity: Opportunity) -> None:
    """Nothing brings it back any more; a query only where something would have."""
    if opportunity.snoozed_until is None and not opportunity.snoozed_for_reply:
        return
    opportunity.snoozed_until, opportunity.snoozed_for_reply = None, False
    Opportunity.objects.filter(pk=opportunity.pk).update(snoozed_until=None, snoozed_for_reply=False)


def forget_all(ids: Collection[str]) -> None:
    Opportunity.objects.filter(pk__in=ids).update(snoozed_until=None, snoozed_for_reply=False)


def due(*, now: datetime) -> dict[str, str | None]:
    """Whose time has come, the earliest first: their ids, each with its owner's."""
    return dict(_DUE(now=now))


def waiting_for(contact_ids: Collection[str]) -> dict[str, str | None]:
    """Those that words of these people bring back, as `due` gives them."""
    return dict(_FOR_REPLY(contacts=contact_ids)) if contact_ids else {}


def lock_put_off(ids: Collection[str]) -> list[Opportunity]:
    """Those of these that still wait to come back, with contact, business and owner, the earliest first."""
    return sorted(_PUT_OFF(ids=ids), key=lambda row: (row.snoozed_until, row.pk)) if ids else []


_DUE = Compiled(
    lambda now: (
        Opportunity.objects.filter(snoozed_until__lte=now)
        .order_by("snoozed_until")
        .values_list("pk", "owner_id")[:AT_ONCE]
    )
)
_FOR_REPLY = Compiled(
    lambda contacts: Opportunity.objects.filter(contact__in=contacts, snoozed_for_reply=True).values_list(
        "pk", "owner_id"
    )
)
# In the order of their ids: two that lock several never wait for each other in a circle.
_PUT_OFF = Compiled(
    lambda ids: (
        Opportunity.objects.select_for_update(of=("self",))
        .select_related("contact", "business", "owner__number")
        .filter(pk__in=ids, snoozed_until__isnull=False)
        .order_by("pk")
    )
)


def give_reason(opportunity: Opportunity, reason: str) -> bool:
    """Compare-and-set of why it was skipped; False if it is not skipped any more."""
    rows = Opportunity.objects.filter(pk=opportunity.pk, state=OpportunityState.SKIPPED.value)
    return rows.update(skip_reason=reason) == 1


def add_to_summary(opportunity: Opportunity, line: str, *, now: datetime) -> None:
    """As a line of its own; the caller holds its lock."""
    opportunity.summary = f"{opportunity.summary}\n{line}" if opportunity.summary else line
    Opportunity.objects.filter(pk=opportunity.pk).update(summary=opportunity.summary, updated_at=now)
