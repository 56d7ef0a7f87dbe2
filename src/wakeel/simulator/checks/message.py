"""The body of a `/messages` call as a whole: the envelope, then the part of its type."""

import re
from collections.abc import Callable
from typing import Any

from wakeel.simulator.bubbles.pieces import MediaLookup
from wakeel.simulator.checks import plain
from wakeel.simulator.checks.interactive import interactive
from wakeel.simulator.checks.media import media_message
from wakeel.simulator.checks.shape import Json, Wrong, a_text, an_object, flag, known_keys, one_of, present, sized
from wakeel.simulator.checks.template import template
from wakeel.simulator.errors import NO_DIRECT_SEND, NO_GROUPS, MetaError, invalid, malformed, required

CALLBACK = 512  # OpenAPI file, biz_opaque_callback_data
PHONE = re.compile(r"(?=(?:[^0-9]*[0-9]){4})\+?[0-9 ()\-]{4,31}", re.ASCII)
"""Four digits at least, with the signs Meta allows between them. Source: Meta, "Sending messages"."""
BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)
"""A business-scoped user id or a parent one. Source: Meta, "Business-scoped user IDs"."""

CHECKS: dict[str, Callable[[Any, MediaLookup], None]] = {
    "text": plain.text,
    "image": media_message("image"),
    "video": media_message("video"),
    "audio": media_message("audio"),
    "document": media_message("document"),
    "sticker": media_message("sticker"),
    "location": plain.location,
    "contacts": plain.contacts,
    "reaction": plain.reaction,
    "interactive": interactive,
    "template": template,
}
"""OpenAPI file, Message.type."""

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
        "category",
    ]
)
MARKETING_ENVELOPE = ENVELOPE - {"category", "context"} | {"product_policy", "message_activity_sharing"}
"""Of the Marketing Messages API. Source: OpenAPI file, MarketingMessageRequestPayload."""


def check_message(payload: object, *, media: MediaLookup | None = None, marketing: bool = False) -> MetaError | None:
    """The first thing Meta would object to in a message request; None for a good one.

    media: looks an uploaded file up; without it every id is one. marketing: it came to the Marketing Messages API.
    Only the body is judged: whether window, template or account allow the message is asked later.
    """
    try:
        _message(an_object(payload, "request body"), media or _any_media, marketing=marketing)
    except Wrong as wrong:
        return wrong.error
    return None


def check_receipt(payload: Json) -> MetaError | None:
    """The same for a read receipt, with or without a typing indicator."""
    try:
        _receipt(payload)
    except Wrong as wrong:
        return wrong.error
    return None


def is_receipt(payload: object) -> bool:
    """True for a read receipt or typing call, which share the path of messages."""
    return isinstance(payload, dict) and "status" in payload


def _receipt(payload: Json) -> None:
    _product(payload)
    known_keys(payload, {"messaging_product", "status", "message_id", "typing_indicator"}, "request")
    if payload.get("status") != "read":
        raise Wrong(invalid("status must be read"))
    plain.wamid(payload, "message_id", "message_id")
    if "typing_indicator" in payload and payload["typing_indicator"] != {"type": "text"}:
        raise Wrong(invalid("typing_indicator.type must be text"))


def _message(payload: Json, media: MediaLookup, *, marketing: bool) -> None:
    _product(payload)
    kind = one_of(payload, "type", "type", CHECKS)
    known_keys(payload, (MARKETING_ENVELOPE if marketing else ENVELOPE) | {kind}, "request")
    _recipient(payload)
    if payload.get("biz_opaque_callback_data") is not None:
        sized(payload, "biz_opaque_callback_data", "biz_opaque_callback_data", CALLBACK)
    if payload.get("context") is not None:
        context = an_object(payload["context"], "context")
        known_keys(context, {"message_id"}, "context")
        plain.wamid(context, "message_id", "context.message_id")
    for key in ("messaging_account_id", "recipient_identity_key_hash"):
        if payload.get(key) is not None:
            a_text(payload, key, key)
    flag(payload, "message_activity_sharing", "message_activity_sharing")
    if payload.get("category") is not None:
        raise Wrong(NO_DIRECT_SEND)
    CHECKS[kind](present(payload, kind, kind), media)


def _product(payload: Json) -> None:
    if payload.get("messaging_product") is None:
        raise Wrong(required("messaging_product"))
    if a_text(payload, "messaging_product", "messaging_product") != "whatsapp":
        raise Wrong(malformed("messaging_product must be whatsapp"))


def _recipient(payload: Json) -> None:
    """`to` wins over `recipient`. Source: Meta, "Business-scoped user IDs"."""
    if payload.get("recipient_type") is not None:
        one_of(payload, "recipient_type", "recipient_type", {"individual", "group"})
    if payload.get("to") is None and payload.get("recipient") is None:
        raise Wrong(required("to"))
    if payload.get("recipient_type") == "group":
        raise Wrong(NO_GROUPS)
    if payload.get("to") is None:
        if not BSUID.fullmatch(a_text(payload, "recipient", "recipient")):
            raise Wrong(invalid("recipient is not a business-scoped user id"))
    elif not PHONE.fullmatch(a_text(payload, "to", "to")):
        raise Wrong(invalid("Recipient phone number is not a phone number"))


class _Upload:
    """Stands for a file when nobody knows the uploads."""

    mime = ""
    filename = None
    size = 0


def _any_media(_: str) -> _Upload:
    return _Upload()
