"""Says what is wrong with the body of a `/messages` call, in Meta's words.

Every limit stands here by its own source and is never taken from the product, so that a wrong limit is caught twice.
Lengths count UTF-16 units: Meta does not say how it counts, and this is the strictest plausible way.
Sources, unless said otherwise: Meta, Cloud API message pages and OpenAPI file v25, read 2026-11-22.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from wakeel.simulator.errors import MetaError, invalid, malformed, missing

TEXT_BODY = 4096  # "Text messages"
INTERACTIVE_BODY = (
    1024  # "Interactive reply buttons"; for lists the page says 4,096 and the schema 1,024: the strict one
)
HEADER = 60  # "Interactive reply buttons", "Interactive list messages"
FOOTER = 60  # the same pages
BUTTONS = 3  # "Interactive reply buttons"
BUTTON_TITLE = 20  # the same page
BUTTON_ID = 256  # the same page
LIST_BUTTON = 20  # "Interactive list messages"
SECTIONS = 10  # the same page
SECTION_TITLE = 24  # the same page
ROWS = 10  # the same page: over all sections together
ROW_ID = 200  # the same page
ROW_TITLE = 24  # the same page
ROW_DESCRIPTION = 72  # the same page
CALLBACK = 512  # OpenAPI file, biz_opaque_callback_data

TYPES = frozenset(
    [
        "text",
        "interactive",
        "template",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
    ]
)  # OpenAPI file, Message.type
PLAYED = frozenset({"text", "interactive", "template"})
INTERACTIVE_TYPES = frozenset(
    [
        "button",
        "list",
        "cta_url",
        "flow",
        "product",
        "product_list",
        "catalog_message",
        "location_request_message",
        "address_message",
    ]
)
ENVELOPE = frozenset(
    [
        "messaging_product",
        "recipient_type",
        "to",
        "recipient",
        "type",
        "context",
        "biz_opaque_callback_data",
        "messaging_account_id",
        "recipient_identity_key_hash",
        "message_activity_sharing",
        "category",
    ]
)
MEDIA_HEADERS = frozenset({"image", "video", "document"})
PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{3,30}", re.ASCII)

Json = dict[str, Any]


class _Wrong(Exception):
    """Carries the first fault out of the nested checks."""

    def __init__(self, error: MetaError) -> None:
        super().__init__(error.details)
        self.error = error


def check_message(payload: object) -> MetaError | None:
    """The first thing Meta would object to in a message request; None for a good one. The window is not judged here."""
    try:
        _message(_object(payload, "request body"))
    except _Wrong as wrong:
        return wrong.error
    return None


def check_receipt(payload: Json) -> MetaError | None:
    """The same for a read receipt, with or without a typing indicator."""
    try:
        _receipt(payload)
    except _Wrong as wrong:
        return wrong.error
    return None


def is_receipt(payload: object) -> bool:
    """True for a read receipt or typing call, which share the path of messages."""
    return isinstance(payload, dict) and "status" in payload


def _receipt(payload: Json) -> None:
    _product(payload)
    if payload.get("status") != "read":
        raise _Wrong(invalid("status must be read"))
    if not _text(payload, "message_id", "message_id").startswith("wamid."):
        raise _Wrong(invalid("message_id is not the id of a received message"))
    if "typing_indicator" in payload and payload["typing_indicator"] != {"type": "text"}:
        raise _Wrong(invalid("typing_indicator.type must be text"))


def _message(payload: Json) -> None:
    _product(payload)
    kind = _type(payload)
    _known_keys(payload, ENVELOPE | {kind}, "request")
    _recipient(payload)
    if payload.get("recipient_type", "individual") not in {"individual", "group"}:
        raise _Wrong(malformed("recipient_type must be individual or group"))
    if "biz_opaque_callback_data" in payload:
        _sized(payload, "biz_opaque_callback_data", "biz_opaque_callback_data", CALLBACK)
    if "context" in payload:
        _text(_object(payload["context"], "context"), "message_id", "context.message_id")
    if kind not in PLAYED:
        raise _Wrong(invalid(f"Messages of type {kind} are not played by this stand-in."))
    CHECKS[kind](_object(_present(payload, kind, kind), kind))


def _product(payload: Json) -> None:
    if _text(payload, "messaging_product", "messaging_product") != "whatsapp":
        raise _Wrong(malformed("messaging_product must be whatsapp"))


def _type(payload: Json) -> str:
    kind = _text(payload, "type", "type")
    if kind not in TYPES:
        raise _Wrong(malformed(f"Param type must be one of {{{', '.join(sorted(TYPES)).upper()}}}"))
    return kind


def _recipient(payload: Json) -> None:
    if "to" not in payload and "recipient" in payload:
        _text(payload, "recipient", "recipient")
    elif not PHONE.fullmatch(_text(payload, "to", "to")):
        raise _Wrong(invalid("Recipient phone number is not a phone number"))


def _text_message(text: Json) -> None:
    _known_keys(text, {"body", "preview_url"}, "text")
    _sized(text, "body", "text.body", TEXT_BODY)
    if not isinstance(text.get("preview_url", False), bool):
        raise _Wrong(malformed("text.preview_url must be a boolean"))


def _interactive(interactive: Json) -> None:
    kind = _text(interactive, "type", "interactive.type")
    if kind not in INTERACTIVE_TYPES:
        raise _Wrong(malformed("interactive.type is unknown"))
    if kind not in {"button", "list"}:
        raise _Wrong(invalid(f"Interactive messages of type {kind} are not played by this stand-in."))
    _known_keys(interactive, {"type", "header", "body", "footer", "action"}, "interactive")
    if "header" in interactive:
        _header(_object(interactive["header"], "interactive.header"), text_only=kind == "list")
    body = _object(_present(interactive, "body", "interactive.body"), "interactive.body")
    _sized(body, "text", "interactive.body.text", INTERACTIVE_BODY)
    if "footer" in interactive:
        footer = _object(interactive["footer"], "interactive.footer")
        _sized(footer, "text", "interactive.footer.text", FOOTER)
    action = _object(_present(interactive, "action", "interactive.action"), "interactive.action")
    (_buttons if kind == "button" else _list)(action)


def _header(header: Json, *, text_only: bool) -> None:
    kind = _text(header, "type", "interactive.header.type")
    if kind == "text":
        _sized(header, "text", "interactive.header.text", HEADER)
    elif text_only or kind not in MEDIA_HEADERS:
        raise _Wrong(invalid("interactive.header.type is not allowed here"))
    else:
        media = _object(_present(header, kind, f"interactive.header.{kind}"), f"interactive.header.{kind}")
        if not (media.keys() & {"id", "link"}):
            raise _Wrong(missing(f"interactive.header.{kind}.id"))


def _buttons(action: Json) -> None:
    _known_keys(action, {"buttons"}, "interactive.action")
    buttons = _array(action, "buttons", "interactive.action.buttons")
    if not 1 <= len(buttons) <= BUTTONS:
        raise _Wrong(invalid(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS}"))
    replies = [_reply_button(button) for button in buttons]
    _distinct((reply["id"] for reply in replies), "button id")
    _distinct((reply["title"] for reply in replies), "button title")


def _reply_button(button: object) -> Json:
    button = _object(button, "interactive.action.buttons[]")
    if _text(button, "type", "interactive.action.buttons[].type") != "reply":
        raise _Wrong(invalid("Button type must be reply"))
    name = "interactive.action.buttons[].reply"
    reply = _object(_present(button, "reply", name), name)
    _known_keys(reply, {"id", "title"}, name)
    _id(reply, name, BUTTON_ID)
    _sized(reply, "title", f"{name}.title", BUTTON_TITLE)
    return reply


def _list(action: Json) -> None:
    _known_keys(action, {"button", "sections"}, "interactive.action")
    _sized(action, "button", "interactive.action.button", LIST_BUTTON)
    sections = _array(action, "sections", "interactive.action.sections")
    if not 1 <= len(sections) <= SECTIONS:
        raise _Wrong(invalid(f"Invalid sections count. Min: 1, Max: {SECTIONS}"))
    rows = [row for section in sections for row in _section(section, title_needed=len(sections) > 1)]
    if len(rows) > ROWS:
        raise _Wrong(invalid(f"Total row count exceed max allowed count: {ROWS}"))
    _distinct((row["id"] for row in rows), "row id")


def _section(section: object, *, title_needed: bool) -> list[Json]:
    name = "interactive.action.sections[]"
    section = _object(section, name)
    _known_keys(section, {"title", "rows"}, name)
    if title_needed or "title" in section:
        _sized(section, "title", f"{name}.title", SECTION_TITLE)
    rows = _array(section, "rows", f"{name}.rows")
    if not rows:
        raise _Wrong(invalid("A section needs at least one row"))
    return [_row(row) for row in rows]


def _row(row: object) -> Json:
    name = "interactive.action.sections[].rows[]"
    row = _object(row, name)
    _known_keys(row, {"id", "title", "description"}, name)
    _id(row, name, ROW_ID)
    _sized(row, "title", f"{name}.title", ROW_TITLE)
    if "description" in row:
        _sized(row, "description", f"{name}.description", ROW_DESCRIPTION)
    return row


def _template(template: Json) -> None:
    """The shape only; whether there is such a template is the account's matter."""
    _known_keys(template, {"name", "language", "components"}, "template")
    _text(template, "name", "template.name")
    language = _object(_present(template, "language", "template.language"), "template.language")
    _text(language, "code", "template.language.code")
    for part in template.get("components", []):
        kind = _text(_object(part, "template.components"), "type", "template.components.type").lower()
        if kind not in {"header", "body", "button"}:
            raise _Wrong(malformed("template.components.type is unknown"))
        for given in _array(part, "parameters", "template.components.parameters"):
            _parameter(_object(given, "template.components.parameters"), kind)


def _parameter(parameter: Json, kind: str) -> None:
    name = "template.components.parameters"
    allowed = {"payload", "text"} if kind == "button" else {"text"}
    if (given := _text(parameter, "type", f"{name}.type")) not in allowed:
        raise _Wrong(invalid(f"{name}.type {given} is not played by this stand-in."))
    _text(parameter, given, f"{name}.{given}")


CHECKS: dict[str, Callable[[Json], None]] = {"text": _text_message, "interactive": _interactive, "template": _template}


def _present(holder: Json, key: str, name: str) -> Any:
    value = holder.get(key)
    if value is None:
        raise _Wrong(missing(name))
    return value


def _object(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise _Wrong(malformed(f"{name} must be an object"))
    return value


def _array(holder: Json, key: str, name: str) -> list[Any]:
    value = _present(holder, key, name)
    if not isinstance(value, list):
        raise _Wrong(malformed(f"{name} must be an array"))
    return value


def _text(holder: Json, key: str, name: str) -> str:
    value = _present(holder, key, name)
    if not isinstance(value, str):
        raise _Wrong(malformed(f"{name} must be a string"))
    if not value:
        raise _Wrong(missing(name))
    return value


def _sized(holder: Json, key: str, name: str, limit: int) -> None:
    """A text of 1 to limit UTF-16 units that is more than blanks."""
    value = _present(holder, key, name)
    if not isinstance(value, str):
        raise _Wrong(malformed(f"{name} must be a string"))
    if not value.strip() or len(value.encode("utf-16-le", "surrogatepass")) // 2 > limit:
        raise _Wrong(invalid(f"{name} length invalid. Min length: 1, Max length: {limit}"))


def _id(holder: Json, name: str, limit: int) -> None:
    _sized(holder, "id", f"{name}.id", limit)
    if holder["id"] != holder["id"].strip():
        raise _Wrong(invalid(f"{name}.id must not begin or end with a space"))


def _distinct(values: Iterable[str], name: str) -> None:
    given = list(values)
    if len(set(given)) < len(given):
        raise _Wrong(invalid(f"Duplicated {name}"))


def _known_keys(holder: Json, known: Iterable[str], name: str) -> None:
    unknown = sorted(holder.keys() - set(known))
    if unknown:
        raise _Wrong(malformed(f'Unexpected key "{unknown[0]}" on param "{name}"'))
