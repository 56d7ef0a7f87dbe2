"""One item of a webhook becomes its effects; what is wrong with it harms none of its neighbours. Walks 1 and 4."""

from datetime import datetime

from django.db import DatabaseError, DataError, IntegrityError, transaction

from wakeel.domain.events import (
    ButtonTapped,
    Event,
    IdentityChanged,
    Malformed,
    MessageEchoed,
    OtherMessage,
    PreferenceChanged,
    StatusReceived,
    TextReceived,
    Unrecognised,
)
from wakeel.domain.inbox_notes import Note, NoteKind, noted
from wakeel.flows.hold_unread import hold_unread
from wakeel.flows.identity_changed import identity_changed
from wakeel.flows.message_echoed import message_echoed
from wakeel.flows.person_wrote import Postponed, person_wrote
from wakeel.flows.platform_event import note_platform_event
from wakeel.flows.preference_changed import preference_changed
from wakeel.flows.record_status import record_status
from wakeel.store.models import SendingNumber


def route_item(
    event: Event, number: SendingNumber | None, *, late: list[StatusReceived], may_wait: bool, last_try: bool,
    now: datetime,
) -> Note | None:  # fmt: skip
    """Carry out one item under a savepoint of its own, inside the caller's transaction; None if all went well.

    Raises Postponed, and DatabaseError for what may go well another time.

    late: news of people whose data was destroyed is added to it. last_try: a conflict with what another worker wrote at
    the same moment would be over by now.
    """
    if isinstance(event, Malformed):
        if number is not None and event.sender is not None:
            hold_unread(number.business_id, event.sender, now=now)
        business = number.business_id if number is not None else None
        return noted(NoteKind.MALFORMED, event.path, event.error, business=business)
    if number is None:
        return noted(NoteKind.NOT_OURS, event.path, "no number of ours")
    if isinstance(event, Unrecognised):
        what = f"{event.field}: {event.what}"
        return noted(NoteKind.UNRECOGNISED, event.path, what, business=number.business_id)
    try:
        with transaction.atomic():
            _handle(event, number, late=late, may_wait=may_wait, now=now)
    except Postponed:
        raise
    except DataError as odd:
        # A value that no column holds: this item's fault, and trying again would never end.
        return _fault(event, number, odd, now=now)
    except IntegrityError as conflict:
        if not last_try:
            raise
        return _fault(event, number, conflict, now=now)
    except DatabaseError:
        raise
    except Exception as fault:
        return _fault(event, number, fault, now=now)
    return None


def _fault(event: Event, number: SendingNumber, fault: Exception, *, now: datetime) -> Note:
    """What was not carried out may have been a STOP: nothing goes to its sender before somebody looked."""
    sender = getattr(event, "sender", None)
    if sender is not None:
        hold_unread(number.business_id, sender, now=now)
    error = f"{type(event).__name__}: {type(fault).__name__}"
    return noted(NoteKind.FAULT, event.path, error, business=number.business_id)


def _handle(event: Event, number: SendingNumber, *, late: list[StatusReceived], may_wait: bool, now: datetime) -> None:
    match event:
        case ButtonTapped() | TextReceived() | OtherMessage():
            person_wrote(event, number, may_wait=may_wait, now=now)
        case StatusReceived():
            if record_status(number.business_id, event, now=now):
                late.append(event)
        case PreferenceChanged():
            preference_changed(event, number, now=now)
        case IdentityChanged():
            identity_changed(event, number, now=now)
        case MessageEchoed():
            message_echoed(event, number, now=now)
        case Unrecognised() | Malformed():
            pass
        case _:
            note_platform_event(event, number, now=now)
