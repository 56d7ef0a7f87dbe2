"""Files that were uploaded by the business or sent from a phone: ids, bytes, and how long Meta would keep them.

Source: Meta, "Media", read 2026-11-22.
"""

import base64
import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from wakeel.simulator.durations import DAY_S
from wakeel.simulator.ids import new_object_id

FOLDER = "phones-media"
"""Beside a product that keeps what it fetched in a folder of its own: whatever is unknown in here is removed."""
UPLOADED_S = 30 * DAY_S
"""Life of an id that an upload gave."""
INBOUND_S = 7 * DAY_S
"""Life of an id that a webhook named."""
URL_S = 5 * 60
"""Life of a download address."""
KEPT = 1_000
"""Newest files; older ones are forgotten, so that a long rehearsal does not fill the disk."""


@dataclass(frozen=True, slots=True)
class Media:
    """One file. mime: as given, perhaps with parameters. sha256: in hex.

    until: business time when Graph forgets the id. filename: None when nobody named the file.
    """

    id: str
    mime: str
    size: int
    sha256: str
    until: float
    filename: str | None = None

    @property
    def kind(self) -> str:
        """The type without parameters, in lower case: `audio/ogg`."""
        return self.mime.partition(";")[0].strip().lower()

    @property
    def sha256_base64(self) -> str:
        """The digest as webhooks write it."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode()


class MediaStore:
    """All files of one simulator."""

    def __init__(
        self, *, now: Callable[[], float], address: str, folder: Path | None = None, kept: Iterable[Media] = ()
    ) -> None:
        """now: business time. address: where this process listens, such as http://127.0.0.1:8001.

        folder: holds the bytes over a restart; None keeps them in memory. kept: what the last process knew.
        """
        self._now = now
        self._address = address
        self._folder = folder
        self._bytes: dict[str, bytes] = {}
        self._all: dict[str, Media] = {}
        if folder is not None:
            folder.mkdir(mode=0o700, exist_ok=True)
            self._all = {media.id: media for media in kept if (folder / media.id).is_file()}
            self._remove_files_but(self._all)

    def keep(self, content: bytes, *, mime: str, filename: str | None = None) -> str:
        """The id of a file that came from a phone, to be named by a webhook."""
        return self._add(content, mime=mime, filename=filename, life_s=INBOUND_S)

    def upload(self, content: bytes, *, mime: str, filename: str | None = None) -> str:
        """The id of a file that the business uploaded, to be named by its messages."""
        return self._add(content, mime=mime, filename=filename, life_s=UPLOADED_S)

    def get(self, media_id: str) -> Media | None:
        """What Graph knows of an id; None when it is unknown, expired or deleted."""
        media = self._all.get(media_id)
        return media if media is not None and self._now() < media.until else None

    def shown(self, media_id: str) -> Media | None:
        """What a phone can still show: also after the id expired or was deleted. None when the file is forgotten."""
        return self._all.get(media_id)

    def content(self, media_id: str) -> bytes:
        """The bytes of an id that `get` or `shown` knows. Raises KeyError for another one."""
        if media_id not in self._all:
            raise KeyError(media_id)
        return self._bytes[media_id] if self._folder is None else (self._folder / media_id).read_bytes()

    def delete(self, media_id: str) -> None:
        """Let Graph forget an id; who received the file still has it."""
        if media := self.get(media_id):
            self._all[media_id] = replace(media, until=self._now())

    def url(self, media: Media) -> str:
        """A download address that lives five minutes and asks for a token."""
        expires = int(self._now()) + URL_S
        return (
            f"{self._address}/whatsapp_business/attachments/?mid={media.id}&ext={expires}"
            f"&hash={self._mark(media, expires)}"
        )

    def at_url(self, media_id: str, *, expires: str, mark: str) -> Media | None:
        """The file of a download address; None when the address is not ours, too old, or its file is gone."""
        media = self.get(media_id)
        if media is None or not (expires.isascii() and expires.isdecimal()) or int(expires) <= self._now():
            return None
        return media if mark == self._mark(media, int(expires)) else None

    def all(self) -> list[Media]:
        """Every file, oldest first."""
        return list(self._all.values())

    def _add(self, content: bytes, *, mime: str, filename: str | None, life_s: int) -> str:
        media = Media(
            id=new_object_id(),
            mime=mime,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            until=self._now() + life_s,
            filename=filename,
        )
        if self._folder is None:
            self._bytes[media.id] = content
        else:
            _write(self._folder / media.id, content)
        self._all[media.id] = media
        for old in list(self._all)[:-KEPT]:
            self._drop(old)
        return media.id

    def _drop(self, media_id: str) -> None:
        del self._all[media_id]
        self._bytes.pop(media_id, None)
        if self._folder is not None:
            (self._folder / media_id).unlink(missing_ok=True)

    def _remove_files_but(self, known: Iterable[str]) -> None:
        if self._folder is None:
            return
        stay = set(known)
        for file in self._folder.iterdir():
            if file.name not in stay:
                file.unlink()

    def _mark(self, media: Media, expires: int) -> str:
        """Ties an address to its file and its end. It keeps nobody out: the bearer token is asked for as well."""
        return hashlib.sha256(f"{media.id}:{media.sha256}:{expires}".encode()).hexdigest()[:32]


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
