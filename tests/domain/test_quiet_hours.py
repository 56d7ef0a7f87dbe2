"""Quiet hours: open and shut to the minute, in every zone, across clock changes; the next opening is the first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.policies import ZONES, policies
from wakeel.domain.calendars import Calendar
from wakeel.domain.policy import Policy, policy_from
from wakeel.domain.quiet_hours import HORIZON, QuietHours, quiet_hours

MINUTE = timedelta(minutes=1)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def hours(windows: list[list[str]], *zones: str, **policy: object) -> QuietHours:
    found = quiet_hours(
        policy_from({"send_windows": {"marketing": windows}, **policy}), category="marketing", country=None,
        time_zones=zones,
    )  # fmt: skip
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-22T08:59:59.999999+03:00", False),
        ("2026-11-22T09:00:00+03:00", True),
        ("2026-11-22T20:59:59.999999+03:00", True),
        ("2026-11-22T21:00:00+03:00", False),
    ],
)
def test_a_window_is_half_open(moment: str, is_open: bool):
    assert hours([["09:00", "21:00"]], "Asia/Riyadh").is_open(at(moment)) is is_open


def test_a_window_may_reach_to_midnight():
    late = hours([["23:00", "24:00"]], "Asia/Riyadh")
    assert late.is_open(at("2026-11-22T23:59:59+03:00"))
    assert not late.is_open(at("2026-11-23T00:00:00+03:00"))


def test_all_zones_must_be_open_and_an_unknown_zone_counts_for_nothing():
    both = hours([["09:00", "17:00"]], "Europe/London", "America/New_York")
    assert both.next_opening(at("2026-11-23T09:30:00+00:00")) == at("2026-11-23T09:00:00-05:00")
    assert hours([["09:00", "17:00"]], "Mars/Olympus", default_time_zone="Asia/Dubai").zones[0].key == "Asia/Dubai"
    assert [zone.key for zone in hours([], "Asia/Qatar", "nowhere").zones] == ["Asia/Qatar"]


def test_zones_that_are_never_open_together_have_no_opening():
    """Half a world apart and one hour each: a person has to say which zone it is."""
    assert hours([["09:00", "10:00"]], "Asia/Riyadh", "America/New_York").next_opening(at("2026-11-22T00:00Z")) is None


def test_the_search_ends_at_its_horizon():
    """One open day 59 days ahead is found, one behind the horizon is not."""
    start = at("2026-11-22T00:00:00+03:00")
    days = [(start + timedelta(days=n)).astimezone(UTC).date() for n in range(70)]
    for ahead, found in ((59, True), (62, False)):
        shut = Calendar(closed_dates={"marketing": frozenset(days) - {days[ahead]}})
        policy = replace(policy_from({}), calendars={"SA": shut})
        asked = quiet_hours(policy, category="marketing", country="SA", time_zones=["Asia/Riyadh"])
        assert asked is not None
        assert (asked.next_opening(start) is not None) is found


@pytest.mark.parametrize(
    ("zone", "window", "asked_at", "opens_at"),
    [
        # Clocks jump from 01:00 to 02:00: a window that begins in the gap opens with the jump.
        ("Europe/London", ["01:30", "03:00"], "2027-03-28T00:10:00+00:00", "2027-03-28T01:00:00+00:00"),
        # A window inside the gap does not exist that day.
        ("Europe/London", ["01:10", "01:50"], "2027-03-28T00:10:00+00:00", "2027-03-29T00:10:00+00:00"),
        # Clocks go back from 02:00 to 01:00: the hour comes twice, and the window with it.
        ("Europe/London", ["01:30", "02:00"], "2026-10-25T00:10:00+00:00", "2026-10-25T00:30:00+00:00"),
        ("Europe/London", ["01:30", "02:00"], "2026-10-25T01:00:00+00:00", "2026-10-25T01:30:00+00:00"),
        # Going back re-enters a window without passing its start.
        ("Europe/London", ["01:00", "01:40"], "2026-10-25T00:50:00+00:00", "2026-10-25T01:00:00+00:00"),
        # Cairo's clocks change at midnight.
        ("Africa/Cairo", ["00:00", "01:00"], "2027-04-29T21:00:00+00:00", "2027-04-30T21:00:00+00:00"),
    ],
)
def test_an_opening_is_found_across_clock_changes(zone: str, window: list[str], asked_at: str, opens_at: str):
    found = hours([window], zone).next_opening(at(asked_at))
    assert found == at(opens_at)
    assert found == first_by_looking(hours([window], zone), at(asked_at))


def first_by_looking(asked: QuietHours, start: datetime, *, longest: timedelta = timedelta(days=3)) -> datetime | None:
    """The slow and simple way: every minute."""
    moment = start.replace(second=0, microsecond=0)
    if moment < start:
        moment += MINUTE
    while moment <= start + longest:
        if asked.is_open(moment):
            return moment
        moment += MINUTE
    return None


@given(
    policies(),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=2),
    st.sampled_from(["SA", "EG", "US", None]),
    st.sampled_from(["2026-10-23", "2026-10-31", "2026-11-01", "2027-03-13", "2027-03-27", "2027-04-29", "2027-02-07"]),
    st.integers(0, 2 * 24 * 60),
)
def test_the_next_opening_is_open_and_no_minute_before_it_is(
    policy: Policy, zones: list[str], country: str | None, day: str, minutes: int
):
    """Around the days on which clocks change, where this goes wrong."""
    asked = quiet_hours(policy, category="marketing", country=country, time_zones=zones)
    if asked is None:
        assert "marketing" not in policy.send_windows
        return
    start = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + minutes * MINUTE
    found, looked = asked.next_opening(start), first_by_looking(asked, start)
    if looked is not None:
        assert found == looked
    else:
        assert found is None or start + timedelta(days=3) < found <= start + HORIZON
        assert found is None or asked.is_open(found)


def test_only_listed_categories_are_quieted():
    policy = policy_from({"send_windows": {"marketing": []}})
    asked: Mapping[str, bool] = {
        category: quiet_hours(policy, category=category, country=None, time_zones=()) is not None
        for category in ("marketing", "utility", "service", "authentication")
    }
    assert asked == {"marketing": True, "utility": False, "service": False, "authentication": False}
