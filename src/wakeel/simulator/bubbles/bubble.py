"""One bubble, whatever its type. A stand-in draws what it accepted, so every shape was checked before."""

from collections.abc import Callable
from typing import Any

from wakeel.simulator.bubbles.interactive import interactive
from wakeel.simulator.bubbles.pieces import Json, MediaLookup, Parts, media_card, named, nothing, person, place
from wakeel.simulator.bubbles.template import template, unfilled

MEDIA = frozenset({"image", "video", "audio", "document", "sticker"})


def parts(payload: Json | None, filled: Json | None, *, media: MediaLookup) -> Parts:
    """What stands in a bubble; every key is there.

    payload: the request, or the type of a person's message and its part; None for a text that is kept elsewhere.
    filled: of a template message, the template as it was sent.
    """
    drawn = nothing()
    if payload is None:
        return drawn
    if "referral" in payload:
        drawn["named"] = named("referral", payload["referral"].get("headline"))
    kind: str = payload["type"]
    part: Any = payload.get(kind)
    if kind == "template":
        return drawn | (template(filled, media) if filled else unfilled(part))
    if kind in MEDIA:
        return drawn | {"text": part.get("caption") or "", "media": media_card(kind, part, media)}
    draw = DRAWN.get(kind)
    return drawn | (draw(part, media) if draw else {"unknown": payload})


def words(payload: Json | None, filled: Json | None) -> str:
    """The text of a bubble: the body, a caption, or the title of what was tapped."""
    return str(parts(payload, filled, media=lambda _: None)["text"])


def _order(part: Json, _: MediaLookup) -> Parts:
    items = [f"{item['quantity']} × {item['product_retailer_id']}" for item in part["product_items"]]
    return {"text": part.get("text", ""), "named": named("order", "، ".join(items))}


DRAWN: dict[str, Callable[..., Parts]] = {
    "text": lambda part, _: {"text": part["body"]},
    "interactive": interactive,
    "button": lambda part, _: {"text": part["text"]},
    "location": lambda part, _: {"location": place(part)},
    "contacts": lambda part, _: {"contacts": [person(contact) for contact in part]},
    "reaction": lambda part, _: {"text": part.get("emoji", "")},
    "order": _order,
    "system": lambda part, _: {"text": part.get("body", "")},
}
