"""Interactive messages of the business, and what came back when one was tapped."""

from collections.abc import Callable, Iterable

from wakeel.simulator.bubbles.pieces import Json, MediaLookup, Parts, headed, link, named

SHARE_NUMBER = "request_contact_info"
"""The id under which the one button of such a message is tapped; its label is WhatsApp's own."""
SHARE_NUMBER_TITLE = "مشاركة رقم الهاتف"

REPLIES = frozenset({"button_reply", "list_reply"})


def interactive(part: Json, media: MediaLookup) -> Parts:
    """Both directions: a card of the business, or a person's choice on one."""
    kind = part["type"]
    if kind in REPLIES:
        return {"text": part[kind]["title"]}
    if kind == "nfm_reply":
        return {"text": part[kind].get("body", ""), "named": named("flow", part[kind].get("name"))}
    if kind == "carousel":
        return {"text": _text(part, "body"), "cards": [_card(card, media) for card in part["action"]["cards"]]}
    shown: Parts = {"text": _text(part, "body"), "footer": _text(part, "footer") or None}
    shown |= headed(part.get("header"), media)
    return shown | _action(kind, part.get("action", {}))


def list_of(button: str, sections: Iterable[Json]) -> Json:
    """A sheet of rows."""
    drawn = [{"title": section.get("title", ""), "rows": section["rows"]} for section in sections]
    return {"button": button, "sections": drawn, "rows": [row for section in drawn for row in section["rows"]]}


def _text(part: Json, key: str) -> str:
    return str((part.get(key) or {}).get("text", ""))


def _action(kind: str, action: Json) -> Parts:
    given = action.get("parameters") or {}
    match kind:
        case "button":
            return {"buttons": [button["reply"] for button in action["buttons"]]}
        case "list":
            return {"list": list_of(action["button"], action["sections"])}
        case "cta_url":
            return {"links": [link("url", given["display_text"], given["url"])]}
        case "voice_call":
            return {"links": [link("call", given.get("display_text"), "")]}
        case "location_request_message":
            return {"asks_location": True}
        case "request_contact_info":
            return {"buttons": [{"id": SHARE_NUMBER, "title": SHARE_NUMBER_TITLE}]}
        case "flow":
            flow = given.get("flow_name") or given.get("flow_id")
            return {"named": named("flow", flow), "links": [link("flow", given["flow_cta"], flow)]}
        case _:
            return {"named": NAMED[kind](action)}


def _products(action: Json) -> Json:
    items = [item for section in action["sections"] for item in section["product_items"]]
    return named("product_list", "، ".join(str(item["product_retailer_id"]) for item in items))


NAMED: dict[str, Callable[[Json], Json]] = {
    "product": lambda action: named("product", action["product_retailer_id"]),
    "product_list": _products,
    "catalog_message": lambda action: named(
        "catalog", (action.get("parameters") or {}).get("thumbnail_product_retailer_id")
    ),
    "address_message": lambda action: named("address", action["parameters"]["country"]),
    "call_permission_request": lambda _: named("call_permission", ""),
}


def _card(card: Json, media: MediaLookup) -> Parts:
    """One card of a media carousel: a picture or film, perhaps a text, quick replies or one link."""
    action = card["action"]
    drawn: Parts = {"text": _text(card, "body")} | headed(card.get("header"), media)
    if "buttons" in action:
        return drawn | {"buttons": [button["quick_reply"] for button in action["buttons"]]}
    if "parameters" in action:
        return drawn | _action("cta_url", action)
    return drawn | {"named": named("product", action["product_retailer_id"])}
