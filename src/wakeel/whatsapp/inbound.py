"""One inbound message, one echo of ours, or one switch of a person's preferences, as an event."""

from datetime import datetime
from typing import TypedDict

from wakeel.domain.buttons import parse_button_id
from wakeel.domain.events import (
    ButtonTapped,
    Event,
    MessageEchoed,
    OtherMessage,
    PreferenceChanged,
    Sender,
    TextReceived,
    Unrecognised,
)
from wakeel.domain.ids import Wamid
from wakeel.domain.message_contents import Product, Referral
from wakeel.whatsapp import wire
from wakeel.whatsapp.contents import flow_reply, product_of, referral_of, said_in, words_of
from wakeel.whatsapp.reading import People, Place, Unreadable, moment, number_of, sender_of, wamid_of, word_of
from wakeel.whatsapp.system import system_event

_NOT_COUNTED = frozenset({"reaction", "edit", "revoke"})
"""No page says that these open the customer service window; until tried on a live account they do not."""


class _Common(TypedDict):
    phone_number_id: str
    waba_id: str
    wamid: Wamid
    sent_at: datetime
    sender: Sender
    context_wamid: Wamid | None
    is_forwarded: bool
    referral: Referral | None
    product: Product | None
    path: str


def inbound_event(message: wire.Message, place: Place, people: People) -> Event:
    """The event of one element of `messages`; raises Unreadable."""
    kind = word_of(message.type, "type")
    if message.group_id is not None:
        # A group is not a conversation with us: it opens no window and decides nothing.
        return _unrecognised("group message", place)
    if kind == "system":
        return system_event(message, place, people)
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
    caption, content = said_in(message, kind)
    return OtherMessage(
        **common, type=kind, caption=caption, content=content, opens_window=kind not in _NOT_COUNTED
    )  # fmt: skip


def echo_event(message: wire.Message, place: Place, people: People) -> MessageEchoed:
    """The event of one element of `message_echoes`; raises Unreadable. Who typed it is not said."""
    kind = word_of(message.type, "type")
    return MessageEchoed(
        phone_number_id=number_of(place),
        waba_id=place.waba_id,
        wamid=wamid_of(message.id),
        sent_at=moment(message.timestamp),
        to=sender_of(message.to, message.to_user_id, people),
        type=kind,
        text=words_of(message, kind),
        path=place.path,
    )


def preference_event(preference: wire.Preference, place: Place, people: People) -> PreferenceChanged:
    """The event of one element of `user_preferences`; raises Unreadable."""
    return PreferenceChanged(
        phone_number_id=number_of(place),
        waba_id=place.waba_id,
        sender=sender_of(preference.wa_id, preference.user_id, people),
        category=word_of(preference.category, "category"),
        value=word_of(preference.value, "value"),
        at=moment(preference.timestamp),
        path=place.path,
    )


def _common(message: wire.Message, place: Place, people: People) -> _Common:
    context = message.context
    quoted = context.id if context else None
    return {
        "phone_number_id": number_of(place),
        "waba_id": place.waba_id,
        "wamid": wamid_of(message.id),
        "sent_at": moment(message.timestamp),
        "sender": sender_of(message.from_, message.from_user_id, people),
        "context_wamid": wamid_of(quoted) if quoted else None,
        "is_forwarded": context is not None and (context.forwarded is True or context.frequently_forwarded is True),
        "referral": referral_of(message.referral),
        "product": product_of(context.referred_product) if context else None,
        "path": place.path,
    }


def _template_button(button: wire.TemplateButton, common: _Common) -> Event:
    """A template's quick reply. Made without a payload it comes back with its own label: that is typed text."""
    if not button.payload or button.payload == button.text:
        return TextReceived(**common, text=button.text)
    return ButtonTapped(**common, reply=parse_button_id(button.payload), title=button.text)


def _interactive(interactive: wire.Interactive, common: _Common) -> Event:
    tapped = interactive.button_reply or interactive.list_reply
    if tapped is None:
        kind = word_of(interactive.type or "interactive", "interactive.type")
        return OtherMessage(**common, type=kind, content=flow_reply(interactive.nfm_reply))
    if tapped.id == tapped.title:
        # Somebody else's button, made without an id of its own: its words are what the person said.
        return TextReceived(**common, text=tapped.title)
    return ButtonTapped(**common, reply=parse_button_id(tapped.id), title=tapped.title)


def _unrecognised(what: str, place: Place) -> Unrecognised:
    return Unrecognised(
        field="messages", what=what, path=place.path, phone_number_id=place.phone_number_id, waba_id=place.waba_id
    )
