"""Millions of messages that left long ago: outbox row, attempt and the verdict of the claim of each, by raw SQL.

They are copies of one message that really left in an earlier run, so every column is filled as the product fills it.
They are spread over PEOPLE contacts and over the last year; nobody of them is written to in the run that follows. A
claim that looked at more than what waits, or a record that looked at more than its own rows, is slower by it.
"""

import shutil
import time
from collections.abc import Mapping
from typing import Any

from benchmarks.ingest_deployment import POSTGRESQL, Deployment

ROWS = 5_000_000
BYTES_A_ROW = 6000
"""Of disk for one message with its three rows, their indexes and the journal of filling included."""
PART = 50_000
PEOPLE = 100_000
DAYS = 365


def too_small(deployment: Deployment, rows: int) -> str:
    """Why the disk does not hold them; '' if it does."""
    needed, free = rows * BYTES_A_ROW, shutil.disk_usage(deployment.folder).free
    return f"needs {needed / 1e9:.0f} GB of disk, {free / 1e9:.0f} are free" if needed > free else ""


def fill_finished(deployment: Deployment, rows: int) -> float:
    """Seconds it took. Nothing may run meanwhile, and one message must have left."""
    started = time.monotonic()
    people = min(PEOPLE, rows)
    with deployment.connected() as connection:
        copies = Copies(connection, on_postgresql=deployment.database == POSTGRESQL, rows=rows, people=people)
        for first in range(0, people, PART):
            copies.contacts(first, min(first + PART, people) - 1)
        for first in range(0, rows, PART):
            copies.messages(first, min(first + PART, rows) - 1)
            connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
    return time.monotonic() - started


class Copies:
    """Of one message that left, on an open connection. rows, people: how many messages and contacts there will be."""

    def __init__(self, connection: Any, *, on_postgresql: bool, rows: int, people: int) -> None:
        self._connection, self._on_postgresql = connection, on_postgresql
        self._people = people
        [left] = connection.execute(
            "SELECT o.id, o.contact_id, a.id, max(v.id) FROM outbox o JOIN attempt a ON a.outbox_id = o.id "
            "JOIN verdict v ON v.outbox_id = o.id WHERE o.state = 'accepted' AND o.audience = 'contact' "
            "GROUP BY o.id, o.contact_id, a.id ORDER BY o.id LIMIT 1"
        ).fetchall()
        self._outbox, self._contact, self._attempt, self._verdict = left
        age = f"86400 + ({rows} - n) * {DAYS * 86400}.0 / {rows}"
        on_sqlite = f"datetime('now', '-' || ({age}) || ' seconds')"
        self._at = f"now() - ({age}) * interval '1 second'" if on_postgresql else on_sqlite

    def contacts(self, first: int, last: int) -> None:
        self._copy("contact", self._contact, {"id": self._id("con", "n")}, first, last)

    def messages(self, first: int, last: int) -> None:
        """What the messages of these serial numbers left."""
        out, wamid = self._id("out", "n"), "'wamid.HBgMOTY2NTAwMDAwMDAxFQIAERgSOLD' || n"
        times = dict.fromkeys(("due_at", "created_at", "updated_at"), self._at)
        to = {"contact_id": self._id("con", f"n % {self._people}"), "address": f"'+96640' || n % {self._people}"}
        none = {"draft_id": "NULL", "draft_version": "NULL"}
        outbox = {"id": out, "request_key": "'old:' || n", "wamid": wamid, **times, **to, **none}
        self._copy("outbox", self._outbox, outbox, first, last)
        times = dict.fromkeys(("claimed_at", "started_at", "ended_at"), self._at)
        attempt = {"id": self._id("att", "n"), "outbox_id": out, "request_key": "'old:' || n || ':1'", "wamid": wamid}
        self._copy("attempt", self._attempt, {**attempt, **times}, first, last)
        verdict = {"outbox_id": out, "draft_id": "NULL", "at": self._at}
        self._copy("verdict", self._verdict, verdict, first, last, without={"id"})

    def _copy(
        self, table: str, key: Any, changed: Mapping[str, str], first: int, last: int, *,
        without: frozenset[str] | set[str] = frozenset(),
    ) -> None:  # fmt: skip
        """The row with this key, once for each n from first to last. changed: expressions by column."""
        found = self._connection.execute(f"SELECT * FROM {table} LIMIT 0")
        columns = [name for name, *_ in found.description if name not in without]
        if unknown := changed.keys() - set(columns):
            raise SystemExit(f"{table} has no {', '.join(sorted(unknown))} any more")
        values = ", ".join(changed.get(name, f"o.{name}") for name in columns)
        numbers = (
            f"generate_series({first}::bigint, {last}::bigint) AS t(n)"
            if self._on_postgresql
            else f"(WITH RECURSIVE t(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM t WHERE n < {last}) "
            "SELECT n FROM t)"
        )
        quoted = f"'{key}'" if isinstance(key, str) else key
        chosen = f"SELECT {values} FROM {numbers}, {table} o WHERE o.id = {quoted}"
        self._connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) {chosen}")

    def _id(self, prefix: str, expression: str) -> str:
        """An id older than every new one: it begins with zeros."""
        padded = f"lpad(({expression})::text, 20, '0')" if self._on_postgresql else f"printf('%020d', {expression})"
        return f"'{prefix}_' || {padded}"
