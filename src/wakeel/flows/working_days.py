"""The working time of a business: its calendar is the gate's, of the country its number is from."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from wakeel import config
from wakeel.domain.waiting import Wait, begin
from wakeel.domain.working_time import WorkingTime
from wakeel.flows import policies
from wakeel.store.models import SendingNumber
from wakeel.store.phone_regions import country_of


def working_time(number: SendingNumber) -> WorkingTime:
    """Of the people who send from this number."""
    return _working(country_of(f"+{number.display_phone}"))


def wait_from(number: SendingNumber, *, days: int, now: datetime) -> Wait:
    """The wait of a draft that is asked about from now on, for so many working days at most."""
    return _wait(policies.current().version, country_of(f"+{number.display_phone}"), days, now)


def _working(country: str | None) -> WorkingTime:
    return WorkingTime(policies.current(), ZoneInfo(config.get().time_zone), country)


@lru_cache(64)
def _wait(_policy: str, country: str | None, days: int, now: datetime) -> Wait:
    """What is asked about together waits alike, and one card must not cost a walk through the calendar each time."""
    return begin(days, working=_working(country), now=now)
