"""The people of a business as its team page shows them, and what was changed about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet

from wakeel.domain.gate import is_window_open, window_closes_at
from wakeel.domain.recognition import OperatorState
from wakeel.domain.roles import ROLE_WORDS, Role
from wakeel.domain.team import CHANGE_WORDS, TeamChange, TeamRules
from wakeel.domain.text import mask_phone
from wakeel.domain.words import Text
from wakeel.store import roles
from wakeel.store.compiled import Compiled, HowMany
from wakeel.store.models import Business, Operator, Opportunity, TeamEvent
from wakeel.store.screens.queue import COUNTED_TO
from wakeel.store.team import LIVE_STATES, rules_in

CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One operator. phone: masked, '' if hidden. window_closes_at: None if they never wrote. has: opportunities that
    are theirs and go on, at most COUNTED_TO. may_sign_in: their login is open. roles: in words, in their order.
    """

    id: str
    name: str
    phone: str
    state: str
    window_closes_at: datetime | None
    window_is_open: bool
    has: int
    may_sign_in: bool
    roles: tuple[Text, ...]
    user_id: int

    @property
    def is_active(self) -> bool:
        return self.state == OperatorState.ACTIVE


@dataclass(frozen=True, slots=True)
class Change:
    """words: what was changed. who: the operator it is about, '' for rules."""

    at: datetime
    words: Text
    who: str
    by: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """members: active ones first. changes: the newest first, at most CHANGES_SHOWN."""

    members: tuple[Member, ...]
    rules: TeamRules
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can have an opportunity."""

    id: str
    name: str


def read(business_id: str, *, now: datetime) -> TeamPage:
    return TeamPage(_members(business_id, now=now), rules(business_id), _changes(business_id))


def rules(business_id: str) -> TeamRules:
    return rules_in(Business.objects.get(pk=business_id))


def member(business_id: str, operator_id: str, *, now: datetime) -> Member | None:
    """None if this business has no such operator."""
    return next((one for one in _members(business_id, now=now) if one.id == operator_id), None)


def colleagues(business_id: str) -> tuple[Colleague, ...]:
    """Active operators, by name."""
    return tuple(Colleague(pk, name) for pk, name in _active(business=business_id))


@Compiled
def _active(*, business: Any) -> QuerySet[Operator, Any]:
    rows = Operator.objects.filter(business=business, state=OperatorState.ACTIVE.value)
    return rows.order_by("name", "id").values_list("id", "name")


def _members(business_id: str, *, now: datetime) -> tuple[Member, ...]:
    theirs = Opportunity.objects.filter(owner=OuterRef("pk"), state__in=[state.value for state in LIVE_STATES])
    rows = Operator.objects.filter(business_id=business_id).annotate(
        has=HowMany(theirs.values("pk")[:COUNTED_TO]),
        may_sign_in=F("user__is_active"),
    )
    by_login = roles.by_login(business_id)
    # "active" is the first of the states by its letters too.
    rows = rows.order_by("state", "name", "id")
    return tuple(_member(row, by_login.get(row.user_id, frozenset()), now=now) for row in rows)


def _member(row: Any, roles: frozenset[Role], *, now: datetime) -> Member:
    return Member(
        id=row.id,
        name=row.name,
        phone=mask_phone(row.wa_id) if row.wa_id else "",
        state=row.state,
        window_closes_at=window_closes_at(row.last_inbound_at),
        window_is_open=is_window_open(row.last_inbound_at, now=now),
        has=row.has,
        may_sign_in=row.may_sign_in,
        roles=tuple(words for role, words in ROLE_WORDS.items() if role in roles),
        user_id=row.user_id,
    )


def _changes(business_id: str) -> tuple[Change, ...]:
    rows = TeamEvent.objects.filter(business_id=business_id).exclude(kind=TeamChange.GIVEN)
    rows = rows.select_related("operator").order_by("-at", "-id")
    return tuple(
        Change(
            row.at, CHANGE_WORDS[TeamChange(row.kind)], row.operator.name if row.operator else "", row.by, row.before,
            row.after,
        )
        for row in rows[:CHANGES_SHOWN]
    )  # fmt: skip
