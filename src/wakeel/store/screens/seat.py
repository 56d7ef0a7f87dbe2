"""Who is looking, for which business, and the numbers that every page carries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from wakeel.domain.gate import is_window_open
from wakeel.domain.ids import BusinessId, OperatorId
from wakeel.domain.outbox import Audience, Lane, OutboxState
from wakeel.domain.recognition import OperatorState
from wakeel.store.models import Business, Operator, OutboxMessage, SendingNumber, StopSwitch
from wakeel.store.screens import failures, queue, rights


@dataclass(frozen=True, slots=True)
class Seat:
    """A login's place. operator_id: None until a phone is enrolled; suspended: it was, and its identity changed.

    our_phone: digits people write to, '' if no number is set up. window_is_open: of the operator's own phone.
    waiting_cards: cards that wait for that window. stopped_at: None while no stop switch of this business is on.
    request_count: open requests of people about their data.
    """

    business_id: BusinessId
    business_name: str
    practice: bool
    our_phone: str
    operator_id: OperatorId | None
    operator_name: str
    suspended: bool
    window_is_open: bool
    waiting_cards: int
    stopped_at: datetime | None
    queue_count: int
    failure_count: int
    request_count: int


def take(user_id: int, *, now: datetime) -> Seat | None:
    """The seat of a login: its operator's business, before enrolment the only one there is; None if neither."""
    rows = Operator.objects.filter(user_id=user_id).select_related("business", "number")
    operators = list(rows.order_by("-enrolled_at"))
    active = next((row for row in operators if row.state == OperatorState.ACTIVE), None)
    latest = active or next(iter(operators), None)
    business = latest.business if latest else _only_business()
    if business is None:
        return None
    number = latest.number if latest else SendingNumber.objects.filter(business=business).first()
    switch = switches_of(business.id).first()
    return Seat(
        business_id=BusinessId(business.id),
        business_name=business.name,
        practice=business.practice,
        our_phone=number.display_phone if number else "",
        operator_id=OperatorId(active.id) if active else None,
        operator_name=active.name if active else "",
        suspended=active is None and latest is not None,
        window_is_open=active is not None and is_window_open(active.last_inbound_at, now=now),
        waiting_cards=_waiting_cards(active) if active else 0,
        stopped_at=switch.pressed_at if switch else None,
        queue_count=sum(queue.counts(business.id)),
        failure_count=failures.count(business.id, now=now),
        request_count=rights.count_open(business.id),
    )


def switches_of(business_id: str) -> QuerySet[StopSwitch]:
    """Stop switches that stop this business: its own, its numbers' and the one for everywhere; the oldest first."""
    numbers = SendingNumber.objects.filter(business_id=business_id).values_list("phone_number_id", flat=True)
    return StopSwitch.objects.filter(target__in=["", business_id, *numbers]).order_by("pressed_at")


def _only_business() -> Business | None:
    businesses = list(Business.objects.all()[:2])
    return businesses[0] if len(businesses) == 1 else None


def _waiting_cards(operator: Operator) -> int:
    waiting = OutboxMessage.objects.filter(business_id=operator.business_id, operator=operator)
    return waiting.filter(audience=Audience.OPERATOR, lane=Lane.CARD, state=OutboxState.PENDING).count()
