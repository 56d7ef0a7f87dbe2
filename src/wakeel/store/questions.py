"""Cards on an operator's phone as they answer them in words: by quoting a message, or because only one is open."""

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from wakeel.domain.outbox import Lane, OutboxState
from wakeel.store.models import Card, Decision, Operator, OutboxMessage, Showing


def quoted(operator: Operator, wamid: str) -> Showing | None:
    """The showing on this operator's phone that a message of theirs quotes, or whose text that went before it; None
    for anything else of ours."""
    return _of(operator).filter(Q(wamid=wamid) | Q(rendering__wamid=wamid)).order_by("-id").first()


def answered(operator: Operator, wamid: str) -> Showing | None:
    """The newest showing, on this operator's phone, of the draft that the answer with this wamid was about: whoever
    quotes "approved" or "write the new text" means that draft. None for anything else."""
    decision = _answered(operator, wamid)
    draft = decision.draft if decision is not None else None
    return _of(operator).filter(card__draft=draft, wamid__isnull=False).order_by("-id").first() if draft else None


def opportunity_answered(operator: Operator, wamid: str) -> str:
    """Id of the opportunity that the answer with this wamid was about; '' for anything else of ours."""
    decision = _answered(operator, wamid)
    return (decision.opportunity_id or "") if decision is not None else ""


def seen(cards: Sequence[Card]) -> list[Showing]:
    """The newest showing of each of these cards that reached the phone, in the order of the cards."""
    rows = _whole().filter(card__in=[card.id for card in cards], wamid__isnull=False).order_by("number")
    last = {showing.card_id: showing for showing in rows}
    return [last[card.id] for card in cards if card.id in last]


def unsent_approvals(operator: Operator) -> list[OutboxMessage]:
    """Messages that this operator approved and that nobody has claimed yet, the newest first."""
    waiting = OutboxMessage.objects.filter(
        business=operator.business_id, lane=Lane.CONTACT, state=OutboxState.PENDING, draft_version=F("draft__version")
    )
    theirs = waiting.filter(draft__approvals__operator=operator, draft__approvals__revoked_at=None)
    return list(theirs.select_related("draft__opportunity").order_by("-id"))


def _answered(operator: Operator, wamid: str) -> Decision | None:
    """What was decided by the tap or text that this message of ours answers."""
    answers = OutboxMessage.objects.filter(
        business=operator.business_id, operator=operator, wamid=wamid, request_key__startswith="answer:"
    )
    key = answers.values_list("request_key", flat=True).first()
    if key is None:
        return None
    taken = Decision.objects.filter(business=operator.business_id, tap_key=key.removeprefix("answer:"))
    return taken.select_related("draft").first()


def _of(operator: Operator) -> QuerySet[Showing]:
    return _whole().filter(business=operator.business_id, card__operator=operator)


def _whole() -> QuerySet[Showing]:
    return Showing.objects.select_related("card__draft", "card__opportunity", "outbox", "rendering")
