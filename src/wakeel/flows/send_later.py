"""An approved text that shall leave at a later hour: which hours can be offered, and the gate's answer for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.drafts import APPROVAL_LIFE
from wakeel.domain.gate import preview
from wakeel.domain.snooze import TIME_WORDS, SnoozeChoice, comes_back_at, is_evening_ahead
from wakeel.domain.words import Text
from wakeel.flows.operator_clock import hours_of
from wakeel.flows.preview_draft import Preview
from wakeel.store import operators
from wakeel.store.models import Operator

CHOICES = (SnoozeChoice.HOUR, SnoozeChoice.EVENING, SnoozeChoice.TOMORROW)


@dataclass(frozen=True, slots=True)
class Hour:
    """A time that can be chosen. choice: what the form posts. at: aware UTC, as of now."""

    choice: SnoozeChoice
    words: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """sends: hours at which a text could leave, the earliest first; none where the gate objects to all. returns: when
    something that is put off may come back."""

    sends: tuple[Hour, ...] = ()
    returns: tuple[tuple[SnoozeChoice, Text], ...] = ()


def offered(operator_id: str, seen: Preview | None, *, now: datetime) -> Offered:
    """What can be chosen now, by the clock of whoever chooses. seen: the text that waits, None without one."""
    operator = operators.by_id(operator_id)
    if operator is None:
        return Offered()
    zone = hours_of(operator).zone
    is_evening_over = not is_evening_ahead(now, zone=zone)
    returns = [(one, words) for one, words in TIME_WORDS.items() if one != SnoozeChoice.EVENING or not is_evening_over]
    may_leave = seen is not None and seen.verdict.may_be_approved
    return Offered(tuple(_working(operator, seen, now=now)) if seen is not None and may_leave else (), tuple(returns))


def chosen_hour(operator_id: str, choice: str, *, now: datetime) -> datetime | None:
    """When a message leaves for which this was chosen, by the clock of whoever chose; None for no such choice."""
    operator = operators.by_id(operator_id)
    if operator is None or choice not in CHOICES:
        return None
    return comes_back_at(SnoozeChoice(choice), now=now, hours=hours_of(operator))


def _working(operator: Operator, seen: Preview, *, now: datetime) -> Iterator[Hour]:
    hours = hours_of(operator)
    for choice in CHOICES:
        if choice is SnoozeChoice.EVENING and not is_evening_ahead(now, zone=hours.zone):
            continue
        at = comes_back_at(choice, now=now, hours=hours)
        # An approval ends after APPROVAL_LIFE; what would only wait on at that hour is no hour of its own.
        verdict = preview(seen.request, now=at)
        leaves = verdict.may_be_approved and verdict.next_allowed_at is None
        if leaves and at - now < APPROVAL_LIFE:
            yield Hour(choice, TIME_WORDS[choice], at)
