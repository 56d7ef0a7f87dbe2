"""Daily briefs: who gets one, what they are made of, and that there is one a day."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from wakeel.domain.briefs import COUNTED_TO, KINDS_OF_DECISIONS
from wakeel.domain.drafts import DraftState
from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.prompts import PromptKind
from wakeel.domain.recognition import OperatorState
from wakeel.store.candidates import STILL_OPEN, not_expired
from wakeel.store.compiled import Compiled
from wakeel.store.models import Brief, Card, Decision, Draft, Operator, Opportunity, OutboxMessage, Prompt

_KIND_OF = {action: kind for kind, actions in KINDS_OF_DECISIONS.items() for action in actions}


@dataclass(frozen=True, slots=True)
class Watched:
    """An active operator with number and business. last_on: local date of their newest brief, None before the first.
    waits: something is unsent to them."""

    operator: Operator
    last_on: date | None
    waits: bool


def everybody() -> list[Watched]:
    """Every active operator; one query."""
    return [Watched(row, row.last_on, bool(row.waits)) for row in _EVERYBODY()]


def _everybody() -> QuerySet[Operator]:
    mine = {"business": OuterRef("business"), "operator": OuterRef("pk")}
    unsent = OutboxMessage.objects.filter(
        **mine, audience=Audience.OPERATOR.value, state=OutboxState.PENDING.value
    )  # fmt: skip
    newest = Brief.objects.filter(**mine).order_by("-local_date").values("local_date")[:1]
    rows = Operator.objects.filter(state=OperatorState.ACTIVE.value).select_related("number", "business")
    return rows.annotate(last_on=Subquery(newest), waits=Exists(unsent)).order_by("id")


_EVERYBODY = Compiled(_everybody)


def begin(operator: Operator, local_date: date, *, facts: Mapping[str, Any], now: datetime) -> Brief | None:
    """The brief of that date, made now; None if there was one. The caller holds the operator's lock."""
    brief, is_new = Brief.objects.get_or_create(
        business_id=operator.business_id, operator=operator, local_date=local_date,
        defaults={"facts": dict(facts), "created_at": now},
    )  # fmt: skip
    return brief if is_new else None


def of(brief_id: str) -> Brief | None:
    return Brief.objects.filter(pk=brief_id).first()


def last_of(operator: Operator) -> Brief | None:
    """The newest that left for their phone: on a day on which nothing waited behind a closed window none did."""
    said = Prompt.objects.filter(business=OuterRef("business"), subject=OuterRef("pk"), outbox__wamid__isnull=False)
    rows = Brief.objects.filter(Exists(said), business_id=operator.business_id, operator=operator)
    return rows.order_by("-local_date").first()


def decided_since(business_id: str, since: datetime) -> Counter[str]:
    """How often which kind of decision (`domain.briefs`) was carried out since then, by anybody."""
    # Ids grow with time and no index has the time: what is older ends the look back.
    older = Decision.objects.filter(at__lt=since).order_by("-id").values_list("id", flat=True).first() or 0
    rows = Decision.objects.filter(id__gt=older, carried_out=True).values_list("business_id", "action")
    found: Counter[str] = Counter()
    for business, action, times in rows.annotate(times=Count("id")).order_by():
        if business == business_id and action in _KIND_OF:
            found[_KIND_OF[action]] += times
    return found


def approvals_of(operator: Operator) -> QuerySet[Draft]:
    """Drafts that wait for this operator's approval, the oldest first: of their opportunities, of nobody's, and those
    whose card they have."""
    theirs = Q(opportunity__owner=operator) | Q(opportunity__owner=None)
    abandoned = Q(opportunity__owner__isnull=False) & ~Q(opportunity__owner__state=OperatorState.ACTIVE.value)
    asked = Exists(Card.objects.filter(draft=OuterRef("pk"), operator=operator, closed_at=None))
    rows = Draft.objects.filter(business_id=operator.business_id, state=DraftState.AWAITING_APPROVAL.value)
    rows = rows.filter(theirs | abandoned | asked).order_by("created_at", "id")
    return rows.select_related("opportunity", "contact", "number__business")


def count_approvals(operator: Operator) -> int:
    """How many of those there are, COUNTED_TO at most."""
    return approvals_of(operator).order_by()[:COUNTED_TO].count()


def count_opportunities(operator: Operator, *, now: datetime) -> int:
    """Undecided ones that this operator may be asked about, COUNTED_TO at most."""
    return _opportunities_for(operator, now=now)[:COUNTED_TO].count()


def count_replies(operator: Operator) -> int:
    """What people wrote that this operator has not turned to; without what they put off."""
    rows = Prompt.objects.filter(business_id=operator.business_id, operator=operator, closed_at=None)
    return rows.filter(kind=PromptKind.REPLY.value, again_at=None, again_on_reply=False)[:COUNTED_TO].count()


def people_of(operator: Operator, opportunity_ids: Collection[str], *, now: datetime) -> dict[str, str]:
    """Contact ids by opportunity, for those of these that this operator may be asked about."""
    rows = _opportunities_for(operator, now=now).filter(pk__in=opportunity_ids)
    return dict(rows.values_list("pk", "contact_id")) if opportunity_ids else {}


def _opportunities_for(operator: Operator, *, now: datetime) -> QuerySet[Opportunity]:
    """Undecided, not expired, and in nobody else's charge."""
    free = Q(owner=None) | Q(owner=operator) | ~Q(owner__state=OperatorState.ACTIVE.value)
    return Opportunity.objects.filter(STILL_OPEN, not_expired(now), free, business_id=operator.business_id)
