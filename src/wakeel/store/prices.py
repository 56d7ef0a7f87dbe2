"""Counting what Meta charges delivered messages as: each status once, by a mark that moves over their ids."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet

from wakeel.domain.prices import PRICED
from wakeel.store.models import PriceCount, PriceMark, StatusEvent

CHUNK = 1_000
_ROW = 1


@dataclass(frozen=True, slots=True)
class Span:
    """Statuses with ids over `after` up to `last`. is_full: there may be more behind it."""

    after: int
    last: int
    is_full: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """What messages are counted by. month: its first day."""

    business_id: str
    number_id: str
    month: date
    category: str
    pricing_type: str


@dataclass(frozen=True, slots=True)
class Priced:
    """One delivered message. at: Meta's time of the delivery."""

    business_id: str
    wamid: str
    number_id: str
    category: str
    pricing_type: str
    at: datetime


def next_span(*, before: datetime) -> Span | None:
    """The next statuses that were all written down before that moment: on PostgreSQL a lower id may still commit right
    after a higher one, so the newest wait a little. None if there are none."""
    mark, _ = PriceMark.objects.get_or_create(pk=_ROW)
    rows = StatusEvent.objects.filter(pk__gt=mark.status_event).order_by("pk").values_list("pk", "recorded_at")
    last = None
    found = list(rows[:CHUNK])
    for pk, recorded_at in found:
        if recorded_at > before:
            break
        last = pk
    if last is None:
        return None
    return Span(mark.status_event, last, len(found) == CHUNK and last == found[-1][0])


def priced_in(span: Span) -> list[Priced]:
    """Delivered messages of ours that these statuses price and no earlier one did."""
    rows = _priced().filter(pk__gt=span.after, pk__lte=span.last, attempt__isnull=False).order_by("pk")
    found: dict[tuple[str, str], Priced] = {}
    for values in rows.values_list(
        "business_id", "wamid", "attempt__outbox__number_id", "pricing_category", "pricing_type", "at"
    ):
        one = Priced(*values)
        found.setdefault((one.business_id, one.wamid), one)
    for key in _counted_before(span, found):
        found.pop(key, None)
    return list(found.values())


def _counted_before(span: Span, found: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """By the index of wamids; asked for a range of ids as well, SQLite would read every status there is."""
    rows = _priced().filter(business__in={business for business, _ in found}, wamid__in=[wamid for _, wamid in found])
    return [
        (business, wamid) for pk, business, wamid in rows.values_list("pk", "business_id", "wamid") if pk <= span.after
    ]


def _priced() -> QuerySet[StatusEvent]:
    rows = StatusEvent.objects.filter(status__in=sorted(PRICED))
    return rows.exclude(pricing_category="", pricing_type="")


def add(span: Span, counts: Mapping[Kind, int]) -> bool:
    """Count inside the caller's transaction; False if another process counted these first."""
    if not PriceMark.objects.filter(pk=_ROW, status_event=span.after).update(status_event=span.last):
        return False
    for kind, messages in counts.items():
        row, _ = PriceCount.objects.get_or_create(
            business_id=kind.business_id, number_id=kind.number_id, month=kind.month, category=kind.category,
            pricing_type=kind.pricing_type,
        )  # fmt: skip
        PriceCount.objects.filter(pk=row.pk).update(messages=F("messages") + messages)
    return True
