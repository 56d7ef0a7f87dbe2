"""Pages of a listing, as Graph cuts them. Source: Meta, "Graph API: paginated results", read 2026-11-22."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from yarl import URL

Json = dict[str, Any]

PAGE = 25
"""Rows of a page when the caller names no limit."""
PAGE_LIMIT = 1_000


def page(rows: Sequence[tuple[str, Json]], asked: Mapping[str, str], *, address: str) -> Json:
    """One page with its cursors. rows: all of them with their keys; asked: limit, after, before; address: of the call.

    A cursor stays good when rows come and go; one whose row is gone begins at the first page. An empty page has no
    paging, as with Graph.
    """
    size = _size(asked.get("limit", ""))
    start = _start(rows, asked, size=size)
    found = rows[start : start + size]
    if not found:
        return {"data": []}
    cursors = {"before": _cursor(found[0][0]), "after": _cursor(found[-1][0])}
    paging: Json = {"cursors": cursors}
    if start + size < len(rows):
        paging["next"] = _address(address, size, after=cursors["after"])
    if start > 0:
        paging["previous"] = _address(address, size, before=cursors["before"])
    return {"data": [row for _, row in found], "paging": paging}


def _size(limit: str) -> int:
    return int(limit) if limit.isascii() and limit.isdecimal() and 0 < int(limit) <= PAGE_LIMIT else PAGE


def _start(rows: Sequence[tuple[str, Json]], asked: Mapping[str, str], *, size: int) -> int:
    places = {key: at for at, (key, _) in enumerate(rows)}
    if (after := places.get(_key(asked.get("after", "")))) is not None:
        return after + 1
    before = places.get(_key(asked.get("before", "")))
    return 0 if before is None else max(0, before - size)


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""


def _address(address: str, size: int, **cursor: str) -> str:
    """The same call on this machine, one page on. A token in the query is not repeated."""
    url = URL(address)
    kept = {name: value for name, value in url.query.items() if name not in {"access_token", "after", "before"}}
    return str(url.with_query(kept | {"limit": str(size)} | cursor))
