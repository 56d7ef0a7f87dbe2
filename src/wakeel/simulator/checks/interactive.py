"""Interactive messages: what stands around the action. The actions themselves: `actions`."""

from collections.abc import Callable
from dataclasses import dataclass

from wakeel.simulator.bubbles.pieces import MediaLookup
from wakeel.simulator.checks import actions
from wakeel.simulator.checks.media import media_part
from wakeel.simulator.checks.shape import Json, Wrong, an_object, known_keys, one_of, part, sized
from wakeel.simulator.errors import invalid, malformed, missing

BODY = 1024  # "Interactive reply buttons"; for lists the page says 4,096 and the schema 1,024: the strict one
HEADER = 60  # "Interactive reply buttons", "Interactive list messages"
FOOTER = 60  # the same pages
NONE: frozenset[str] = frozenset()
TEXT = frozenset({"text"})
ANY = frozenset({"text", "image", "video", "document"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One type. headers: the kinds it may have; header_needed, body_needed: what it cannot do without."""

    action: Callable[[Json, MediaLookup], None]
    headers: frozenset[str] = NONE
    header_needed: bool = False
    body_needed: bool = True


KINDS = {
    "button": Kind(actions.buttons, ANY),
    "list": Kind(actions.rows, TEXT),
    "cta_url": Kind(actions.cta_url, ANY),
    "flow": Kind(actions.flow, ANY),
    "product": Kind(actions.product, body_needed=False),
    "product_list": Kind(actions.product_list, TEXT, header_needed=True),
    "catalog_message": Kind(actions.catalog),
    "location_request_message": Kind(actions.location_request),
    "address_message": Kind(actions.address, ANY),
    "request_contact_info": Kind(actions.contact_request),
    "call_permission_request": Kind(actions.call_permission, body_needed=False),
    "voice_call": Kind(actions.voice_call, ANY),
    "carousel": Kind(actions.carousel),
}
"""Source: the page of each type; `request_contact_info`: "Business-scoped user IDs"."""


def interactive(value: object, media: MediaLookup) -> None:
    """An interactive message."""
    given = an_object(value, "interactive")
    kind = KINDS[one_of(given, "type", "interactive.type", KINDS)]
    known_keys(given, {"type", "header", "body", "footer", "action"}, "interactive")
    if given.get("header") is not None:
        _header(an_object(given["header"], "interactive.header"), kind, media)
    elif kind.header_needed:
        raise Wrong(missing("interactive.header"))
    if kind.body_needed or given.get("body") is not None:
        body = part(given, "body", "interactive.body")
        known_keys(body, TEXT, "interactive.body")
        sized(body, "text", "interactive.body.text", BODY)
    if given.get("footer") is not None:
        footer = an_object(given["footer"], "interactive.footer")
        known_keys(footer, TEXT, "interactive.footer")
        sized(footer, "text", "interactive.footer.text", FOOTER)
    kind.action(part(given, "action", "interactive.action"), media)


def _header(header: Json, kind: Kind, media: MediaLookup) -> None:
    name = "interactive.header"
    given = one_of(header, "type", f"{name}.type", ANY)
    if given not in kind.headers:
        raise Wrong(invalid(f"{name}.type {given} is not allowed here"))
    known_keys(header, {"type", "sub_text", given}, name)
    if given == "text":
        sized(header, "text", f"{name}.text", HEADER)
        return
    value = part(header, given, f"{name}.{given}")
    if value.get("caption") is not None:
        raise Wrong(malformed(f'Unexpected key "caption" on param "{name}.{given}".'))
    media_part(value, given, f"{name}.{given}", media)
