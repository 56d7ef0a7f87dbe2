"""Stored webhooks taken in hand together: read, decoded, and put in order by conversation. Nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from wakeel.domain.conversations import Addresses, addresses_in, conversations
from wakeel.domain.events import Event, StatusReceived
from wakeel.domain.inbox_notes import Note, NoteKind
from wakeel.store import businesses, inbox, raw_bodies
from wakeel.store.inbox import Waiting
from wakeel.store.models import SendingNumber
from wakeel.whatsapp.webhook import UnreadableBody, decode


@dataclass(slots=True, eq=False)
class Row:
    """One webhook in hand. left: items still to be carried out. late: news of people whose data was destroyed.

    put_off_until: None while nothing of it has to wait; fault: what cut it short, '' for a wait of our own.
    """

    id: int
    received_at: datetime
    attempts: int
    left: int = 0
    notes: list[Note] = field(default_factory=list)
    late: list[StatusReceived] = field(default_factory=list)
    put_off_until: datetime | None = None
    fault: str = ""
    is_finished: bool = False

    def wait(self, *, until: datetime) -> None:
        """Something of it waits. It is looked at again when the first may go on: what waits longer still does then, and
        nothing that came later overtakes it meanwhile.
        """
        self.put_off_until = min(until, self.put_off_until or until)


@dataclass(slots=True, eq=False)
class Item:
    """One item of a webhook. place: in the order of arrival. conversation: whose it is, '' for nobody's."""

    event: Event
    number: SendingNumber | None
    row: Row
    place: int
    addresses: Addresses
    conversation: str = ""


@dataclass(slots=True, eq=False)
class Batch:
    """rows, items: in the order of arrival. numbers: ours that these webhooks came to and that nobody noted yet."""

    rows: list[Row]
    items: list[Item]
    numbers: dict[str, SendingNumber]


Opened = tuple[Row, list[Event]]
"""A webhook in hand, with what it says."""


def opened(waiting: Waiting) -> Opened:
    """Open and decode one webhook; nothing is asked of the database."""
    row = Row(waiting.pk, waiting.received_at, waiting.attempts)
    return row, _decoded(waiting, row)


def unfold(waiting: Iterable[Waiting]) -> Batch:
    """Decode these webhooks and find out which of their items belong to one conversation."""
    return together(map(opened, waiting))


def together(found: Iterable[Opened]) -> Batch:
    """The same, of webhooks that are decoded already; each may be put together once."""
    batch = Batch([], [], {})
    routes: dict[tuple[str | None, str | None], SendingNumber | None] = {}
    for row, events in found:
        batch.rows.append(row)
        for event in events:
            key = event.phone_number_id, event.waba_id
            if key not in routes:
                routes[key] = businesses.route(*key)
            batch.items.append(Item(event, routes[key], row, len(batch.items), addresses_in(event)))
            row.left += 1
    for item, conversation in zip(batch.items, conversations([one.addresses for one in batch.items]), strict=True):
        item.conversation = conversation
    batch.numbers = {number.pk: number for number in routes.values() if number is not None}
    return batch


def still_blocked(*, real_now: datetime) -> dict[str, datetime]:
    """Until when which addresses wait, because something of theirs was put off: for a worker that begins to decode."""
    blocked: dict[str, datetime] = {}
    for waiting, until in inbox.put_off_now(real_now=real_now):
        for item in unfold([waiting]).items:
            for address in item.addresses:
                blocked[address] = max(until, blocked.get(address, until))
    return blocked


def _decoded(waiting: Waiting, row: Row) -> list[Event]:
    try:
        return decode(raw_bodies.opened(waiting))
    except raw_bodies.StaysSealed as sealed:
        row.fault = type(sealed).__name__
        return []
    except UnreadableBody as unreadable:
        row.notes.append({"kind": NoteKind.UNREADABLE.value, "path": "", "error": str(unreadable)})
        return []
