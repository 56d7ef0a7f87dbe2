"""Pictures, films, sounds, documents and stickers: by the id of an upload, or by a link Meta would fetch."""

from collections.abc import Callable

from wakeel.simulator.bubbles.pieces import MediaLookup
from wakeel.simulator.checks.shape import Json, Wrong, a_text, an_object, flag, known_keys, sized, web_address
from wakeel.simulator.errors import malformed

CAPTION = 1024  # "Image messages" and its neighbours
FILENAME = 240  # "Document messages" names no limit: what a file system takes

KEYS = {
    "image": frozenset({"id", "link", "caption"}),
    "video": frozenset({"id", "link", "caption"}),
    "audio": frozenset({"id", "link", "voice"}),
    "document": frozenset({"id", "link", "caption", "filename"}),
    "sticker": frozenset({"id", "link"}),
    "gif": frozenset({"id", "link"}),
}
"""What each kind may carry. Source: the message pages; `gif` is a header of Marketing Messages only."""

TYPES: dict[str, frozenset[str]] = {
    "image": frozenset({"image/jpeg", "image/png"}),
    "video": frozenset({"video/mp4", "video/3gpp"}),
    "audio": frozenset({"audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"}),
    "sticker": frozenset({"image/webp"}),
    "gif": frozenset({"video/mp4"}),
}
"""What a file must be to be played as this kind; a document may be anything. Source: Meta, "Media"."""


def media_message(kind: str) -> Callable[[object, MediaLookup], None]:
    """The check of a message of this kind."""
    return lambda value, media: media_part(an_object(value, kind), kind, kind, media)


def media_part(given: Json, kind: str, name: str, media: MediaLookup) -> None:
    """A media object. name: the way to it, as the error writes it."""
    known_keys(given, KEYS[kind], name)
    one_source(given, name, media)
    if given.get("caption") is not None:
        sized(given, "caption", f"{name}.caption", CAPTION)
    if given.get("filename") is not None:
        sized(given, "filename", f"{name}.filename", FILENAME)
    flag(given, "voice", f"{name}.voice")


def one_source(given: Json, name: str, media: MediaLookup) -> None:
    """Exactly one of an id that was uploaded and a link. Both refusals: as seen in the wild, 2023 to 2026."""
    if (given.get("id") is None) == (given.get("link") is None):
        raise Wrong(malformed("Either one of media ID or link must be present"))
    if given.get("link") is not None:
        web_address(given, "link", f"{name}['link']")
    elif media(a_text(given, "id", f"{name}.id")) is None:
        raise Wrong(malformed(f"Param {name}['id'] is not a valid whatsapp business account media attachment ID"))


def misfit(kind: str, given: Json, media: MediaLookup) -> str | None:
    """Why a file that was taken will not be played as this kind, in the words of code 131053; None if it will.

    Meta takes the message and reports this by webhook. Only uploads are judged: no link is fetched here.
    """
    stored = media(given["id"]) if given.get("id") is not None else None
    if stored is None or kind not in TYPES:
        return None
    mime = stored.mime.partition(";")[0].strip().lower()
    if mime in TYPES[kind]:
        return None
    allowed = ", ".join(sorted(TYPES[kind]))
    return f"Unsupported {kind} mime type {mime}. Please use one of {allowed}."
