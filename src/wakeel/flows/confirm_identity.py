"""An operator made sure, by another way, that a number still belongs to the same person. Design 5."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Deed
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.text import one_line
from wakeel.flows.audit import note_about
from wakeel.flows.release_held import release_held
from wakeel.flows.reply import Reply
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.store import contacts, decisions
from wakeel.store.models import OutboxMessage
from wakeel.store.retry import whole_transaction


@whole_transaction
def confirm_identity(operator_id: str, contact_id: str, *, now: datetime) -> Reply:
    """Lift the hold; what waited behind it goes on, or is shown for a new approval if anything of it changed."""
    with transaction.atomic():
        return _confirm(operator_id, contact_id, now=now)


def _confirm(operator_id: str, contact_id: str, *, now: datetime) -> Reply:
    operator = decisions.lock_operator(operator_id)
    contact = contacts.lock(operator.business_id, contact_id)
    if contact is None:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    held = list(OutboxMessage.objects.filter(contact=contact, hold_code=ReasonCode.IDENTITY_HOLD, state="held"))
    if not contact.identity_hold and not held:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    contacts.release(contact)
    for message in held:
        release_held(message, now=now)
    show_what_is_cured(contact, now=now)
    note_about(contact.id, operator, Deed.IDENTITY_CONFIRMED, now=now)
    return Reply(AnswerCode.IDENTITY_CONFIRMED, {"name": one_line(contact.name)}, carried_out=True)
