"""Files as the phones page draws them: no token, no end of life.

    GET  /api/media/{id}            the bytes, with their own type

A file of a kind that a browser could run is offered for saving instead of being shown.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wakeel.simulator.bodies import EscapedJson
from wakeel.simulator.switchboard import Switchboard

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "audio/ogg", "audio/mpeg", "audio/aac", "video/mp4"})


class MediaBench:
    """Serves the files of all chats."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def routes(self) -> list[Route]:
        """One path."""
        return [Route("/api/media/{media_id}", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The bytes of a file; 404 when no file has this id."""
        media = self._board.media.shown(request.path_params["media_id"])
        if media is None:
            return EscapedJson({"error": "no file has this id"}, status_code=404)
        content = self._board.media.content(media.id)
        if media.kind in SHOWN:
            return Response(content, media_type=media.kind)
        return Response(content, media_type="application/octet-stream", headers={"Content-Disposition": "attachment"})
