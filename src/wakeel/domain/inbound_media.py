"""Which files that contacts send are fetched and kept: by what is in them, and up to a size. Nothing else is.

Sizes: reference WA 1.5, read 2026-11-22; Meta takes documents of 100 MB, of which we keep those of a mail's size.
"""

from enum import StrEnum

from wakeel.domain.media import media_type_of

MAX_BYTES = 16 * 1024 * 1024


class MediaWhy(StrEnum):
    """Why a file is not here; kept with it, and said on screen."""

    SIZE = "size"
    KIND = "kind"
    GONE = "gone"
    CHANGED = "changed"
    ADDRESS = "address"
    NO_ANSWER = "no_answer"
    DISK = "disk"


KINDS: dict[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "text/plain": "txt",
}
"""Every kind that is kept, with the ending a download gets."""
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_PLAYS_VIDEO = (b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash")


def kind_of_bytes(data: bytes) -> str | None:
    """One of `KINDS`, by what is in the file, whatever it was called; None for anything else, an empty file too."""
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand.startswith(b"3gp"):
            return "video/3gpp"
        if brand == b"M4A ":
            return "audio/mp4"
        return "video/mp4" if brand in _PLAYS_VIDEO else None
    if data.startswith(b"#!AMR"):
        return "audio/amr"
    if data[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return "audio/aac"
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    found = media_type_of(data)
    return found if found in KINDS else None


def _office_kind(data: bytes) -> str | None:
    """Of a package whose directory, at its end, names the parts of one kind of document; any other archive is none."""
    if b"[Content_Types].xml" not in data:
        return None
    found = {kind for part, kind in _OFFICE.items() if part in data[-65_536:]}
    return found.pop() if len(found) == 1 and b"vbaProject.bin" not in data else None
