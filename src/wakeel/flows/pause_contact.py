"""A person asked not to be disturbed until some time. Check T1 of the gate."""

from datetime import datetime, timedelta

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

LONGEST = timedelta(days=366)
"""A longer silence is a stop, and is recorded as one."""


@whole_transaction
def pause_contact(operator_id: str, contact_id: str, *, until: datetime | None, now: datetime) -> Reply:
    """Messages to this person wait until then and leave by themselves afterwards. until: None ends a pause now."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        contact = contacts.lock(operator.business_id, contact_id)
        if contact is None:
            return Reply(AnswerCode.NO_SUCH_CONTACT)
        if until is not None and not now < until <= now + LONGEST:
            return Reply(AnswerCode.PAUSE_INVALID)
        group, name = contacts.group_of(contact), one_line(contact.name)
        Contact.objects.filter(pk__in=group).update(paused_until=until)
        _decide_again(group, now=now)
        note_about(contact.id, operator, Deed.PAUSED, until=until.isoformat() if until else None, now=now)
        if until is None:
            return Reply(AnswerCode.PAUSE_ENDED, {"name": name}, carried_out=True)
        return Reply(AnswerCode.PAUSED, {"name": name, "t": until}, carried_out=True)


def _decide_again(group: list[str], *, now: datetime) -> None:
    """What was put off for an earlier pause is looked at now: the gate finds its new time."""
    rows = OutboxMessage.objects.filter(
        contact__in=group, state=OutboxState.PENDING, hold_code=ReasonCode.CONTACT_PAUSED, due_at__gt=now
    )
    rows.update(due_at=now, updated_at=now)
