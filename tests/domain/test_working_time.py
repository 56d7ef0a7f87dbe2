"""Working time: weekends, holidays and Ramadan count for nothing or less; nothing expires over a weekend."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.policy import policy_from
from wakeel.domain.working_time import WorkingTime
from wakeel.policy_files import load

RIYADH = ZoneInfo("Asia/Riyadh")
WORK = WorkingTime(load(""), RIYADH, "SA")
HOUR = timedelta(hours=1)


def at(written: str) -> datetime:
    """Riyadh wall time, as UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=RIYADH).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-22 10:00", 4, "2026-11-22 14:00"),
        ("2026-11-22 13:00", 4, "2026-11-23 09:00"),
        ("2026-11-22 20:00", 1, "2026-11-23 10:00"),
        ("2026-11-26 16:00", 4, "2026-11-29 12:00"),
        ("2026-11-27 11:00", 0, "2026-11-29 09:00"),
        ("2027-02-08 09:00", 2, "2027-02-08 12:00"),
        ("2027-03-08 16:00", 2, "2027-03-14 10:00"),
        ("2026-09-22 16:00", 2, "2026-09-23 10:00"),
        ("2027-09-22 16:00", 2, "2027-09-26 10:00"),
    ],
    ids=["a day", "what ends with the day is next morning", "evening", "over a weekend", "on Friday", "Ramadan at ten",
         "Eid and the weekend behind it", "a year whose holidays nobody listed", "National Day"],
)  # fmt: skip
def test_hours_are_counted_where_people_work(start, hours, end):
    assert WORK.after(at(start), hours * HOUR) == at(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-22 10:30", 3, "2026-11-25 10:30"),
        ("2026-11-25 10:30", 3, "2026-11-30 10:30"),
        ("2026-11-27 22:00", 1, "2026-11-30 09:00"),
        ("2027-03-07 09:30", 1, "2027-03-08 10:00"),
        ("2027-03-08 12:00", 3, "2027-03-16 12:00"),
    ],
    ids=["a week", "over a weekend", "from a Friday night", "an hour that Ramadan closes", "over Eid"],
)
def test_days_are_working_days_at_the_same_hour(start, days, end):
    assert WORK.days_after(at(start), days) == at(end)


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1)).map(lambda one: one.replace(tzinfo=UTC)),
    minutes=st.integers(0, 60 * 40),
)
@settings(max_examples=60)
def test_what_was_added_can_be_taken_off_again(start, minutes):
    """A last reminder so many working hours before the end really has them in front of it."""
    opening, worked = WORK.next_opening(start), timedelta(minutes=minutes)
    end = WORK.after(start, worked)
    assert WORK.is_open(opening)
    assert WORK.is_open(end)
    assert end >= start + worked
    assert WORK.after(WORK.before(end, worked), worked) == end


def test_hours_follow_the_clock_through_a_change():
    """Cairo, 2026-10-29: the evening has 25 hours, the working day has eight."""
    cairo = WorkingTime(load(""), ZoneInfo("Africa/Cairo"), None)
    start = datetime(2026, 10, 29, 13, tzinfo=ZoneInfo("Africa/Cairo")).astimezone(UTC)
    assert cairo.after(start, 5 * HOUR) == datetime(2026, 11, 1, 10, tzinfo=ZoneInfo("Africa/Cairo")).astimezone(UTC)


def test_a_calendar_that_never_opens_does_not_wait_for_ever():
    closed = WorkingTime(policy_from({"send_windows": {"marketing": [], "utility": []}}), RIYADH, None)
    assert closed.after(at("2026-11-22 10:00"), HOUR) == at("2026-11-22 11:00")
    assert closed.before(at("2026-11-22 10:00"), HOUR) == at("2026-11-22 09:00")
    assert closed.days_after(at("2026-11-22 10:00"), 3) > at("2026-11-22 10:00")
    assert not closed.is_open(at("2026-11-22 10:00"))


def test_a_policy_without_windows_leaves_the_office_hours():
    plain = WorkingTime(policy_from({"send_windows": {}}), RIYADH, "SA")
    assert plain.after(at("2026-11-22 08:00"), HOUR) == at("2026-11-22 10:00")
