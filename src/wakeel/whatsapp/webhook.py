"""A webhook body as typed events: every entry, change, message and status of it, each read by itself.

One item that cannot be read becomes `Malformed` and harms none of its neighbours. Characters that no database keeps
are replaced first (`lenient_json.repaired`): NUL characters are gone from every text that leaves this module.
"""

from collections.abc import Callable
from contextlib import suppress

import msgspec

from wakeel.domain.events import Event, Malformed, Sender, Unrecognised
from wakeel.whatsapp import wire
from wakeel.whatsapp.inbound import inbound_event, preference_event
from wakeel.whatsapp.lenient_json import MAX_DEPTH, is_too_deep, repaired
from wakeel.whatsapp.outbound_status import reported_errors, status_event
from wakeel.whatsapp.reading import People, Place, Unreadable, items, people_of, read, sender_of

_OBJECT = "whatsapp_business_account"
_NULS = (b"\\u0000", b"\0")
_MESSAGES = "messages"
_PREFERENCES = "user_preferences"
_WORDS_LIMIT = 100
"""Meta's own words are short; a longer one would only flood the screen that shows it."""

_Maker = Callable[[msgspec.Raw, Place, People], Event]


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
    envelope = _envelope(body)
    if envelope.object != _OBJECT:
        return [Unrecognised(field=envelope.object[:_WORDS_LIMIT], what="object", path="object")]
    events: list[Event] = []
    for number, raw in enumerate(envelope.entry):
        events += _entry_events(raw, f"entry[{number}]")
    return events


def _envelope(body: bytes) -> wire.Envelope:
    if is_too_deep(body):
        raise UnreadableBody(f"nested deeper than {MAX_DEPTH}")
    try:
        if any(nul in body for nul in _NULS):
            body = repaired(body)
        return read(body, wire.Envelope)
    except ValueError as error:
        raise UnreadableBody(str(error)) from None


def _entry_events(raw: msgspec.Raw, path: str) -> list[Event]:
    try:
        entry = read(raw, wire.Entry)
    except Unreadable as error:
        return [Malformed(path=path, error=str(error))]
    events: list[Event] = []
    for number, change in enumerate(entry.changes):
        events += _change_events(change, str(entry.id), f"{path}.changes[{number}]")
    return events


def _change_events(raw: msgspec.Raw, waba_id: str, path: str) -> list[Event]:
    try:
        change = read(raw, wire.Change)
        if change.field not in (_MESSAGES, _PREFERENCES):
            return [_other_field(change, waba_id, path)]
        value = read(change.value, wire.Value)
    except Unreadable as error:
        return [Malformed(path=path, error=str(error), waba_id=waba_id)]
    place = Place(f"{path}.value", waba_id, _phone_number_id(value.metadata))
    if change.field == _PREFERENCES:
        return _item_events(value.user_preferences, place, value, _PREFERENCES, preference_event)
    events = _item_events(value.messages, place, value, _MESSAGES, inbound_event)
    events += _item_events(value.statuses, place, value, "statuses", status_event)
    events += [
        _seen(_MESSAGES, f"error {error.code}", Place(f"{place.path}.errors", waba_id, place.phone_number_id))
        for error in reported_errors(value.errors)
    ]
    return events or [_seen(_MESSAGES, "nothing we read", place)]


def _item_events(raw: msgspec.Raw, within: Place, value: wire.Value, name: str, make: _Maker) -> list[Event]:
    path = f"{within.path}.{name}"
    try:
        found = items(raw)
    except Unreadable as error:
        return [_malformed(error, Place(path, within.waba_id, within.phone_number_id), sender=None)]
    people = people_of(value.contacts) if found else People()
    events: list[Event] = []
    for number, item in enumerate(found):
        place = Place(f"{path}[{number}]", within.waba_id, within.phone_number_id)
        try:
            events.append(make(item, place, people))
        except Unreadable as error:
            events.append(_malformed(error, place, sender=_writer_of(item, people)))
    return events


def _other_field(change: wire.Change, waba_id: str, path: str) -> Unrecognised:
    """Templates, account, quality: what happened stands in `event`, if anywhere."""
    what = ""
    with suppress(Unreadable):
        what = read(change.value, wire.OtherValue).event
    return _seen(change.field, what, Place(path, waba_id, None))


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
