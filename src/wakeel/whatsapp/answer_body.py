"""The body of an answer of Meta's, or of whoever stands where Meta should: never more of it than we can use."""

import aiohttp


async def body_of(answer: aiohttp.ClientResponse, *, limit: int) -> bytes:
    """The body, empty (so unreadable) if it is longer than `limit` bytes. Raises aiohttp.ClientError."""
    parts: list[bytes] = []
    size = 0
    async for part in answer.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > limit:
            answer.close()
            return b""
    return b"".join(parts)
