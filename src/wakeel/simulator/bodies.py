"""Reads request bodies with a limit."""

from starlette.requests import Request


class BodyTooLarge(Exception):
    """The body is longer than this face of the simulator takes."""


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
