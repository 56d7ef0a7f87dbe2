"""A webhook body as typed events: every entry, change, message and status of it, each read by itself.

One item that cannot be read becomes `Malformed` and harms none of its neighbours. Characters that no database keeps
are replaced first (`lenient_json.repaired`): NUL characters are gone from every text that leaves this module.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

import msgspec

from wakeel.domain.events import Event, Malformed, Sender, Unrecognised
from wakeel.whatsapp import wire
from wakeel.whatsapp.inbound import echo_event, inbound_event, preference_event
from wakeel.whatsapp.lenient_json import MAX_DEPTH, is_too_deep, repaired
from wakeel.whatsapp.outbound_status import status_event
from wakeel.whatsapp.plain import plain_events
from wakeel.whatsapp.platform import account_error, platform_event
from wakeel.whatsapp.reading import NOBODY, People, Place, Unreadable, items, read, readable, sender_of

_NUL, _ESCAPED_NUL = b"\0", b"\\u0000"
_ECHOES = "message_echoes"
"""Written by us: that one cannot be read is nothing that their receiver said."""
_WORDS_LIMIT = 100
"""Meta's own words are short; a longer one would only flood the screen that shows it."""

_T = TypeVar("_T")
_Maker = Callable[[msgspec.Raw, Place, People], Event]
_Array = tuple[str, _Maker]


class UnreadableBody(ValueError):
    """Nothing of this body can be read. why: in words, without its content."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"webhook body cannot be read: {why}")


def decode(body: bytes) -> list[Event]:
    """Everything one webhook body says, in the order it says it.

    body: the raw bytes, signature already checked. Raises UnreadableBody if it is no JSON, no envelope, or nested
    deeper than 64; nothing else is ever raised.
    """
    if is_too_deep(body):
        raise UnreadableBody(f"nested deeper than {MAX_DEPTH}")
    if _NUL in body or _ESCAPED_NUL in body:
        body = _repaired(body)
    plain = plain_events(body)
    return item_by_item(body) if plain is None else plain


def item_by_item(body: bytes) -> list[Event]:
    """As `decode`, for a body that passed its checks: each item is read, and can fail, by itself."""
    try:
        envelope = read(body, wire.Envelope)
    except Unreadable as error:
        raise UnreadableBody(str(error)) from None
    if envelope.object != wire.OBJECT:
        return [Unrecognised(field=envelope.object[:_WORDS_LIMIT], what="object", path="object")]
    return [event for number, raw in enumerate(envelope.entry) for event in _entry_events(raw, f"entry[{number}]")]


def _repaired(body: bytes) -> bytes:
    try:
        return repaired(body)
    except ValueError as error:
        raise UnreadableBody(str(error)) from None


def _entry_events(raw: msgspec.Raw, path: str) -> Iterator[Event]:
    try:
        entry = read(raw, wire.Entry)
    except Unreadable as error:
        yield Malformed(path=path, error=str(error))
        return
    for number, change in enumerate(entry.changes):
        yield from _change_events(change, Place(f"{path}.changes[{number}]", str(entry.id), None), time=entry.time)


def _change_events(raw: msgspec.Raw, place: Place, *, time: object) -> list[Event]:
    try:
        change = read(raw, wire.Change)
        arrays = _ARRAYS.get(change.field)
        if arrays is None:
            return [platform_event(change.field, change.value, place, time=time) or _other_field(change, place)]
        value = read(change.value, wire.Value)
    except Unreadable as error:
        return [_malformed(error, place, sender=None)]
    within = Place(f"{place.path}.value", place.waba_id, _phone_number_id(value.metadata))
    events = [event for name, make in arrays for event in _item_events(value, name, within, make)]
    return events or [_seen(change.field, "nothing we read", within)]


def _item_events(value: wire.Value, name: str, within: Place, make: _Maker) -> Iterator[Event]:
    path = f"{within.path}.{name}"
    try:
        found = items(getattr(value, name))
    except Unreadable as error:
        yield _malformed(error, Place(path, within.waba_id, within.phone_number_id), sender=None)
        return
    people = People(list(readable(value.contacts, wire.Contact))) if found else NOBODY
    for number, item in enumerate(found):
        place = Place(f"{path}[{number}]", within.waba_id, within.phone_number_id)
        try:
            yield make(item, place, people)
        except Unreadable as error:
            yield _malformed(error, place, sender=None if name == _ECHOES else _writer_of(item, people))


def _of(shape: type[_T], make: Callable[[_T, Place, People], Event]) -> _Maker:
    return lambda raw, place, people: make(read(raw, shape), place, people)


_ARRAYS: dict[str, tuple[_Array, ...]] = {
    "messages": (
        ("messages", _of(wire.Message, inbound_event)),
        ("statuses", _of(wire.Status, status_event)),
        ("errors", lambda raw, place, _: account_error(raw, place)),
    ),
    "user_preferences": (("user_preferences", _of(wire.Preference, preference_event)),),
    "smb_message_echoes": ((_ECHOES, _of(wire.Message, echo_event)),),
}
"""Which arrays of which field hold items, in the order in which they are acted on."""


def _other_field(change: wire.Change, place: Place) -> Unrecognised:
    """Calls, groups, the contact book: what happened stands in `event`, if anywhere."""
    what = ""
    with suppress(Unreadable):
        what = read(change.value, wire.OtherValue).event
    return _seen(change.field, what, place)


def _seen(field: str, what: str, place: Place) -> Unrecognised:
    return Unrecognised(
        field=field[:_WORDS_LIMIT],
        what=what[:_WORDS_LIMIT],
        path=place.path,
        phone_number_id=place.phone_number_id,
        waba_id=place.waba_id,
    )


def _malformed(error: Unreadable, place: Place, *, sender: Sender | None) -> Malformed:
    return Malformed(
        path=place.path,
        error=str(error),
        phone_number_id=place.phone_number_id,
        waba_id=place.waba_id,
        sender=sender,
    )


def _phone_number_id(metadata: msgspec.Raw) -> str | None:
    try:
        return read(metadata, wire.Metadata).phone_number_id or None
    except Unreadable:
        return None


def _writer_of(item: msgspec.Raw, people: People) -> Sender | None:
    """Who sent an item that could not be read, so that what we still have for them can be held back."""
    try:
        writer = read(item, wire.Writer)
        return sender_of(writer.from_ or writer.wa_id, writer.from_user_id or writer.user_id, people)
    except Unreadable:
        return None
