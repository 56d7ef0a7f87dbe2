"""Claiming many messages at once: what may leave, its attempts and the move to `sending`, one statement each.

Raw SQL on both databases: rows go in as one JSON parameter, so that a statement is the same for any number of them.
Tests hold the columns against the models.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from wakeel.domain.gate_request import WINDOW, WINDOW_MARGIN
from wakeel.domain.outbox import Audience, Lane, OutboxState
from wakeel.domain.recognition import WAY_BACK, OperatorState
from wakeel.store.compiled import Compiled
from wakeel.store.ids import new_id
from wakeel.store.json_rows import GIVEN, IDS, INTEGER
from wakeel.store.models import OutboxMessage, SendingNumber
from wakeel.store.stored_times import as_kept, as_utc

_PENDING, _SENDING = OutboxState.PENDING.value, OutboxState.SENDING.value


@dataclass(frozen=True, slots=True)
class Reached:
    """An operator as the gate needs one. is_active: not suspended, and of the team still."""

    id: str
    wa_id: str | None
    bsuid: str | None
    last_inbound_at: datetime | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class Approved:
    """What a draft's digest is made of beside the body."""

    id: str
    contact_id: str
    number_id: str
    category: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Due:
    """A message that may leave, locked; its names are the columns of `OutboxMessage`.

    operator, draft: None for messages to contacts, for texts that no draft is behind. is_unread: something the contact
    wrote could not be read by the machine.
    """

    id: str
    business_id: str
    number: SendingNumber
    audience: str
    contact_id: str | None
    operator: Reached | None
    draft: Approved | None
    draft_version: int | None
    address: str
    lane: int
    body: Mapping[str, Any]
    digest: str
    category: str
    purpose: str
    intent: str
    content_hash: str
    request_key: str
    expires_at: datetime | None
    fence: int
    is_unread: bool

    @property
    def draft_id(self) -> str | None:
        return self.draft.id if self.draft else None

    @property
    def is_for_nobody(self) -> bool:
        """Its operator was suspended or left since it was queued; the way back alone is told to them."""
        return self.operator is not None and not self.operator.is_active and self.purpose != WAY_BACK

    @property
    def number_id(self) -> str:
        return self.number.pk


@dataclass(frozen=True, slots=True)
class Room:
    """What one number may send now. messages: at most; waiting: addresses to which nothing may leave yet; lanes: those
    in which anything is due.
    """

    number: SendingNumber
    messages: int
    waiting: Collection[str] = ()
    to_contacts: bool = True
    lanes: Collection[Lane] = tuple(Lane)


def lanes_with_due(*, now: datetime) -> dict[SendingNumber, list[Lane]]:
    """The numbers, with their businesses, for which anything is pending whose time has come, and in which lanes; in a
    fixed order. For PostgreSQL planning `due` is most of its cost: a lane in which nothing waits is not asked.
    """
    found = {number: [lane for lane in Lane if getattr(number, _column_of(lane))] for number in _numbers(now=now)}
    return {number: lanes for number, lanes in found.items() if lanes}


@Compiled
def _numbers(*, now: Any) -> "QuerySet[SendingNumber]":
    same = OutboxMessage.objects.filter(business=OuterRef("business"), number=OuterRef("pk"), state=_PENDING)
    lanes = {_column_of(lane): Exists(same.filter(lane=lane.value, due_at__lte=now)) for lane in Lane}
    rows = SendingNumber.objects.annotate(**lanes).select_related("business").order_by("pk")
    # What only approving asks of a business would be parsed for every number at every claim.
    return rows.defer("business__expiry_days", "business__high_value")


def _column_of(lane: Lane) -> str:
    return f"due_in_{lane.value}"


def due(room: Room, lane: Lane, *, now: datetime, limit: int) -> list[Due]:
    """Messages of one lane that may be claimed now, the longest due first, locked against other workers.

    Of one recipient only the oldest whose time has come, and none while another is on the wire; a message that backs
    off blocks its followers, one that the gate has put off until later blocks nobody. What is for an operator whose
    window is closed stays where it is, but for the template that asks them to open it: that one overtakes.
    """
    given = {
        "business": room.number.business_id,
        "number": room.number.pk,
        "lane": lane.value,
        "now": as_kept(now),
        "open": as_kept(now - WINDOW + WINDOW_MARGIN),
        "contacts": room.to_contacts,
        "waiting": json.dumps(list(room.waiting)),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE[connection.vendor], given)
        return [_due(row, room.number) for row in cursor.fetchall()]


def lock_people(contact_ids: Iterable[str]) -> set[str]:
    """Of these, whom no other worker is deciding about at this moment; they are ours until the transaction ends.

    Two numbers of one business may write to one person: what the first one sends counts for the second one's caps.
    SQLite has one writer.
    """
    ids = sorted(set(contact_ids))
    if connection.vendor != "postgresql" or not ids:
        return set(ids)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_PEOPLE, [ids])
        return {pk for (pk,) in cursor.fetchall()}


def take(messages: Sequence[Due], *, lease: timedelta, now: datetime, real_now: datetime) -> dict[str, str]:
    """Journal one attempt each and mark the messages as leaving; attempt ids by message id.

    The caller holds the rows' locks; a message that is not pending any more, or not at its fence, is left out.
    """
    if not messages:
        return {}
    attempts = {message.id: new_id("att") for message in messages}
    rows = json.dumps([
        [m.id, m.fence, attempts[m.id], m.business_id, f"{m.request_key}:{m.fence + 1}"] for m in messages
    ])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TAKE[connection.vendor], [as_kept(real_now + lease), as_kept(now), rows])
        taken = {pk for (pk,) in cursor.fetchall()}
        if len(taken) < len(messages):
            rows = json.dumps([row for row in json.loads(rows) if row[0] in taken])
        cursor.execute(_JOURNAL[connection.vendor], [as_kept(now), as_kept(real_now), rows])
    return {pk: attempt for pk, attempt in attempts.items() if pk in taken}


def renew(attempt_ids: Iterable[str], *, lease: timedelta, real_now: datetime) -> int:
    """Lengthen the lease of attempts that are still on the wire; what was given up meanwhile stays so (fenced)."""
    with connection.cursor() as cursor:
        given = [as_kept(real_now + lease), as_kept(real_now), json.dumps(list(attempt_ids))]
        cursor.execute(_RENEW[connection.vendor], given)
        return int(cursor.rowcount)


def recalled(attempt_ids: Iterable[str]) -> set[str]:
    """Those whose message a stop switch or a withdrawal keeps back since the claim, or that are ours no more."""
    ids = list(attempt_ids)
    with connection.cursor() as cursor:
        cursor.execute(_STILL_OURS[connection.vendor], [json.dumps(ids)])
        return set(ids) - {pk for (pk,) in cursor.fetchall()}


def left_lately(number: SendingNumber, *, since: datetime) -> list[tuple[str, str, datetime]]:
    """Audience, address and real time of every attempt of this number since then."""
    # Business time is never behind real time, so that the index by the time of the claim finds all of them.
    given = [number.business_id, as_kept(since), as_kept(since), number.pk]
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_LATELY, given)
        return [(audience, address, as_utc(at)) for audience, address, at in cursor.fetchall()]


COLUMNS = (
    "id", "business_id", "audience", "contact_id", "operator_id", "draft_id", "draft_version", "address", "lane",
    "body", "digest", "category", "purpose", "intent", "content_hash", "request_key", "expires_at", "fence",
)  # fmt: skip


def _due(row: Sequence[Any], number: SendingNumber) -> Due:
    (
        pk, business_id, audience, contact_id, operator_id, draft_id, draft_version, address, lane, body, digest,
        category, purpose, intent, content_hash, request_key, expires_at, fence,
        draft_contact, draft_number, draft_category, draft_purpose, wa_id, bsuid, last_inbound_at, operator_state,
        unread_since,
    ) = row  # fmt: skip
    return Due(
        id=pk,
        business_id=business_id,
        number=number,
        audience=audience,
        contact_id=contact_id,
        operator=(
            Reached(operator_id, wa_id, bsuid, as_utc(last_inbound_at), operator_state == OperatorState.ACTIVE)
            if operator_id
            else None
        ),
        draft=Approved(draft_id, draft_contact, draft_number, draft_category, draft_purpose) if draft_id else None,
        draft_version=draft_version,
        address=address,
        lane=lane,
        body=msgspec.json.decode(body),
        digest=digest,
        category=category,
        purpose=purpose,
        intent=intent,
        content_hash=content_hash,
        request_key=request_key,
        expires_at=as_utc(expires_at),
        fence=fence,
        is_unread=unread_since is not None,
    )


_OF_SAME = (
    "FROM outbox other WHERE other.number_id = outbox.number_id AND other.address = outbox.address "
    "AND other.lane = outbox.lane AND other.audience = outbox.audience"
)
_TEMPLATE_TO_OPERATOR = f"(outbox.audience = '{Audience.OPERATOR}' AND outbox.body ->> 'type' = 'template')"
_WAITING = {
    "sqlite": "outbox.address NOT IN (SELECT value FROM json_each(%(waiting)s))",
    "postgresql": "outbox.address NOT IN (SELECT jsonb_array_elements_text(%(waiting)s::jsonb))",
}
_LOCKED = {"sqlite": "", "postgresql": " FOR UPDATE OF outbox SKIP LOCKED"}
_DUE = {
    vendor: f"SELECT {', '.join(f'outbox.{name}' for name in COLUMNS)}, "  # noqa: S608 - our own words
    "draft.contact_id, draft.number_id, draft.category, draft.purpose, "
    "operator.wa_id, operator.bsuid, operator.last_inbound_at, operator.state, contact.unread_since "
    "FROM outbox LEFT JOIN draft ON draft.id = outbox.draft_id LEFT JOIN operator ON operator.id = outbox.operator_id "
    "LEFT JOIN contact ON contact.id = outbox.contact_id "
    f"WHERE outbox.business_id = %(business)s AND outbox.number_id = %(number)s AND outbox.state = '{_PENDING}' "
    "AND outbox.lane = %(lane)s AND outbox.due_at <= %(now)s "
    f"AND ((outbox.audience = '{Audience.OPERATOR}' AND operator.last_inbound_at > %(open)s) "
    f"OR {_TEMPLATE_TO_OPERATOR} OR (outbox.audience = '{Audience.CONTACT}' AND %(contacts)s)) "
    f"AND {_WAITING[vendor]} "
    f"AND NOT EXISTS (SELECT 1 {_OF_SAME} AND other.state = '{_PENDING}' AND other.id < outbox.id "
    "AND (other.due_at <= %(now)s OR (other.fence > 0 AND other.hold_code = '')) "
    f"AND NOT {_TEMPLATE_TO_OPERATOR}) "
    f"AND NOT EXISTS (SELECT 1 {_OF_SAME} AND other.state = '{_SENDING}') "
    f"ORDER BY outbox.due_at, outbox.id LIMIT %(limit)s{_LOCKED[vendor]}"
    for vendor in _LOCKED
}
# Records that were merged are one person. A lock not had at once belongs to a worker that decides about them.
_LOCK_PEOPLE = (
    "SELECT id FROM (SELECT id, COALESCE(merged_into_id, id) AS person FROM contact WHERE id = ANY(%s) "
    "ORDER BY 2, 1) AS asked WHERE pg_try_advisory_xact_lock(hashtextextended(person, 0))"
)
_TAKE = {
    vendor: f"UPDATE outbox SET state = '{_SENDING}', fence = outbox.fence + 1, lease_until = %s, "  # noqa: S608
    f"recalled_at = NULL, hold_code = '', updated_at = %s FROM {GIVEN[vendor]} WHERE outbox.id = given.value ->> 0 "
    f"AND outbox.state = '{_PENDING}' AND outbox.fence = (given.value ->> 1){INTEGER[vendor]} RETURNING outbox.id"
    for vendor in GIVEN
}
JOURNAL = (
    "id", "business_id", "outbox_id", "number", "request_key", "outcome", "message_status", "details", "settled_by",
    "claimed_at", "started_at",
)  # fmt: skip
_MOMENT = {"sqlite": "%s", "postgresql": "%s::timestamptz"}
_JOURNAL = {
    vendor: f"INSERT INTO attempt ({', '.join(JOURNAL)}) SELECT given.value ->> 2, given.value ->> 3, "  # noqa: S608
    f"given.value ->> 0, (given.value ->> 1){INTEGER[vendor]} + 1, given.value ->> 4, 'sending', '', '', '', "
    f"{_MOMENT[vendor]}, {_MOMENT[vendor]} FROM {GIVEN[vendor]}"
    for vendor in GIVEN
}
_RENEW = {
    vendor: f"UPDATE outbox SET lease_until = %s FROM attempt WHERE outbox.lease_until > %s "  # noqa: S608
    f"AND outbox.state = '{_SENDING}' AND attempt.id IN {IDS[vendor]} AND outbox.id = attempt.outbox_id "
    "AND outbox.fence = attempt.number"
    for vendor in IDS
}
# A switch is looked at by itself: a claim may have been about to commit while it was pressed, unseen by its recall.
_STOPPED = (
    "SELECT 1 FROM stop_switch WHERE (outbox.audience = 'contact' AND (scope = 'global' "
    "OR (scope = 'business' AND target = outbox.business_id))) OR (scope = 'number' AND target = outbox.number_id)"
)
_STILL_OURS = {
    vendor: "SELECT attempt.id FROM attempt JOIN outbox ON outbox.id = attempt.outbox_id "  # noqa: S608
    f"AND outbox.fence = attempt.number WHERE attempt.id IN {IDS[vendor]} AND outbox.recalled_at IS NULL "
    f"AND outbox.state = '{_SENDING}' AND NOT EXISTS ({_STOPPED})"
    for vendor in IDS
}
_LEFT_LATELY = (
    "SELECT outbox.audience, outbox.address, attempt.started_at FROM attempt "
    "JOIN outbox ON outbox.id = attempt.outbox_id WHERE attempt.business_id = %s AND attempt.claimed_at >= %s "
    "AND attempt.started_at >= %s AND attempt.outcome <> 'not_sent' AND outbox.number_id = %s"
)
