"""Whether what one person is sent is charged, and the files they sent, as the screens show them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.inbound_media import KINDS, MediaWhy
from wakeel.domain.message_kinds import KIND_WORDS
from wakeel.domain.text import bare_line
from wakeel.domain.words import Text
from wakeel.store import media_files
from wakeel.store.compiled import Compiled
from wakeel.store.contacts import group_of
from wakeel.store.models import Contact, MediaFile

NAME_SHOWN = 80

WHY_WORDS: dict[MediaWhy, Text] = {
    MediaWhy.SIZE: Text("أكبر مما يُحفظ", "larger than what is kept"),
    MediaWhy.KIND: Text("نوع لا يُحفظ", "of a kind that is not kept"),
    MediaWhy.GONE: Text("لم يعد عند واتساب", "no longer with WhatsApp"),
    MediaWhy.CHANGED: Text("وصل غير مطابق لما أُعلن", "not what was announced"),
    MediaWhy.ADDRESS: Text("عنوانه ليس من عناوين واتساب المعروفة", "at an address that is not among WhatsApp's"),
    MediaWhy.DISK: Text("تعذر حفظه في مجلد البيانات", "could not be kept in the data folder"),
    MediaWhy.NO_ANSWER: Text("لم يُجب واتساب", "WhatsApp did not answer"),
}
_WAITING = Text("في الطريق", "on its way")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file. is_kept: it can be saved; else why: why not, or that it is still on its way. size: bytes, None before.

    name: as the sender called it, '' for none. kind: what to call it then.
    """

    id: str
    name: str
    size: int | None
    is_kept: bool
    why: Text
    kind: Text


@dataclass(frozen=True, slots=True)
class Conversation:
    """free_until: nothing they are sent is charged until then, None if it is."""

    free_until: datetime | None


def read(business_id: str, contact_id: str, *, now: datetime) -> Conversation | None:
    """None if this business has no such contact."""
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id).first()
    if contact is None:
        return None
    return Conversation(contact.free_until if contact.free_until is not None and contact.free_until > now else None)


def files_of(message_ids: Collection[int]) -> dict[int, list[Attachment]]:
    """The files of these messages, by message."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    for file in _FILES(messages=message_ids) if message_ids else ():
        found[file.message_id].append(_attachment(file))
    return found


def latest_files(contact_id: str) -> tuple[Attachment, ...]:
    """The newest files that this contact sent, the newest first."""
    return tuple(map(_attachment, _LATEST(contact=contact_id)))


_FILES = Compiled(lambda messages: MediaFile.objects.filter(message__in=messages).order_by("id"))
_LATEST = Compiled(
    lambda contact: MediaFile.objects.filter(message__contact=contact).order_by("-message__sent_at", "-id")[:5]
)


def _attachment(file: MediaFile) -> Attachment:
    is_kept = file.state == "kept"
    why = WHY_WORDS[MediaWhy(file.why)] if file.state in {"refused", "failed"} and file.why else _WAITING
    # Somebody else's text: with a direction mark in it «gnp.exe» would be read as «exe.png».
    name = bare_line(file.file_name, limit=NAME_SHOWN)
    return Attachment(file.id, name, file.bytes, is_kept, why, _kind_of(file.mime_type))


def _kind_of(mime_type: str) -> Text:
    family = mime_type.partition("/")[0]
    return KIND_WORDS[family if family in {"image", "video", "audio"} else "document"]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file for the one who asked to save it. name: made by us, with the ending of what is in it."""

    data: bytes
    mime_type: str
    name: str


def kept_file(business_id: str, contact_id: str, file_id: str) -> KeptFile | None:
    """None unless this very person (merged records too) sent it, and its bytes are still there."""
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id).first()
    if contact is None:
        return None
    rows = MediaFile.objects.filter(pk=file_id, message__contact__in=group_of(contact), state="kept")
    file = rows.first()
    data = media_files.read(file.sha256) if file is not None else None
    if file is None or data is None:
        return None
    return KeptFile(data, file.mime_type, f"{file.id}.{KINDS.get(file.mime_type, 'bin')}")
