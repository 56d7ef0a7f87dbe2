"""The outbox's verbs: queue, claim, record, take back. Every move is compare-and-set; records are fenced by attempt."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from wakeel.domain.consent import Category
from wakeel.domain.drafts import content_hash
from wakeel.domain.gate_request import WINDOW, WINDOW_MARGIN
from wakeel.domain.outbox import ALLOWED, UNCLAIMED, Audience, Lane, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.store.insert_new import insert_new
from wakeel.store.models import Attempt, OutboxMessage


def enqueue(
    *,
    business_id: str,
    number_id: str,
    audience: Audience,
    address: str,
    lane: Lane,
    body: Mapping[str, Any],
    category: Category,
    request_key: str,
    due_at: datetime,
    now: datetime,
    **fields: Any,
) -> OutboxMessage | None:
    """Queue one message; None if this request key was ever queued before."""
    row = OutboxMessage(
        business_id=business_id,
        request_key=request_key,
        number_id=number_id,
        audience=audience.value,
        address=address,
        lane=lane.value,
        body=dict(body),
        content_hash=content_hash(body),
        category=category.value,
        due_at=due_at,
        created_at=now,
        updated_at=now,
        **fields,
    )
    same = OutboxMessage.objects.filter(business_id=business_id, request_key=request_key)
    return row if insert_new(row, same=same) else None


def claimable(*, now: datetime, limit: int, contacts_paused: bool) -> list[OutboxMessage]:
    """Messages that may be claimed now, most urgent lane first, locked against other workers.

    Of one recipient and lane only the oldest whose time has come, and none while another is on the wire; a message
    that backs off blocks its followers, one that the gate has put off until later blocks nobody. Cards for an operator
    whose window is closed stay where they are.
    contacts_paused: leave messages to contacts alone (an undecoded webhook may hold their STOP).
    """
    same = Q(
        number=OuterRef("number"), lane=OuterRef("lane"), audience=OuterRef("audience"), address=OuterRef("address")
    )
    ahead = OutboxMessage.objects.filter(same, state=OutboxState.PENDING, id__lt=OuterRef("id"))
    ahead = ahead.filter(Q(due_at__lte=now) | Q(fence__gt=0, hold_code=""))
    on_the_wire = OutboxMessage.objects.filter(same, state=OutboxState.SENDING)
    open_window = Q(operator__last_inbound_at__gt=now - WINDOW + WINDOW_MARGIN)
    reachable = Q(audience=Audience.OPERATOR) & open_window
    if not contacts_paused:
        reachable |= Q(audience=Audience.CONTACT)
    rows: QuerySet[OutboxMessage] = OutboxMessage.objects.filter(reachable, state=OutboxState.PENDING, due_at__lte=now)
    rows = rows.filter(~Exists(ahead), ~Exists(on_the_wire)).select_related(
        "number__business", "draft", "operator", "contact"
    )
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows.order_by("lane", "due_at", "id")[:limit])


def start_attempt(message: OutboxMessage, *, lease: timedelta, now: datetime, real_now: datetime) -> Attempt:
    """Journal one attempt and mark the message as leaving. The caller holds the row's lock."""
    number = message.fence + 1
    OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.PENDING, fence=message.fence).update(
        state=OutboxState.SENDING,
        fence=number,
        lease_until=real_now + lease,
        recalled_at=None,
        hold_code="",
        updated_at=now,
    )
    return Attempt.objects.create(
        business_id=message.business_id,
        outbox=message,
        number=number,
        request_key=f"{message.request_key}:{number}",
        claimed_at=now,
        started_at=real_now,
    )


def put_off(message: OutboxMessage, *, due_at: datetime, code: ReasonCode, now: datetime) -> None:
    """Still pending, but not before `due_at`; code: why. The caller holds the row's lock."""
    rows = OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.PENDING)
    rows.update(due_at=due_at, hold_code=code.value, updated_at=now)


def move(message_id: str, *, to: OutboxState, come_from: Iterable[OutboxState], now: datetime, **fields: Any) -> bool:
    """Compare-and-set on the state, only along `ALLOWED`; True if this caller moved it."""
    allowed = [state.value for state in come_from if to in ALLOWED[state]]
    rows = OutboxMessage.objects.filter(pk=message_id, state__in=allowed)
    return rows.update(state=to.value, updated_at=now, **fields) == 1


def end_attempt(attempt: Attempt, *, outcome: str, real_now: datetime, **fields: Any) -> bool:
    """Close an open attempt; False if it was settled before (a status was quicker, or its lease had ended)."""
    rows = Attempt.objects.filter(pk=attempt.pk, outcome__in=["sending", "unknown"])
    return rows.update(outcome=outcome, ended_at=real_now, **fields) == 1


def settle_attempt(message: OutboxMessage, *, settled_by: str) -> None:
    """Take the last attempt off the failure desk: a person, or the contact's own words, made it history."""
    Attempt.objects.filter(outbox=message, number=message.fence).update(settled_by=settled_by)


def leave_sending(attempt: Attempt, *, to: OutboxState, now: datetime, **fields: Any) -> bool:
    """Move the message on, only if it is still this attempt's (the fence): no successor's record is overwritten."""
    rows = OutboxMessage.objects.filter(
        pk=attempt.outbox_id, fence=attempt.number, state__in=[OutboxState.SENDING, OutboxState.UNKNOWN]
    )
    return rows.update(state=to.value, lease_until=None, updated_at=now, **fields) == 1


def ended_leases(*, real_now: datetime) -> list[Attempt]:
    """Attempts whose worker is gone: still `sending`, lease over."""
    rows = Attempt.objects.filter(outcome="sending", outbox__state=OutboxState.SENDING, number=F("outbox__fence"))
    return list(rows.filter(outbox__lease_until__lte=real_now).select_related("outbox")[:100])


def take_back(rows: QuerySet[OutboxMessage], *, code: ReasonCode | None, now: datetime) -> int:
    """Suppress whatever of `rows` nobody has claimed; returns how many were taken back."""
    unclaimed = rows.filter(state__in=[state.value for state in UNCLAIMED])
    return unclaimed.update(state=OutboxState.SUPPRESSED, hold_code=code.value if code else "", updated_at=now)


def recall(rows: QuerySet[OutboxMessage], *, now: datetime) -> int:
    """Mark what is leaving this very moment, so that its worker stops before the request if it still can."""
    return rows.filter(state=OutboxState.SENDING, recalled_at=None).update(recalled_at=now)


def has_due(*, now: datetime) -> bool:
    """A cheap look before the claim takes SQLite's write lock: is anything pending whose time has come?"""
    return OutboxMessage.objects.filter(state=OutboxState.PENDING, due_at__lte=now).exists()
