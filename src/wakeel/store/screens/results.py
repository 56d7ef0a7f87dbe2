"""What became of opportunities in one month: won and lost, and what the won ones were worth."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from wakeel.domain.amounts import amount_words
from wakeel.domain.opportunities import OpportunityState
from wakeel.store.models import Opportunity

_ENDED = [OpportunityState.WON.value, OpportunityState.LOST.value]


@dataclass(frozen=True, slots=True)
class Results:
    """worth: of the won ones together, as it is written; '' if nobody said of any."""

    won: int
    lost: int
    worth: str

    @property
    def is_any(self) -> bool:
        return bool(self.won or self.lost)


def read(business_id: str, *, month: date, zone: str) -> Results:
    """month: its first day, in this zone."""
    since = datetime.combine(month, time.min, ZoneInfo(zone))
    rows = Opportunity.objects.filter(business_id=business_id, state__in=_ENDED, closed_at__gte=since)
    found = {
        state: (times, worth)
        for state, times, worth in rows.values_list("state").annotate(Count("pk"), Sum("result_value")).order_by()
    }
    won, worth = found.get(OpportunityState.WON.value, (0, None))
    lost, _ = found.get(OpportunityState.LOST.value, (0, None))
    return Results(won, lost, amount_words(Decimal(worth)) if worth is not None else "")
