"""Who is looking, for which business, and the numbers that every page carries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Subquery, Value, When

from wakeel.domain.gate import is_window_open
from wakeel.domain.ids import BusinessId, OperatorId
from wakeel.domain.outbox import Audience, Lane, OutboxState
from wakeel.domain.recognition import OperatorState
from wakeel.domain.roles import Act, Role
from wakeel.domain.roles import may as roles_may
from wakeel.store.compiled import Compiled, HowMany
from wakeel.store.models import Business, Operator, OutboxMessage, RoleGrant, SendingNumber, StopSwitch
from wakeel.store.screens import failures, queue, rights


@dataclass(frozen=True, slots=True)
class Seat:
    """A login's place. roles: what it may do here; none for nobody's login. operator_id: None until a phone is enrolled; suspended: it was, and its identity changed.

    our_phone: digits people write to, '' if no number is set up. window_is_open: of the operator's own phone.
    waiting_cards: cards that wait for that window. stopped_at: None while no stop switch of this business is on; of the
    one that stops most, is_number_stopped: it stops one number and not all.
    request_count: open requests of people about their data. No number is counted beyond queue.COUNTED_TO.
    """

    business_id: BusinessId
    business_name: str
    practice: bool
    roles: frozenset[Role]
    our_phone: str
    operator_id: OperatorId | None
    operator_name: str
    suspended: bool
    window_is_open: bool
    waiting_cards: int
    stopped_at: datetime | None
    is_number_stopped: bool
    waiting_drafts: int
    waiting_opportunities: int
    failure_count: int
    request_count: int

    def may(self, act: Act) -> bool:
        """Whether the roles of this seat allow it."""
        return roles_may(self.roles, act)

    @property
    def queue_count(self) -> int:
        return self.waiting_drafts + self.waiting_opportunities


def take(user_id: int, *, now: datetime) -> Seat | None:
    """The seat of a login: its operator's business, before enrolment the only one there is; None if neither."""
    operators: list[Operator] = _operators(user=user_id)
    active = next((row for row in operators if row.state == OperatorState.ACTIVE), None)
    latest = active or next(iter(operators), None)
    business = latest.business if latest else _only_business()
    if business is None:
        return None
    number = latest.number if latest else SendingNumber.objects.filter(business=business).first()
    drafts, opportunities, requests, cards, stopped_at, stopped_scope = _signs.first(
        business=business.id, operator=active.id if active else ""
    )
    return Seat(
        business_id=BusinessId(business.id),
        business_name=business.name,
        practice=business.practice,
        roles=frozenset(Role(role) for (role,) in _roles(business=business.id, user=user_id)),
        our_phone=number.display_phone if number else "",
        operator_id=OperatorId(active.id) if active else None,
        operator_name=active.name if active else "",
        suspended=active is None and latest is not None and latest.state == OperatorState.SUSPENDED,
        window_is_open=active is not None and is_window_open(active.last_inbound_at, now=now),
        waiting_cards=cards,
        stopped_at=stopped_at,
        is_number_stopped=stopped_scope == StopSwitch.Scope.NUMBER,
        waiting_drafts=drafts,
        waiting_opportunities=opportunities,
        failure_count=failures.count(business.id, now=now),
        request_count=requests,
    )


@Compiled
def _signs(*, business: Any, operator: Any) -> QuerySet[Business, tuple[Any, ...]]:
    """Drafts and opportunities that wait, open requests, cards that wait for the operator's window, the first stop."""
    cards = OutboxMessage.objects.filter(business_id=business, operator_id=operator)
    cards = cards.filter(audience=Audience.OPERATOR.value, lane=Lane.CARD.value, state=OutboxState.PENDING.value)
    return Business.objects.filter(pk=business).values_list(
        HowMany(queue.waiting_drafts(business).values("pk")[: queue.COUNTED_TO]),
        HowMany(queue.waiting_opportunities(business).values("pk")[: queue.COUNTED_TO]),
        HowMany(rights.open_requests(business).values("pk")[: queue.COUNTED_TO]),
        HowMany(cards.values("pk")[: queue.COUNTED_TO]),
        Subquery(switches_of(business).values("pressed_at")[:1]),
        Subquery(switches_of(business).values("scope")[:1]),
    )


@Compiled
def _roles(*, business: Any, user: Any) -> QuerySet[RoleGrant, Any]:
    return RoleGrant.objects.filter(business_id=business, user_id=user).values_list("role")


@Compiled
def _operators(*, user: Any) -> QuerySet[Operator]:
    return Operator.objects.filter(user_id=user).select_related("business", "number").order_by("-enrolled_at", "-id")


def switches_of(business_id: str) -> QuerySet[StopSwitch]:
    """Stop switches that stop this business: its own, the one for everywhere, then its numbers'; the oldest first."""
    numbers = SendingNumber.objects.filter(business_id=business_id).values("phone_number_id")
    meant = Q(target="") | Q(target=business_id) | Q(target__in=numbers)
    stops_less = Case(When(scope=StopSwitch.Scope.NUMBER, then=Value(1)), default=Value(0))
    return StopSwitch.objects.filter(meant).order_by(stops_less, "pressed_at")


def _only_business() -> Business | None:
    businesses = list(Business.objects.all()[:2])
    return businesses[0] if len(businesses) == 1 else None
