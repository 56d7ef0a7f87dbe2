"""Who is looking, for which business, and the numbers that every page carries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Subquery, Value, When

from wakeel.domain.digits import Digits
from wakeel.domain.gate import is_window_open
from wakeel.domain.ids import BusinessId, OperatorId
from wakeel.domain.outbox import Audience, Lane, OutboxState
from wakeel.domain.recognition import OperatorState
from wakeel.domain.roles import ALLOWED, Act, Role
from wakeel.domain.roles import may as roles_may
from wakeel.store.compiled import Compiled, HowMany
from wakeel.store.models import (
    Business,
    LiveEvent,
    Operator,
    OutboxMessage,
    Profile,
    RoleGrant,
    SendingNumber,
    StopSwitch,
)
from wakeel.store.screens import failures, queue, rights


@dataclass(frozen=True, slots=True)
class Seat:
    """A login's place. roles: what it may do here, at least one. operator_id: None until a phone is enrolled;
    suspended: it was, and its identity changed.

    our_phone: digits people write to, '' if no number is set up. window_is_open: of the operator's own phone.
    waiting_cards: cards that wait for that window. stopped_at: None while no stop switch of this business is on; of the
    one that stops most, is_number_stopped: it stops one number and not all.
    request_count: open requests of people about their data. No number is counted beyond queue.COUNTED_TO.
    language: of the screens, '' until it was chosen. time_zone: IANA, '' for the business's. has_shortcuts: whether
    single letters on the keyboard do something. live_mark: the newest change when the page was begun; its stream tells
    what came after.
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
    language: str
    digits: Digits
    time_zone: str
    has_shortcuts: bool
    live_mark: int

    def may(self, act: Act) -> bool:
        """Whether the roles of this seat allow it."""
        return roles_may(self.roles, act)

    @property
    def is_all_stopped(self) -> bool:
        """Nothing goes to contacts; there is no more to stop."""
        return self.stopped_at is not None and not self.is_number_stopped

    @property
    def queue_count(self) -> int:
        return self.waiting_drafts + self.waiting_opportunities


def take(user_id: int, *, now: datetime) -> Seat | None:
    """The seat of a login: where it has a role, of several businesses where its phone is; None without a role."""
    grants: list[RoleGrant] = _grants(user=user_id)
    if not grants:
        return None
    granted = {grant.business_id for grant in grants}
    operators = [row for row in _operators(user=user_id) if row.business_id in granted]
    deciding = {grant.business_id for grant in grants if Role(grant.role) in ALLOWED[Act.DECIDE]}
    enrolled = (row for row in operators if row.state == OperatorState.ACTIVE and row.business_id in deciding)
    active = next(enrolled, None)
    latest = active or next(iter(operators), None)
    business = latest.business if latest else grants[0].business
    number = latest.number if latest else SendingNumber.objects.filter(business=business).first()
    roles = frozenset(Role(grant.role) for grant in grants if grant.business_id == business.id)
    operator_id = active.id if active else ""
    drafts, opportunities, requests, cards, stopped_at, stopped_scope, *chosen = _signs.first(
        None if roles_may(roles, Act.SEE_ALL) else operator_id, business=business.id, operator=operator_id, user=user_id
    )
    language, digits, time_zone, has_shortcuts, live_mark = chosen
    return Seat(
        business_id=BusinessId(business.id),
        business_name=business.name,
        practice=business.practice,
        roles=roles,
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
        language=language or "",
        digits=Digits(digits or Digits.LATIN),
        time_zone=(active.time_zone if active else "") or time_zone or "",
        has_shortcuts=has_shortcuts is None or bool(has_shortcuts),
        live_mark=live_mark or 0,
    )


def _signs_of(
    drafts: Q, opportunities: Q, *, business: Any, operator: Any, user: Any
) -> QuerySet[Business, tuple[Any, ...]]:
    """Drafts and opportunities that wait for whoever looks, open requests, cards that wait for the operator's window,
    the first stop, and how this person wants the screens."""
    profile = Profile.objects.filter(business_id=business, user_id=user)
    cards = OutboxMessage.objects.filter(business_id=business, operator_id=operator)
    cards = cards.filter(audience=Audience.OPERATOR.value, lane=Lane.CARD.value, state=OutboxState.PENDING.value)
    return Business.objects.filter(pk=business).values_list(
        HowMany(queue.waiting_drafts(business).filter(drafts).values("pk")[: queue.COUNTED_TO]),
        HowMany(queue.waiting_opportunities(business).filter(opportunities).values("pk")[: queue.COUNTED_TO]),
        HowMany(rights.open_requests(business).values("pk")[: queue.COUNTED_TO]),
        HowMany(cards.values("pk")[: queue.COUNTED_TO]),
        Subquery(switches_of(business).values("pressed_at")[:1]),
        Subquery(switches_of(business).values("scope")[:1]),
        *(Subquery(profile.values(field)[:1]) for field in ("language", "digits", "time_zone", "has_shortcuts")),
        Subquery(LiveEvent.objects.order_by("-id").values("id")[:1]),
    )


_signs = queue.Whose(_signs_of, queue.own_drafts, queue.own)


@Compiled
def _grants(*, user: Any) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(user=user).select_related("business").order_by("id")


@Compiled
def _operators(*, user: Any) -> QuerySet[Operator]:
    return Operator.objects.filter(user_id=user).select_related("business", "number").order_by("-enrolled_at", "-id")


def switches_of(business_id: str) -> QuerySet[StopSwitch]:
    """Stop switches that stop this business: its own, the one for everywhere, then its numbers'; the oldest first."""
    numbers = SendingNumber.objects.filter(business_id=business_id).values("phone_number_id")
    meant = Q(target="") | Q(target=business_id) | Q(target__in=numbers)
    stops_less = Case(When(scope=StopSwitch.Scope.NUMBER, then=Value(1)), default=Value(0))
    return StopSwitch.objects.filter(meant).order_by(stops_less, "pressed_at")
