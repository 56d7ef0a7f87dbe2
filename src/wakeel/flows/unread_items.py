"""Quarantined items as a person sees them: where, why, since when, and from whom if it is somebody of their business.

What an item holds is never shown, to nobody: place, fault and sender are enough to try it again, to ask the person, or
to put it aside; and what could not be read cannot be cleaned of other people's data before it is shown.
"""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.events import Event, Sender
from wakeel.domain.inbox_notes import Note, NoteKind, is_open, path_of
from wakeel.domain.text import mask_phone, one_line
from wakeel.domain.words import Text
from wakeel.flows.hold_unread import unread_events
from wakeel.store import businesses, contacts, inbox_history
from wakeel.store.models import InboxRow, SendingNumber

SHOWN = 25
_LOOKED_THROUGH = 100
"""Bodies that are opened for one page at most."""

KIND_WORDS: dict[NoteKind, Text] = {
    NoteKind.UNREADABLE: Text("إشعار تعذّرت قراءته كله", "A notice of which nothing can be read"),
    NoteKind.MALFORMED: Text("عنصر تعذّرت قراءته", "An item that cannot be read"),
    NoteKind.FAULT: Text("عنصر قُرئ وتعذّر تنفيذه", "An item that was read and could not be carried out"),
    NoteKind.NOT_OURS: Text("عنصر لا يخص أي رقم لدينا", "An item for no number of ours"),
}


@dataclass(frozen=True, slots=True)
class UnreadItem:
    """One item nobody has settled. path: '' for a whole body. error: fields and faults, in English, never content.

    phone: the sender's, masked; '' if unknown. name, contact_id: '' unless the sender is a contact of the business.
    """

    row_id: int
    path: str
    kind: NoteKind
    error: str
    received_at: datetime
    phone: str = ""
    name: str = ""
    contact_id: str = ""

    @property
    def words(self) -> Text:
        """What kind of item it is."""
        return KIND_WORDS[self.kind]


def listed(business_id: str) -> tuple[UnreadItem, ...]:
    """What this business may see, the newest first: its own items, and those that nobody knows the business of."""
    items: list[UnreadItem] = []
    for row in inbox_history.quarantined(limit=_LOOKED_THROUGH):
        items += _items_of(row, business_id)
        if len(items) >= SHOWN:
            break
    return tuple(items[:SHOWN])


def may_settle(business_id: str, row_id: int, path: str) -> bool:
    """False for an item of another business, and for one that is not quarantined (any more)."""
    row = inbox_history.read(row_id)
    return row is not None and any(item.path == path for item in _items_of(row, business_id))


def _items_of(row: InboxRow, business_id: str) -> list[UnreadItem]:
    events = {event.path: event for event in unread_events(row)}
    items = (_item(row, note, events.get(path_of(note)), business_id) for note in row.errors if is_open(note))
    return [item for item in items if item is not None]


def _item(row: InboxRow, note: Note, event: Event | None, business_id: str) -> UnreadItem | None:
    """None for an item of another business."""
    number = businesses.route(event.phone_number_id, event.waba_id) if event is not None else None
    if number is not None and number.business_id != business_id:
        return None
    phone, name, contact_id = _who(getattr(event, "sender", None), number)
    return UnreadItem(
        row_id=row.pk,
        path=path_of(note),
        kind=NoteKind(note["kind"]),
        error=str(note.get("error", "")),
        received_at=row.received_at,
        phone=phone,
        name=name,
        contact_id=contact_id,
    )


def _who(sender: Sender | None, number: SendingNumber | None) -> tuple[str, str, str]:
    """Masked phone, name and id. Of an item that is not the business's own nothing is shown."""
    if sender is None or number is None:
        return "", "", ""
    phone = mask_phone(sender.wa_id) if sender.wa_id else ""
    person = next(iter(contacts.all_of(number.business_id, sender)), None)
    return (phone, one_line(person.name), person.id) if person is not None else (phone, "", "")
