"""The outbox's verbs: queue, claim, record, take back. Every move is compare-and-set; records are fenced by attempt."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet

from wakeel.domain.consent import Category
from wakeel.domain.drafts import content_hash
from wakeel.domain.outbox import ALLOWED, UNCLAIMED, Audience, Lane, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.store.compiled import Compiled, CompiledUpdate
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Attempt, Operator, OutboxMessage
from wakeel.store.operators import address_of
from wakeel.store.stored_times import as_kept


def made(
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
) -> OutboxMessage:
    """One message, not queued yet."""
    return OutboxMessage(
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


def enqueue(**message: Any) -> OutboxMessage | None:
    """Queue one message; None if this request key was ever queued before. message: as for `made`."""
    return next(iter(enqueue_all([made(**message)])), None)


def put_off(message_id: str, *, due_at: datetime, code: ReasonCode, now: datetime) -> None:
    """Still pending, but not before `due_at`; code: why. The caller holds the row's lock."""
    rows = OutboxMessage.objects.filter(pk=message_id, state=OutboxState.PENDING)
    rows.update(due_at=due_at, hold_code=code.value, updated_at=now)


def reword(message_id: str, body: Mapping[str, Any], *, now: datetime) -> bool:
    """Say something else in a message that no worker ever claimed; False if one did."""
    rows = OutboxMessage.objects.filter(pk=message_id, state=OutboxState.PENDING, fence=0)
    return rows.update(body=dict(body), content_hash=content_hash(body), updated_at=now) == 1


def texts_waiting(operator_id: str, *, purpose: str | None = None) -> list[OutboxMessage]:
    """Texts to an operator in the lane of answers that no worker ever claimed and no question hangs on, in order and
    locked against workers; one that a worker looks at this moment is left out. purpose: only of this one."""
    rows = OutboxMessage.objects.filter(operator=operator_id, audience=Audience.OPERATOR, state=OutboxState.PENDING)
    rows = rows.filter(lane=Lane.ANSWER, fence=0, prompt=None)
    if purpose is not None:
        rows = rows.filter(purpose=purpose)
    locked = rows.select_for_update(of=("self",), skip_locked=True).order_by("id")
    return [row for row in locked if row.body.get("type") == "text"]


TAKEN_BACK = 500
"""More parts than one text has room for, however often they were put together anew."""


def texts_taken_back(operator_id: str) -> list[OutboxMessage]:
    """The newest texts to an operator in the lane of answers that nobody ever claimed and that were taken back for no
    reason of the gate: they became part of another, or something newer took their place."""
    rows = OutboxMessage.objects.filter(operator=operator_id, audience=Audience.OPERATOR, state=OutboxState.SUPPRESSED)
    rows = rows.filter(lane=Lane.ANSWER, fence=0, hold_code="").order_by("-id")[:TAKEN_BACK]
    return [row for row in rows if row.body.get("type") == "text"]


def left_lately(operator: Operator, *, purpose: str, since: datetime, most: int) -> list[datetime]:
    """When the newest messages of a purpose to this operator were due that have left since then, the newest first."""
    # By the index of what went to one address: the newest few of the lane, however many there ever were.
    rows = OutboxMessage.objects.filter(
        number=operator.number_id, address=address_of(operator), state=OutboxState.ACCEPTED, lane=Lane.ANSWER
    )
    newest = rows.order_by("-id").values_list("purpose", "due_at")[:LATEST]
    return [due_at for said, due_at in newest if said == purpose and due_at > since][:most]


def take_back_all(ids: Collection[str], *, now: datetime) -> int:
    """Suppress those of these that nobody has claimed; returns how many."""
    return take_back(OutboxMessage.objects.filter(pk__in=ids), code=None, now=now)


def put_off_cards(operator_id: str, *, until: datetime, now: datetime) -> int:
    """Cards and questions for an operator that have not left wait until then; returns how many."""
    rows = OutboxMessage.objects.filter(operator=operator_id, state=OutboxState.PENDING, lane=Lane.CARD)
    return rows.filter(due_at__lt=until).update(due_at=until, updated_at=now)


def bring_cards_forward(operator_id: str, *, now: datetime) -> int:
    """The reverse, for those that were never tried; returns how many are due now that were not."""
    rows = OutboxMessage.objects.filter(operator=operator_id, state=OutboxState.PENDING, lane=Lane.CARD)
    return rows.filter(due_at__gt=now, fence=0, hold_code="").update(due_at=now, updated_at=now)


def simulate(ids: Collection[str], *, now: datetime) -> None:
    """Dry mode: these would have left, and are marked so. The caller holds the locks of the rows."""
    if ids:
        _SIMULATE(ids=ids, now=now)


_SIMULATE = CompiledUpdate(
    lambda ids, now: (
        OutboxMessage.objects.filter(pk__in=ids, state=OutboxState.PENDING.value),
        {"state": OutboxState.SIMULATED.value, "hold_code": "", "updated_at": now},
    )
)


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
    return _ENDED(real_now=real_now)


def _ended(*, real_now: Any) -> QuerySet[Attempt]:
    # By their messages, of which few are `sending`: attempts are as many as were ever made.
    over = OutboxMessage.objects.filter(state=OutboxState.SENDING.value, lease_until__lte=real_now)
    rows = Attempt.objects.filter(outbox__in=over.order_by("lease_until").values("pk")[:100], outcome="sending")
    return rows.filter(number=F("outbox__fence")).select_related("outbox")


_ENDED = Compiled(_ended)


def take_back(rows: QuerySet[OutboxMessage], *, code: ReasonCode | None, now: datetime) -> int:
    """Suppress whatever of `rows` nobody has claimed; returns how many were taken back."""
    unclaimed = rows.filter(state__in=[state.value for state in UNCLAIMED])
    return unclaimed.update(state=OutboxState.SUPPRESSED, hold_code=code.value if code else "", updated_at=now)


def recall(rows: QuerySet[OutboxMessage], *, now: datetime) -> int:
    """Mark what is leaving this very moment, so that its worker stops before the request if it still can."""
    return rows.filter(state=OutboxState.SENDING, recalled_at=None).update(recalled_at=now)


def has_due(*, now: datetime) -> bool:
    """A cheap look before the claim takes SQLite's write lock: is anything pending whose time has come?

    Lane by lane, so that a million messages that wait for tomorrow are not read.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HAS_DUE, [as_kept(now)])
        return bool(cursor.fetchone()[0])


_HAS_DUE = (
    "SELECT EXISTS (SELECT 1 FROM sending_number AS number WHERE EXISTS (SELECT 1 FROM outbox "  # noqa: S608
    "WHERE outbox.business_id = number.business_id AND outbox.number_id = number.phone_number_id "
    f"AND outbox.state = '{OutboxState.PENDING}' AND outbox.lane IN ({', '.join(str(lane.value) for lane in Lane)}) "
    "AND outbox.due_at <= %s))"
)


def failed_again(draft_ids: Collection[str], *, code: int) -> set[str]:
    """Those of these drafts of which more than one message met this code of Meta's."""
    if not draft_ids:
        return set()
    rows = OutboxMessage.objects.filter(draft__in=draft_ids, failure_code=code)
    counted = rows.values("draft").annotate(messages=Count("id")).filter(messages__gt=1)
    return set(counted.values_list("draft", flat=True))


def was_queued(business_id: str, request_key: str) -> bool:
    """True if a message with this key was ever queued."""
    return OutboxMessage.objects.filter(business_id=business_id, request_key=request_key).exists()


LATEST = 10
"""Of what was said to one operator: so many are looked at."""
UNANSWERED_AT_ONCE = 5_000
"""More unanswered sends of one number than this are settled in several goes."""


def unanswered_beside(business_id: str, message_id: str) -> list[tuple[datetime, str]]:
    """Messages to contacts without a clear answer that went out by the same number as this one, with the real time of
    their last try; [] if this is no such message."""
    number = OutboxMessage.objects.filter(
        pk=message_id, business_id=business_id, state=OutboxState.UNKNOWN, audience=Audience.CONTACT
    ).values("number")
    rows = Attempt.objects.filter(
        outbox__business_id=business_id, outbox__number__in=number, outbox__state=OutboxState.UNKNOWN,
        outbox__audience=Audience.CONTACT, number=F("outbox__fence"),
    )  # fmt: skip
    return list(rows.order_by("started_at").values_list("started_at", "outbox_id")[:UNANSWERED_AT_ONCE])


def enqueue_all(rows: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """Queue these in their order; those whose request key was never queued before."""
    if insert_rows(rows, once="business_id, request_key") == len(rows):
        return list(rows)
    new = set(OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.pk in new]
