"""The common webhook in one go: nothing but messages and statuses, every part of it well formed.

It says nothing that `webhook` would not say of the same body: whatever is odd is left to it, which reads each item by
itself and takes three times as long.
"""

from typing import Literal

import msgspec

from wakeel.domain.events import Event
from wakeel.whatsapp import wire
from wakeel.whatsapp.inbound import inbound_event
from wakeel.whatsapp.outbound_status import event_of, reported_error
from wakeel.whatsapp.reading import People, Place, Unreadable


class _Status(wire.StatusHead):
    pricing: wire.Pricing | None = None
    errors: list[wire.Error] | None = None


class _Value(msgspec.Struct):
    """As `wire.Value`, read to the bottom in one go."""

    metadata: wire.Metadata
    contacts: list[wire.Contact] | None = None
    messages: list[wire.Message] | None = None
    statuses: list[_Status] | None = None
    errors: msgspec.Raw = wire.ABSENT


class _Change(msgspec.Struct):
    field: Literal["messages"]
    value: _Value


class _Entry(msgspec.Struct):
    id: str | int = ""
    changes: list[_Change] = []


class _Body(msgspec.Struct):
    """A body of messages and statuses in which every part is well formed."""

    object: Literal["whatsapp_business_account"]
    entry: list[_Entry] = []


_DECODER = msgspec.json.Decoder(_Body)


def plain_events(body: bytes) -> list[Event] | None:
    """Its events, or None if anything in it is not plain. `body` must have passed the checks of `webhook.decode`."""
    events: list[Event] = []
    try:
        for place, entry in enumerate(_DECODER.decode(body).entry):
            for number, change in enumerate(entry.changes):
                _add(events, change.value, f"entry[{place}].changes[{number}].value", str(entry.id))
    except (msgspec.DecodeError, UnicodeDecodeError, Unreadable):
        return None
    return events


def _add(events: list[Event], value: _Value, path: str, waba_id: str) -> None:
    if value.errors is not wire.ABSENT or not (value.messages or value.statuses):
        raise Unreadable("not plain")
    people, number_id = People(value.contacts), value.metadata.phone_number_id
    for number, message in enumerate(value.messages or ()):
        events.append(inbound_event(message, Place(f"{path}.messages[{number}]", waba_id, number_id), people))
    for number, status in enumerate(value.statuses or ()):
        place = Place(f"{path}.statuses[{number}]", waba_id, number_id)
        errors = tuple(map(reported_error, status.errors)) if status.errors else ()
        events.append(event_of(status, status.pricing, errors, place, people))
