"""A template message, drawn from the template with the values that were sent filled in (see `filling`)."""

from collections.abc import Callable, Iterable

from wakeel.simulator.bubbles.interactive import SHARE_NUMBER, SHARE_NUMBER_TITLE
from wakeel.simulator.bubbles.pieces import Json, MediaLookup, Parts, headed, link, named, nothing


def template(filled: Json, media: MediaLookup) -> Parts:
    """The whole bubble. filled: name, language, category and components as `filling.fill` leaves them."""
    origin = {key: filled[key] for key in ("name", "language", "category")}
    return _components(filled["components"], media) | {"template": origin}


def unfilled(sent: Json) -> Parts:
    """A template the account does not have, which only passes when its rule is switched off."""
    return {"template": {"name": sent["name"], "language": sent["language"]["code"], "category": ""}}


def _components(components: Iterable[Json], media: MediaLookup) -> Parts:
    drawn: Parts = {}
    for part in components:
        match part["type"]:
            case "HEADER":
                drawn |= headed(part["header"], media)
            case "BODY":
                drawn["text"] = part["text"]
            case "FOOTER":
                drawn["footer"] = part["text"]
            case "LIMITED_TIME_OFFER":
                drawn["offer"] = {"text": part["text"], "expires_at": part["expires_at"]}
            case "CAROUSEL":
                drawn["cards"] = [nothing() | _components(card["components"], media) for card in part["cards"]]
            case "CALL_PERMISSION_REQUEST":
                drawn["named"] = named("call_permission", "")
            case "BUTTONS":
                drawn |= _buttons(part["buttons"])
    return drawn


def _buttons(buttons: Iterable[Json]) -> Parts:
    tappable, links, cards = [], [], []
    for button in buttons:
        kind, title = button["type"], button.get("text", "")
        if kind == "QUICK_REPLY":
            tappable.append({"id": button["payload"], "title": title})
        elif kind == "REQUEST_CONTACT_INFO":
            tappable.append({"id": SHARE_NUMBER, "title": SHARE_NUMBER_TITLE})
        elif kind in NAMED:
            cards.append(named(NAMED[kind], title))
        else:
            links.append(LINKS[kind](title, button))
    return {"buttons": tappable, "links": links} | ({"named": cards[0]} if cards else {})


LINKS: dict[str, Callable[[str, Json], Json]] = {
    "URL": lambda title, button: link("url", title, button["url"]),
    "PHONE_NUMBER": lambda title, button: link("call", title, button["phone_number"]),
    "VOICE_CALL": lambda title, _: link("call", title, ""),
    "COPY_CODE": lambda title, button: link("copy_code", title, button["code"]),
    "OTP": lambda title, button: link("copy_code", title, button["code"]),
    "FLOW": lambda title, button: link("flow", title, button.get("flow_id")),
}
NAMED = {"CATALOG": "catalog", "MPM": "product_list", "SPM": "product"}
