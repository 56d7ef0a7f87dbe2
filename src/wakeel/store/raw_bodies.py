"""Raw webhook bodies that hold somebody's traces: finding them, and writing them anew without."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from wakeel.store.models import InboxRow, InboxState

_SLICE = 200
_NEEDLES_AT_ONCE = 200
"""SQLite takes no expression that is deeper than a thousand."""


def holding(needles: Iterable[str], *, after: int = 0) -> list[int]:
    """Ids of bodies that hold one of these texts, the oldest first.

    Reads every body after that id, without a lock: some seconds for a million.
    """
    wanted = [needle.encode() for needle in needles]
    found: set[int] = set()
    for start in range(0, len(wanted), _NEEDLES_AT_ONCE):
        found |= _holding(wanted[start : start + _NEEDLES_AT_ONCE], after)
    return sorted(found)


def _holding(wanted: list[bytes], after: int) -> set[int]:
    position = "instr(body, %s)" if connection.vendor == "sqlite" else "position(%s in body)"
    where = " OR ".join(f"{position} > 0" for _ in wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM inbox WHERE id > %s AND ({where})", [after, *wanted])  # noqa: S608
        return {row[0] for row in cursor.fetchall()}


def last_id() -> int:
    """0 for an empty inbox."""
    return InboxRow.objects.order_by("-id").values_list("id", flat=True).first() or 0


def is_being_read(ids: list[int]) -> bool:
    """True if one of these has not been carried out yet."""
    return any(InboxRow.objects.filter(pk__in=part, state=InboxState.RECEIVED).exists() for part in _parts(ids))


def read(ids: list[int]) -> Iterator[InboxRow]:
    for part in _parts(ids):
        yield from InboxRow.objects.filter(pk__in=part).order_by("id")


def rewrite(row_id: int, body: bytes, *, errors: list[dict[str, Any]]) -> None:
    """The digest stays that of what came, so that Meta's repetition of it is still the same row."""
    InboxRow.objects.filter(pk=row_id).update(body=body, errors=errors)


def _parts(ids: list[int]) -> Iterator[list[int]]:
    yield from (ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE))
