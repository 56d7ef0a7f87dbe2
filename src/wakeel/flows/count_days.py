"""What happened on each day, counted behind everything else, so that the page of numbers counts no messages."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from wakeel.domain.numbers import LONGEST_DAYS, recount_after
from wakeel.store import day_counts
from wakeel.store.give_way import taking_turns
from wakeel.store.retry import whole_transaction


@whole_transaction
def count_a_day(*, zone: str, now: datetime) -> bool:
    """Count the day that is due most, the newest first; True if there was one. zone: in which a day begins."""
    today = now.astimezone(ZoneInfo(zone)).date()
    for business_id in day_counts.businesses():
        counted = day_counts.counted(business_id, since=today - timedelta(days=LONGEST_DAYS))
        for age in range(LONGEST_DAYS):
            day = today - timedelta(days=age)
            before = counted.get(day)
            if before is None or before <= now - recount_after(timedelta(days=age)):
                found = day_counts.count(business_id, start=begin(day, zone), end=begin(day + timedelta(1), zone))
                with taking_turns(), transaction.atomic():
                    day_counts.keep(business_id, day, found, before=before, now=now)
                return True
    return False


def begin(day: date, zone: str) -> datetime:
    """Its first moment there, aware."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
