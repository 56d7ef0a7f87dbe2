"""What left to people and cannot be taken back: told whenever somebody asks us to stop."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from wakeel.domain.statuses import MessageStatus
from wakeel.store.models import Attempt

STILL_ON_ITS_WAY = timedelta(days=1)
"""After that, a message without news of its delivery is not spoken of as on its way any more."""


def since(contact_ids: Collection[str], *, categories: Collection[str], after: datetime, until: datetime) -> int:
    """How many messages of these kinds left, or may have left, after one moment up to another."""
    return _left(contact_ids, categories).filter(claimed_at__gt=after, claimed_at__lte=until).count()


def undelivered(contact_ids: Collection[str], *, categories: Collection[str], at: datetime) -> int:
    """How many WhatsApp had taken by then without having told of their delivery."""
    arrived = [MessageStatus.DELIVERED.value, MessageStatus.READ.value]
    rows = _left(contact_ids, categories).filter(claimed_at__lte=at, claimed_at__gt=at - STILL_ON_ITS_WAY)
    return rows.filter(Q(outbox__status=None) | ~Q(outbox__status__in=arrived), outcome="accepted").count()


def _left(contact_ids: Collection[str], categories: Collection[str]) -> QuerySet[Attempt]:
    """What an operator approved and WhatsApp did not report as failed; fixed texts answer what the person wrote."""
    rows = Attempt.objects.filter(Q(outcome__in=["accepted", "unknown"]) | Q(wamid__isnull=False))
    rows = rows.filter(Q(outbox__status=None) | ~Q(outbox__status=MessageStatus.FAILED.value))
    return rows.filter(outbox__contact__in=list(contact_ids), outbox__category__in=list(categories), outbox__intent="")


def last_category(contact_ids: Collection[str], *, before: datetime, within: timedelta) -> str | None:
    """The kind of the last message they had from us before that moment; None if it is longer ago."""
    rows = Attempt.objects.filter(Q(outcome__in=["accepted", "unknown"]) | Q(wamid__isnull=False))
    rows = rows.filter(outbox__contact__in=list(contact_ids), outbox__intent="")
    last = rows.filter(claimed_at__lte=before).select_related("outbox").order_by("-claimed_at", "-id").first()
    return last.outbox.category if last is not None and last.claimed_at > before - within else None
