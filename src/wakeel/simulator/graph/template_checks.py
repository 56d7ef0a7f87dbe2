"""Says what is wrong with a template before anybody reviews it. Limits count UTF-16 units, as `checks` does.

Sources: Meta, "Template components", "Template fundamentals", "Template review" and "Error codes", read 2026-11-22.
"""

import re
from collections.abc import Callable
from typing import Any

from wakeel.simulator.graph.calls import Refused
from wakeel.simulator.graph.refusals import GraphError, needed, wrong
from wakeel.simulator.graph.template_buttons import check_buttons
from wakeel.simulator.graph.template_faults import check_length, fault

Json = dict[str, Any]

NAME = re.compile(r"[a-z0-9_]{1,512}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?", re.ASCII)
CATEGORIES = frozenset({"MARKETING", "UTILITY", "AUTHENTICATION"})
FORMATS = frozenset({"POSITIONAL", "NAMED"})
HEADER, BODY, FOOTER = 60, 1024, 60
CARD_BODY, CARDS, OFFER = 160, 10, 16  # "Media card carousel templates", "Limited-time offer templates"
MEDIA_FORMATS = frozenset({"IMAGE", "VIDEO", "DOCUMENT", "GIF"})
TTL_S = {"UTILITY": (30, 43_200), "AUTHENTICATION": (30, 900), "MARKETING": (43_200, 2_592_000)}
"""message_send_ttl_seconds; -1 is 30 days. Source: Meta, "Time-to-live", read 2026-11-22."""
WORDS_PER_VALUE = 2
"""More words than twice the values are needed. Invented: Meta tells no number."""
_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_NAMED = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def check_name(name: str, language: str) -> None:
    """Raises Refused."""
    if not name:
        raise Refused(needed("name"))
    if not NAME.fullmatch(name):
        raise Refused(wrong("name", "can only have lowercase letters, digits and underscores."))
    if not language:
        raise Refused(needed("language"))
    if not LANGUAGE.fullmatch(language):
        raise Refused(wrong("language", "must be a language code such as ar or en_US."))


def check_category(category: str, ttl_s: Any) -> None:
    """Category and time to live (None for none). Raises Refused."""
    if not category:
        raise Refused(needed("category"))
    if category not in CATEGORIES:
        raise Refused(wrong("category", f"must be one of {{{', '.join(sorted(CATEGORIES))}}}"))
    if ttl_s is None or ttl_s == -1:
        return
    least, most = TTL_S[category]
    if not isinstance(ttl_s, int) or isinstance(ttl_s, bool) or not least <= ttl_s <= most:
        raise Refused(wrong("message_send_ttl_seconds", f"must be -1 or from {least} to {most} for {category}."))


def checked_components(given: object, *, category: str, style: str) -> list[Json]:
    """The components with their types in capitals. style: POSITIONAL or NAMED. Raises Refused."""
    if not isinstance(given, list) or not given:
        raise Refused(needed("components"))
    parts = [_part(part) for part in given]
    kinds = [part["type"] for part in parts]
    if kinds.count("BODY") != 1:
        raise Refused(fault("Message template has no body", "A template needs exactly one component of type BODY."))
    if len(set(kinds)) < len(kinds):
        raise Refused(fault("Component twice", "A template has each type of component once."))
    for part in parts:
        check = CHECKS.get(part["type"])
        if check is None:
            raise Refused(wrong("components[].type", f"must be one of {{{', '.join(CHECKS)}}}"))
        if not (category == "AUTHENTICATION" and part["type"] in {"BODY", "FOOTER"} and "text" not in part):
            check(part, style)
    return parts


def places(text: str) -> list[str]:
    """The names between double braces, in order, each as often as it stands there."""
    return [name.strip() for name in _PLACE.findall(text)]


def _part(part: object) -> Json:
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        raise Refused(needed("components[].type"))
    part = part | {"type": part["type"].upper()}
    if isinstance(part.get("format"), str):
        part["format"] = part["format"].upper()
    if part["type"] == "BUTTONS" and isinstance(part.get("buttons"), list):
        part["buttons"] = [_upper(button) for button in part["buttons"]]
    return part


def _upper(button: object) -> object:
    if isinstance(button, dict) and isinstance(button.get("type"), str):
        return button | {"type": button["type"].upper()}
    return button


def _header(header: Json, style: str) -> None:
    kind = header.get("format")
    if kind in MEDIA_FORMATS:
        handles = header.get("example", {}).get("header_handle") if isinstance(header.get("example"), dict) else None
        if not (isinstance(handles, list) and handles and isinstance(handles[0], str) and handles[0]):
            raise Refused(_no_example("HEADER"))
    elif kind == "TEXT":
        text = _text(header, "HEADER")
        check_length(text, HEADER, "HEADER")
        if "\n" in text or "*" in text:
            raise Refused(fault("Message header format is incorrect", "No line breaks or formatting.", subcode=2388047))
        if len(places(text)) > 1:
            raise Refused(fault("Too many variables", "A header has at most one variable.", subcode=2388047))
        _check_places(header, text, style, kind="HEADER")
    elif kind != "LOCATION":
        formats = ", ".join(sorted([*MEDIA_FORMATS, "TEXT", "LOCATION"]))
        raise Refused(wrong("components[].format", f"must be one of {{{formats}}}"))


def _body(body: Json, style: str, *, limit: int = BODY) -> None:
    text = _text(body, "BODY")
    check_length(text, limit, "BODY")
    stripped, names = text.strip(), places(text)
    if _PLACE.match(stripped) or re.search(r"\}\}$", stripped):
        why = "Variables can't be at the start or end of the template."
        raise Refused(fault("Leading or trailing variables are not allowed", why, subcode=2388299))
    if re.search(r"\}\}\s*\{\{", text):
        raise Refused(fault("Variables are adjacent", "There must be text between two variables.", subcode=2388072))
    if names and len(text.split()) <= WORDS_PER_VALUE * len(set(names)):
        why = "This template has too many variables for its length."
        raise Refused(fault("Parameters words ratio exceeds limit", why, subcode=2388293))
    _check_places(body, text, style, kind="BODY")


def _footer(footer: Json, _: str) -> None:
    text = _text(footer, "FOOTER")
    check_length(text, FOOTER, "FOOTER")
    if places(text) or "\n" in text:
        why = "A footer has no variables and no line breaks."
        raise Refused(fault("Message footer format is incorrect", why, subcode=2388073))


def _check_places(part: Json, text: str, style: str, *, kind: str) -> None:
    """Variables are of one style, in order from 1, and each has a sample."""
    names = list(dict.fromkeys(places(text)))
    if not names:
        return
    if style == "NAMED" and not all(_NAMED.fullmatch(name) for name in names):
        raise Refused(fault("Variable names are incorrect", "Lowercase letters, digits and underscores only."))
    if style == "POSITIONAL" and names != [str(n + 1) for n in range(len(names))]:
        raise Refused(fault("Variables are not in order", "Variables are {{1}}, {{2}} and so on.", subcode=2388072))
    if len(_samples(part.get("example"), style, kind)) != len(names):
        raise Refused(_no_example(kind))


def _samples(example: object, style: str, kind: str) -> list[Any]:
    """The samples of a text, however they are wrapped; empty when they are not there."""
    key = f"{kind.lower()}_text" + ("_named_params" if style == "NAMED" else "")
    given = example.get(key) if isinstance(example, dict) else None
    if kind == "BODY" and style == "POSITIONAL" and isinstance(given, list) and given and isinstance(given[0], list):
        given = given[0]
    return given if isinstance(given, list) else []


def _carousel(carousel: Json, style: str) -> None:
    cards = carousel.get("cards")
    if not isinstance(cards, list) or not 1 < len(cards) <= CARDS:
        raise Refused(wrong("components[].cards", f"must have 2 to {CARDS} elements."))
    shapes = set()
    for number, card in enumerate(cards):
        if not isinstance(card, dict) or not isinstance(card.get("components"), list):
            raise Refused(needed("components[].cards[].components"))
        card["components"] = parts = [_part(part) for part in card["components"]]
        for part in parts:
            if part["type"] == "BODY":
                _body(part, style, limit=CARD_BODY)
            elif part["type"] in {"HEADER", "BUTTONS"}:
                CHECKS[part["type"]](part, style)
            else:
                raise Refused(wrong(f"components[].cards[{number}]", "has a HEADER, a BODY and BUTTONS only."))
        shapes.add(tuple((part["type"], part.get("format"), len(part.get("buttons", []))) for part in parts))
    if len(shapes) > 1:
        raise Refused(fault("Cards differ", "All cards of a carousel have the same components and buttons."))


def _offer(offer: Json, _: str) -> None:
    inner = offer.get("limited_time_offer")
    if not isinstance(inner, dict):
        raise Refused(needed("components[].limited_time_offer"))
    check_length(_text(inner, "LIMITED_TIME_OFFER"), OFFER, "LIMITED_TIME_OFFER")


def _text(part: Json, kind: str) -> str:
    text = part.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refused(_missing_field(kind, "text"))
    return text


def _no_example(kind: str) -> GraphError:
    return _missing_field(kind, "example")


def _missing_field(kind: str, field: str) -> GraphError:
    why = f"component of type {kind} is missing expected field(s) ({field})"
    return fault('Message template "components" param is missing expected field(s)', why, subcode=2388043)


CHECKS: dict[str, Callable[[Json, str], None]] = {
    "HEADER": _header,
    "BODY": _body,
    "FOOTER": _footer,
    "BUTTONS": lambda part, _: check_buttons(part),
    "CAROUSEL": _carousel,
    "LIMITED_TIME_OFFER": _offer,
}
