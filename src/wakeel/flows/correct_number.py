"""An operator corrects a contact's number: nothing goes to the new one before somebody made sure. Reference 3.6."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Deed
from wakeel.domain.recognition import IdentityDoubt
from wakeel.domain.text import one_line
from wakeel.flows.audit import note_about
from wakeel.flows.phone_numbers import BadNumber, to_e164
from wakeel.flows.reply import Reply
from wakeel.store import contacts, decisions, operators
from wakeel.store.models import Contact, ContactAlias
from wakeel.store.retry import whole_transaction


@whole_transaction
def correct_number(operator_id: str, contact_id: str, raw: str, *, now: datetime) -> Reply:
    """Give a contact another number. Consents stay with the old one; nothing unsent goes to either (the hold, then the
    digest). What could not be delivered to the old one counts no longer.

    A number that is somebody else's, or not a number, changes nothing.
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        contact = Contact.objects.filter(business_id=operator.business_id, pk=contact_id).first()
        if contact is None:
            return Reply(AnswerCode.UNKNOWN_BUTTON)
        try:
            value = to_e164(raw)
        except BadNumber:
            return Reply(AnswerCode.NUMBER_INVALID)
        if contacts.find(operator.business_id, value) or operators.is_operator_address(operator.business_id, value):
            return Reply(AnswerCode.NUMBER_TAKEN)
        contacts.open_alias(contact, ContactAlias.Kind.PHONE, value, now=now)
        contact.checked_at = now
        contact.save(update_fields=["checked_at"])
        contacts.hold(contact, IdentityDoubt.NUMBER_CORRECTED)
        note_about(contact.id, operator, Deed.NUMBER_CORRECTED, now=now)
        return Reply(AnswerCode.NUMBER_CORRECTED, {"name": one_line(contact.name)}, carried_out=True)
