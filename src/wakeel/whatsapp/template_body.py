"""The `type` + `template` part of a message. Source: reference WA 1.3, read 2026-11-22."""

from collections.abc import Mapping, Sequence
from typing import Any

from wakeel.domain.template_texts import Template


def template_part(template: Template, values: Mapping[str, str], payloads: Sequence[str] = ()) -> dict[str, Any]:
    """`type` + `template` of a message; values must have every variable. `domain.template_texts.filled` reads it.

    payloads: of the quick replies in their order, '' for one that comes back with its own label; () for all of these.
    """
    sent: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    components: list[dict[str, Any]] = []
    if template.variables:
        parameters = [_parameter(name, values[name], named=template.is_named) for name in _in_order(template)]
        components.append({"type": "body", "parameters": parameters})
    places = zip(template.quick_replies, payloads, strict=False)
    components += [_button(place, payload) for place, payload in places if payload]
    if components:
        sent["components"] = components
    return {"type": "template", "template": sent}


def _button(place: int, payload: str) -> dict[str, Any]:
    parameters = [{"type": "payload", "payload": payload}]
    return {"type": "button", "sub_type": "quick_reply", "index": str(place), "parameters": parameters}


def _in_order(template: Template) -> list[str]:
    """Positional values travel in the order of their numbers, wherever they stand in the text."""
    return list(template.variables) if template.is_named else sorted(template.variables, key=int)


def _parameter(name: str, value: str, *, named: bool) -> dict[str, str]:
    parameter = {"type": "text", "text": value}
    return {"parameter_name": name, **parameter} if named else parameter
