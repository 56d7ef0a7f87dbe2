"""An operator knows by which clock a person lives; otherwise it is taken from the number."""

from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Deed
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.text import one_line
from wakeel.flows.audit import note_about
from wakeel.flows.reply import Reply
from wakeel.store import contacts, decisions
from wakeel.store.models import Contact, OutboxMessage
from wakeel.store.retry import whole_transaction


@whole_transaction
def set_time_zone(operator_id: str, contact_id: str, zone: str, *, now: datetime) -> Reply:
    """zone: an IANA name such as Asia/Riyadh, '' for what the number tells. Messages put off for the hour are decided
    again by the new clock."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        contact = contacts.lock(operator.business_id, contact_id)
        if contact is None:
            return Reply(AnswerCode.NO_SUCH_CONTACT)
        wanted = zone.strip()
        if wanted and wanted not in available_timezones():
            return Reply(AnswerCode.TIME_ZONE_UNKNOWN)
        group, name = contacts.group_of(contact), one_line(contact.name)
        Contact.objects.filter(pk__in=group).update(time_zone=wanted)
        put_off = OutboxMessage.objects.filter(contact__in=group, state=OutboxState.PENDING, due_at__gt=now)
        put_off.filter(hold_code=ReasonCode.QUIET_HOURS).update(due_at=now, updated_at=now)
        note_about(contact.id, operator, Deed.TIME_ZONE, zone=wanted, now=now)
        if not wanted:
            return Reply(AnswerCode.TIME_ZONE_CLEARED, {"name": name}, carried_out=True)
        return Reply(AnswerCode.TIME_ZONE_SET, {"name": name, "zone": wanted}, carried_out=True)
