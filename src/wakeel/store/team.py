"""Who works for a business, what is theirs, and what was changed about it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q

from wakeel.domain.drafts import DraftState
from wakeel.domain.opportunities import ANSWERED, IN_WORK, OPEN_STATES, PUT_OFF
from wakeel.domain.outbox import UNCLAIMED, Audience, OutboxState
from wakeel.domain.prompts import PromptKind
from wakeel.domain.recognition import EnrolmentState, OperatorState
from wakeel.domain.team import TeamChange, TeamRules
from wakeel.store import outbox
from wakeel.store.models import (
    Business,
    Card,
    Draft,
    Enrolment,
    Operator,
    Opportunity,
    OutboxMessage,
    Prompt,
    TeamEvent,
    Vote,
)

LIVE_STATES = IN_WORK | PUT_OFF | ANSWERED
"""Of an opportunity that somebody has: what still needs a person."""


def lock_everybody(business_id: str) -> dict[str, Operator]:
    """Every operator of a business that is not gone, by id, locked in the order of their ids."""
    rows = Operator.objects.select_for_update(of=("self",)).filter(business_id=business_id)
    return {row.id: row for row in rows.exclude(state=OperatorState.INACTIVE).order_by("pk")}


def user_of(business_id: str, operator_id: str) -> int | None:
    """The login of an operator, in whatever state; None if this business has none with this id."""
    rows = Operator.objects.filter(business_id=business_id, pk=operator_id)
    return rows.values_list("user_id", flat=True).first()


def close_login(operator: Operator) -> None:
    User.objects.filter(pk=operator.user_id).update(is_active=False)


def leave(operator: Operator, *, now: datetime) -> None:
    """No operator any more: nothing unsent goes to the phone, what is leaving is recalled."""
    Operator.objects.filter(pk=operator.pk).update(state=OperatorState.INACTIVE)
    operator.state = OperatorState.INACTIVE.value
    waiting = [EnrolmentState.ISSUED.value, EnrolmentState.MATCHED.value]
    Enrolment.objects.filter(user_id=operator.user_id, state__in=waiting).update(state=EnrolmentState.VOID)
    to_them = OutboxMessage.objects.filter(operator=operator, audience=Audience.OPERATOR.value)
    to_them.filter(state__in=UNCLAIMED).update(state=OutboxState.SUPPRESSED, updated_at=now)
    outbox.recall(to_them, now=now)
    Card.objects.filter(operator=operator, closed_at=None).update(closed_at=now)


def open_login(operator_id: str) -> bool:
    """They may sign in again; False if they could."""
    users = Operator.objects.filter(pk=operator_id).values("user")
    return bool(User.objects.filter(pk__in=users, is_active=False).update(is_active=True))


def lock_owned(operator: Operator) -> list[Opportunity]:
    """What this operator has and somebody must go on with, the oldest first, locked."""
    rows = Opportunity.objects.select_for_update(of=("self",)).filter(owner=operator)
    return list(rows.filter(state__in=[s.value for s in LIVE_STATES]).order_by("pk"))


def lock_unowned(business_id: str) -> list[Opportunity]:
    """What nobody has who could be asked, the oldest first, locked."""
    rows = Opportunity.objects.select_for_update(of=("self",)).filter(business_id=business_id, owner=None)
    return list(rows.filter(state__in=[s.value for s in LIVE_STATES]).order_by("pk"))


def give(opportunity_ids: Collection[str], *, to: Operator | None, now: datetime) -> None:
    Opportunity.objects.filter(pk__in=opportunity_ids).update(owner=to, updated_at=now)


def put_back(operator: Operator, *, now: datetime) -> None:
    """Undecided ones that were theirs belong to nobody: they are in the queue for everybody."""
    rows = Opportunity.objects.filter(owner=operator, state__in=[state.value for state in OPEN_STATES])
    rows.update(owner=None, updated_at=now)


def edited_by(operator: Operator) -> list[Draft]:
    """Drafts that wait for this operator's text, locked."""
    rows = Draft.objects.select_for_update(of=("self",)).filter(editor=operator, state=DraftState.EDITING)
    return list(rows.select_related("opportunity__owner", "contact", "number__business").order_by("pk"))


def waiting_of(opportunity_ids: Collection[str]) -> list[Draft]:
    """Drafts of these that wait for approval, with all that their cards show, the oldest first."""
    rows = Draft.objects.filter(opportunity__in=opportunity_ids, state=DraftState.AWAITING_APPROVAL)
    return list(rows.select_related("opportunity__owner", "contact", "number__business").order_by("created_at", "id"))


def approved_by(operator: Operator) -> list[OutboxMessage]:
    """Messages that have not left, or are leaving, and that this operator approved, alone or as one of two, locked."""
    alone = Q(draft__approvals__operator=operator, draft__approvals__revoked_at=None)
    votes = Vote.objects.filter(operator=operator, version=F("draft__version"))
    rows = OutboxMessage.objects.filter(alone | Q(draft__in=votes.values("draft")))
    rows = rows.filter(state__in=[*UNCLAIMED, OutboxState.SENDING])
    found = rows.filter(draft__state=DraftState.APPROVED).values("pk")
    locked = OutboxMessage.objects.select_for_update(of=("self",)).filter(pk__in=found)
    return list(locked.select_related("draft").order_by("id"))


def open_questions(operator: Operator) -> list[Prompt]:
    """What this operator was asked and has not answered, or has put off."""
    rows = Prompt.objects.filter(business_id=operator.business_id, operator=operator, closed_at=None)
    return list(rows.select_related("outbox__about").order_by("created_at", "id"))


def close_questions(prompts: Collection[Prompt], *, now: datetime) -> None:
    rows = Prompt.objects.filter(pk__in=[prompt.pk for prompt in prompts])
    rows.update(closed_at=now, again_at=None, again_on_reply=False)


GO_ON = frozenset({PromptKind.REPLY.value, PromptKind.MEETING.value})
"""Questions that somebody must answer, whoever was asked first."""


def rules_of(business_id: str) -> TeamRules:
    """What is decided about this team, locked until the transaction ends."""
    return rules_in(Business.objects.select_for_update().get(pk=business_id))


def rules_in(row: Business) -> TeamRules:
    return TeamRules(quorum_from=row.quorum_from, days=row.expiry_days, tone=row.tone, high_value=row.high_value)


def keep_rules(business_id: str, rules: TeamRules) -> None:
    Business.objects.filter(pk=business_id).update(
        quorum_from=rules.quorum_from, expiry_days=dict(rules.days), tone=rules.tone, high_value=rules.high_value
    )


def note(
    business_id: str, kind: TeamChange, *, by: str, now: datetime, operator: Operator | None = None,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Keep one change for ever."""
    TeamEvent.objects.create(
        business_id=business_id, kind=kind.value, operator=operator, by=by[:150], before=dict(before or {}),
        after=dict(after or {}), at=now,
    )  # fmt: skip
