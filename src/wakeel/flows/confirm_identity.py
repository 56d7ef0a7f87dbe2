"""An operator made sure, by another way, that a number still belongs to the same person. Design 5."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.text import one_line
from wakeel.flows.ask_again import ask_again
from wakeel.flows.reply import Reply
from wakeel.store import decisions
from wakeel.store.models import Contact, OutboxMessage
from wakeel.store.retry import whole_transaction


@whole_transaction
def confirm_identity(operator_id: str, contact_id: str, *, now: datetime) -> Reply:
    """Lift the hold; what waited behind it is shown for a new approval."""
    with transaction.atomic():
        return _confirm(operator_id, contact_id, now=now)


def _confirm(operator_id: str, contact_id: str, *, now: datetime) -> Reply:
    operator = decisions.lock_operator(operator_id)
    contact = Contact.objects.filter(business_id=operator.business_id, pk=contact_id, identity_hold=True).first()
    if contact is None:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    contact.identity_hold = False
    contact.save(update_fields=["identity_hold"])
    for message in OutboxMessage.objects.filter(contact=contact, hold_code=ReasonCode.IDENTITY_HOLD, state="held"):
        ask_again(message, now=now)
    return Reply(AnswerCode.IDENTITY_CONFIRMED, {"name": one_line(contact.name)}, carried_out=True)
