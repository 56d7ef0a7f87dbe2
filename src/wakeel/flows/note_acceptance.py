"""What follows when WhatsApp took a message: a card is presented, an opportunity contacted. In the same commit."""

from datetime import datetime

from wakeel.domain.opportunities import IN_WORK, OpportunityState
from wakeel.flows.suppress_stopped import tell_if_it_left_anyway
from wakeel.store import cards, decisions
from wakeel.store.models import Card, OutboxMessage


def note_acceptance(outbox_id: str, wamid: str, *, now: datetime) -> None:
    showing = cards.bind_wamid(outbox_id, wamid)
    if showing is not None:
        if showing.card.kind == Card.Kind.OPPORTUNITY:
            decisions.move_opportunity(
                showing.card.opportunity, to=OpportunityState.PRESENTED, come_from=[OpportunityState.NEW], now=now
            )
        return
    message = OutboxMessage.objects.select_related("contact", "draft__opportunity").get(pk=outbox_id)
    tell_if_it_left_anyway(message, now=now)
    if message.draft is not None:
        decisions.move_opportunity(message.draft.opportunity, to=OpportunityState.CONTACTED, come_from=IN_WORK, now=now)
