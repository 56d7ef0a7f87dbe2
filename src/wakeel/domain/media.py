"""What kind of file some bytes are, by what is in them: the kinds we take as evidence, and nothing else."""

from unicodedata import category

MAX_EVIDENCE_BYTES = 5 * 1024 * 1024

EXTENSIONS: dict[str, str] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "text/plain": "txt",
}
"""Every kind that is taken, with the ending a download gets."""

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
)
_FIRST_PAGE = 64
_WRITTEN = frozenset("\t\n\r")


def media_type_of(data: bytes) -> str | None:
    """One of `EXTENSIONS`; None for anything else, an empty file too."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    first = data[:_FIRST_PAGE]
    if data[:4] == b"OggS" and (b"OpusHead" in first or b"\x01vorbis" in first):
        return "audio/ogg"
    if data[4:8] == b"ftyp" and b"M4A " in first:
        return "audio/mp4"
    return "text/plain" if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(category(letter) == "Cc" and letter not in _WRITTEN for letter in text)
