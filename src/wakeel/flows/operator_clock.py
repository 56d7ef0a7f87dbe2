"""By which clock an operator lives and works, and times said by it."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from wakeel import config
from wakeel.domain.words import Text
from wakeel.domain.working_time import WorkingTime
from wakeel.flows.reply import local_time
from wakeel.flows.working_days import working_time
from wakeel.store.models import Operator


def zone_of(operator: Operator) -> ZoneInfo:
    """Their own, else the business's."""
    return ZoneInfo(operator.time_zone or config.get().time_zone)


def hours_of(operator: Operator) -> WorkingTime:
    """The business's working days, by the operator's own clock where they have one."""
    hours = working_time(operator.number)
    return replace(hours, zone=ZoneInfo(operator.time_zone)) if operator.time_zone else hours


def said_to(operator: Operator, at: datetime) -> Text:
    """Date and time as their clock shows them."""
    return Text.both(lambda language: local_time(at, language, zone=operator.time_zone))
