"""Files that contacts send: asked for when their message comes, kept or refused when they were fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.events import Event, OtherMessage
from wakeel.domain.inbound_media import MAX_BYTES, MediaWhy, kind_of_bytes
from wakeel.domain.message_contents import Media
from wakeel.store import businesses, media_files
from wakeel.store.media_files import Wanted
from wakeel.whatsapp.media import Fetched, NotFetched

__all__ = ["MAX_BYTES", "Next", "keep", "next_file", "want"]


def want(business_id: str, events: Iterable[Event], *, now: datetime) -> None:
    """Have the files of these messages fetched, inside the transaction that keeps them; no query where there is none.

    Of messages of contacts alone: what an operator sends is not read here.
    """
    found = {
        str(event.wamid): {
            "id": event.content.id,
            "mime_type": event.content.mime_type,
            "filename": event.content.filename,
        }
        for event in events
        if isinstance(event, OtherMessage) and isinstance(event.content, Media)
    }
    if found:
        media_files.want_all(business_id, found, now=now)


@dataclass(frozen=True, slots=True)
class Next:
    """The file to be fetched, and the number it was sent to."""

    wanted: Wanted
    phone_number_id: str


def next_file(*, now: datetime) -> Next | None:
    """None while nothing is to be fetched."""
    wanted = media_files.take(now=now)
    return Next(wanted, businesses.number_of(wanted.business_id).phone_number_id) if wanted is not None else None


def keep(wanted: Wanted, found: Fetched | NotFetched, *, now: datetime) -> str:
    """Keep the file, or why it is not here; that word, '' if it is kept. What is in it decides, not its name."""
    if isinstance(found, NotFetched):
        if found.why == MediaWhy.SIZE:
            media_files.refuse(wanted.id, found.why)
        else:
            media_files.fail(wanted, found.why, again=found.again, now=now)
        return found.why
    kind = kind_of_bytes(found.data)
    if kind is None:
        media_files.refuse(wanted.id, MediaWhy.KIND.value)
        return MediaWhy.KIND.value
    try:
        media_files.keep(wanted.id, found.data, mime_type=kind)
    except OSError:
        # A full disk or a folder that is not ours: whoever sends files must not stop what else the worker does.
        media_files.fail(wanted, MediaWhy.DISK, again=True, now=now)
        return MediaWhy.DISK.value
    return ""
