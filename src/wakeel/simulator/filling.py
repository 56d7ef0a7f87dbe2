"""Fills a template with the values of one message, or says with which code Meta would refuse them.

Sources: Meta, "Template messages", "Template components" and "Error codes", read 2026-11-22; wording as seen.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from wakeel.simulator.checks.shape import Wrong, length
from wakeel.simulator.errors import MetaError, invalid
from wakeel.simulator.filling_buttons import PlacedButton, fill_buttons

Json = dict[str, Any]

LIMITS = {"header": 60, "body": 1024}  # "Template components"
CARD_BODY = 160  # "Media card carousel templates"

AUTHENTICATION = {"ar": "*{{1}}* هو كود التحقق الخاص بك.", "en": "*{{1}}* is your verification code."}
EXPIRY = {"ar": "تنتهي صلاحية هذا الكود خلال {} دقيقة.", "en": "This code expires in {} minutes."}
"""An authentication template carries no text of its own: WhatsApp writes it in the language of the template."""

VARIABLE = re.compile(r"\{\{\s*(\w{1,60})\s*\}\}", re.ASCII)
_BREAKS = re.compile(r"[\n\r\t]| {5,}")


class Stored(Protocol):
    """A template of the account. components: as a listing has them. parameter_format: POSITIONAL or NAMED."""

    name: str
    language: str
    category: str
    components: list[Json]
    parameter_format: str


@dataclass(slots=True)
class Given:
    """The values of one message, or of one card of it, by the part they are for. header: None when none came."""

    header: list[Json] | None = None
    body: list[Json] = field(default_factory=list)
    buttons: dict[int, PlacedButton] = field(default_factory=dict)
    offer: list[Json] = field(default_factory=list)
    cards: list[Json] | None = None


def fill(template: Stored, sent: Json) -> Json | MetaError:
    """The template as the person sees it: name, language, category, components; texts filled in, media in place.

    sent: the `template` part of a request whose shape was checked.
    """
    try:
        components = _components(template.components, _given(sent.get("components")), template, body=LIMITS["body"])
    except Wrong as wrong:
        return wrong.error
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "components": components,
    }


def places(text: str) -> list[str]:
    """The names of the variables of a text, each once, in order."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def _given(components: Iterable[Json] | None) -> Given:
    given = Given()
    for part in components or []:
        parameters = part.get("parameters") or []
        match part["type"].lower():
            case "header":
                given.header = parameters
            case "body":
                given.body = parameters
            case "limited_time_offer":
                given.offer = parameters
            case "carousel":
                given.cards = sorted(part["cards"], key=lambda card: int(card["card_index"]))
            case "button":
                given.buttons[int(part["index"])] = PlacedButton(part["sub_type"].lower(), parameters)
    return given


def _components(stored: Iterable[Json], given: Given, template: Stored, *, body: int) -> list[Json]:
    """body: the limit of a body here."""
    parts = {part["type"]: part for part in stored}
    filled = [_header(parts.get("HEADER"), given.header, template)]
    filled.append(_body(parts.get("BODY"), given.body, template, limit=body))
    filled.append(_offer(parts.get("LIMITED_TIME_OFFER"), given.offer))
    filled.append(_footer(parts.get("FOOTER"), template))
    filled.append(_carousel(parts.get("CAROUSEL"), given.cards, template))
    buttons = fill_buttons(parts.get("BUTTONS", {}).get("buttons", []), given.buttons)
    filled.append({"type": "BUTTONS", "buttons": buttons} if buttons else None)
    filled.append(parts.get("CALL_PERMISSION_REQUEST"))
    return [part for part in filled if part is not None]


def _header(stored: Json | None, given: list[Json] | None, template: Stored) -> Json | None:
    if stored is None:
        if given:
            raise Wrong(_miscounted("header", given=len(given), asked=0))
        return None
    wanted = stored.get("format", "TEXT").lower()
    received = given[0]["type"].lower() if given else "unknown"
    if wanted == "text":
        if given and received not in TEXTS:
            raise Wrong(_mismatch("TEXT", received))
        text = _text(stored["text"], given or [], "header", template, limit=LIMITS["header"])
        return {"type": "HEADER", "header": {"type": "text", "text": text}}
    if received != wanted or given is None:
        raise Wrong(_mismatch(wanted, received))
    if len(given) > 1:
        raise Wrong(_miscounted("header", given=len(given), asked=1))
    return {"type": "HEADER", "header": {"type": wanted, wanted: given[0][wanted]}}


def _body(stored: Json | None, given: list[Json], template: Stored, *, limit: int) -> Json | None:
    if stored is None:
        if given:
            raise Wrong(_miscounted("body", given=len(given), asked=0))
        return None
    text = stored.get("text") or _by_language(AUTHENTICATION, template)
    return {"type": "BODY", "text": _text(text, given, "body", template, limit=limit)}


def _footer(stored: Json | None, template: Stored) -> Json | None:
    if stored is None:
        return None
    minutes = stored.get("code_expiration_minutes")
    text = stored.get("text") or (_by_language(EXPIRY, template).format(minutes) if minutes else "")
    return {"type": "FOOTER", "text": text}


def _offer(stored: Json | None, given: list[Json]) -> Json | None:
    if stored is None:
        return None
    offer = stored.get("limited_time_offer", {})
    if offer.get("has_expiration") and not given:
        raise Wrong(MetaError(131008, "limited_time_offer: expiration_time_ms is required"))
    expires_at = int(given[0]["limited_time_offer"]["expiration_time_ms"]) // 1000 if given else None
    return {"type": "LIMITED_TIME_OFFER", "text": offer.get("text", ""), "expires_at": expires_at}


def _carousel(stored: Json | None, given: list[Json] | None, template: Stored) -> Json | None:
    cards = stored["cards"] if stored else []
    if len(given or []) != len(cards):
        why = f"carousel: number of cards ({len(given or [])}) does not match the expected number of cards"
        raise Wrong(MetaError(132018, f"{why} ({len(cards)})"))
    filled = [
        {"components": _components(card["components"], _given(values.get("components")), template, body=CARD_BODY)}
        for card, values in zip(cards, given or [], strict=True)
    ]
    return {"type": "CAROUSEL", "cards": filled} if filled else None


TEXTS = frozenset({"text", "currency", "date_time"})


def _text(text: str, given: list[Json], part: str, template: Stored, *, limit: int) -> str:
    """A text with its values; Cloud API always uses the fallback of a sum or a date."""
    wanted = places(text)
    if len(given) != len(wanted):
        raise Wrong(_miscounted(part, given=len(given), asked=len(wanted)))
    named = template.parameter_format.upper() == "NAMED"
    values = _by_name(given, wanted, part) if named else dict(zip(wanted, map(_value, given), strict=True))
    if any(_BREAKS.search(value) for value in values.values()):
        why = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        raise Wrong(MetaError(132018, why))
    filled = VARIABLE.sub(lambda place: values[place[1]], text)
    if length(filled) > limit:
        raise Wrong(MetaError(132005, f"{part}: Translated text too long"))
    return filled


def _by_name(given: list[Json], wanted: list[str], part: str) -> dict[str, str]:
    if not all(row.get("parameter_name") for row in given):
        raise Wrong(MetaError(100, "Parameter name is missing or empty"))
    values = {row["parameter_name"]: _value(row) for row in given}
    if strange := sorted(values.keys() - set(wanted)):
        raise Wrong(invalid(f"{part}: the template has no parameter named {strange[0]}"))
    if len(values) != len(wanted):
        raise Wrong(_miscounted(part, given=len(values), asked=len(wanted)))
    return values


def _value(row: Json) -> str:
    kind = row["type"].lower()
    return str(row[kind] if kind == "text" else row[kind]["fallback_value"])


def _by_language(texts: dict[str, str], template: Stored) -> str:
    return texts["ar" if template.language.startswith("ar") else "en"]


def _miscounted(part: str, *, given: int, asked: int) -> MetaError:
    why = f"number of localizable_params ({given}) does not match the expected number of params ({asked})"
    return MetaError(132000, f"{part}: {why}")


def _mismatch(wanted: str, received: str) -> MetaError:
    return MetaError(132012, f"header: Format mismatch, expected {wanted.upper()}, received {received.upper()}")
