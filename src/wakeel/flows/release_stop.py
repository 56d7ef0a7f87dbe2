"""Releasing a stop switch: first what would happen, then one slice of messages after the other. Design sections 6, 7.

Thousands may wait: each slice is a transaction of its own, and what is left after the first of them the worker goes on
with. A switch that is pressed again meanwhile keeps what was not looked at.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from wakeel.domain.audit import Action
from wakeel.domain.outbox import Audience, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.stop_switches import Stop
from wakeel.flows import audit, preview_draft
from wakeel.flows.account_state import note_resumed
from wakeel.flows.ask_again import ask_again
from wakeel.flows.release_held import is_as_approved, release_held
from wakeel.flows.stop_sending import switch_name
from wakeel.store import businesses, stops
from wakeel.store import outbox as outbox_verbs
from wakeel.store.give_way import taking_turns
from wakeel.store.models import OutboxMessage, StopEvent
from wakeel.store.retry import whole_transaction

AT_ONCE = 2
"""Messages in one transaction: SQLite's write lock is everybody's, and each takes about 10 ms."""
FIRST_SLICES = 25
"""Slices that whoever releases waits for."""
COUNTED = 100
"""So many waiting messages are looked at for what a release would do to them."""
LAST_LOOK_AFTER = timedelta(seconds=5)
"""An approval that still saw the switch on may commit after the release: it is looked for once more."""


@dataclass(frozen=True, slots=True)
class Released:
    """leaving, asked: how many messages go on and are asked again so far; waiting: still to be looked at."""

    leaving: int
    asked: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What "release and send" would do. leaving: would go on; asked: changed or grew old, would be asked again;
    staying: something else holds them by now. uncounted: more than were looked at."""

    leaving: int
    asked: int
    staying: int
    uncounted: int

    @property
    def total(self) -> int:
        return self.leaving + self.asked + self.staying + self.uncounted


def what_waits(stop: Stop, *, now: datetime, counted: int = COUNTED) -> Waiting:
    """Count what waits for this switch alone and what would become of it. Reads only.

    counted: how many are looked at for what would become of them; 0 only counts.
    """
    rows = stops.waiting(stop, but_for=stop).select_related("draft")
    found = list(rows[:counted])
    seen = preview_draft.previews([message.draft_id for message in found if message.draft_id], now=now)
    leaving = asked = 0
    for message in found:
        verdict = seen[message.draft_id].verdict if message.draft_id else None
        if message.draft_id and not is_as_approved(message, seen[message.draft_id], now=now):
            asked += 1
        elif verdict is None or verdict.may_be_approved or verdict.is_only_stopped:
            leaving += 1
    return Waiting(leaving, asked, len(found) - leaving - asked, rows.count() - len(found))


def release_stop(stop: Stop, *, send: bool, now: datetime, by: str = "") -> Released:
    """Release one switch and look at what waited for it and for no other one.

    send: True lets go what is unchanged and still approved; False asks again for every one. Fixed texts, about which
    nobody can be asked, leave with it or are taken back.
    """
    event_id = _switch_off(stop, send=send, now=now, by=by)
    if event_id is None:
        return Released(0, 0, 0)
    slices = 0
    while slices < FIRST_SLICES and not _look_at_some(event_id, now=now):
        slices += 1
    event = StopEvent.objects.get(pk=event_id)
    return Released(event.leaving, event.asked, stops.waiting(stop).count())


def go_on_releasing(*, now: datetime) -> bool:
    """The worker's part of releases that somebody made: one slice; True if there is more to do at once.

    The newest first: where two of them let go the same message, what was said last holds.
    """
    return not all(_look_at_some(event.pk, now=now) for event in reversed(stops.undone()))


@whole_transaction
def _switch_off(stop: Stop, *, send: bool, now: datetime, by: str) -> int | None:
    with transaction.atomic():
        event = stops.switch_off(stop, by=by, send=send, at=now)
        if event is None:
            return None
        for business_id in businesses.under(stop):
            if not businesses.is_stopped(business_id):
                note_resumed(business_id, now=now)
        for business_id in businesses.touched_by(stop):
            audit.note(
                business_id,
                by=by,
                action=Action.STOP_RELEASED,
                subject=switch_name(stop),
                after={"send": send},
                now=now,
            )
        return event.pk


@whole_transaction
def _look_at_some(event_id: int, *, now: datetime) -> bool:
    """Decide about one slice; True if nothing waits for this release any more."""
    with taking_turns(), transaction.atomic():
        event = StopEvent.objects.select_for_update().get(pk=event_id)
        if event.done_at is not None:
            return True
        rows = stops.waiting(stops.stop_of(event)).select_for_update(of=("self",))
        found = list(rows.select_related("draft__opportunity__owner", "draft__contact", "draft__number")[:AT_ONCE])
        leaving = asked = 0
        for message in found:
            goes_on = _decide(message, send=bool(event.send), now=now)
            leaving += goes_on and message.audience == Audience.CONTACT
            asked += not goes_on and message.draft is not None
        is_last = len(found) < AT_ONCE
        StopEvent.objects.filter(pk=event.pk).update(
            leaving=F("leaving") + leaving,
            asked=F("asked") + asked,
            done_at=now if is_last and now - event.at >= LAST_LOOK_AFTER else None,
        )
        return is_last


def _decide(message: OutboxMessage, *, send: bool, now: datetime) -> bool:
    """True if it is in the queue again."""
    if message.draft is None:
        row = OutboxMessage.objects.filter(pk=message.pk)
        if not send and message.audience == Audience.CONTACT:
            outbox_verbs.take_back(row, code=ReasonCode(message.hold_code), now=now)
            return False
        return bool(row.update(state=OutboxState.PENDING, hold_code="", due_at=now, updated_at=now))
    if send:
        return release_held(message, now=now)
    ask_again(message, now=now)
    return False
