"""Reads request bodies with a limit and writes JSON that any text fits into."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse


class BodyTooLarge(Exception):
    """The body is longer than this face of the simulator takes."""


class EscapedJson(JSONResponse):
    """JSON in ASCII: a text may hold half a surrogate pair, which UTF-8 cannot carry and every later answer repeats."""

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        return json.dumps(content, separators=(",", ":")).encode("ascii")


async def read_body(request: Request, *, limit: int) -> bytes:
    """The whole body. Raises BodyTooLarge as soon as it grows over the limit."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise BodyTooLarge
        parts.append(part)
    return b"".join(parts)
