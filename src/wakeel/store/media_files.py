"""Files that contacts sent: what is to be fetched, where it is kept, who has it. The bytes lie beside the database."""

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import InboundMessage, MediaFile

FOLDER = "media"
TRIES = 6
AGAIN_AFTER = (
    timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12),
)  # fmt: skip
LEASE = timedelta(minutes=5)
LONGEST_ID = 64


def want_all(business_id: str, found: Mapping[str, Mapping[str, str]], *, now: datetime) -> None:
    """Have these files fetched; found: by wamid of the message, the fields of `domain.message_contents.Media`."""
    wanted = {wamid[:200]: media for wamid, media in found.items() if media["id"] and len(media["id"]) <= LONGEST_ID}
    if not wanted:
        return
    rows = InboundMessage.objects.filter(business_id=business_id, wamid__in=list(wanted), contact__isnull=False)
    insert_rows(
        [
            MediaFile(
                business_id=business_id,
                message_id=pk,
                media_id=wanted[wamid]["id"],
                mime_type=wanted[wamid]["mime_type"][:120],
                file_name=wanted[wamid]["filename"][:240],
                try_at=now,
                created_at=now,
            )
            for pk, wamid in rows.values_list("pk", "wamid")
        ],
        once="business_id, message_id, media_id",
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """tries: how often it was tried, this time included."""

    id: str
    media_id: str
    business_id: str
    tries: int


def take(*, now: datetime) -> Wanted | None:
    """The next file to be fetched; for a while nobody else gets it. One query while there is none."""
    row = MediaFile.objects.filter(state="waiting", try_at__lte=now).order_by("try_at").first()
    if row is None:
        return None
    mine = MediaFile.objects.filter(pk=row.pk, state="waiting", try_at=row.try_at)
    if not mine.update(try_at=now + LEASE, tries=row.tries + 1):
        return None
    return Wanted(row.pk, row.media_id, row.business_id, row.tries + 1)


def keep(media_file_id: str, data: bytes, *, mime_type: str) -> bool:
    """Put the bytes where they belong, then say so; False if nobody wants them any more."""
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, data)
    rows = MediaFile.objects.filter(pk=media_file_id, state="waiting")
    kept = rows.update(state="kept", sha256=digest, mime_type=mime_type, bytes=len(data), why="") == 1
    if not kept:
        _unlink_unused([digest])
    return kept


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: the same file may come twice at once."""
    part = path.with_suffix(f".{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def refuse(media_file_id: str, why: str, *, state: str = "refused") -> None:
    MediaFile.objects.filter(pk=media_file_id, state="waiting").update(state=state, why=why)


def fail(wanted: Wanted, why: str, *, again: bool, now: datetime) -> None:
    """Not fetched. again: whether trying again may help; after a few times it is not tried any more."""
    if again and wanted.tries < TRIES:
        later = now + AGAIN_AFTER[min(wanted.tries, len(AGAIN_AFTER)) - 1]
        MediaFile.objects.filter(pk=wanted.id, state="waiting").update(try_at=later, why=why)
    else:
        refuse(wanted.id, why, state="failed")


def path_of(digest: str) -> Path:
    """Where a file with this SHA-256 is kept: apart from everything that is served."""
    folder: Path = settings.DEPLOYMENT().data_dir
    return folder / FOLDER / digest[:2] / digest


def read(digest: str) -> bytes | None:
    """The bytes that are kept under this digest; None if they are gone, or are others by now."""
    try:
        data = path_of(digest).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == digest else None


def forget(contact_ids: Collection[str]) -> None:
    """What these people sent is destroyed when the caller's transaction has committed; its rows within it."""
    rows = MediaFile.objects.filter(message__contact__in=list(contact_ids))
    digests = set(rows.exclude(sha256="").values_list("sha256", flat=True))
    rows.delete()
    transaction.on_commit(lambda: _unlink_unused(digests))


def _unlink_unused(digests: Iterable[str]) -> None:
    """The same file may have been sent by somebody else."""
    for digest in digests:
        if not MediaFile.objects.filter(sha256=digest).exists():
            with suppress(FileNotFoundError):
                path_of(digest).unlink()
