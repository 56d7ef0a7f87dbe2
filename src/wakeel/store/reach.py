"""How many people a business has written to first within a day, against WhatsApp's limit for its portfolio."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Min, QuerySet

from wakeel.domain.gate_timing import MESSAGING_PERIOD
from wakeel.store.compiled import Compiled
from wakeel.store.models import ReachedPerson


@dataclass(frozen=True, slots=True)
class Reach:
    """by_business: how many people, and when the oldest of them was written to. counted: of those asked about."""

    by_business: Mapping[str, tuple[int, datetime | None]]
    counted: frozenset[str]


NOBODY = Reach({}, frozenset())


def read(businesses: Collection[str], contacts: Collection[str], *, now: datetime) -> Reach:
    """Everybody counted at `now`, and who of these contacts is among them; two queries, none without a business."""
    if not businesses:
        return NOBODY
    since = now - MESSAGING_PERIOD
    counts = _counts(businesses=businesses, since=since)
    counted = frozenset(pk for (pk,) in _counted(contacts=contacts, since=since))
    return Reach({business_id: (people, oldest) for business_id, people, oldest in counts}, counted)


def lock(businesses: Iterable[str]) -> None:
    """One claim at a time counts the people of a business, until its transaction ends; SQLite has one writer."""
    ids = sorted(set(businesses))
    if connection.vendor == "postgresql" and ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('reach:' || id, 0)) "
                "FROM (SELECT unnest(%s::text[]) AS id ORDER BY 1) AS asked",
                [ids],
            )


def note(people: Iterable[tuple[str, str]], *, now: datetime) -> None:
    """These people, each with their business, are written to now."""
    rows = [ReachedPerson(contact_id=contact_id, business_id=business_id, at=now) for business_id, contact_id in people]
    if rows:
        ReachedPerson.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["contact"], update_fields=["at"]
        )  # fmt: skip


@Compiled
def _counts(*, businesses: Any, since: Any) -> "QuerySet[ReachedPerson, Any]":
    rows = ReachedPerson.objects.filter(business__in=businesses, at__gt=since).order_by().values("business_id")
    return rows.annotate(people=Count("pk"), oldest=Min("at")).values_list("business_id", "people", "oldest")


@Compiled
def _counted(*, contacts: Any, since: Any) -> "QuerySet[ReachedPerson, Any]":
    return ReachedPerson.objects.filter(contact__in=contacts, at__gt=since).values_list("contact_id")
