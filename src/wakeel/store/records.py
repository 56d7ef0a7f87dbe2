"""Writing down many outcomes at once: attempts ended and messages moved on, each fenced by its attempt's number.

Raw SQL on both databases, rows as one JSON parameter, as in `store.claims`; tests hold the columns against the models.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from wakeel.domain.outbox import OutboxState
from wakeel.store.json_rows import GIVEN, IDS, INTEGER
from wakeel.store.models import Attempt, OutboxMessage
from wakeel.store.stored_times import as_kept

_OPEN = (OutboxState.SENDING.value, OutboxState.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Posted:
    """An attempt that was handed to the wire, its message locked. number: the fence. is_recalled: it was called back
    when it was leaving already.
    """

    attempt_id: str
    number: int
    business_id: str
    outbox_id: str
    number_id: str
    contact_id: str | None
    draft_id: str | None
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class End:
    """What became of one attempt. wamid: None leaves it as it is."""

    posted: Posted
    wamid: str | None = None
    http_status: int | None = None
    message_status: str = ""
    details: str = ""


def posted(attempt_ids: Collection[str]) -> dict[str, Posted]:
    """These attempts with their messages, by attempt id; the messages are locked, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTED[connection.vendor], [json.dumps(list(attempt_ids))])
        return {row[0]: _posted(row) for row in cursor.fetchall()}


def _posted(row: Sequence[Any]) -> Posted:
    attempt_id, number, business_id, outbox_id, number_id, contact_id, draft_id, recalled_at = row
    return Posted(
        attempt_id, number, business_id, outbox_id, number_id, contact_id, draft_id, is_recalled=recalled_at is not None
    )


def end_all(ends: Sequence[End], *, outcome: str, from_outcomes: Sequence[str], real_now: datetime) -> list[End]:
    """Close attempts that are still in one of these two outcomes; returns those that were."""
    rows = [[e.posted.attempt_id, e.wamid, e.http_status, e.message_status, e.details] for e in ends]
    given = [outcome, as_kept(real_now), json.dumps(rows), from_outcomes[0], from_outcomes[-1]]
    ended = _ids(_END[connection.vendor], given) if rows else set()
    return [end for end in ends if end.posted.attempt_id in ended]


def leave_all(ends: Sequence[End], *, to: OutboxState, now: datetime, status: str | None = None) -> list[End]:
    """Move their messages on, each only if it is still this attempt's; returns those that were moved.

    status: the merged status of what was accepted, None leaves it as it is.
    """
    rows = [[e.posted.outbox_id, e.posted.number, e.wamid, status] for e in ends]
    given = [to.value, as_kept(now), json.dumps(rows), *_OPEN]
    moved = _ids(_LEAVE[connection.vendor], given) if rows else set()
    return [end for end in ends if end.posted.outbox_id in moved]


def attempts(attempt_ids: Iterable[str]) -> dict[str, Attempt]:
    """The rows themselves with message and contact, for what is not recorded by the batch; by id."""
    ids = list(attempt_ids)
    if not ids:
        return {}
    rows = Attempt.objects.select_related("outbox__contact").filter(pk__in=ids)
    return {row.pk: row for row in rows}


def messages(outbox_ids: Iterable[str]) -> list[OutboxMessage]:
    """The messages as they stand now, with contact and draft, in the order of their ids."""
    ids = list(outbox_ids)
    if not ids:
        return []
    rows = OutboxMessage.objects.select_related("contact", "draft__opportunity", "number")
    return list(rows.filter(pk__in=ids).order_by("id"))


def _ids(statement: str, given: list[Any]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return {pk for (pk,) in cursor.fetchall()}


_LOCKED = {"sqlite": "", "postgresql": " FOR UPDATE OF outbox"}
_POSTED = {
    vendor: "SELECT attempt.id, attempt.number, attempt.business_id, outbox.id, outbox.number_id, "  # noqa: S608
    "outbox.contact_id, outbox.draft_id, outbox.recalled_at "
    "FROM attempt JOIN outbox ON outbox.id = attempt.outbox_id "
    f"WHERE attempt.id IN {IDS[vendor]} ORDER BY outbox.id{_LOCKED[vendor]}"
    for vendor in GIVEN
}
_END = {
    vendor: "UPDATE attempt SET outcome = %s, ended_at = %s, "  # noqa: S608
    "wamid = COALESCE(given.value ->> 1, attempt.wamid), "
    f"http_status = (given.value ->> 2){INTEGER[vendor]}, message_status = given.value ->> 3, "
    f"details = given.value ->> 4 FROM {GIVEN[vendor]} "
    "WHERE attempt.id = given.value ->> 0 AND attempt.outcome IN (%s, %s) RETURNING attempt.id"
    for vendor in GIVEN
}
_LEAVE = {
    vendor: "UPDATE outbox SET state = %s, lease_until = NULL, updated_at = %s, "  # noqa: S608
    "wamid = COALESCE(given.value ->> 2, outbox.wamid), status = COALESCE(given.value ->> 3, outbox.status) "
    f"FROM {GIVEN[vendor]} WHERE outbox.id = given.value ->> 0 "
    f"AND outbox.fence = (given.value ->> 1){INTEGER[vendor]} AND outbox.state IN (%s, %s) RETURNING outbox.id"
    for vendor in GIVEN
}
