"""Turns phones and messages into the JSON that the page draws and tests read."""

from typing import Any

from wakeel.simulator.world import Message, Phone

Json = dict[str, Any]

SHOWN = 200
"""Newest messages of each phone in one answer."""


def shown_text(payload: Json) -> str:
    """What the person reads in the bubble of a request."""
    if payload["type"] == "text":
        return str(payload["text"]["body"])
    return str(payload["interactive"]["body"]["text"])


def phone_row(phone: Phone) -> Json:
    """One phone as /api/state shows it. Times are business time in Unix seconds."""
    return {
        "wa_id": phone.wa_id,
        "bsuid": phone.bsuid,
        "name": phone.persona.name,
        "role": phone.persona.role.value,
        "hide_phone": phone.persona.hide_phone,
        "username": phone.persona.username,
        "says": list(phone.persona.says),
        "window_open_until": phone.window_open_until(),
        "typing_until": phone.typing_until,
        "messages": [message_row(message) for message in phone.messages[-SHOWN:]],
    }


def message_row(message: Message) -> Json:
    """One bubble. direction: seen by the owner of the phone (`received` came from the business)."""
    interactive = (message.payload or {}).get("interactive", {})
    action = interactive.get("action", {})
    return {
        "wamid": message.wamid,
        "direction": message.direction.value,
        "at": message.at,
        "type": message.type,
        "text": message.text,
        "header": _header(interactive.get("header")),
        "footer": interactive.get("footer", {}).get("text"),
        "buttons": [button["reply"] for button in action.get("buttons", [])],
        "list": {"button": action["button"], "rows": list_rows(message)} if "sections" in action else None,
        "context_wamid": message.context_wamid,
        "status": str(message.status),
        "statuses": [{"status": e.status, "at": e.at, "code": e.code} for e in message.statuses],
        "error": message.error_code,
    }


def list_rows(message: Message) -> list[Json]:
    """The rows of a list message over all its sections; empty for other messages."""
    action = (message.payload or {}).get("interactive", {}).get("action", {})
    return [row for section in action.get("sections", []) for row in section["rows"]]


def choices(message: Message) -> list[Json]:
    """Everything that can be tapped on a message: `id`, `title` and, for rows, perhaps `description`."""
    action = (message.payload or {}).get("interactive", {}).get("action", {})
    return [button["reply"] for button in action.get("buttons", [])] + list_rows(message)


def _header(header: Json | None) -> str | None:
    """The header's text; the kind in brackets for a picture, film or document."""
    if header is None:
        return None
    return str(header["text"]) if header["type"] == "text" else f"[{header['type']}]"
