"""An operator made sure that messages reach a person whose last one could not be delivered. Check 10 of the gate."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Deed
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.text import one_line
from wakeel.flows.audit import note_about
from wakeel.flows.release_held import release_held
from wakeel.flows.reply import Reply
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.store import contacts, decisions
from wakeel.store.models import Contact, OutboxMessage
from wakeel.store.retry import whole_transaction


@whole_transaction
def reachable_again(operator_id: str, contact_id: str, *, now: datetime) -> Reply:
    """Failures before now count no longer; what was held for them goes on, or is asked again if anything changed."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        contact = contacts.lock(operator.business_id, contact_id)
        if contact is None:
            return Reply(AnswerCode.NO_SUCH_CONTACT)
        group = contacts.group_of(contact)
        Contact.objects.filter(pk__in=group).update(checked_at=now)
        held = OutboxMessage.objects.filter(contact__in=group, state=OutboxState.HELD)
        for message in held.filter(hold_code=ReasonCode.RECIPIENT_UNREACHABLE).select_related("draft"):
            release_held(message, now=now)
        show_what_is_cured(contact, now=now)
        note_about(contact.id, operator, Deed.REACHABLE, now=now)
        return Reply(AnswerCode.REACHABLE_AGAIN, {"name": one_line(contact.name)}, carried_out=True)
