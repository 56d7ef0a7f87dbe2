"""The pieces every kind of bubble is put together from."""

from collections.abc import Callable
from typing import Any, Protocol

Json = dict[str, Any]
Parts = dict[str, Any]
"""The keys of a row from `text` to `unknown` (see `drawing.message_row`)."""


class StoredMedia(Protocol):
    """What the media store knows of one id. size: bytes."""

    @property
    def mime(self) -> str: ...
    @property
    def filename(self) -> str | None: ...
    @property
    def size(self) -> int: ...


MediaLookup = Callable[[str], StoredMedia | None]
"""Media by id; None when the store holds no such id."""


def nothing() -> Parts:
    """Every key, empty."""
    return {
        "text": "",
        "header": None,
        "footer": None,
        "buttons": [],
        "list": None,
        "links": [],
        "asks_location": False,
        "media": None,
        "location": None,
        "contacts": [],
        "named": None,
        "template": None,
        "offer": None,
        "cards": [],
        "unknown": None,
    }


def media_card(kind: str, part: Json, media: MediaLookup) -> Json:
    """A picture, film, sound, document or sticker; url only when the store has the bytes."""
    stored = media(str(part["id"])) if part.get("id") is not None else None
    return {
        "kind": kind,
        "id": part.get("id"),
        "mime": stored.mime if stored else part.get("mime_type"),
        "filename": part.get("filename") or (stored.filename if stored else None),
        "size": stored.size if stored else None,
        "voice": part.get("voice") is True,
        "animated": part.get("animated") is True,
        "link": part.get("link"),
        "url": f"/api/media/{part['id']}" if stored else None,
    }


def place(location: Json) -> Json:
    """A location; Meta takes its numbers as text, too."""
    return {
        "latitude": float(location["latitude"]),
        "longitude": float(location["longitude"]),
        "name": location.get("name") or None,
        "address": location.get("address") or None,
    }


def person(contact: Json) -> Json:
    """A contact card."""
    phones = [str(phone["phone"]) for phone in contact.get("phones") or [] if phone.get("phone")]
    return {"name": (contact.get("name") or {}).get("formatted_name", ""), "phones": phones}


def named(kind: str, title: object) -> Json:
    """A card for what is not simulated."""
    return {"kind": kind, "title": str(title or "")}


def link(kind: str, title: object, value: object) -> Json:
    """A button that a tap of does nothing the business hears of."""
    return {"kind": kind, "title": str(title or ""), "value": str(value or "")}


def headed(header: Json | None, media: MediaLookup) -> Parts:
    """The header of an interactive message or a template: `type` and the part of that name."""
    if header is None:
        return {}
    kind = header["type"]
    if kind == "text":
        return {"header": {"kind": "text", "text": header["text"], "media": None}}
    if kind == "location":
        where = place(header["location"])
        return {"header": {"kind": "location", "text": where["name"] or "", "media": None}, "location": where}
    if kind == "product":
        return {"named": named("product", header["product"].get("product_retailer_id"))}
    kind = "video" if kind == "gif" else kind
    shown = media_card(kind, header[header["type"]], media)
    return {"header": {"kind": kind, "text": shown["filename"] or "", "media": shown}}
