"""What a person can do with an interactive message: the `action` of each type."""

from wakeel.simulator.bubbles.pieces import MediaLookup
from wakeel.simulator.checks.media import media_part
from wakeel.simulator.checks.shape import (
    Json,
    Wrong,
    a_list,
    a_text,
    an_id,
    an_object,
    counted,
    distinct,
    known_keys,
    one_of,
    part,
    sized,
    text_if_any,
    web_address,
    whole,
)
from wakeel.simulator.errors import invalid, malformed, missing

BUTTONS = 3  # "Interactive reply buttons"
BUTTON_TITLE = 20  # the same page; also the label of a link, a list and a call
BUTTON_ID = 256  # the same page
SECTIONS = 10  # "Interactive list messages"
SECTION_TITLE = 24  # the same page
ROWS = 10  # the same page: over all sections together
ROW_ID = 200  # the same page
ROW_TITLE = 24  # the same page
ROW_DESCRIPTION = 72  # the same page
PRODUCTS = 30  # "Multi-product messages": over all sections together
FLOW_CTA = 30  # OpenAPI file; it advises against emoji
FLOW_VERSION = "3"  # OpenAPI file
CARDS = (2, 10)  # "Interactive media carousel messages"
CARD_BODY = 160  # the same page
CALL_TTL_MINUTES = 43_200  # "Voice call buttons": 30 days
ADDRESS_COUNTRIES = frozenset({"IN"})  # "Address messages", updated 2026-07-02; older pages name Singapore as well

NAME = "interactive.action"


def buttons(action: Json, _: MediaLookup) -> None:
    """One to three reply buttons."""
    known_keys(action, {"buttons"}, NAME)
    _replies(a_list(action, "buttons", f"{NAME}.buttons"), "reply", f"{NAME}.buttons")


def rows(action: Json, _: MediaLookup) -> None:
    """A sheet of up to ten rows."""
    known_keys(action, {"button", "sections"}, NAME)
    sized(action, "button", f"{NAME}.button", BUTTON_TITLE)
    sections = a_list(action, "sections", f"{NAME}.sections")
    counted(sections, "sections", most=SECTIONS)
    found = [row for section in sections for row in _section(section, "rows", titled=len(sections) > 1)]
    if len(found) > ROWS:
        raise Wrong(invalid(f"Total row count exceed max allowed count: {ROWS}"))
    for row in found:
        _row(row)
    distinct((row["id"] for row in found), "row id")


def cta_url(action: Json, _: MediaLookup, name: str = NAME) -> None:
    """One button that opens a link."""
    given = _named(action, "cta_url", name)
    known_keys(given, {"display_text", "url"}, f"{name}.parameters")
    sized(given, "display_text", f"{name}.parameters.display_text", BUTTON_TITLE)
    web_address(given, "url", f"{name}.parameters.url")


def flow(action: Json, _: MediaLookup) -> None:
    """A button that opens a form."""
    given, name = _named(action, "flow"), f"{NAME}.parameters"
    keys = {"flow_message_version", "flow_id", "flow_name", "flow_cta", "mode", "flow_token", "flow_action"}
    known_keys(given, keys | {"flow_action_payload"}, name)
    one_of(given, "flow_message_version", f"{name}.flow_message_version", {FLOW_VERSION})
    sized(given, "flow_cta", f"{name}.flow_cta", FLOW_CTA)
    if (given.get("flow_id") is None) == (given.get("flow_name") is None):
        raise Wrong(invalid("Exactly one of flow_id and flow_name must be given"))
    a_text(given, "flow_id" if given.get("flow_id") is not None else "flow_name", f"{name}.flow_id")
    if given.get("mode") is not None:
        one_of(given, "mode", f"{name}.mode", {"draft", "published"})
    text_if_any(given, "flow_token", f"{name}.flow_token")
    _first_screen(given, name)


def product(action: Json, _: MediaLookup) -> None:
    """One product of a catalogue."""
    known_keys(action, {"catalog_id", "product_retailer_id"}, NAME)
    for key in ("catalog_id", "product_retailer_id"):
        a_text(action, key, f"{NAME}.{key}")


def product_list(action: Json, _: MediaLookup) -> None:
    """Up to thirty products of a catalogue."""
    known_keys(action, {"catalog_id", "sections"}, NAME)
    a_text(action, "catalog_id", f"{NAME}.catalog_id")
    sections = a_list(action, "sections", f"{NAME}.sections")
    counted(sections, "sections", most=SECTIONS)
    found = [item for section in sections for item in _section(section, "product_items", titled=len(sections) > 1)]
    counted(found, "product items", most=PRODUCTS)
    for item in found:
        name = f"{NAME}.sections[].product_items[]"
        a_text(item, "product_retailer_id", f"{name}.product_retailer_id")


def catalog(action: Json, _: MediaLookup) -> None:
    """The whole catalogue behind one product's picture."""
    given = _named(action, "catalog_message", needs_parameters=False)
    known_keys(given, {"thumbnail_product_retailer_id"}, f"{NAME}.parameters")
    text_if_any(given, "thumbnail_product_retailer_id", f"{NAME}.parameters.thumbnail_product_retailer_id")


def location_request(action: Json, _: MediaLookup) -> None:
    """A button that shares the person's position."""
    _bare(action, "send_location")


def contact_request(action: Json, _: MediaLookup) -> None:
    """A button that shares the person's phone number."""
    _bare(action, "request_contact_info")


def call_permission(action: Json, _: MediaLookup) -> None:
    """A question whether the business may call."""
    _bare(action, "call_permission_request")


def address(action: Json, _: MediaLookup) -> None:
    """A form for an address; WhatsApp has it in India only."""
    given = _named(action, "address_message")
    one_of(given, "country", f"{NAME}.parameters.country", ADDRESS_COUNTRIES)


def voice_call(action: Json, _: MediaLookup) -> None:
    """A button that calls the business."""
    given = _named(action, "voice_call", needs_parameters=False)
    known_keys(given, {"display_text", "ttl_minutes", "payload"}, f"{NAME}.parameters")
    if given.get("display_text") is not None:
        sized(given, "display_text", f"{NAME}.parameters.display_text", BUTTON_TITLE)
    if given.get("ttl_minutes") is not None:
        whole(given, "ttl_minutes", f"{NAME}.parameters.ttl_minutes", least=1, most=CALL_TTL_MINUTES)


def carousel(action: Json, media: MediaLookup) -> None:
    """Two to ten cards side by side, each with a picture or film and the same kind of buttons."""
    known_keys(action, {"cards"}, NAME)
    cards = a_list(action, "cards", f"{NAME}.cards")
    counted(cards, "cards", least=CARDS[0], most=CARDS[1])
    kinds = [_card(an_object(card, f"{NAME}.cards[]"), at, media) for at, card in enumerate(cards)]
    if len(set(kinds)) > 1:
        raise Wrong(invalid("All cards must have the same header format and the same buttons"))


def _card(card: Json, at: int, media: MediaLookup) -> tuple[str, str]:
    """The kinds of its header and of its action."""
    name = f"{NAME}.cards[{at}]"
    known_keys(card, {"card_index", "type", "header", "body", "action"}, name)
    if whole(card, "card_index", f"{name}.card_index", least=0, most=CARDS[1] - 1) != at:
        raise Wrong(invalid(f"{name}.card_index must be {at}"))
    header = part(card, "header", f"{name}.header")
    kind = one_of(header, "type", f"{name}.header.type", {"image", "video"})
    media_part(part(header, kind, f"{name}.header.{kind}"), kind, f"{name}.header.{kind}", media)
    if card.get("body") is not None:
        sized(part(card, "body", f"{name}.body"), "text", f"{name}.body.text", CARD_BODY)
    action = part(card, "action", f"{name}.action")
    if "buttons" not in action:
        cta_url(action, media, f"{name}.action")
        return kind, "cta_url"
    _replies(a_list(action, "buttons", f"{name}.action.buttons"), "quick_reply", f"{name}.action.buttons")
    return kind, "quick_reply"


def _replies(given: list[object], kind: str, name: str) -> None:
    """Buttons of a kind, with ids and titles that differ."""
    counted(given, "buttons", most=BUTTONS)
    replies = []
    for value in given:
        button = an_object(value, f"{name}[]")
        if a_text(button, "type", f"{name}[].type") != kind:
            raise Wrong(invalid(f"Button type must be {kind}"))
        reply = part(button, kind, f"{name}[].{kind}")
        known_keys(reply, {"id", "title"}, f"{name}[].{kind}")
        an_id(reply, f"{name}[].{kind}", BUTTON_ID)
        sized(reply, "title", f"{name}[].{kind}.title", BUTTON_TITLE)
        replies.append(reply)
    distinct((reply["id"] for reply in replies), "button id")
    distinct((reply["title"] for reply in replies), "button title")


def _section(value: object, items: str, *, titled: bool) -> list[Json]:
    """The items of a section. titled: it must have a title, because there are others."""
    name = f"{NAME}.sections[]"
    section = an_object(value, name)
    known_keys(section, {"title", items}, name)
    if titled or section.get("title") is not None:
        sized(section, "title", f"{name}.title", SECTION_TITLE)
    found = a_list(section, items, f"{name}.{items}")
    if not found:
        raise Wrong(invalid(f"A section needs at least one of {items}"))
    return [an_object(item, f"{name}.{items}[]") for item in found]


def _row(row: Json) -> None:
    name = f"{NAME}.sections[].rows[]"
    known_keys(row, {"id", "title", "description"}, name)
    an_id(row, name, ROW_ID)
    sized(row, "title", f"{name}.title", ROW_TITLE)
    if row.get("description") is not None:
        sized(row, "description", f"{name}.description", ROW_DESCRIPTION)


def _first_screen(given: Json, name: str) -> None:
    payload = given.get("flow_action_payload")
    wish = given.get("flow_action") or "navigate"
    if given.get("flow_action") is not None:
        one_of(given, "flow_action", f"{name}.flow_action", {"navigate", "data_exchange"})
    if payload is None:
        return
    if wish != "navigate":
        raise Wrong(invalid("flow_action_payload is allowed only if flow_action is navigate"))
    screen = an_object(payload, f"{name}.flow_action_payload")
    text_if_any(screen, "screen", f"{name}.flow_action_payload.screen")
    if screen.get("data") is not None and not an_object(screen["data"], f"{name}.flow_action_payload.data"):
        raise Wrong(invalid(f"{name}.flow_action_payload.data must not be empty"))


def _named(action: Json, word: str, name: str = NAME, *, needs_parameters: bool = True) -> Json:
    """The parameters of an action that carries its own name."""
    known_keys(action, {"name", "parameters"}, name)
    if a_text(action, "name", f"{name}.name") != word:
        raise Wrong(malformed(f"{name}.name must be {word}"))
    if action.get("parameters") is None and not needs_parameters:
        return {}
    if action.get("parameters") is None:
        raise Wrong(missing(f"{name}.parameters"))
    return part(action, "parameters", f"{name}.parameters")


def _bare(action: Json, word: str) -> None:
    known_keys(action, {"name"}, NAME)
    if a_text(action, "name", f"{NAME}.name") != word:
        raise Wrong(malformed(f"{NAME}.name must be {word}"))
