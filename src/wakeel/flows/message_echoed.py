"""Somebody of the business wrote to a person in the WhatsApp Business app: it belongs to their history, no more."""

from datetime import datetime

from wakeel.domain.events import MessageEchoed
from wakeel.flows.keep_contact import one_contact
from wakeel.store import messages, operators
from wakeel.store.models import SendingNumber


def message_echoed(event: MessageEchoed, number: SendingNumber, *, now: datetime) -> None:
    """Keep it once, inside the caller's transaction. It opens no window and is no word of the person's."""
    business_id = number.business_id
    if messages.was_kept(business_id, event.wamid):
        return
    is_operator = operators.is_operator_sender(business_id, event.to)
    contact = None if is_operator else one_contact(business_id, event.to, at=event.sent_at, now=now)
    messages.keep_echo(business_id, event, contact=contact, now=now)
