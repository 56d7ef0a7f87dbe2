"""The clock that runs from the day somebody asks about their data."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.rights import (
    CAME_BY_WORDS,
    ERASURE_WORDS,
    REQUEST_STATE_WORDS,
    RIGHT_WORDS,
    CameBy,
    ErasureReason,
    RequestState,
    Right,
    due_at,
    extended_until,
    is_overdue,
    last_day,
    whole_days,
)

CAME = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def test_thirty_days_and_once_thirty_more():
    """Implementing regulation, article 3: 30 days, once extendable by 30."""
    due = due_at(CAME)
    assert due - CAME == 30 * DAY
    assert last_day(due, None) == due
    assert last_day(due, extended_until(due)) - CAME == 60 * DAY


@pytest.mark.parametrize(
    ("after", "days", "late"),
    [
        (0 * DAY, 30, False), (DAY - timedelta(seconds=1), 29, False), (29.5 * DAY, 0, False), (30 * DAY, 0, False),
        (30 * DAY + timedelta(seconds=1), 0, True), (31 * DAY, 1, True), (45 * DAY, 15, True),
    ],
)  # fmt: skip
def test_the_days_that_are_left_and_the_days_it_is_late(after: timedelta, days: int, late: bool):
    now, until = CAME + after, due_at(CAME)
    assert (whole_days(until, now=now), is_overdue(until, now=now)) == (days, late)


@given(st.integers(0, 100 * 86_400), st.integers(0, 86_400))
def test_time_never_gives_days_back(passed: int, more: int):
    until, now = due_at(CAME), CAME + timedelta(seconds=passed)
    later = now + timedelta(seconds=more)
    if not is_overdue(until, now=later):
        assert whole_days(until, now=later) <= whole_days(until, now=now)
    assert is_overdue(until, now=later) >= is_overdue(until, now=now)


def test_every_word_has_both_languages():
    tables = ((Right, RIGHT_WORDS), (CameBy, CAME_BY_WORDS), (RequestState, REQUEST_STATE_WORDS))
    for kinds, words in (*tables, (ErasureReason, ERASURE_WORDS)):
        assert set(words) == set(kinds)
        assert all(text.ar and text.en for text in words.values())
