"""What became of opportunities in the end: won or lost, and what a won one was worth."""

from datetime import datetime
from decimal import Decimal

from wakeel.domain.opportunities import OpportunityState, Outcome
from wakeel.store.models import Decision, Operator, Opportunity

SEVERAL = 2


def close(opportunity: Opportunity, *, value: Decimal | None, now: datetime) -> None:
    """The caller moved it, and holds its lock. value: None if nobody said. Nothing brings it back any more."""
    opportunity.closed_at, opportunity.result_value = now, value
    opportunity.snoozed_until, opportunity.snoozed_for_reply = None, False
    Opportunity.objects.filter(pk=opportunity.pk).update(
        closed_at=now, result_value=value, snoozed_until=None, snoozed_for_reply=False, updated_at=now
    )


def keep_value(opportunity: Opportunity, value: Decimal, *, now: datetime) -> None:
    """Of a won one, by whoever holds its lock."""
    opportunity.result_value = value
    Opportunity.objects.filter(pk=opportunity.pk).update(result_value=value, updated_at=now)


def without_value(operator: Operator, *, since: datetime) -> list[str]:
    """What this operator marked as won since then, on the phone, and said no value of: ids, the first few."""
    rows = Decision.objects.filter(operator=operator, business_id=operator.business_id, at__gte=since)
    rows = rows.filter(action=Outcome.WON.value, via="phone", carried_out=True)
    rows = rows.filter(opportunity__state=OpportunityState.WON.value, opportunity__result_value=None)
    return list(rows.order_by("-id").values_list("opportunity_id", flat=True)[:SEVERAL])
