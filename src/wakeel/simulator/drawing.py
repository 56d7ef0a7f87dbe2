"""Turns phones and messages into the JSON that the page draws and tests read."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any

from wakeel.simulator.bubbles.bubble import parts, words
from wakeel.simulator.bubbles.pieces import MediaLookup, Parts
from wakeel.simulator.world import Message, Phone

Json = dict[str, Any]

SHOWN = 200
"""Newest messages of each phone in one answer."""


def _no_media(_: str) -> None:
    return None


def shown_text(payload: Json, filled: Json | None = None) -> str:
    """What the person reads in the bubble of a request; filled: of a template message, the template as it was sent."""
    return words(payload, filled)


def phone_rows(phones: Iterable[Phone], *, media: MediaLookup, known: Collection[str] = ()) -> list[Json]:
    """All phones; of one whose mark the reader has already, only {wa_id, mark, same: true}."""
    return [
        {"wa_id": phone.wa_id, "mark": mark, "same": True} if mark in known else phone_row(phone, media=media)
        for phone, mark in ((phone, phone_mark(phone)) for phone in phones)
    ]


def phone_mark(phone: Phone) -> str:
    """A word that stays the same, within this process, for as long as the row of the phone does; cheap to find out."""
    owner = repr([getattr(phone, name) for name in _PHONE_FIELDS])
    chat = tuple(
        (m.wamid, m.text, m.status, len(m.statuses), m.error_code, m.edited, m.revoked, tuple(m.reactions.items()))
        for m in phone.messages
    )
    return f"{hash((owner, chat)) & 0xFFFF_FFFF_FFFF_FFFF:x}"


_PHONE_FIELDS = [field.name for field in fields(Phone) if field.name != "messages"]


def phone_row(phone: Phone, *, media: MediaLookup) -> Json:
    """One phone as /api/state shows it. Times are business time in Unix seconds. mark: see `phone_mark`."""
    shown = [message for message in phone.messages if message.type != "reaction"]
    return {
        "wa_id": phone.wa_id,
        "mark": phone_mark(phone),
        "bsuid": phone.bsuid,
        "name": phone.persona.name,
        "role": phone.persona.role.value,
        "hide_phone": phone.persona.hide_phone,
        "username": phone.persona.username,
        "blocked": phone.blocked,
        "script": phone.script,
        "speaks": phone.persona.speaks.value,
        "reads": phone.persona.reads.value,
        "marketing_stopped": phone.marketing_stopped,
        "identity_hash": phone.identity_hash,
        "says": list(phone.persona.says),
        "window_open_until": phone.window_open_until(),
        "typing_until": phone.typing_until,
        "messages": [message_row(message, media=media) for message in shown[-SHOWN:]],
    }


def message_row(message: Message, *, media: MediaLookup = _no_media) -> Json:
    """One bubble; a reaction is none, it hangs on its target under `reactions`. media: without it, files have no bytes.

    wamid, direction, at, type; context_wamid: what it quotes, null when no quote is shown.
    direction: seen by the owner of the phone (`received` came from the business, `sent` is the owner's own).
    status, statuses [{status, at, code}], error: where it stands; error is a code or null.
    text: of any type, with the caption of media and the body of a template; "" if there is none.
    header {kind: text|image|video|document|location, text, media}, footer str: null when there is none.
    buttons [{id, title}]: what can be tapped. links [{kind: url|call|copy_code|flow, title, value}]: what is inert.
    list {button, sections [{title, rows}], rows}: a row is {id, title, description?}; null without a list.
    asks_location: true if a tap shares the position.
    media {kind, id, mime, filename, size, voice, animated, link, url}: url is on this port, null without bytes.
    location {latitude, longitude, name, address}, contacts [{name, phones}], template {name, language, category}.
    named {kind, title}: a card for what is not simulated (product, catalogue, flow, address, order, …).
    offer {text, expires_at}: of a template with a limited time; expires_at in Unix seconds or null.
    cards: of a carousel, each with the keys from text to unknown.
    unknown: the raw JSON of a type nobody can draw, or null.
    reactions [{by: business|owner, emoji}], edited, revoked: what happened to it since.
    """
    drawn: Parts = parts(message.payload, message.filled, media=media)
    if message.text:
        drawn["text"] = message.text
    return {
        "wamid": message.wamid,
        "direction": message.direction.value,
        "at": message.at,
        "type": message.type,
        **drawn,
        "context_wamid": message.context_wamid,
        "status": str(message.status),
        "statuses": [{"status": e.status, "at": e.at, "code": e.code} for e in message.statuses],
        "error": message.error_code,
        "reactions": [{"by": by, "emoji": emoji} for by, emoji in message.reactions.items()],
        "edited": message.edited,
        "revoked": message.revoked,
    }


def list_rows(message: Message) -> list[Json]:
    """The rows of a list message over all its sections; empty for other messages."""
    drawn = parts(message.payload, message.filled, media=_no_media)
    return drawn["list"]["rows"] if drawn["list"] else []


def choices(message: Message) -> list[Json]:
    """Everything that can be tapped on a message or its cards: `id`, `title` and, for rows, perhaps `description`."""
    drawn = parts(message.payload, message.filled, media=_no_media)
    on_cards = [button for card in drawn["cards"] for button in card["buttons"]]
    return drawn["buttons"] + on_cards + list_rows(message)
