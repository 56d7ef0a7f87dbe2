"""Many statuses of known messages in three statements, with the effects `statuses` and `record_status` have one by one.

Raw SQL, and not the same on both databases: what costs least was measured on each (docs/decisions/0016). Tests hold the
columns against the models and the outcome against the way for one item.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from wakeel.domain.events import StatusReceived
from wakeel.domain.statuses import MessageStatus
from wakeel.store.erased_ids import token_of
from wakeel.store.statuses import recipient_of, values_of
from wakeel.store.stored_times import as_kept

COLUMNS = (
    "business_id", "wamid", "status", "recipient", "attempt_id", "failure_code", "details", "pricing_category",
    "pricing_type", "at", "recorded_at",
)  # fmt: skip
_INTEGERS, _TIMES = frozenset({"failure_code", "fence"}), frozenset({"at", "recorded_at"})
_ROWS_A_STATEMENT = 100
"""On SQLite. With more a row costs the same, and a statement that is not full is made for its number of rows."""


class Known(NamedTuple):
    """An attempt with a wamid. number: which one of its message; what is told of an earlier one stays history."""

    attempt_id: str
    outbox_id: str
    number: int


def known(business_id: str, wamids: Collection[str]) -> dict[str, Known]:
    """Our attempts by wamid, of those that have one of these; people whose data was destroyed are not found."""
    if not wamids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN[connection.vendor], [json.dumps(sorted(wamids)), business_id])
        return {wamid: Known(*found) for wamid, *found in cursor.fetchall()}


def any_known(business_id: str, wamids: Iterable[str]) -> bool:
    """Whether one of these is an attempt's by now, or was before the person's data was destroyed."""
    every = {spelled for wamid in wamids for spelled in (wamid, token_of(wamid))}
    return bool(known(business_id, every))


def parked_though_known(*, since: datetime) -> list[str]:
    """Ids of attempts of which a status is parked, though its wamid is known; of statuses recorded since then."""
    with connection.cursor() as cursor:
        cursor.execute(_PARKED, [as_kept(since)])
        return [row[0] for row in cursor.fetchall()]


class News(NamedTuple):
    """One status with the attempt it is about; None while there is none, the status is parked then."""

    business_id: str
    event: StatusReceived
    about: Known | None


class Prepared(NamedTuple):
    """statements: with their parameters, for all of this news."""

    statements: list[tuple[str, list[Any]]]
    news: Sequence[News]


def prepared(news: Sequence[News], *, now: datetime) -> Prepared:
    """What `keep_all` will do; made before the transaction, whose time is everybody's."""
    vendor = connection.vendor
    recorded_at = _spelled(now, vendor)
    rows = [_row(one, recorded_at, vendor) for one in news]
    if vendor != "sqlite":
        return Prepared([(_KEEP_JSON, [json.dumps(rows, separators=(",", ":"))])], news)
    parts = (rows[start : start + _ROWS_A_STATEMENT] for start in range(0, len(rows), _ROWS_A_STATEMENT))
    return Prepared([(_keep_values(len(part)), [value for row in part for value in row]) for part in parts], news)


def _row(news: News, recorded_at: str, vendor: str) -> tuple[Any, ...]:
    business_id, event, about = news
    values = values_of(event)
    return (
        business_id, event.wamid[:200], event.status[:40], recipient_of(event), about.attempt_id if about else None,
        values["failure_code"], values["details"], values["pricing_category"], values["pricing_type"],
        _spelled(event.at, vendor), recorded_at,
    )  # fmt: skip


def keep_all(rows: Prepared) -> Iterable[tuple[Known, str]]:
    """Store what was not stored before, inside the caller's transaction; what is new and not parked, with its word."""
    known = ((one.about, one.event.status) for one in rows.news if one.about is not None)
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            [(statement, values)] = rows.statements
            cursor.execute(statement, values)
            new = cursor.fetchall()
        else:
            # Nearly always all of it is new: asking each row for itself would be a quarter of what storing it takes.
            [(last,)] = cursor.execute("SELECT coalesce(max(id), 0) FROM status_event").fetchall()
            if sum(cursor.execute(*one).rowcount for one in rows.statements) == len(rows.news):
                return known
            new = cursor.execute("SELECT attempt_id, status FROM status_event WHERE id > %s", [last]).fetchall()
    attempts = {about.attempt_id: about for about, _ in known}
    return [(attempts[attempt_id], word) for attempt_id, word in new if attempt_id is not None]


def raise_all(merged: Mapping[Known, MessageStatus]) -> None:
    """Set the merged status of each message: never backwards, and only while that attempt is its last."""
    if not merged:
        return
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            rows = sorted((one.outbox_id, one.number, status.value) for one, status in merged.items())
            cursor.execute(_RAISE_JSON, [json.dumps(rows)])
            return
        alike: defaultdict[tuple[MessageStatus, int], list[str]] = defaultdict(list)
        for one, status in merged.items():
            alike[status, one.number].append(one.outbox_id)
        for (status, number), ids in alike.items():
            cursor.execute(_RAISE_ALIKE, [status.value, json.dumps(ids), number, _RANKS[status]])


_RANKS = {status: place for place, status in enumerate(MessageStatus)}


def _rank(column: str) -> str:
    places = " ".join(f"WHEN '{status.value}' THEN {place}" for status, place in _RANKS.items())
    return f"(CASE {column} {places} ELSE -1 END)"


def _column(name: str, place: int) -> str:
    """Of one JSON row; PostgreSQL must be told what is no text."""
    type_ = "::integer" if name in _INTEGERS else "::timestamptz" if name in _TIMES else ""
    return f"(news.value ->> {place}){type_}"


@lru_cache(maxsize=_ROWS_A_STATEMENT)
def _keep_values(rows: int) -> str:
    values = ", ".join([f"({', '.join(['%s'] * len(COLUMNS))})"] * rows)
    return f"{_INSERT} VALUES {values} ON CONFLICT DO NOTHING"


_FOUND = "SELECT attempt.wamid, attempt.id, attempt.outbox_id, attempt.number FROM "
# Both are told to look each wamid up: without statistics they would rather read a whole table.
_KNOWN = {
    "sqlite": f"{_FOUND} json_each(%s) AS news CROSS JOIN attempt "
    "WHERE attempt.business_id = %s AND attempt.wamid = news.value",
    "postgresql": f"{_FOUND} jsonb_array_elements_text(%s::jsonb) AS news (value) CROSS JOIN LATERAL ("  # noqa: S608
    "SELECT * FROM attempt WHERE attempt.business_id = %s AND attempt.wamid = news.value LIMIT 1) AS attempt",
}
_PARKED = (
    "SELECT DISTINCT attempt.id FROM status_event CROSS JOIN attempt "
    "WHERE status_event.attempt_id IS NULL AND status_event.recorded_at >= %s "
    "AND attempt.business_id = status_event.business_id AND attempt.wamid = status_event.wamid ORDER BY attempt.id"
)
_INSERT = f"INSERT INTO status_event ({', '.join(COLUMNS)})"
_JSON_ROWS = "jsonb_array_elements(%s::jsonb) AS news (value)"
_KEEP_JSON = (
    f"{_INSERT} SELECT {', '.join(_column(name, place) for place, name in enumerate(COLUMNS))} "  # noqa: S608
    f"FROM {_JSON_ROWS} ON CONFLICT DO NOTHING RETURNING attempt_id, status"
)
_RAISE_ALIKE = (
    "UPDATE outbox SET status = %s FROM json_each(%s) AS news "  # noqa: S608
    f"WHERE outbox.id = news.value AND outbox.fence = %s AND {_rank('outbox.status')} < %s"
)
# In the order of their ids: two that lock several rows never wait for each other in a circle.
_RAISE_JSON = (
    f"WITH higher (id, status) AS (SELECT outbox.id, news.value ->> 2 FROM {_JSON_ROWS} "  # noqa: S608
    f"CROSS JOIN outbox WHERE outbox.id = news.value ->> 0 AND outbox.fence = {_column('fence', 1)} "
    f"AND {_rank('outbox.status')} < {_rank('news.value ->> 2')} ORDER BY outbox.id FOR UPDATE OF outbox) "
    "UPDATE outbox SET status = higher.status FROM higher WHERE outbox.id = higher.id"
)


@lru_cache(maxsize=1024)
def _spelled(moment: datetime, vendor: str) -> str:
    """As this database keeps it. Meta's stamps are whole seconds: a batch has few different ones."""
    return str(as_kept(moment)) if vendor == "sqlite" else moment.isoformat()
