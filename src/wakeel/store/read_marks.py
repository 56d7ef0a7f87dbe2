"""Messages that somebody turned to, and of which WhatsApp is to be told that they were read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from wakeel.domain.drafts import UNDECIDED
from wakeel.store.compiled import Compiled, CompiledUpdate
from wakeel.store.models import Draft, InboundMessage, SendingNumber

WORTH_TELLING = timedelta(minutes=10)
"""A mark that could not be sent for so long is not sent any more."""
AT_ONCE = 20


def want(message_id: int, *, now: datetime) -> None:
    """Have it marked, also once more: a mark carries the sign of writing, which ends by itself."""
    InboundMessage.objects.filter(pk=message_id).update(read_wanted_at=now, read_sent_at=None)


@dataclass(frozen=True, slots=True)
class Mark:
    """is_writing: a draft for them waits for its approval, or for its text."""

    id: int
    wamid: str
    number_id: str
    wanted_at: datetime
    is_writing: bool


def wanted(*, now: datetime) -> list[Mark]:
    """What WhatsApp is to be told of now, the first first; one query while there is nothing."""
    found = _WANTED(since=now - WORTH_TELLING)
    numbers = _numbers({row[2] for row in found}) if found else {}
    return [
        Mark(pk, wamid, numbers[business_id], at, bool(writing))
        for pk, wamid, business_id, at, writing in found
        if business_id in numbers
    ]


@Compiled
def _WANTED(*, since: Any) -> "QuerySet[InboundMessage, Any]":
    writing = Draft.objects.filter(contact=OuterRef("contact"), state__in=UNDECIDED)
    rows = InboundMessage.objects.filter(read_wanted_at__isnull=False, read_sent_at=None, read_wanted_at__gt=since)
    rows = rows.annotate(writing=Exists(writing)).order_by("id")
    return rows.values_list("id", "wamid", "business_id", "read_wanted_at", "writing")[:AT_ONCE]


def _numbers(business_ids: Collection[str]) -> dict[str, str]:
    """The number each business sends from."""
    rows = SendingNumber.objects.filter(business__in=business_ids).order_by("-phone_number_id")
    return dict(rows.values_list("business", "phone_number_id"))


def told(marks: Collection[Mark], *, now: datetime) -> None:
    """WhatsApp was told, or did not want to hear it: either way it is not told again. What was wanted once more
    meanwhile still waits."""
    for mark in marks:
        _TOLD(id=mark.id, wanted_at=mark.wanted_at, now=now)


_TOLD = CompiledUpdate(
    lambda id, wanted_at, now: (
        InboundMessage.objects.filter(pk=id, read_wanted_at=wanted_at),
        {"read_sent_at": now},
    )
)
