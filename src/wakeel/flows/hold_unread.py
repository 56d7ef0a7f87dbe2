"""Something from a contact could not be read or carried out: nothing goes to them before a person looked. Walk 4."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, transaction

from wakeel.domain.events import Event, Sender
from wakeel.domain.inbox_notes import open_paths
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.flows.release_held import release_held
from wakeel.flows.show_card import show_as_it_is
from wakeel.store import businesses, cards, contacts, inbox_history, raw_bodies
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import InboxRow, OutboxMessage
from wakeel.whatsapp.webhook import UnreadableBody, decode

log = logging.getLogger(__name__)

LOOKED_THROUGH = 200
"""Quarantined bodies that are read to see whether another item of the same person waits; with more, nothing goes on."""


def hold_unread(business_id: str, sender: Sender, *, now: datetime) -> None:
    """Hold every unsent message to everyone who has this sender's address, and show it to whoever approved it.

    What is leaving this moment is recalled, and held by the next claim if it did not leave; so is what is approved or
    let go before somebody looked.
    """
    people = _people(business_id, sender)
    contacts.note_unread(people, since=now)
    theirs = OutboxMessage.objects.filter(contact__in=people)
    for message in theirs.filter(draft__isnull=False, state=OutboxState.PENDING):
        if _hold(message, now=now):
            _show(message, now=now)
    outbox_verbs.recall(theirs, now=now)


def _people(business_id: str, sender: Sender) -> list[str]:
    """Ids of everybody who has this sender's address, with all records of theirs."""
    found = {pk for contact in contacts.all_of(business_id, sender) for pk in contacts.group_of(contact)}
    return sorted(found)


def _hold(message: OutboxMessage, *, now: datetime) -> bool:
    """False if it has left, or was taken back meanwhile."""
    return outbox_verbs.move(
        message.id,
        to=OutboxState.HELD,
        come_from=[OutboxState.PENDING],
        now=now,
        hold_code=ReasonCode.UNREAD_MESSAGE.value,
    )


def _show(message: OutboxMessage, *, now: datetime) -> None:
    """It stays held, also where a fault of ours keeps its card from being made: that may be what the item met too."""
    try:
        with transaction.atomic():
            show_as_it_is(message, reply="", now=now)
    except DatabaseError:
        raise
    except Exception as fault:
        log.error("a message held for an unread item cannot be shown (%s)", type(fault).__name__)  # noqa: TRY400


def release_unread(business_id: str, sender: Sender | None, *, now: datetime) -> tuple[int, int]:
    """One item of this sender was carried out or put aside by a person: what was held for it goes on, unless another
    item of theirs still waits. Inside the caller's transaction, after that item's note was changed.

    Returns how many messages go on and how many are asked again, because what they rest on has changed.
    """
    if sender is None:
        return 0, 0
    people = _people(business_id, sender)
    if not contacts.is_unread(people) or _something_waits(business_id, sender):
        return 0, 0
    contacts.note_unread(people, since=None)
    held = OutboxMessage.objects.filter(
        contact__in=people, hold_code=ReasonCode.UNREAD_MESSAGE.value, state=OutboxState.HELD
    )
    leaving = asked = 0
    for message in held.select_related("draft__opportunity__owner", "draft__contact", "draft__number__business"):
        if not release_held(message, now=now):
            asked += 1
            continue
        leaving += 1
        if message.draft is not None:
            # It asks to be sent as it is, which is what happens now.
            cards.close(now=now, draft=message.draft)
    return leaving, asked


def unread_events(row: InboxRow) -> Iterator[Event]:
    """The items of one quarantined body that nobody has settled, as today's code reads them; none that it cannot."""
    paths = open_paths(row.errors)
    try:
        events = decode(raw_bodies.opened(row))
    except (UnreadableBody, raw_bodies.StaysSealed):
        return
    yield from (event for event in events if event.path in paths)


def _something_waits(business_id: str, sender: Sender) -> bool:
    rows = inbox_history.waiting_for_a_person(limit=LOOKED_THROUGH + 1)
    if len(rows) > LOOKED_THROUGH:
        return True
    return any(_is_theirs(event, business_id, sender) for row in rows for event in unread_events(row))


def _is_theirs(event: Event, business_id: str, sender: Sender) -> bool:
    who = getattr(event, "sender", None)
    if who is None or not ({who.wa_id, who.bsuid} & {sender.wa_id, sender.bsuid} - {None}):
        return False
    number = businesses.route(event.phone_number_id, event.waba_id)
    return number is not None and number.business_id == business_id
