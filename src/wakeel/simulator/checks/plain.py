"""Texts, locations, contact cards and reactions."""

import re
from typing import Any

from wakeel.simulator.bubbles.pieces import MediaLookup
from wakeel.simulator.checks.shape import (
    Json,
    Wrong,
    a_list,
    a_text,
    an_object,
    counted,
    degrees,
    flag,
    known_keys,
    part,
    sized,
    text_if_any,
    web_address,
)
from wakeel.simulator.errors import invalid, malformed, missing

TEXT_BODY = 4096  # "Text messages"
CONTACTS = 257  # "Contacts messages"; the OpenAPI file says 5, which would refuse what the page allows
EMOJI = 32  # "Reaction messages" asks for one emoji; the longest family of one person fits in this
LETTER_EMOJI = "ℹ"  # the one emoji that Unicode counts among the letters
WAMID = "wamid."

NAME_PARTS = frozenset({"first_name", "last_name", "middle_name", "prefix", "suffix"})
CONTACT_KEYS = frozenset({"addresses", "birthday", "emails", "name", "org", "phones", "urls"})
CARD_PARTS = {
    "addresses": frozenset({"street", "city", "state", "zip", "country", "country_code", "type"}),
    "emails": frozenset({"email", "type"}),
    "phones": frozenset({"phone", "wa_id", "type"}),
    "urls": frozenset({"url", "type"}),
}
NEEDED = {"emails": "email", "phones": "phone", "urls": "url"}
BIRTHDAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def text(value: object, _: MediaLookup) -> None:
    """A text message."""
    given = an_object(value, "text")
    known_keys(given, {"body", "preview_url"}, "text")
    sized(given, "body", "text.body", TEXT_BODY)
    flag(given, "preview_url", "text.preview_url")


def location(value: object, _: MediaLookup) -> None:
    """A location message."""
    position(an_object(value, "location"), "location")


def position(given: Json, name: str) -> None:
    """A point, with or without a name and an address. name: the way to it, as the error writes it."""
    known_keys(given, {"latitude", "longitude", "name", "address"}, name)
    degrees(given, "latitude", f"{name}.latitude", most=90)
    degrees(given, "longitude", f"{name}.longitude", most=180)
    for key in ("name", "address"):
        text_if_any(given, key, f"{name}.{key}")


def contacts(value: object, _: MediaLookup) -> None:
    """One or more contact cards."""
    cards = a_list({"contacts": value}, "contacts", "contacts")
    counted(cards, "contacts", most=CONTACTS)
    for place, card in enumerate(cards):
        _contact(an_object(card, f"contacts[{place}]"), f"contacts[{place}]")


def _contact(card: Json, name: str) -> None:
    known_keys(card, CONTACT_KEYS, name)
    person = part(card, "name", f"{name}.name")
    known_keys(person, NAME_PARTS | {"formatted_name"}, f"{name}.name")
    a_text(person, "formatted_name", f"{name}.name.formatted_name")
    if not any(person.get(key) for key in NAME_PARTS):
        # "Contacts messages": the formatted name needs at least one of its parts beside it.
        raise Wrong(missing(f"{name}.name.first_name"))
    for key in [each for each in CARD_PARTS if card.get(each) is not None]:
        for place, row in enumerate(a_list(card, key, f"{name}.{key}")):
            _row(an_object(row, f"{name}.{key}[{place}]"), key, f"{name}.{key}[{place}]")
    if card.get("birthday") is not None and not BIRTHDAY.fullmatch(a_text(card, "birthday", f"{name}.birthday")):
        raise Wrong(invalid(f"{name}.birthday must be YYYY-MM-DD"))
    if card.get("org") is not None:
        known_keys(part(card, "org", f"{name}.org"), {"company", "department", "title"}, f"{name}.org")


def _row(row: Json, key: str, name: str) -> None:
    known_keys(row, CARD_PARTS[key], name)
    for given in row:
        text_if_any(row, given, f"{name}.{given}")
    if key == "urls":
        web_address(row, "url", f"{name}.url")
    elif key in NEEDED:
        a_text(row, NEEDED[key], f"{name}.{NEEDED[key]}")


def reaction(value: object, _: MediaLookup) -> None:
    """An emoji on a message; an empty one takes it away."""
    given = an_object(value, "reaction")
    known_keys(given, {"message_id", "emoji"}, "reaction")
    wamid(given, "message_id", "reaction.message_id")
    emoji: Any = given.get("emoji")
    if emoji is None:
        raise Wrong(missing("reaction.emoji"))
    if not isinstance(emoji, str):
        raise Wrong(malformed("reaction.emoji must be a string"))
    words = any((letter.isalpha() and letter not in LETTER_EMOJI) or letter.isspace() for letter in emoji)
    if words or len(emoji) > EMOJI:
        raise Wrong(invalid("reaction.emoji must be one emoji"))


def wamid(holder: Json, key: str, name: str) -> str:
    """A required message id; whether there is such a message is the chat's matter."""
    given = a_text(holder, key, name)
    if not given.startswith(WAMID):
        raise Wrong(invalid(f"{name} is not the id of a message"))
    return given
