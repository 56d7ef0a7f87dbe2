"""One inbound message, or one switch of a person's preferences, as an event."""

from datetime import datetime
from typing import TypedDict

import msgspec

from wakeel.domain.buttons import parse_button_id
from wakeel.domain.events import (
    ButtonTapped,
    Event,
    IdentityChanged,
    OtherMessage,
    PreferenceChanged,
    Sender,
    TextReceived,
    Unrecognised,
)
from wakeel.domain.ids import Wamid
from wakeel.whatsapp import wire
from wakeel.whatsapp.reading import (
    People,
    Place,
    Unreadable,
    bsuid_of,
    moment,
    number_of,
    read,
    sender_of,
    wa_id_of,
    wamid_of,
    word_of,
)

_NOT_COUNTED = frozenset({"reaction", "edit", "revoke"})
"""No page says that these open the customer service window; until tried on a live account they do not."""
_NUMBER_CHANGES = frozenset({"user_changed_number", "user_changed_user_id"})
_IDENTITY_CHANGES = _NUMBER_CHANGES | {"customer_identity_changed"}


class _Common(TypedDict):
    phone_number_id: str
    waba_id: str
    wamid: Wamid
    sent_at: datetime
    sender: Sender
    context_wamid: Wamid | None


def inbound_event(raw: msgspec.Raw, place: Place, people: People) -> Event:
    """The event of one element of `messages`; raises Unreadable."""
    message = read(raw, wire.Message)
    kind = word_of(message.type, "type")
    if message.group_id is not None:
        # A group is not a conversation with us: it opens no window and decides nothing.
        return _unrecognised("group message", place)
    if kind == "system":
        return _system_event(message, place, people)
    common = _common(message, place, people)
    match kind:
        case "text" if message.text is not None:
            return TextReceived(**common, text=message.text.body)
        case "button" if message.button is not None:
            return _template_button(message.button, common)
        case "interactive" if message.interactive is not None:
            return _interactive(message.interactive, common)
        case "text" | "button" | "interactive":
            raise Unreadable(f"type is {kind}, but there is no {kind}")
    media = message.image or message.video or message.document
    caption = media.caption if media else None
    return OtherMessage(**common, type=kind, caption=caption, opens_window=kind not in _NOT_COUNTED)


def preference_event(raw: msgspec.Raw, place: Place, people: People) -> PreferenceChanged:
    """The event of one element of `user_preferences`; raises Unreadable."""
    preference = read(raw, wire.Preference)
    return PreferenceChanged(
        phone_number_id=number_of(place),
        waba_id=place.waba_id,
        sender=sender_of(preference.wa_id, preference.user_id, people),
        category=word_of(preference.category, "category"),
        value=word_of(preference.value, "value"),
        at=moment(preference.timestamp),
    )


def _common(message: wire.Message, place: Place, people: People) -> _Common:
    quoted = message.context.id if message.context else None
    return {
        "phone_number_id": number_of(place),
        "waba_id": place.waba_id,
        "wamid": wamid_of(message.id),
        "sent_at": moment(message.timestamp),
        "sender": sender_of(message.from_, message.from_user_id, people),
        "context_wamid": wamid_of(quoted) if quoted else None,
    }


def _template_button(button: wire.TemplateButton, common: _Common) -> Event:
    """A template's quick reply. Made without a payload it comes back with its own label: that is typed text."""
    if not button.payload or button.payload == button.text:
        return TextReceived(**common, text=button.text)
    return ButtonTapped(**common, reply=parse_button_id(button.payload), title=button.text)


def _interactive(interactive: wire.Interactive, common: _Common) -> Event:
    tapped = interactive.button_reply or interactive.list_reply
    if tapped is None:
        return OtherMessage(**common, type=word_of(interactive.type or "interactive", "interactive.type"))
    if tapped.id == tapped.title:
        # Somebody else's button, made without an id of its own: its words are what the person said.
        return TextReceived(**common, text=tapped.title)
    return ButtonTapped(**common, reply=parse_button_id(tapped.id), title=tapped.title)


def _system_event(message: wire.Message, place: Place, people: People) -> Event:
    system = message.system
    if system is None:
        raise Unreadable("type is system, but there is no system")
    if system.type not in _IDENTITY_CHANGES:
        return _unrecognised(f"system {word_of(system.type, 'system.type')}", place)
    changed_number = system.type in _NUMBER_CHANGES
    return IdentityChanged(
        phone_number_id=number_of(place),
        waba_id=place.waba_id,
        wamid=wamid_of(message.id),
        sent_at=moment(message.timestamp),
        kind=system.type,
        sender=sender_of(message.from_, system.previous_user_id or message.from_user_id, people),
        new_wa_id=wa_id_of(system.wa_id) if changed_number else None,
        new_bsuid=bsuid_of(system.user_id) if changed_number else None,
    )


def _unrecognised(what: str, place: Place) -> Unrecognised:
    return Unrecognised(
        field="messages", what=what, path=place.path, phone_number_id=place.phone_number_id, waba_id=place.waba_id
    )
