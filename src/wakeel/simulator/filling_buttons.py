"""Fills the buttons of a template. Source: Meta, "Template components" and the page of each button, read 2026-11-22."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wakeel.simulator.checks.shape import Wrong
from wakeel.simulator.errors import MetaError

Json = dict[str, Any]

URL_LENGTH = 2000
_VARIABLE = re.compile(r"\{\{\s*\w{1,60}\s*\}\}", re.ASCII)

SUB_TYPES = {
    "QUICK_REPLY": frozenset({"quick_reply"}),
    "URL": frozenset({"url"}),
    "COPY_CODE": frozenset({"copy_code"}),
    "OTP": frozenset({"url", "copy_code"}),
    "FLOW": frozenset({"flow"}),
    "CATALOG": frozenset({"catalog"}),
    "MPM": frozenset({"mpm"}),
    "VOICE_CALL": frozenset({"voice_call"}),
}
"""What the value of a button of the template calls itself. Buttons that are not here take none."""


@dataclass(frozen=True, slots=True)
class PlacedButton:
    """The values for one button. sub_type: in small letters."""

    sub_type: str
    parameters: list[Json]


def fill_buttons(stored: Iterable[Json], given: Mapping[int, PlacedButton]) -> list[Json]:
    """The buttons as they are drawn: type, text, and payload, url, phone_number, code or flow_id. Raises Wrong."""
    buttons = list(stored)
    if beyond := sorted(at for at in given if at >= len(buttons)):
        raise Wrong(MetaError(132018, f"buttons: Button at index {beyond[0]} does not exist in the template"))
    return [_button(button, given.get(at), at) for at, button in enumerate(buttons)]


def _button(button: Json, given: PlacedButton | None, at: int) -> Json:
    kind = button["type"]
    if given is not None and given.sub_type not in SUB_TYPES.get(kind, frozenset()):
        raise Wrong(MetaError(132018, f"buttons: Button at index {at} of type {_name(kind)} takes no {given.sub_type}"))
    filled = {"type": kind, "text": button.get("text", "")}
    value = _value(given)
    match kind:
        case "QUICK_REPLY":
            return filled | {"payload": value or button["text"]}
        case "URL":
            return filled | {"url": _url(button, value, at)}
        case "PHONE_NUMBER":
            return filled | {"phone_number": button["phone_number"]}
        case "COPY_CODE" | "OTP":
            return filled | {"code": _needed(value, kind, at)}
        case "FLOW":
            return filled | {"flow_id": button.get("flow_id") or button.get("flow_name") or ""}
        case "MPM":
            _needed(value, kind, at)
    return filled


def _url(button: Json, value: str | None, at: int) -> str:
    """The one variable stands at the end of the address."""
    url = str(button["url"])
    if not _VARIABLE.search(url):
        if value is not None:
            raise Wrong(MetaError(132018, f"buttons: Button at index {at} of type Url has no variable"))
        return url
    filled = _VARIABLE.sub(lambda _: _needed(value, "URL", at), url)
    if len(filled) > URL_LENGTH:
        raise Wrong(MetaError(132005, f"buttons: the address of the button at index {at} is too long"))
    return filled


def _value(given: PlacedButton | None) -> str | None:
    """The one value of a button; of an action, that there is one."""
    if given is None or not given.parameters:
        return None
    parameter = given.parameters[0]
    return str(parameter[parameter["type"].lower()])


def _needed(value: str | None, kind: str, at: int) -> str:
    if value is None:
        raise Wrong(MetaError(131008, f"buttons: Button at index {at} of type {_name(kind)} requires a parameter"))
    return value


def _name(kind: str) -> str:
    return kind.title().replace("_", "")
