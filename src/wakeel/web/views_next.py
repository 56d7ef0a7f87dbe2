"""What comes after the first decision, by click: later, research, a meeting, a reason, a result."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from wakeel import clock
from wakeel.domain.amounts import amount_of
from wakeel.domain.answers import AnswerCode
from wakeel.domain.opportunities import Outcome
from wakeel.domain.skip_reasons import SkipReason
from wakeel.domain.snooze import SnoozeChoice
from wakeel.flows.add_facts import add_facts
from wakeel.flows.choose_next import schedule
from wakeel.flows.close_opportunity import close, keep_value
from wakeel.flows.decide_on_screen import Verb, decide_on_screen
from wakeel.flows.give_reason import give_reason
from wakeel.flows.put_off import Deciding, put_off, research
from wakeel.flows.reply import Reply
from wakeel.flows.wake_snoozed import bring_back
from wakeel.store.screens.seat import Seat
from wakeel.web import whose
from wakeel.web.seats import deciding, one_time_key, operator_of, tell
from wakeel.web.views_decide import go_on, stay

C = TypeVar("C", bound=StrEnum)


@deciding
def act(request: HttpRequest, seat: Seat, opportunity_id: str, verb: str) -> HttpResponse:
    """One of VERBS; 404 for an opportunity of somebody else, and for a choice that is not on the page."""
    if (others := whose.refused(request, seat, opportunity_id)) is not None:
        return others
    reply = decide_on_screen(
        operator_of(seat), opportunity_id, VERBS[verb](request), shown_state=request.POST.get("state", ""),
        tap_key=one_time_key(request), now=clock.now(),
    )  # fmt: skip
    tell(request, reply)
    goes_on = reply.carried_out and verb in GOES_ON
    return redirect(go_on(request, seat) if goes_on else stay(request, seat, opportunity_id))


GOES_ON = frozenset({"snooze", "needs_research"})
"""After these there is nothing more to decide about it now."""


def _snooze(request: HttpRequest) -> Verb:
    choice = _chosen(SnoozeChoice, request.POST.get("when", ""))
    return lambda deciding, now: put_off(deciding, choice, now=now)


def _reason(request: HttpRequest) -> Verb:
    reason = _chosen(SkipReason, request.POST.get("reason", ""))
    return lambda deciding, now: give_reason(deciding, reason, now=now)


def _facts(request: HttpRequest) -> Verb:
    text = request.POST.get("text", "")
    return lambda deciding, now: add_facts(deciding, text, now=now)


def _close(request: HttpRequest) -> Verb:
    outcome = _chosen(Outcome, request.POST.get("outcome", ""))
    typed = request.POST.get("value", "").strip() if outcome is Outcome.WON else ""
    value = amount_of(typed)
    if typed and value is None:
        return _value_invalid
    return lambda deciding, now: close(deciding, outcome, value=value, now=now)


def _value(request: HttpRequest) -> Verb:
    value = amount_of(request.POST.get("value", ""))
    if value is None:
        return _value_invalid
    return lambda deciding, now: keep_value(deciding, value, now=now)


def _value_invalid(_deciding: Deciding, _now: datetime) -> Reply:
    return Reply(AnswerCode.VALUE_INVALID)


VERBS: dict[str, Callable[[HttpRequest], Verb]] = {
    "schedule": lambda _: lambda deciding, now: schedule(deciding, now=now),
    "needs_research": lambda _: lambda deciding, now: research(deciding, now=now),
    "bring_back": lambda _: lambda deciding, now: bring_back(deciding, now=now),
    "snooze": _snooze,
    "reason": _reason,
    "facts": _facts,
    "close": _close,
    "value": _value,
}
"""By the last part of the address: reads the form, and gives what decides."""


def _chosen(kind: type[C], value: str) -> C:
    try:
        return kind(value)
    except ValueError:
        raise Http404 from None
