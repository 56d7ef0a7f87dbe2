"""How long a draft waits for approval, and what happens to it by the clock meanwhile. Issue 7.

Reminded after four working hours, shown to everybody after eight, once more four working hours before it expires. A
draft never expires without that last reminder, however far the clock jumped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wakeel.domain.risk import Risk
from wakeel.domain.working_time import WorkingTime

REMIND_AFTER = timedelta(hours=4)
ESCALATE_AFTER = timedelta(hours=8)
LAST_CALL = timedelta(hours=4)
"""All three in working time."""
EXPIRY_DAYS = 3
LONGEST_WAIT_DAYS = 30


class Nudge(StrEnum):
    """What the clock does next to a draft that waits."""

    REMIND = "remind"  # whoever was asked is asked again
    ESCALATE = "escalate"  # everybody of the business is asked
    LAST = "last"  # everybody, for the last time
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Wait:
    """until: when it expires. nudge: what happens next, at `at`."""

    until: datetime
    nudge: Nudge
    at: datetime


def expiry_days(of_risks: Mapping[str, object], risk: str) -> int:
    """Working days that a draft of this risk waits. of_risks: as kept with the business; what it lacks waits three."""
    days = of_risks.get(Risk(risk).value, EXPIRY_DAYS)
    return min(max(days, 1), LONGEST_WAIT_DAYS) if isinstance(days, int) else EXPIRY_DAYS


def begin(days: int, *, working: WorkingTime, now: datetime) -> Wait:
    """The wait of a draft that is asked about from now on."""
    until = working.days_after(now, days)
    reminded_at, last_at = working.after(now, REMIND_AFTER), working.before(until, LAST_CALL)
    return Wait(until, Nudge.REMIND, reminded_at) if reminded_at < last_at else Wait(until, Nudge.LAST, last_at)


def due(wait: Wait, *, working: WorkingTime, now: datetime) -> tuple[Nudge, Wait]:
    """What is to be done now of a wait whose time has come, and what comes after it.

    Of several that came due together only the last is done: nobody is reminded twice in a row.
    """
    doing, following = wait, _following(wait, working=working)
    while following.nudge is not Nudge.EXPIRE and following.at <= now:
        doing, following = following, _following(following, working=working)
    if doing.nudge is Nudge.LAST:
        until = max(wait.until, working.after(now, LAST_CALL))
        following = Wait(until, Nudge.EXPIRE, until)
    return doing.nudge, following


def _following(wait: Wait, *, working: WorkingTime) -> Wait:
    last_at = working.before(wait.until, LAST_CALL)
    match wait.nudge:
        case Nudge.REMIND:
            escalated_at = working.after(wait.at, ESCALATE_AFTER - REMIND_AFTER)
            if escalated_at < last_at:
                return Wait(wait.until, Nudge.ESCALATE, escalated_at)
            return Wait(wait.until, Nudge.LAST, last_at)
        case Nudge.ESCALATE:
            return Wait(wait.until, Nudge.LAST, last_at)
        case Nudge.LAST | Nudge.EXPIRE:
            return Wait(wait.until, Nudge.EXPIRE, wait.until)
