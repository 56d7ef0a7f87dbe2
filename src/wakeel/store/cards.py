"""Cards and their showings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from wakeel.domain.opportunities import OPEN_STATES, OpportunityState
from wakeel.domain.outbox import OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.store.models import Card, Draft, Operator, Opportunity, OutboxMessage, Showing

_NOT_FAILED = Q(outbox__status=None) | ~Q(outbox__status=MessageStatus.FAILED.value)
"""Of a showing: WhatsApp did not say later that it never arrived."""


def open_opportunities(operator: Operator) -> int:
    """How many opportunity cards wait for this operator, on the phone or on their way."""
    return Card.objects.filter(operator=operator, kind=Card.Kind.OPPORTUNITY, closed_at=None).count()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking reads of an opportunity; of hundreds only the first few are read whole."""

    id: str
    score: int | None
    last_inbound_at: datetime | None
    skipped_before: int
    created_at: datetime


def waiting_opportunities(business_id: str, *, now: datetime) -> list[Candidate]:
    """Undecided opportunities that have not expired and that no active operator has as an open card."""
    held = Card.objects.filter(
        opportunity=OuterRef("pk"), kind=Card.Kind.OPPORTUNITY, closed_at=None, operator__state="active"
    )
    rows = Opportunity.objects.filter(business_id=business_id, state__in=[s.value for s in OPEN_STATES])
    rows = rows.filter(Q(expires_at=None) | Q(expires_at__gt=now)).filter(~Exists(held))
    rows = rows.order_by(F("score").desc(nulls_last=True), "id")
    found = list(rows.values_list("id", "score", "contact__last_inbound_at", "contact", "created_at")[:200])
    skips = Opportunity.objects.filter(contact__in={row[3] for row in found}, state=OpportunityState.SKIPPED)
    skipped = dict(skips.order_by().values_list("contact").annotate(Count("pk")))
    return [
        Candidate(pk, score, last_inbound_at, skipped.get(contact_id, 0), created_at)
        for pk, score, last_inbound_at, contact_id, created_at in found
    ]


def opportunities(ids: Sequence[str]) -> list[Opportunity]:
    """These, with their contacts, in this order."""
    rows = Opportunity.objects.select_related("contact").in_bulk(ids)
    return [rows[pk] for pk in ids]


def expired(*, now: datetime) -> list[Opportunity]:
    """Presented opportunities whose date has passed undecided."""
    return list(Opportunity.objects.filter(state=OpportunityState.PRESENTED, expires_at__lte=now)[:100])


def unseen(operator: Operator) -> list[Card]:
    """Open cards that are neither on the phone nor on their way: their showing failed, or nobody knows."""
    arrived = Q(wamid__isnull=False) & _NOT_FAILED
    alive = arrived | Q(outbox__state__in=[OutboxState.PENDING, OutboxState.SENDING])
    shown = Showing.objects.filter(alive, card=OuterRef("pk"))
    rows = Card.objects.filter(operator=operator, closed_at=None).filter(~Exists(shown))
    return list(rows.select_related("opportunity__contact", "draft__opportunity", "draft__contact", "draft__number"))


def skipped_before(opportunity: Opportunity) -> int:
    rows = Opportunity.objects.filter(contact_id=opportunity.contact_id, state=OpportunityState.SKIPPED)
    return rows.exclude(pk=opportunity.pk).count()


def keep(
    operator: Operator,
    kind: Card.Kind,
    *,
    opportunity: Opportunity,
    digest: str,
    now: datetime,
    draft: Draft | None = None,
    version: int | None = None,
) -> Card:
    """The operator's card for exactly this question, opened again if it was closed; other digests of it are closed."""
    rows = Card.objects.filter(operator=operator, kind=kind, opportunity=opportunity, draft=draft)
    rows.exclude(digest=digest).filter(closed_at=None).update(closed_at=now)
    card = rows.filter(digest=digest).first()
    if card is None:
        return Card.objects.create(
            business_id=operator.business_id,
            operator=operator,
            kind=kind,
            opportunity=opportunity,
            draft=draft,
            version=version,
            digest=digest,
            created_at=now,
        )
    if card.closed_at is not None or card.version != version:
        Card.objects.filter(pk=card.pk).update(closed_at=None, version=version)
        card.closed_at, card.version = None, version
    return card


def close(*, now: datetime, **which: Any) -> None:
    """Close every open card that matches, for every operator."""
    Card.objects.filter(closed_at=None, **which).update(closed_at=now)


def take_back_unsent(*, now: datetime, **which: Any) -> None:
    """Suppress showings of closed cards that have not left yet: nobody should be asked what is decided."""
    waiting = Showing.objects.filter(**{f"card__{name}": value for name, value in which.items()})
    waiting = waiting.filter(card__closed_at__isnull=False)
    ids = Q(pk__in=waiting.values("outbox_id")) | Q(pk__in=waiting.values("rendering_id"))
    OutboxMessage.objects.filter(ids, state=OutboxState.PENDING).update(state=OutboxState.SUPPRESSED, updated_at=now)


def next_showing(card: Card) -> int:
    return (Showing.objects.filter(card=card).aggregate(last=Max("number"))["last"] or 0) + 1


def add_showing(
    card: Card, *, number: int, outbox: OutboxMessage, rendering: OutboxMessage | None, now: datetime
) -> Showing:
    return Showing.objects.create(
        business_id=card.business_id, card=card, number=number, outbox=outbox, rendering=rendering, created_at=now
    )


def shown_as(business_id: str, wamid: str, *, operator: Operator) -> Showing | None:
    """The showing that this wamid is, if it was shown to this operator."""
    rows = Showing.objects.filter(business_id=business_id, wamid=wamid, card__operator=operator)
    return rows.select_related("card__draft", "card__opportunity").first()


def is_any_leaving(operator: Operator, *, since: datetime) -> bool:
    """True while a card to this operator is on the wire: its wamid may be the one that was just tapped."""
    leaving = [OutboxState.SENDING, OutboxState.UNKNOWN]
    rows = Showing.objects.filter(card__operator=operator, outbox__state__in=leaving, wamid=None)
    return rows.filter(created_at__gte=since - timedelta(hours=24)).exists()


def open_cards(operator: Operator) -> list[Card]:
    """Every question that waits for this operator and has reached the phone, oldest first."""
    on_the_phone = Showing.objects.filter(_NOT_FAILED, card=OuterRef("pk"), wamid__isnull=False)
    rows = Card.objects.filter(Exists(on_the_phone), operator=operator, closed_at=None)
    return list(rows.select_related("opportunity", "draft").order_by("created_at", "id"))


def last_seen(card: Card) -> Showing | None:
    """The newest showing that reached the phone; None before the first."""
    rows = Showing.objects.filter(card=card, wamid__isnull=False).select_related("card__draft", "rendering")
    return rows.order_by("-number").first()


def bind_wamid(outbox_id: str, wamid: str) -> Showing | None:
    """Remember under which wamid a showing reached the phone; None if the message was no card."""
    showing = Showing.objects.filter(outbox_id=outbox_id).select_related("card").first()
    if showing is not None and showing.wamid is None:
        Showing.objects.filter(pk=showing.pk, wamid=None).update(wamid=wamid)
        showing.wamid = wamid
    return showing
