"""Many statuses of known messages in three statements, with the effects `statuses` and `record_status` have one by one.

Raw SQL on both databases: the rows go in as one JSON parameter, so that a statement is the same for any number of them.
Tests hold the columns against the models and the outcome against the way for one item.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from wakeel.domain.events import StatusReceived
from wakeel.domain.statuses import MessageStatus
from wakeel.store.erased_ids import token_of
from wakeel.store.statuses import recipient_of, values_of

COLUMNS = (
    "business_id", "wamid", "status", "recipient", "attempt_id", "failure_code", "details", "pricing_category",
    "pricing_type", "at", "recorded_at",
)  # fmt: skip
_INTEGERS, _TIMES = frozenset({"failure_code", "fence"}), frozenset({"at", "recorded_at"})


@dataclass(frozen=True, slots=True)
class Known:
    """An attempt with a wamid. is_current: its message's last one; what is told of an earlier one stays history."""

    attempt_id: str
    outbox_id: str
    number: int
    is_current: bool


def known(business_id: str, wamids: Collection[str]) -> dict[str, Known]:
    """Our attempts by wamid, of those that have one of these; people whose data was destroyed are not found."""
    if not wamids:
        return {}
    found: dict[str, Known] = {}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN[connection.vendor], [json.dumps(sorted(wamids)), business_id])
        for wamid, attempt_id, outbox_id, number, fence in cursor.fetchall():
            found[wamid] = Known(attempt_id, outbox_id, number, number == fence)
    return found


def any_known(business_id: str, wamids: Iterable[str]) -> bool:
    """Whether one of these is an attempt's by now, or was before the person's data was destroyed."""
    every = {spelled for wamid in wamids for spelled in (wamid, token_of(wamid))}
    return bool(known(business_id, every))


@dataclass(frozen=True, slots=True)
class News:
    """One status with the attempt it is about; None while there is none, the status is parked then."""

    business_id: str
    event: StatusReceived
    about: Known | None


def prepared(news: Iterable[News], *, now: datetime) -> str:
    """The rows to keep, as `keep_all` takes them; made before the transaction, whose time is everybody's."""
    recorded_at = _kept(now)
    return json.dumps([_row(one, recorded_at) for one in news], separators=(",", ":"))


def _row(news: News, recorded_at: str) -> tuple[Any, ...]:
    event = news.event
    values = values_of(event)
    return (
        news.business_id, event.wamid[:200], event.status[:40], recipient_of(event),
        news.about.attempt_id if news.about else None, values["failure_code"], values["details"],
        values["pricing_category"], values["pricing_type"], _kept(event.at), recorded_at,
    )  # fmt: skip


def keep_all(rows: str) -> list[tuple[str, str]]:
    """Store what was not stored before; attempt and status of what is new and not parked."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP[connection.vendor], [rows])
        return [(attempt_id, status) for attempt_id, status in cursor.fetchall() if attempt_id is not None]


def raise_all(merged: Mapping[Known, MessageStatus], *, now: datetime) -> None:
    """Set the merged status of each message: never backwards, and only while that attempt is its last."""
    if not merged:
        return
    rows = [(one.outbox_id, one.number, status.value) for one, status in merged.items()]
    rows.sort()
    with connection.cursor() as cursor:
        cursor.execute(_RAISE[connection.vendor], [json.dumps(rows), _parameter(now)])


@dataclass(frozen=True, slots=True)
class _Words:
    """What the two databases call the same. Of JSON PostgreSQL must be told what is no text."""

    news: str
    integer: str = ""
    moment: str = ""
    locked: str = ""


_WORDS = {
    "sqlite": _Words("json_each(%s) AS news"),
    "postgresql": _Words(
        "jsonb_array_elements(%s::jsonb) AS news (value)", "::integer", "::timestamptz", " FOR UPDATE OF outbox"
    ),
}  # fmt: skip


def _rank(column: str) -> str:
    places = " ".join(f"WHEN '{status.value}' THEN {place}" for place, status in enumerate(MessageStatus))
    return f"(CASE {column} {places} ELSE -1 END)"


def _column(name: str, place: int, words: _Words) -> str:
    type_ = words.integer if name in _INTEGERS else words.moment if name in _TIMES else ""
    return f"(news.value ->> {place}){type_}"


_FOUND = "SELECT attempt.wamid, attempt.id, attempt.outbox_id, attempt.number, outbox.fence FROM "
# Both are told to look each wamid up: without statistics they would rather read a whole table.
_KNOWN = {
    "sqlite": f"{_FOUND} json_each(%s) AS news CROSS JOIN attempt CROSS JOIN outbox "
    "WHERE attempt.business_id = %s AND attempt.wamid = news.value AND outbox.id = attempt.outbox_id",
    "postgresql": f"{_FOUND} jsonb_array_elements_text(%s::jsonb) AS news (value) CROSS JOIN LATERAL ("  # noqa: S608
    "SELECT * FROM attempt WHERE attempt.business_id = %s AND attempt.wamid = news.value LIMIT 1"
    ") AS attempt JOIN outbox ON outbox.id = attempt.outbox_id",
}
_KEEP = {
    vendor: f"INSERT INTO status_event ({', '.join(COLUMNS)}) "  # noqa: S608
    f"SELECT {', '.join(_column(name, place, words) for place, name in enumerate(COLUMNS))} FROM {words.news} "
    "WHERE true ON CONFLICT DO NOTHING RETURNING attempt_id, status"
    for vendor, words in _WORDS.items()
}
# In the order of their ids: two that lock several rows never wait for each other in a circle.
_RAISE = {
    vendor: f"WITH higher (id, status) AS (SELECT outbox.id, news.value ->> 2 "  # noqa: S608
    f"FROM {words.news} CROSS JOIN outbox WHERE outbox.id = news.value ->> 0 "
    f"AND outbox.fence = {_column('fence', 1, words)} "
    f"AND {_rank('outbox.status')} < {_rank('news.value ->> 2')} ORDER BY outbox.id{words.locked}) "
    "UPDATE outbox SET status = higher.status, updated_at = %s FROM higher WHERE outbox.id = higher.id"
    for vendor, words in _WORDS.items()
}


def _kept(moment: datetime) -> str:
    return _spelled(moment, connection.vendor)


@lru_cache(maxsize=1024)
def _spelled(moment: datetime, vendor: str) -> str:
    """As this database keeps it. Meta's stamps are whole seconds: a batch has few different ones."""
    return str(connection.ops.adapt_datetimefield_value(moment)) if vendor == "sqlite" else moment.isoformat()


def _parameter(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
