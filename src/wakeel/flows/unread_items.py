"""Quarantined items as a person sees them: where, why, since when, and from whom if it is somebody of their business.

What an item holds is never shown, to nobody: place, fault and sender are enough to try it again, to ask the person, or
to put it aside; and what could not be read cannot be cleaned of other people's data before it is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from wakeel.domain.events import Event, Sender
from wakeel.domain.inbox_notes import Note, NoteKind, is_open, path_of
from wakeel.domain.text import mask_phone, one_line
from wakeel.domain.words import Text
from wakeel.flows.hold_unread import unread_events
from wakeel.store import businesses, contacts, inbox_history
from wakeel.store.models import Contact, InboxRow, SendingNumber

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
    found: list[_Found] = []
    routes: _Routes = {}
    for row in inbox_history.quarantined(limit=_LOOKED_THROUGH):
        found += _visible(row, business_id, routes)
        if len(found) >= SHOWN:
            break
    return _told(business_id, found[:SHOWN])


def may_settle(business_id: str, row_id: int, path: str) -> bool:
    """False for an item of another business, and for one that is not quarantined (any more)."""
    row = inbox_history.read(row_id)
    return row is not None and any(path_of(one.note) == path for one in _visible(row, business_id, {}))


class _Found(NamedTuple):
    """sender: None if unknown, or if the item is not the business's own: nothing is shown of whoever sent it then."""

    row: InboxRow
    note: Note
    sender: Sender | None


_Routes = dict[tuple[str | None, str | None], SendingNumber | None]
"""Whose items are, as far as it was asked."""


def _visible(row: InboxRow, business_id: str, routes: _Routes) -> list[_Found]:
    """Without the items of another business."""
    events = {event.path: event for event in unread_events(row)}
    notes = [(note, events.get(path_of(note))) for note in row.errors if is_open(note)]
    found = (_look(row, note, event, _route(event, routes), business_id) for note, event in notes)
    return [one for one in found if one is not None]


def _route(event: Event | None, routes: _Routes) -> SendingNumber | None:
    if event is None:
        return None
    key = event.phone_number_id, event.waba_id
    if key not in routes:
        routes[key] = businesses.route(*key)
    return routes[key]


def _look(
    row: InboxRow, note: Note, event: Event | None, number: SendingNumber | None, business_id: str
) -> _Found | None:
    if number is not None and number.business_id != business_id:
        return None
    return _Found(row, note, getattr(event, "sender", None) if number is not None else None)


def _told(business_id: str, found: Sequence[_Found]) -> tuple[UnreadItem, ...]:
    people = contacts.all_of_each(business_id, {one.sender for one in found if one.sender is not None})
    return tuple(_item(one, next(iter(people[one.sender]), None) if one.sender else None) for one in found)


def _item(one: _Found, person: Contact | None) -> UnreadItem:
    return UnreadItem(
        row_id=one.row.pk,
        path=path_of(one.note),
        kind=NoteKind(one.note["kind"]),
        error=str(one.note.get("error", "")),
        received_at=one.row.received_at,
        phone=mask_phone(one.sender.wa_id) if one.sender and one.sender.wa_id else "",
        name=one_line(person.name) if person else "",
        contact_id=person.id if person else "",
    )
