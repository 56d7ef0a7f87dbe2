"""The raw inbox, from the worker's side."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from wakeel.store.models import InboxRow, InboxState
from wakeel.store.stored_times import as_kept, as_utc

BYTES_AT_ONCE = 4_000_000
"""Of bodies taken in hand together: Meta's largest is 3 MB, so that memory stays bounded."""


class Waiting(NamedTuple):
    """One webhook nobody has carried out yet; as InboxRow, without what only screens need."""

    pk: int
    digest: bytes
    body: bytes
    key_epoch: int | None
    received_at: datetime
    attempts: int


_COLUMNS = "id, digest, body, key_epoch, received_at, attempts"
# The state is written out: with it as a parameter SQLite could not use the index that has only these rows.
_DUE = f"state = '{InboxState.RECEIVED.value}' AND (next_try_at IS NULL OR next_try_at <= %s)"


def oldest_waiting_age(*, real_now: datetime) -> timedelta:
    """How long the oldest undecoded webhook has waited, put off or not; zero if none does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT received_at FROM inbox WHERE state = '{InboxState.RECEIVED.value}' ORDER BY id LIMIT 1")  # noqa: S608
        oldest = cursor.fetchone()
    return max(real_now - as_utc(oldest[0]), timedelta(0)) if oldest else timedelta(0)


def waiting(*, real_now: datetime, limit: int) -> list[int]:
    """Ids of rows to decode now, in order of arrival."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM inbox WHERE {_DUE} ORDER BY id LIMIT %s", [as_kept(real_now), limit])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def take(*, real_now: datetime, limit: int, after: int = 0) -> list[Waiting]:
    """What is to be decoded now, in order of arrival: at most so many, and no more bytes than fit in hand.

    after: only rows behind this one.
    """
    return read(due(real_now=real_now, limit=limit, after=after))


def due(*, real_now: datetime, limit: int, after: int = 0) -> list[int]:
    """The ids of the same."""
    with connection.cursor() as cursor:
        size = "octet_length(body)" if connection.vendor == "postgresql" else "length(body)"
        cursor.execute(
            f"SELECT id, {size} FROM inbox WHERE id > %s AND {_DUE} ORDER BY id LIMIT %s",  # noqa: S608
            [after, as_kept(real_now), limit],
        )
        ids: list[int] = []
        room = BYTES_AT_ONCE
        for row_id, length in cursor.fetchall():
            room -= length
            if ids and room < 0:
                break
            ids.append(row_id)
    return ids


def put_off_now(*, real_now: datetime) -> Iterator[tuple[Waiting, datetime]]:
    """What waits for a later moment, with that moment, in order of arrival."""
    where = f"state = '{InboxState.RECEIVED.value}' AND next_try_at > %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, next_try_at FROM inbox WHERE {where} ORDER BY id", [as_kept(real_now)])  # noqa: S608
        found = cursor.fetchall()
    for row_id, until in found:
        yield from ((waiting, as_utc(until)) for waiting in read([row_id]))


def one(row_id: int) -> list[Waiting]:
    """This webhook if nobody has carried it out yet, put off or not; else []."""
    return read([row_id])


def read(ids: Collection[int]) -> list[Waiting]:
    """Those of these webhooks that nobody has carried out yet, in order of arrival."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        where = f"id IN ({', '.join(map(str, ids))}) AND state = '{InboxState.RECEIVED.value}'"
        cursor.execute(f"SELECT {_COLUMNS} FROM inbox WHERE {where} ORDER BY id")  # noqa: S608 - our own numbers
        return [
            Waiting(row_id, digest, body, epoch, as_utc(received_at), attempts)
            for row_id, digest, body, epoch, received_at, attempts in cursor.fetchall()
        ]


def finish_all(ids: Collection[int], *, real_now: datetime) -> None:
    """These went well, all of them."""
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE inbox SET state = '{InboxState.DONE.value}', errors = '[]', processed_at = %s "  # noqa: S608
            f"WHERE {_among(ids)} AND state = '{InboxState.RECEIVED.value}'",
            [as_kept(real_now)],
        )


def _among(ids: Collection[int]) -> str:
    """The rows with these ids. Most follow each other: a range costs less than every one of them by itself."""
    first, last = min(ids), max(ids)
    others = set(range(first, last + 1)).difference(ids) if last - first < 2 * len(ids) else None
    if others is None:
        return f"id IN ({', '.join(map(str, ids))})"
    between = f"id BETWEEN {first} AND {last}"
    return f"{between} AND id NOT IN ({', '.join(map(str, others))})" if others else between


def finish(row_id: int, *, errors: list[dict[str, Any]], quarantined: bool, real_now: datetime) -> None:
    InboxRow.objects.filter(pk=row_id, state=InboxState.RECEIVED).update(
        state=InboxState.QUARANTINED if quarantined else InboxState.DONE, errors=errors, processed_at=real_now
    )


def try_later(row_id: int, *, at: datetime, error: str) -> None:
    """Leave the row `received` after a fault that cut processing short."""
    row = InboxRow.objects.get(pk=row_id)
    row.next_try_at = at
    row.attempts = min(row.attempts + 1, 30_000)
    row.errors = [{"kind": "fault", "error": error}]
    row.save(update_fields=["next_try_at", "attempts", "errors"])


def put_off(ids: Collection[int], *, until: datetime) -> None:
    """Leave the rows `received` for a wait of our own, or behind one that waits."""
    InboxRow.objects.filter(pk__in=list(ids), state=InboxState.RECEIVED).update(next_try_at=until)
