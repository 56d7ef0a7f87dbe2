"""What an accepted request becomes on the phone, and what Meta finds wrong with it only after it said yes.

Source: Meta, "Reaction messages", "Contextual replies", "Media" and "Phone numbers", read 2026-11-22.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wakeel.simulator.bubbles.pieces import MediaLookup
from wakeel.simulator.checks.media import misfit
from wakeel.simulator.drawing import shown_text
from wakeel.simulator.world import Direction, Message, Phone, World

Json = dict[str, Any]

REACH_S = 30 * 24 * 3600
"""How far back a reaction and a quote reach."""
UNQUOTED = frozenset({"reaction", "template"})
"""No quote is shown for them."""

MEDIA_UPLOAD_ERROR = 131053
BAD_VALUE = 131009
IDENTITY_MISMATCH = 137000


@dataclass(frozen=True, slots=True)
class Request:
    """An accepted request. payload: its body. phone: None when nobody is at that address.

    at: business time. by_bsuid: how it was addressed. filled: its template with the values, None for other types.
    ttl_s: how long Meta tries to deliver it.
    """

    payload: Json
    phone: Phone | None
    at: float
    by_bsuid: bool
    filled: Json | None
    ttl_s: int


def message_of(request: Request, *, wamid: str, world: World, media: MediaLookup) -> Message:
    """The bubble, with the code it will fail with if Meta cannot deliver it."""
    code, details = _late_fault(request, world, media) or (None, "")
    return Message(
        wamid=wamid,
        direction=Direction.RECEIVED,
        at=request.at,
        type=request.payload["type"],
        text=shown_text(request.payload, request.filled),
        payload=request.payload,
        context_wamid=_quoted(request, world),
        by_bsuid=request.by_bsuid,
        status="accepted",
        filled=request.filled,
        doom=code,
        doom_details=details,
        ttl_s=request.ttl_s,
    )


def _quoted(request: Request, world: World) -> str | None:
    """What the bubble quotes. An id that is unknown, too old or deleted is taken without a word, and not shown."""
    wamid = (request.payload.get("context") or {}).get("message_id")
    if wamid is None or request.payload["type"] in UNQUOTED:
        return None
    return wamid if _target(request, world, wamid) else None


def _target(request: Request, world: World, wamid: str) -> Message | None:
    """A message of this chat that is young enough and still there."""
    held = world.holding(wamid)
    if held is None or held[0] is not request.phone:
        return None
    message = held[1]
    return None if message.revoked or request.at - message.at > REACH_S else message


def _late_fault(request: Request, world: World, media: MediaLookup) -> tuple[int, str] | None:
    payload, phone = request.payload, request.phone
    known_hash = payload.get("recipient_identity_key_hash")
    if known_hash and phone and known_hash != phone.identity_hash:
        return IDENTITY_MISMATCH, "The identity key hash does not match the recipient's current one."
    if payload["type"] == "reaction":
        target = _target(request, world, payload["reaction"]["message_id"])
        if target is None or target.type == "reaction":
            return BAD_VALUE, "The message to react to was not found, is too old, was deleted or is a reaction itself."
    for kind, part in _files(payload):
        if why := misfit(kind, part, media):
            return MEDIA_UPLOAD_ERROR, why
    return None


def _files(part: object) -> Iterator[tuple[str, Json]]:
    """Every media object of a request, however deep, with the kind it is sent as."""
    if isinstance(part, list):
        for item in part:
            yield from _files(item)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in FILES and isinstance(value, dict) and value.keys() & {"id", "link"}:
                yield key, value
            else:
                yield from _files(value)


FILES = frozenset({"image", "video", "audio", "document", "sticker", "gif"})
