"""An operator's own brief: at which hour, on which days, by which clock; and whether it can reach them at all."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from wakeel.domain import briefs
from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Action
from wakeel.domain.gate import is_window_open, window_closes_at
from wakeel.flows import audit
from wakeel.flows.brief_digest import hours_of
from wakeel.flows.knock import template_for
from wakeel.flows.operator_clock import said_to
from wakeel.flows.reply import Reply
from wakeel.store import decisions, operators
from wakeel.store.retry import whole_transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """minute: of the local day, None for no brief. days: ISO weekday numbers. zone: IANA, '' for the business's."""

    minute: int | None
    days: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """next_at: None without a brief. closes_at: of their own window, None while it is closed. is_reachable: an approved
    template can ask them to open it."""

    wanted: Wanted
    next_at: datetime | None
    closes_at: datetime | None
    is_reachable: bool


def read(operator_id: str, *, now: datetime) -> Standing | None:
    """None if there is no such operator."""
    operator = operators.by_id(operator_id)
    if operator is None:
        return None
    is_open = is_window_open(operator.last_inbound_at, now=now)
    return Standing(
        wanted=Wanted(operator.brief_minute, operator.brief_days, operator.time_zone),
        next_at=briefs.next_at(hours_of(operator), now=now),
        closes_at=window_closes_at(operator.last_inbound_at) if is_open else None,
        is_reachable=template_for(operator) is not None,
    )


@whole_transaction
def change(operator_id: str, wanted: Wanted, *, now: datetime) -> Reply:
    """From the next brief on. The answer says when it comes, or which zone is none."""
    if wanted.zone and wanted.zone not in available_timezones():
        return Reply(AnswerCode.TIME_ZONE_UNKNOWN)
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        operators.set_brief(operator, minute=wanted.minute, days=wanted.days, zone=wanted.zone)
        after = {"minute": wanted.minute, "days": wanted.days, "zone": wanted.zone}
        audit.note(
            operator.business_id, by=operator.id, action=Action.BRIEF_CHANGED, subject=operator.id, after=after, now=now
        )
    at = briefs.next_at(hours_of(operator), now=now)
    if at is None:
        return Reply(AnswerCode.BRIEF_SET_OFF, carried_out=True)
    return Reply(AnswerCode.BRIEF_SET, {"t": said_to(operator, at)}, carried_out=True)
