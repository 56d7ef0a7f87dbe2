"""Something from a contact could not be read or carried out: nothing goes to them before a person looked. Walk 4."""

from datetime import datetime

from wakeel.domain.events import Sender
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.flows.show_card import show_as_it_is
from wakeel.store import contacts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import OutboxMessage


def hold_unread(business_id: str, sender: Sender, *, now: datetime) -> None:
    """Hold every unsent message to everyone who has this sender's address, and show it to whoever approved it."""
    people = contacts.all_of(business_id, sender)
    for message in OutboxMessage.objects.filter(contact__in=people, draft__isnull=False, state=OutboxState.PENDING):
        held = outbox_verbs.move(
            message.id,
            to=OutboxState.HELD,
            come_from=[OutboxState.PENDING],
            now=now,
            hold_code=ReasonCode.UNREAD_MESSAGE.value,
        )
        if held:
            show_as_it_is(message, reply="", now=now)
    outbox_verbs.recall(OutboxMessage.objects.filter(contact__in=people), now=now)
