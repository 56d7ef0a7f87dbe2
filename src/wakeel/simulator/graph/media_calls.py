"""Files: up, address, down, away. Source: Meta, "Media", read 2026-11-22; refusals as developers quote them."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.bodies import EscapedJson
from wakeel.simulator.errors import NO_TOKEN
from wakeel.simulator.graph.calls import Answer, Call, File, Handler, Refused, token
from wakeel.simulator.graph.refusals import GraphError, needed, no_such_object, wrong
from wakeel.simulator.media import Media
from wakeel.simulator.switchboard import Switchboard

Json = dict[str, Any]

KIB = 1024
MIB = 1024 * KIB
SIZES = {
    "image/jpeg": 5 * MIB,
    "image/png": 5 * MIB,
    "image/webp": 500 * KIB,
    "video/mp4": 16 * MIB,
    "video/3gpp": 16 * MIB,
    "audio/aac": 16 * MIB,
    "audio/mp4": 16 * MIB,
    "audio/mpeg": 16 * MIB,
    "audio/amr": 16 * MIB,
    "audio/ogg": 16 * MIB,
    "audio/opus": 16 * MIB,
    "text/plain": 100 * MIB,
    "application/pdf": 100 * MIB,
    "application/msword": 100 * MIB,
    "application/vnd.ms-excel": 100 * MIB,
    "application/vnd.ms-powerpoint": 100 * MIB,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 100 * MIB,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 100 * MIB,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": 100 * MIB,
}
"""What may be uploaded, and how large."""
STILL_STICKER = 100 * KIB
"""A sticker that does not move; 500 KB hold for one that does."""
ANIMATION = b"ANIM"
"""The chunk of a WebP file that moves, near its beginning (WebP container specification)."""


class MediaCalls:
    """Answers for files."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        return {
            ("number", "media", "POST"): self.upload,
            ("media", "", "GET"): self.show,
            ("media", "", "DELETE"): self.delete,
        }

    def routes(self) -> list[Route]:
        """Where a download address leads."""
        return [Route("/whatsapp_business/attachments/", self.download, methods=["GET"])]

    def upload(self, call: Call) -> Answer:
        """The id of a file."""
        if call.text("messaging_product") != "whatsapp":
            raise Refused(needed("messaging_product"))
        file = call.files.get("file")
        if file is None:
            raise Refused(needed("file"))
        mime = file.mime or call.text("type")
        _fits(file, mime.partition(";")[0].strip().lower())
        return Answer(200, {"id": self._board.media.upload(file.content, mime=mime, filename=file.name or None)})

    def show(self, call: Call) -> Answer:
        """What a file is, and where it can be fetched for five minutes."""
        media = self._media(call)
        return Answer(
            200,
            {
                "messaging_product": "whatsapp",
                "url": self._board.media.url(media),
                "mime_type": media.mime,
                "sha256": media.sha256,
                "file_size": media.size,
                "id": media.id,
            },
        )

    def delete(self, call: Call) -> Answer:
        """Forget a file."""
        self._board.media.delete(self._media(call).id)
        return Answer(200, {"success": True})

    async def download(self, request: Request) -> Response:
        """The bytes: 401 without a token, 404 once the address is too old."""
        exchange = self._board.wire.note(
            at=time.time(), towards="simulator", method="GET", path=request.url.path, body=b""
        )
        asked = request.query_params
        media = self._board.media.at_url(asked.get("mid", ""), expires=asked.get("ext", ""), mark=asked.get("hash", ""))
        self._board.bell.ring()
        if not token(request):
            exchange.status = NO_TOKEN.http_status
            return EscapedJson(NO_TOKEN.body(), status_code=NO_TOKEN.http_status)
        if media is None:
            exchange.status, exchange.answer = 404, "no such file, or the address is too old"
            return Response(status_code=404)
        exchange.status, exchange.answer = 200, f"({media.size} bytes, {media.mime})"
        return Response(self._board.media.content(media.id), headers={"Content-Type": media.mime})

    def _media(self, call: Call) -> Media:
        """Raises Refused: also when the call names another number than ours."""
        number_id = call.text("phone_number_id")
        media = self._board.media.get(call.object_id)
        if media is None or number_id not in {"", self._board.options.phone_number_id}:
            raise Refused(no_such_object(call.method, call.object_id))
        return media


def _fits(file: File, kind: str) -> None:
    """Raises Refused for a type Meta does not take and for a file larger than its type may be."""
    if kind not in SIZES:
        received = f"Received file of type '{kind or 'application/octet-stream'}'."
        raise Refused(wrong("file", f"must be a file with one of the following types: {', '.join(SIZES)}. {received}"))
    limit = SIZES[kind]
    if kind == "image/webp" and ANIMATION not in file.content[: 4 * KIB]:
        limit = STILL_STICKER
    if not file.content:
        raise Refused(wrong("file", "must not be empty."))
    if len(file.content) > limit:
        advice = f"The file you uploaded is too large: {len(file.content)} bytes, at most {limit} for {kind}."
        raise Refused(GraphError(100, "(#100) Invalid parameter", title="File Too Large", advice=advice))
