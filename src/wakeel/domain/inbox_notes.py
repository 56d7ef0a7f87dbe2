"""What is noted of single items of a stored webhook: what could not be carried out, and what a person did about it.

A note is a small JSON object: kind, path (where the item stands in its body, '' for the body as a whole) and error;
business where the item names a number of ours; by and at where somebody acted. It names fields and faults, never
content: the body itself is sealed beside it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

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

Note = dict[str, Any]


class NoteKind(StrEnum):
    UNREADABLE = "unreadable"  # nothing of the body could be read
    MALFORMED = "malformed"  # this item could not be read
    FAULT = "fault"  # it was read and could not be carried out
    NOT_OURS = "not_ours"  # it names no number of ours
    UNRECOGNISED = "unrecognised"  # of a kind that this version does not act on
    REPLAYED = "replayed"  # one of the first four, carried out since
    DISMISSED = "dismissed"  # one of the first four, put aside by a person


OPEN = frozenset({NoteKind.UNREADABLE, NoteKind.MALFORMED, NoteKind.FAULT, NoteKind.NOT_OURS})
"""A row with one of these is quarantined."""

_SETTLED = frozenset({NoteKind.UNRECOGNISED, NoteKind.REPLAYED, NoteKind.DISMISSED})

_SETTLED_BY_SUCCESS = OPEN | {NoteKind.DISMISSED}

MESSAGES, STATUSES, PREFERENCES, ECHOES = "messages", "statuses", "user_preferences", "smb_message_echoes"
_PLACES = (
    (".statuses", frozenset({MESSAGES, STATUSES})),
    (".message_echoes", frozenset({ECHOES})),
    (".user_preferences", frozenset({PREFERENCES})),
    (".messages", frozenset({MESSAGES})),
)


def noted(kind: NoteKind, path: str, error: str, *, business: str | None = None) -> Note:
    """business: whose item it is; None if it names no number of ours, or cannot be read so far."""
    whose = {"business": business} if business else {}
    return {"kind": kind.value, "path": path, "error": error, **whose}


def concerns(note: Note, business_id: str) -> bool:
    """False for another business's item; what cannot be attributed concerns every business of the deployment."""
    return bool(note.get("business", business_id) == business_id)


def waits(note: Note) -> bool:
    """True for what stands against its webhook, whatever an earlier version wrote of its kind."""
    return note.get("kind") not in _SETTLED


def is_open(note: Note) -> bool:
    """True while nobody has settled what stands against its item."""
    return note.get("kind") in OPEN


def path_of(note: Note) -> str:
    """'' for the body as a whole."""
    return str(note.get("path", ""))


def is_quarantined(notes: Iterable[Note]) -> bool:
    """True if the webhook they are of waits for a person."""
    return any(map(is_open, notes))


def open_paths(notes: Iterable[Note]) -> set[str]:
    """Where the items stand that nobody has settled; '' among them for the body as a whole."""
    return {path_of(note) for note in notes if is_open(note)}


def fields_of(event: Event) -> frozenset[str] | None:
    """The webhook fields under which an item is found; None if it is too broken to tell, and may be any.

    Statuses come in the field `messages` and are found under `statuses` too.
    """
    match event:
        case StatusReceived():
            return frozenset({MESSAGES, STATUSES})
        case ButtonTapped() | TextReceived() | OtherMessage() | IdentityChanged():
            return frozenset({MESSAGES})
        case PreferenceChanged():
            return frozenset({PREFERENCES})
        case MessageEchoed():
            return frozenset({ECHOES})
        case Unrecognised():
            return frozenset({event.field})
        case Malformed():
            return next((fields for place, fields in _PLACES if place in event.path), None)
        case _:
            return frozenset({event.webhook_field})


def carried_out(notes: Sequence[Note], path: str, *, by: str, at: datetime) -> list[Note]:
    """The notes once the item at `path` went well; what stood against it becomes `replayed`. by: as in `dismissed`."""
    left = [note for note in notes if path_of(note) != path or note["kind"] == NoteKind.REPLAYED]
    against = [note for note in notes if path_of(note) == path and note["kind"] in _SETTLED_BY_SUCCESS]
    return left + [_settled(note, NoteKind.REPLAYED, by=by, at=at) for note in against[:1]]


def failed(notes: Sequence[Note], note: Note) -> list[Note]:
    """The notes once an item failed with `note`; one that a person put aside stays put aside."""
    of_it = [known for known in notes if path_of(known) == note["path"]]
    if note in of_it or any(known["kind"] == NoteKind.DISMISSED for known in of_it):
        return list(notes)
    kept = [known for known in notes if known not in of_it or known["kind"] == NoteKind.REPLAYED]
    return [*kept, note]


def dismissed(notes: Sequence[Note], path: str, *, by: str, at: datetime) -> list[Note]:
    """The notes once a person put the item at `path` aside. by: the web account's id, or the name of a command."""
    return [
        _settled(note, NoteKind.DISMISSED, by=by, at=at) if is_open(note) and path_of(note) == path else note
        for note in notes
    ]


def _settled(note: Note, kind: NoteKind, *, by: str, at: datetime) -> Note:
    return {
        **noted(kind, path_of(note), str(note.get("error", "")), business=note.get("business")),
        "was": note.get("was", note["kind"]),
        "by": by,
        "at": at.isoformat(),
    }
