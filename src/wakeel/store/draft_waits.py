"""Drafts to which something happens by the clock."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.waiting import Wait
from wakeel.store.compiled import Compiled
from wakeel.store.models import Draft, Operator, Vote

AT_ONCE = 50
"""Drafts looked at in one go: the next go is two seconds later."""


def due(*, now: datetime) -> list[str]:
    """Ids of those whose time has come, the longest due first, decided ones too; one query, by an index."""
    return [pk for (pk,) in _due(now=now)]


@Compiled
def _due(*, now: Any) -> QuerySet[Draft, Any]:
    return Draft.objects.filter(nudge_at__lte=now).order_by("nudge_at").values_list("pk")[:AT_ONCE]


def lock(ids: Collection[str]) -> list[Draft]:
    """These, with all that a reminder says and a card shows, in the order of their ids."""
    rows = Draft.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    return list(rows.select_related("opportunity__owner", "editor", "contact", "number__business").order_by("pk"))


def plan(draft: Draft, wait: Wait, **said: datetime) -> None:
    """What happens to a draft next; said: when somebody was reminded of it, by column."""
    fields: dict[str, Any] = {"waits_until": wait.until, "nudge": wait.nudge.value, "nudge_at": wait.at, **said}
    Draft.objects.filter(pk=draft.pk).update(**fields)
    for name, value in fields.items():
        setattr(draft, name, value)


def look_at(draft: Draft, *, at: datetime) -> None:
    """The same as planned, but not before that."""
    Draft.objects.filter(pk=draft.pk).update(nudge_at=at)


def forget(ids: Collection[str]) -> None:
    """Nothing happens to these by the clock any more."""
    Draft.objects.filter(pk__in=ids).update(nudge="", nudge_at=None)


def voted(draft: Draft) -> set[str]:
    """Ids of operators who approved the current version, as one of two."""
    return set(Vote.objects.filter(draft=draft, version=draft.version).values_list("operator", flat=True))


def active_of(business_ids: Collection[str]) -> dict[str, list[Operator]]:
    """Active operators, by business, whoever enrolled first first."""
    found: dict[str, list[Operator]] = {pk: [] for pk in business_ids}
    for row in Operator.objects.filter(business__in=business_ids, state="active").order_by("enrolled_at", "id"):
        found[row.business_id].append(row)
    return found
