"""Month by month: how many messages were delivered, by number, category and what Meta charges them as."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from wakeel.store import prices
from wakeel.store.give_way import taking_turns
from wakeel.store.prices import Kind
from wakeel.store.retry import whole_transaction

SETTLED_AFTER = timedelta(minutes=1)
"""No transaction of ours lasts this long, and a status that came before its send's answer is matched by then."""


@whole_transaction
def count_some(*, zone: str, now: datetime) -> bool:
    """Count one slice of new statuses; True if more wait. zone: in which a month begins."""
    span = prices.next_span(before=now - SETTLED_AFTER)
    if span is None:
        return False
    counts = Counter(
        Kind(one.business_id, one.number_id, month_of(one.at, zone=zone), one.category, one.pricing_type)
        for one in prices.priced_in(span)
    )
    with taking_turns(), transaction.atomic():
        prices.add(span, counts)
    return span.is_full


def month_of(at: datetime, *, zone: str) -> date:
    """The first day of the month that it is in this zone."""
    return at.astimezone(ZoneInfo(zone)).date().replace(day=1)
