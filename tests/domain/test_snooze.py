"""When something comes back: by the operator's clock, on working days, across clock changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.cards import ROW_DESCRIPTION_LIMIT, ROW_TITLE_LIMIT
from wakeel.domain.skip_reasons import LESSONS, REASON_EFFECTS, REASON_WORDS, SkipReason
from wakeel.domain.snooze import (
    BEFORE_EXPIRY,
    TIME_WORDS,
    SnoozeChoice,
    before_expiry,
    comes_back_at,
    is_tomorrow,
    working_morning,
)
from wakeel.domain.text import fits
from wakeel.domain.working_time import WorkingTime
from wakeel.policy_files import load

RIYADH = WorkingTime(load(""), ZoneInfo("Asia/Riyadh"), None)
CAIRO = replace(RIYADH, zone=ZoneInfo("Africa/Cairo"))


def riyadh(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 22nd is a Sunday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=RIYADH.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("choice", "now", "back_at"),
    [
        ("hour", riyadh(22, 23, 30), riyadh(23, 0, 30)),
        ("evening", riyadh(22, 12), riyadh(22, 18)),
        ("evening", riyadh(22, 17), riyadh(22, 18)),
        ("evening", riyadh(22, 17, 1), riyadh(23, 9)),
        ("tomorrow", riyadh(22, 12), riyadh(23, 9)),
        ("tomorrow", riyadh(22, 1), riyadh(23, 9)),
        ("tomorrow", riyadh(26, 12), riyadh(29, 9)),  # Thursday: the weekend is Friday and Saturday
        ("reply", riyadh(22, 12), riyadh(22, 12) + timedelta(days=14)),
    ],
)
def test_times_are_those_of_the_operators_day(choice: str, now: datetime, back_at: datetime):
    assert comes_back_at(SnoozeChoice(choice), now=now, hours=RIYADH) == back_at


def test_two_working_days_go_over_a_weekend():
    assert working_morning(riyadh(25, 12), hours=RIYADH, after=2) == riyadh(29, 9)


def test_a_morning_is_nine_by_the_clock_also_after_the_clock_changed():
    """Cairo goes back an hour on the last Thursday of October."""
    before = datetime(2026, 10, 29, 12, 0, tzinfo=CAIRO.zone).astimezone(UTC)
    at = comes_back_at(SnoozeChoice.TOMORROW, now=before, hours=CAIRO).astimezone(CAIRO.zone)
    assert (at.hour, at.date().isoformat()) == (9, "2026-11-01")


def test_the_title_says_tomorrow_only_if_it_is():
    assert is_tomorrow(riyadh(23, 9), now=riyadh(22, 23), zone=RIYADH.zone)
    assert not is_tomorrow(riyadh(29, 9), now=riyadh(26, 12), zone=RIYADH.zone)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(SnoozeChoice),
    st.sampled_from([RIYADH, CAIRO, replace(RIYADH, zone=ZoneInfo("America/New_York"))]),
)
def test_whenever_it_is_put_off_it_comes_back_later_and_within_weeks(now: datetime, choice: SnoozeChoice, hours):
    at = comes_back_at(choice, now=now, hours=hours)
    assert now < at <= now + timedelta(days=30)


@given(st.integers(-100, 400), st.integers(1, 400))
def test_nothing_comes_back_after_its_end_or_at_once(ends_in: int, wanted_in: int):
    now = riyadh(22, 12)
    ends, wanted = now + timedelta(minutes=ends_in), now + timedelta(minutes=wanted_in)
    at = before_expiry(wanted, expires_at=ends, now=now)
    assert now < at
    if wanted >= ends and ends - now > BEFORE_EXPIRY + timedelta(minutes=5):
        assert at == ends - BEFORE_EXPIRY
    if wanted < ends:
        assert at == wanted


def test_every_choice_has_words_that_fit_a_row():
    assert set(TIME_WORDS) == set(SnoozeChoice)
    assert set(REASON_WORDS) == set(REASON_EFFECTS) == set(LESSONS) == set(SkipReason)
    for words in (*TIME_WORDS.values(), *REASON_WORDS.values()):
        assert fits(words.ar, limit=ROW_TITLE_LIMIT)
        assert fits(words.en, limit=ROW_TITLE_LIMIT)
    for words in REASON_EFFECTS.values():
        assert fits(words.ar, limit=ROW_DESCRIPTION_LIMIT)
        assert fits(words.en, limit=ROW_DESCRIPTION_LIMIT)
