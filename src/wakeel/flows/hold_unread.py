"""Something from a contact could not be read or carried out: nothing goes to them before a person looked. Walk 4."""

from collections.abc import Iterator
from datetime import datetime

from wakeel.domain import inbox_notes
from wakeel.domain.events import Event, Sender
from wakeel.domain.inbox_notes import path_of
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.flows.release_held import release_held
from wakeel.flows.show_card import show_as_it_is
from wakeel.store import businesses, cards, contacts, inbox_history, raw_bodies
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import InboxRow, OutboxMessage
from wakeel.whatsapp.webhook import UnreadableBody, decode

LOOKED_THROUGH = 200
"""Quarantined bodies that are read to see whether another item of the same person waits; with more, nothing goes on."""


def hold_unread(business_id: str, sender: Sender, *, now: datetime) -> None:
    """Hold every unsent message to everyone who has this sender's address, and show it to whoever approved it."""
    people = contacts.all_of(business_id, sender)
    for message in OutboxMessage.objects.filter(contact__in=people, draft__isnull=False, state=OutboxState.PENDING):
        held = outbox_verbs.move(
            message.id,
            to=OutboxState.HELD,
            come_from=[OutboxState.PENDING],
            now=now,
            hold_code=ReasonCode.UNREAD_MESSAGE.value,
        )
        if held:
            show_as_it_is(message, reply="", now=now)
    outbox_verbs.recall(OutboxMessage.objects.filter(contact__in=people), now=now)


def release_unread(business_id: str, sender: Sender | None, *, now: datetime) -> tuple[int, int]:
    """One item of this sender was carried out or put aside by a person: what was held for it goes on, unless another
    item of theirs still waits. Inside the caller's transaction, after that item's note was changed.

    Returns how many messages go on and how many are asked again, because what they rest on has changed.
    """
    if sender is None:
        return 0, 0
    people = contacts.all_of(business_id, sender)
    held = OutboxMessage.objects.filter(
        contact__in=people, state=OutboxState.HELD, hold_code=ReasonCode.UNREAD_MESSAGE.value
    )
    if not held.exists() or _something_waits(business_id, sender):
        return 0, 0
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
    paths = {path_of(note) for note in row.errors if inbox_notes.is_open(note)}
    try:
        events = decode(raw_bodies.opened(row))
    except (UnreadableBody, raw_bodies.StaysSealed):
        return
    yield from (event for event in events if event.path in paths)


def _something_waits(business_id: str, sender: Sender) -> bool:
    rows = inbox_history.quarantined(limit=LOOKED_THROUGH + 1)
    if len(rows) > LOOKED_THROUGH:
        return True
    return any(_is_theirs(event, business_id, sender) for row in rows for event in unread_events(row))


def _is_theirs(event: Event, business_id: str, sender: Sender) -> bool:
    who = getattr(event, "sender", None)
    if who is None or not ({who.wa_id, who.bsuid} & {sender.wa_id, sender.bsuid} - {None}):
        return False
    number = businesses.route(event.phone_number_id, event.waba_id)
    return number is not None and number.business_id == business_id
