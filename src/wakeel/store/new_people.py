"""People who wrote while nothing was open about them: whether something is, and what is opened."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.opportunities import WROTE_FIRST
from wakeel.store import cards
from wakeel.store.compiled import Compiled
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Contact, Opportunity, Suppression

_SOURCES = [source.value for source in WROTE_FIRST]


def barred(business_id: str, contact_ids: Collection[str], *, since: datetime) -> set[str]:
    """Those for whom none is opened: never written to, erased, or they had one like it since then."""
    return {pk for (pk,) in _BARRED(business=business_id, contacts=contact_ids, since=since)}


_BARRED = Compiled(
    lambda business, contacts, since: (
        Suppression.objects.filter(business=business, contact__in=contacts, lifted_at=None)
        .values_list("contact_id")
        .union(
            Opportunity.objects.filter(contact__in=contacts, source__in=_SOURCES, created_at__gt=since).values_list(
                "contact_id"
            ),
            Contact.objects.filter(pk__in=contacts, erased_at__isnull=False).values_list("pk"),
            all=True,
        )
    )
)


def create_all(rows: Sequence[Opportunity]) -> int:
    """Save them, each once by its key; how many were new."""
    return insert_rows(rows, once="business_id, external_key") if rows else 0


def is_only_first_word(contact_ids: "Collection[str] | QuerySet[Any, Any]") -> bool:
    """True if nothing was ever open about them but that they wrote first, and nobody decided on that."""
    rows = Opportunity.objects.filter(contact__in=contact_ids)
    return not rows.exclude(source__in=_SOURCES, state__in=["new", "presented", "expired"]).exists()


def close_first_words(contact_ids: Collection[str], *, now: datetime) -> None:
    """They turned out to be no contacts: nobody is asked about them any more."""
    rows = Opportunity.objects.filter(contact__in=contact_ids, source__in=_SOURCES, state__in=["new", "presented"])
    ids = list(rows.values_list("pk", flat=True))
    Opportunity.objects.filter(pk__in=ids).update(state="expired", updated_at=now)
    cards.close_opportunities(ids, now=now)


def undecided_of(contact: Contact) -> Opportunity | None:
    """What was opened because they wrote first, while nobody has decided on it."""
    rows = Opportunity.objects.filter(contact=contact, source__in=_SOURCES, state__in=["new", "presented"], owner=None)
    return rows.order_by("created_at", "id").first()
