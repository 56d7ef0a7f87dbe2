"""Cards and their showings."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from wakeel.domain.drafts import UNDECIDED
from wakeel.domain.outbox import OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.store.compiled import Compiled, CompiledUpdate
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Card, Draft, Operator, Opportunity, OutboxMessage, Showing

_NOT_FAILED = Q(outbox__status=None) | ~Q(outbox__status=MessageStatus.FAILED.value)
"""Of a showing: WhatsApp did not say later that it never arrived."""


_OPEN = Compiled(
    lambda operators: (
        Card.objects.filter(operator__in=operators, kind=Card.Kind.OPPORTUNITY, closed_at=None)
        .order_by()
        .values_list("operator_id")
    )
)


def open_opportunities(operator_ids: Collection[str]) -> Counter[str]:
    """How many opportunity cards wait for each of these operators, on the phone or on their way."""
    return Counter(operator_id for (operator_id,) in _OPEN(operators=operator_ids))


def open_approvals(operator: Operator) -> int:
    """How many drafts this operator has cards of that still wait for an answer."""
    rows = Card.objects.filter(business_id=operator.business_id, operator=operator, closed_at=None)
    return rows.filter(kind=Card.Kind.APPROVAL, draft__state__in=UNDECIDED).values("draft").distinct().count()


def is_shown(operator: Operator, draft: Draft) -> bool:
    """Whether this operator has a card of this draft."""
    return Card.objects.filter(operator=operator, draft=draft, closed_at=None).exists()


def not_shown_since(operator: Operator, since: datetime) -> list[Opportunity]:
    """What this operator's open cards ask about, if none of their showings is as new as that; the oldest first."""
    lately = Showing.objects.filter(card=OuterRef("pk"), created_at__gte=since)
    rows = Card.objects.filter(business_id=operator.business_id, operator=operator, closed_at=None)
    rows = rows.filter(~Exists(lately), kind=Card.Kind.OPPORTUNITY).select_related("opportunity__contact")
    return [card.opportunity for card in rows.order_by("created_at", "id")]


def unseen(operator: Operator) -> list[Card]:
    """Open cards that are neither on the phone nor on their way: their showing failed, or nobody knows."""
    arrived = Q(wamid__isnull=False) & _NOT_FAILED
    alive = arrived | Q(outbox__state__in=[OutboxState.PENDING, OutboxState.SENDING])
    shown = Showing.objects.filter(alive, card=OuterRef("pk"))
    rows = Card.objects.filter(operator=operator, closed_at=None).filter(~Exists(shown))
    return list(rows.select_related("opportunity__contact", "draft__opportunity", "draft__contact", "draft__number"))


@dataclass(frozen=True, slots=True)
class Question:
    """What a card asks an operator. draft, version: None on opportunity cards. digest: of what is asked."""

    operator: Operator
    opportunity: Opportunity
    digest: str
    draft: Draft | None = None
    version: int | None = None

    @property
    def kind(self) -> Card.Kind:
        return Card.Kind.OPPORTUNITY if self.draft is None else Card.Kind.APPROVAL

    @property
    def place(self) -> tuple[str, str, str | None]:
        """Where only one card is open at a time."""
        return self.operator.id, self.opportunity.id, self.draft.id if self.draft is not None else None


_ABOUT = Compiled(
    lambda operators, opportunities: Card.objects.filter(operator__in=operators, opportunity__in=opportunities)
)


def keep_all(questions: Sequence[Question], *, now: datetime) -> list[Card]:
    """For each question the operator's card, opened again if it was closed; cards with other digests of it are closed.

    No two questions are about the same.
    """
    asked = {question.place: question for question in questions}
    found: dict[tuple[str, str, str | None], Card] = {}
    outdated: list[Card] = []
    operators, opportunities = {place[0] for place in asked}, {place[1] for place in asked}
    for card in _ABOUT(operators=operators, opportunities=opportunities) if asked else ():
        place = card.operator_id, card.opportunity_id, card.draft_id
        question = asked.get(place)
        if question is not None and card.digest == question.digest:
            found[place] = card
        elif question is not None and card.closed_at is None:
            outdated.append(card)
    if outdated:
        Card.objects.filter(pk__in=[card.pk for card in outdated]).update(closed_at=now)
    new = {place: _card(question, now=now) for place, question in asked.items() if place not in found}
    insert_rows(list(new.values()))
    _open_again([(card, asked[place].version) for place, card in found.items()])
    return [found.get(question.place) or new[question.place] for question in questions]


def _card(question: Question, *, now: datetime) -> Card:
    return Card(
        business_id=question.operator.business_id,
        operator=question.operator,
        kind=question.kind,
        opportunity=question.opportunity,
        draft=question.draft,
        version=question.version,
        digest=question.digest,
        created_at=now,
    )


def _open_again(cards: Iterable[tuple[Card, int | None]]) -> None:
    closed: dict[int | None, list[str]] = defaultdict(list)
    for card, version in cards:
        if card.closed_at is not None or card.version != version:
            card.closed_at, card.version = None, version
            closed[version].append(card.pk)
    for version, ids in closed.items():
        Card.objects.filter(pk__in=ids).update(closed_at=None, version=version)


def close(*, now: datetime, **which: Any) -> None:
    """Close every open card that matches, for every operator."""
    Card.objects.filter(closed_at=None, **which).update(closed_at=now)


def take_back_unsent(*, now: datetime, **which: Any) -> None:
    """Suppress showings of closed cards that have not left yet: nobody should be asked what is decided."""
    waiting = Showing.objects.filter(**{f"card__{name}": value for name, value in which.items()})
    take_back(waiting.filter(_UNSENT, card__closed_at__isnull=False).values_list("outbox_id", "rendering_id"), now=now)


_UNSENT = Q(outbox__state=OutboxState.PENDING.value) | Q(rendering__state=OutboxState.PENDING.value)
_UNSENT_OF = Compiled(
    lambda opportunities: Showing.objects.filter(
        _UNSENT, card__opportunity__in=opportunities, card__kind=Card.Kind.OPPORTUNITY.value,
        card__closed_at__isnull=False,
    ).values_list("outbox_id", "rendering_id")
)  # fmt: skip


def close_opportunities(ids: Collection[str], *, now: datetime) -> None:
    """Close every opportunity card about these, for every operator, and take back its unsent showings."""
    _CLOSE_ABOUT(opportunities=ids, now=now)
    take_back(_UNSENT_OF(opportunities=ids), now=now)


_CLOSE_ABOUT = CompiledUpdate(
    lambda opportunities, now: (
        Card.objects.filter(opportunity__in=opportunities, kind=Card.Kind.OPPORTUNITY.value, closed_at=None),
        {"closed_at": now},
    )
)


def take_back(showings: Iterable[tuple[str, str | None]], *, now: datetime) -> None:
    """Suppress what is unsent of these messages, of each showing's card and of the text before it."""
    ids = {pk for pair in showings for pk in pair if pk is not None}
    if ids:
        _SUPPRESS(ids=ids, now=now)


_SUPPRESS = CompiledUpdate(
    lambda ids, now: (
        OutboxMessage.objects.filter(pk__in=ids, state=OutboxState.PENDING.value),
        {"state": OutboxState.SUPPRESSED.value, "updated_at": now},
    )
)


_NUMBERS = Compiled(lambda cards: Showing.objects.filter(card__in=cards).values_list("card_id", "number"))


def last_showings(cards: Iterable[Card]) -> dict[str, int]:
    """The number of each card's newest showing, by card; those that were never shown are left out."""
    last: dict[str, int] = {}
    for card_id, number in _NUMBERS(cards=[card.id for card in cards]):
        last[card_id] = max(number, last.get(card_id, 0))
    return last


def showing(
    card: Card, *, number: int, outbox: OutboxMessage, rendering: OutboxMessage | None, now: datetime
) -> Showing:
    """One showing, not saved yet."""
    return Showing(
        business_id=card.business_id, card=card, number=number, outbox=outbox, rendering=rendering, created_at=now
    )


def add_showings(rows: Sequence[Showing]) -> None:
    insert_rows(rows)


_SHOWN_AS = Compiled(
    lambda business, wamids: Showing.objects.filter(business=business, wamid__in=wamids).select_related("card")
)


def shown_as(business_id: str, wamid: str, *, operator: Operator) -> Showing | None:
    """The showing that this wamid is, if it was shown to this operator."""
    found = shown_among(business_id, [wamid]).get(wamid)
    return found if found is not None and found.card.operator_id == operator.id else None


def shown_among(business_id: str, wamids: Collection[str]) -> dict[str, Showing]:
    """The showings that have one of these wamids, with their cards, by wamid."""
    return {found.wamid: found for found in _SHOWN_AS(business=business_id, wamids=wamids)} if wamids else {}


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


def bind_wamid(outbox_id: str, wamid: str) -> Showing | None:
    """Remember under which wamid a showing reached the phone; None if the message was no card."""
    showing = Showing.objects.filter(outbox_id=outbox_id).select_related("card").first()
    if showing is not None and showing.wamid is None:
        Showing.objects.filter(pk=showing.pk, wamid=None).update(wamid=wamid)
        showing.wamid = wamid
    return showing


def bind_wamids(wamids: Mapping[str, str]) -> set[str]:
    """The same for many messages at once, wamid by outbox id; ids of the opportunities whose cards were among them."""
    showings = _showings(messages=list(wamids))
    if not showings:
        return set()
    for showing in showings:
        if showing.wamid is None:
            showing.wamid = wamids[showing.outbox_id]
    Showing.objects.bulk_update(showings, ["wamid"])
    return {showing.card.opportunity_id for showing in showings if showing.card.kind == Card.Kind.OPPORTUNITY}


@Compiled
def _showings(*, messages: Any) -> "QuerySet[Showing]":
    return Showing.objects.filter(outbox__in=messages).select_related("card")


def holders(opportunity_ids: Collection[str]) -> dict[str, list[Operator]]:
    """Which active operators are being asked about these opportunities, by opportunity."""
    found: dict[str, list[Operator]] = defaultdict(list)
    for card in _HOLDERS(opportunities=opportunity_ids) if opportunity_ids else ():
        found[card.opportunity_id].append(card.operator)
    return found


_HOLDERS = Compiled(
    lambda opportunities: (
        Card.objects.filter(opportunity__in=opportunities, kind=Card.Kind.OPPORTUNITY.value, closed_at=None)
        .filter(operator__state="active")
        .select_related("operator")
        .order_by("created_at", "id")
    )
)
