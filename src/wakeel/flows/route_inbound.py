"""One stored webhook becomes its effects, in one commit with "done". Walks 1 and 4."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, transaction

from wakeel import clock
from wakeel.domain.events import (
    ButtonTapped,
    Event,
    IdentityChanged,
    Malformed,
    OtherMessage,
    PreferenceChanged,
    StatusReceived,
    TextReceived,
    Unrecognised,
)
from wakeel.flows.forget_late_news import forget_late_news
from wakeel.flows.hold_unread import hold_unread
from wakeel.flows.identity_changed import identity_changed
from wakeel.flows.person_wrote import Postponed, person_wrote
from wakeel.flows.preference_changed import preference_changed
from wakeel.flows.record_status import record_status
from wakeel.store import businesses, inbox
from wakeel.store.give_way import give_way
from wakeel.store.models import InboxRow, SendingNumber
from wakeel.whatsapp.webhook import UnreadableBody, decode

TAP_WAITS_AT_MOST = timedelta(seconds=10)
"""A tap may be quicker than the answer that tells us the card's wamid (design section 4)."""
LOOK_AGAIN_AFTER = timedelta(milliseconds=300)
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))

ITEMS_A_COMMIT = 5
TRIES_OF_AN_ITEM = 2
"""How often an item that conflicts with another worker's is tried before it is put aside."""

Note = dict[str, Any]


def route_inbound(row_id: int, *, now: datetime) -> bool:
    """Decode one inbox row and carry out every item; True if the row is finished.

    An item that cannot be carried out is noted alone and its neighbours go on; the row is then quarantined with the
    errors. A fault of the database leaves the row `received`, to be tried again: a STOP is never lost to it.

    A large body is carried out in several short commits, the last one together with "done": a webhook or a screen
    never waits for a thousand items. Items are known by their own keys, so one that was done is not done again.
    """
    try:
        return _carry_out(row_id, now=now)
    except Postponed:
        inbox.try_later(row_id, at=clock.real_now() + LOOK_AGAIN_AFTER, error="", counts=False)
    except DatabaseError as fault:
        tries = InboxRow.objects.values_list("attempts", flat=True).get(pk=row_id)
        wait = BACK_OFF[min(tries, len(BACK_OFF) - 1)]
        inbox.try_later(row_id, at=clock.real_now() + wait, error=type(fault).__name__, counts=True)
    return False


def _carry_out(row_id: int, *, now: datetime) -> bool:
    body = InboxRow.objects.values_list("body", flat=True).get(pk=row_id)
    events, notes = _read(bytes(body))
    routes = {event_key: businesses.route(*event_key) for event_key in {_key(event) for event in events}}
    late: list[StatusReceived] = []
    parts = [events[start : start + ITEMS_A_COMMIT] for start in range(0, len(events), ITEMS_A_COMMIT)] or [[]]
    for place, part in enumerate(parts, start=1):
        started = time.monotonic()
        with transaction.atomic():
            row = inbox.lock(row_id)
            if row is None:
                return False
            may_wait = clock.real_now() - row.received_at < TAP_WAITS_AT_MOST
            last_try = row.attempts >= TRIES_OF_AN_ITEM
            found = [_one(e, routes[_key(e)], late=late, may_wait=may_wait, last_try=last_try, now=now) for e in part]
            notes += [note for note in found if note is not None]
            if place == len(parts):
                forget_late_news(row_id, late)
                _finish(row_id, notes, routes.values())
        if place < len(parts):
            give_way(time.monotonic() - started)
    return True


def _read(body: bytes) -> tuple[list[Event], list[Note]]:
    try:
        return decode(body), []
    except UnreadableBody as unreadable:
        return [], [{"kind": "unreadable", "error": str(unreadable), "path": ""}]


def _key(event: Event) -> tuple[str | None, str | None]:
    return event.phone_number_id, event.waba_id


def _finish(row_id: int, notes: list[Note], numbers: Iterable[SendingNumber | None]) -> None:
    for number in {number.pk: number for number in numbers if number}.values():
        businesses.webhook_seen(number, real_now=clock.real_now())
    quarantined = any(note["kind"] != "unrecognised" for note in notes)
    inbox.finish(row_id, errors=notes, quarantined=quarantined, real_now=clock.real_now())


def _one(
    event: Event, number: SendingNumber | None, *, late: list[StatusReceived], may_wait: bool, last_try: bool,
    now: datetime,
) -> Note | None:  # fmt: skip
    """Carry out one item under a savepoint of its own; a note for whoever looks, or None.

    late: news of people whose data was destroyed is added to it. last_try: a conflict with what another worker wrote at
    the same moment would be over by now.
    """
    if isinstance(event, Malformed):
        if number is not None and event.sender is not None:
            hold_unread(number.business_id, event.sender, now=now)
        return {"kind": "malformed", "path": event.path, "error": event.error}
    if number is None:
        return {"kind": "not_ours", "path": getattr(event, "path", ""), "error": "no number of ours"}
    if isinstance(event, Unrecognised):
        return {"kind": "unrecognised", "path": event.path, "error": f"{event.field}: {event.what}"}
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
    return {"kind": "fault", "path": type(event).__name__, "error": type(fault).__name__}


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
        case _:
            pass
