"""How a draft waits: reminded, shown to everybody, said once more, and only then over."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.waiting import LAST_CALL, Nudge, Wait, begin, due, expiry_days
from wakeel.domain.working_time import WorkingTime
from wakeel.policy_files import load

RIYADH = ZoneInfo("Asia/Riyadh")
WORK = WorkingTime(load(""), RIYADH, "SA")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=RIYADH).astimezone(UTC)


def walk(wait: Wait) -> list[tuple[str, datetime]]:
    """Every step of a wait whose clock is always looked at in time."""
    steps = []
    while True:
        nudge, following = due(wait, working=WORK, now=wait.at)
        steps.append((nudge.value, wait.at))
        if nudge is Nudge.EXPIRE:
            return steps
        wait = following


def test_three_days_are_a_reminder_everybody_a_last_call_and_the_end():
    assert walk(begin(3, working=WORK, now=at("2026-11-25 11:00"))) == [
        ("remind", at("2026-11-25 15:00")),
        ("escalate", at("2026-11-26 11:00")),
        ("last", at("2026-11-29 15:00")),
        ("expire", at("2026-11-30 11:00")),
    ]


def test_one_day_has_no_time_for_more_than_the_last_call():
    assert walk(begin(1, working=WORK, now=at("2026-11-22 11:00"))) == [
        ("last", at("2026-11-22 15:00")),
        ("expire", at("2026-11-23 11:00")),
    ]


@given(minutes=st.integers(0, 60 * 24 * 30), days=st.integers(1, 10), jump=st.integers(0, 60 * 24 * 60))
@settings(max_examples=60)
def test_nothing_expires_without_a_last_call_however_far_the_clock_jumps(minutes, days, jump):
    start = at("2027-01-20 00:00") + timedelta(minutes=minutes)
    wait = begin(days, working=WORK, now=start)
    now = WORK.next_opening(wait.at + timedelta(minutes=jump))
    seen = []
    while True:
        nudge, following = due(wait, working=WORK, now=now)
        seen.append((nudge, now))
        if nudge is Nudge.EXPIRE:
            break
        assert following.at > now or following.at == following.until
        wait, now = following, max(now, following.at)
    (last, said_at), (_, over_at) = seen[-2:]
    assert last is Nudge.LAST
    assert over_at >= WORK.after(said_at, LAST_CALL)
    assert len({nudge for nudge, _ in seen}) == len(seen)


@pytest.mark.parametrize(
    ("kept", "days"),
    [({}, 3), ({"high": 1}, 1), ({"high": 0}, 1), ({"high": 900}, 30), ({"high": "5"}, 3), ({"low": 1}, 3)],
)
def test_days_are_read_from_what_is_kept_and_never_absurd(kept, days):
    assert expiry_days(kept, "high") == days
