"""What follows when WhatsApp took a message: a card is presented, an opportunity contacted. In the same commit."""

from collections.abc import Sequence
from datetime import datetime

from wakeel.domain.opportunities import IN_WORK, OpportunityState
from wakeel.flows.note_invitations import note_invitations
from wakeel.flows.suppress_stopped import tell_if_it_left_anyway
from wakeel.store import cards, decisions, free_entry, records
from wakeel.store.models import Card, OutboxMessage
from wakeel.store.records import End


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
    if message.contact_id is not None:
        free_entry.note_answers([message.contact_id], now=now)
    if message.draft is not None:
        note_invitations([message.draft.id], now=now)
        decisions.move_opportunity(message.draft.opportunity, to=OpportunityState.CONTACTED, come_from=IN_WORK, now=now)


def note_acceptances(accepted: Sequence[End], *, now: datetime) -> None:
    """The same for many at once, each with its wamid; a message is a showing of a card or goes to a contact."""
    to_operators = {end.posted.outbox_id: end.wamid or "" for end in accepted if end.posted.contact_id is None}
    if to_operators:
        presented = cards.bind_wamids(to_operators)
        decisions.move_opportunities(
            presented, to=OpportunityState.PRESENTED, come_from=[OpportunityState.NEW], now=now
        )
    free_entry.note_answers({end.posted.contact_id for end in accepted if end.posted.contact_id is not None}, now=now)
    drafts = {end.posted.draft_id for end in accepted if end.posted.draft_id is not None}
    if drafts:
        note_invitations(drafts, now=now)
        contacted = decisions.opportunities_of(drafts)
        decisions.move_opportunities(contacted, to=OpportunityState.CONTACTED, come_from=IN_WORK, now=now)
    for message in records.messages([end.posted.outbox_id for end in accepted if end.posted.is_recalled]):
        tell_if_it_left_anyway(message, now=now)
