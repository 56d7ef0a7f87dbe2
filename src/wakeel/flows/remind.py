"""Drafts that wait for too long: their operator is reminded, then everybody is asked, then they expire. Issue 7.

Counted in the working time of the business. What comes due together is said together, and nothing is said to a phone
whose window is closed: the brief tells it then.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from wakeel import clock, config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.drafts import EDIT_PATIENCE, UNDECIDED, DraftState
from wakeel.domain.gate import is_window_open
from wakeel.domain.recognition import OperatorState
from wakeel.domain.waiting import Nudge, Wait
from wakeel.domain.waiting import due as due_now
from wakeel.flows.expire_drafts import about_drafts, expire
from wakeel.flows.gather_notices import notify
from wakeel.flows.show_waiting import say_how_many, show_waiting
from wakeel.flows.working_days import working_time
from wakeel.store import draft_waits, drafts, inbox
from wakeel.store.models import Draft, Operator
from wakeel.store.retry import whole_transaction

LOOK_AGAIN = timedelta(hours=1)
"""Where nobody is left who decides."""
NOTHING_WAITS = timedelta(0)
"""Of webhooks: all were decoded."""
_WORDS = {
    Nudge.REMIND: AnswerCode.DRAFTS_WAIT,
    Nudge.ESCALATE: AnswerCode.DRAFTS_WAIT_FOR_ANYBODY,
    Nudge.LAST: AnswerCode.DRAFTS_LAST_CALL,
}


@whole_transaction
def remind_and_expire(*, now: datetime) -> int:
    """Do what is due for drafts that wait; returns how many were looked at. One query while there is nothing."""
    ids = draft_waits.due(now=now)
    if not ids:
        return 0
    with transaction.atomic():
        found = draft_waits.lock(ids)
        draft_waits.forget([draft.id for draft in found if draft.state not in UNDECIDED])
        waiting = [draft for draft in found if draft.state in UNDECIDED]
        round_ = _Round(draft_waits.active_of({draft.business_id for draft in waiting}))
        for draft in waiting:
            _look_at(draft, round_, now=now)
        _say(round_, now=now)
        expire(_nothing_unread(round_.over, now=now), round_.active, now=now)
        return len(found)


@dataclass(slots=True)
class _Round:
    """What is said after one look. active: operators by business. said: drafts by operator and kind of reminder.
    over: drafts whose time is over.
    """

    active: dict[str, list[Operator]]
    said: dict[tuple[str, Nudge], list[Draft]] = field(default_factory=lambda: defaultdict(list))
    over: list[Draft] = field(default_factory=list)


def _look_at(draft: Draft, round_: _Round, *, now: datetime) -> None:
    if not round_.active[draft.business_id]:
        # Nobody is there to decide, or to be told: the time of whoever comes next has not begun.
        draft_waits.look_at(draft, at=now + LOOK_AGAIN)
        return
    working = working_time(draft.number)
    if not working.is_open(now):
        draft_waits.look_at(draft, at=working.next_opening(now))
        return
    if draft.edit_asked_at is not None and now < draft.edit_asked_at + EDIT_PATIENCE:
        # Somebody is writing this very moment.
        draft_waits.look_at(draft, at=draft.edit_asked_at + EDIT_PATIENCE)
        return
    wait = Wait(draft.waits_until or now, Nudge(draft.nudge), draft.nudge_at or now)
    nudge, following = due_now(wait, working=working, now=now)
    if nudge is Nudge.EXPIRE:
        round_.over.append(draft)
        return
    said = {"reminded_at": now} if nudge is Nudge.REMIND else {"reminded_at": now, "escalated_at": now}
    if nudge is not Nudge.REMIND and draft.state == DraftState.EDITING:
        # The text never came: the version there is waits for anybody's decision.
        drafts.move(
            draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.EDITING], editor=None, edit_asked_at=None
        )
    draft_waits.plan(draft, following, **said)
    for operator in _whom(draft, nudge, round_.active[draft.business_id]):
        round_.said[operator.id, nudge].append(draft)


def _nothing_unread(over: Sequence[Draft], *, now: datetime) -> Sequence[Draft]:
    """Those whose end no tap can be older than: what arrived in time and is not decoded yet still counts."""
    age = inbox.oldest_waiting_age(real_now=clock.real_now()) if over else NOTHING_WAITS
    return [draft for draft in over if age == NOTHING_WAITS or now - age > (draft.waits_until or now)]


def _whom(draft: Draft, nudge: Nudge, active: Sequence[Operator]) -> list[Operator]:
    """Whoever was asked, or everybody; of a text that two must approve not whoever has approved it."""
    asked = draft.editor or draft.opportunity.owner
    voted = draft_waits.voted(draft)
    if nudge is Nudge.REMIND and asked is not None and asked.state == OperatorState.ACTIVE and asked.id not in voted:
        return [asked]
    return [one for one in active if one.id not in voted]


def _say(round_: _Round, *, now: datetime) -> None:
    everybody = {one.id: one for ones in round_.active.values() for one in ones}
    for (operator_id, nudge), about in round_.said.items():
        operator = everybody[operator_id]
        if not is_window_open(operator.last_inbound_at, now=now):
            continue
        key = f"nudge:{nudge}:{about[0].id}:{now.isoformat()}:{operator.id}"
        notify(operator, about_drafts(_WORDS[nudge], about), key=key, now=now)
        shown = [draft for draft in about if draft.state == DraftState.AWAITING_APPROVAL]
        for draft in shown[: config.get().open_cards]:
            show_waiting(operator, draft, now=now)
        if len(shown) > config.get().open_cards:
            say_how_many(operator, now=now)
