"""Uploads in sessions, for the samples of templates and the picture of the profile.

Source: Meta, "Graph API: resumable upload", read 2026-11-22.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass, field

from wakeel.simulator.graph.calls import Answer, Call, Handler, Refused
from wakeel.simulator.graph.refusals import needed, no_such_object, wrong
from wakeel.simulator.switchboard import Switchboard

TYPES = frozenset({"application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"})
HANDLE = "4::"


@dataclass(slots=True)
class Session:
    """One upload that may come in pieces."""

    name: str
    length: int
    mime: str
    content: bytearray = field(default_factory=bytearray)


class UploadCalls:
    """Answers for `/{app}/uploads` and `/upload:…`. Unfinished sessions end with the process."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._sessions: dict[str, Session] = {}

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        return {
            ("app", "uploads", "POST"): self.open,
            ("upload", "", "POST"): self.take,
            ("upload", "", "GET"): self.show,
        }

    def open(self, call: Call) -> Answer:
        """A session for one file."""
        length, mime = call.text("file_length"), call.text("file_type")
        for name, value in (("file_length", length), ("file_type", mime)):
            if not value:
                raise Refused(needed(name))
        if not length.isdecimal():
            raise Refused(wrong("file_length", "must be an integer."))
        if mime not in TYPES:
            raise Refused(wrong("file_type", f"must be one of {{{', '.join(sorted(TYPES))}}}"))
        session_id = f"upload:{secrets.token_urlsafe(24)}"
        self._sessions[session_id] = Session(call.text("file_name"), int(length), mime)
        return Answer(200, {"id": session_id})

    def take(self, call: Call) -> Answer:
        """Bytes from an offset on; the handle once all are there."""
        session = self._session(call)
        offset = call.headers.get("file_offset", "0")
        if offset != str(len(session.content)):
            raise Refused(wrong("file_offset", f"must be {len(session.content)}."))
        if len(session.content) + len(call.body) > session.length:
            raise Refused(wrong("file_length", "is smaller than the file."))
        session.content += call.body
        if len(session.content) < session.length:
            return Answer(200, {"id": call.object_id, "file_offset": len(session.content)})
        del self._sessions[call.object_id]
        media_id = self._board.media.upload(bytes(session.content), mime=session.mime, filename=session.name or None)
        return Answer(200, {"h": HANDLE + base64.urlsafe_b64encode(media_id.encode()).decode()})

    def show(self, call: Call) -> Answer:
        """How far a session came."""
        return Answer(200, {"id": call.object_id, "file_offset": len(self._session(call).content)})

    def picture_url(self, handle: str) -> str:
        """Where the picture of a handle can be seen. Raises Refused."""
        try:
            media_id = base64.urlsafe_b64decode(handle.removeprefix(HANDLE)).decode()
        except (binascii.Error, ValueError):
            media_id = ""
        if self._board.media.shown(media_id) is None:
            raise Refused(wrong("profile_picture_handle", "is not the handle of an upload."))
        return f"{self._board.options.address}/api/media/{media_id}"

    def _session(self, call: Call) -> Session:
        session = self._sessions.get(call.object_id)
        if session is None:
            raise Refused(no_such_object(call.method, call.object_id))
        return session
