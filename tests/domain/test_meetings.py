"""Times that suit both sides: whose hours, whose days off, and what operators type."""

from datetime import UTC, date, datetime, timedelta
from email.headerregistry import Address
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel import policy_files
from wakeel.domain.mail_addresses import is_mail_address
from wakeel.domain.meeting_times import read_choice, read_times
from wakeel.domain.meetings import ALLOWED, MINUTES, MeetingState, Side, is_working_time, propose

RIYADH, NEW_YORK, DUBAI, LONDON = map(ZoneInfo, ("Asia/Riyadh", "America/New_York", "Asia/Dubai", "Europe/London"))
OURS = Side("SA", (RIYADH,))
SIDES = (OURS, Side("AE", (DUBAI,)), Side("GB", (LONDON,)), Side("US", (NEW_YORK, ZoneInfo("America/Chicago"))))
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # a Sunday, noon in Riyadh
POLICY = policy_files.load("")


def proposed(theirs: Side, *, after: datetime = NOW, busy: tuple[datetime, ...] = ()) -> list[str]:
    found = propose(OURS, theirs, policy=POLICY, after=after, minutes=MINUTES, busy=busy)
    return [f"{at.astimezone(RIYADH):%a %H:%M}" for at in found]


def test_three_days_from_tomorrow_at_different_hours() -> None:
    assert proposed(OURS) == ["Mon 10:00", "Tue 13:30", "Wed 11:00"]


def test_a_weekend_is_stepped_over() -> None:
    """Friday and Saturday are off in Riyadh; on Thursday the next working day is Sunday."""
    assert proposed(OURS, after=datetime(2026, 11, 26, 9, 0, tzinfo=UTC)) == ["Sun 10:00", "Mon 13:30", "Tue 11:00"]


def test_both_weekends_count() -> None:
    """London is off on Sunday, Riyadh on Friday."""
    found = proposed(Side("GB", (LONDON,)), after=datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    assert [day.split()[0] for day in found] == ["Thu", "Mon", "Tue"]


def test_new_york_gets_the_few_hours_in_which_both_are_awake() -> None:
    assert proposed(Side("US", (NEW_YORK,))) == ["Mon 16:00", "Tue 16:00", "Wed 16:00"]


def test_nothing_is_proposed_where_no_hour_suits_both() -> None:
    """In winter Anchorage is twelve hours away."""
    assert proposed(Side("US", (ZoneInfo("America/Anchorage"),))) == []


def test_a_national_day_and_eid_are_no_working_days() -> None:
    """2027-02-22 is Founding Day, a Monday; Eid al-Fitr 2027 begins on Tuesday, 9 March."""
    assert proposed(OURS, after=datetime(2027, 2, 20, 9, 0, tzinfo=UTC))[0].startswith("Sun")
    assert not any(day.startswith("Mon") for day in proposed(OURS, after=datetime(2027, 2, 20, 9, 0, tzinfo=UTC)))
    eid = propose(OURS, OURS, policy=POLICY, after=datetime(2027, 3, 8, 9, 0, tzinfo=UTC), minutes=30)
    assert min(at.astimezone(RIYADH).date() for at in eid) == date(2027, 3, 14)


def test_ramadan_mornings_begin_at_ten() -> None:
    """The calendar narrows even updates to 10:00 then."""
    early = datetime(2027, 2, 10, 9, 0, tzinfo=RIYADH)
    assert not is_working_time(OURS, early, policy=POLICY, minutes=30)
    assert is_working_time(OURS, early + timedelta(hours=1), policy=POLICY, minutes=30)


def test_what_is_taken_is_not_proposed_again() -> None:
    first = propose(OURS, OURS, policy=POLICY, after=NOW, minutes=30)
    again = propose(OURS, OURS, policy=POLICY, after=NOW, minutes=30, busy=first)
    assert not set(first) & set(again)
    assert len(again) == 3


@given(
    theirs=st.sampled_from(SIDES),
    after=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2031, 1, 1), timezones=st.just(UTC)),
)
@settings(max_examples=60, deadline=None)
def test_every_time_is_ahead_on_its_own_day_and_decent_for_both(theirs: Side, after: datetime) -> None:
    """Whatever the season, the clocks and the holidays."""
    found = propose(OURS, theirs, policy=POLICY, after=after, minutes=MINUTES)
    assert len(found) in {0, 2, 3}
    assert all(at > after for at in found)
    assert all(a.astimezone(RIYADH).date() < b.astimezone(RIYADH).date() for a, b in pairwise(found))
    for at in found:
        for zone in (RIYADH, *theirs.zones):
            local = at.astimezone(zone)
            assert 8 <= local.hour < 20


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("الأحد 10:00", ["2026-11-29 10:00"]),
        ("الاثنين ١٠:٣٠ ص، الثلاثاء ٢ م", ["2026-11-23 10:30", "2026-11-24 14:00"]),
        ("يوم الأربعاء الساعة 11", ["2026-11-25 11:00"]),
        ("Sunday 10:00 or Monday 1:30 pm", ["2026-11-23 13:30", "2026-11-29 10:00"]),
        ("غدًا 12 ظهرا", ["2026-11-23 12:00"]),
        ("اليوم 5 م", ["2026-11-22 17:00"]),
        ("30/11 09:00\n1/12/2026 09:00", ["2026-11-30 09:00", "2026-12-01 09:00"]),
        ("5/1 9:15", ["2027-01-05 09:15"]),
        ("الأحد 29/11 10:00", ["2026-11-29 10:00"]),
    ],
)
def test_typed_times_are_read(typed: str, expected: list[str]) -> None:
    found = read_times(typed, zone=RIYADH, now=NOW)
    assert found is not None
    assert [f"{at.astimezone(RIYADH):%Y-%m-%d %H:%M}" for at in found.slots] == expected
    assert not found.has_past


@pytest.mark.parametrize(
    "typed",
    [
        "", "الأحد", "10:00", "الأحد 25:00", "الأحد 10:99", "31/2 10:00", "الاثنين 29/11 10:00", "الأحد 13 م",
        "نلتقي الأحد 10:00 في مكتبكم", "الأحد 10:00، الاثنين", "1/1 1:00, 2/1 1:00, 3/1 1:00, 4/1 1:00", "س" * 5000,
        "\u202eالأحد", "الأحد 10:00 11:00",
    ],
)  # fmt: skip
def test_everything_else_is_a_text(typed: str) -> None:
    """It becomes the invitation's words: nothing is guessed from half a time."""
    assert read_times(typed, zone=RIYADH, now=NOW) is None


def test_a_time_that_has_passed_is_told() -> None:
    past = read_times("الاثنين 10:00، 1/11/2026 10:00", zone=RIYADH, now=NOW)
    assert past is not None
    assert past.has_past


def test_a_bare_number_chooses_a_time() -> None:
    assert [read_choice(text) for text in ("1", "٢", " ٣. ", "4", "0", "12", "رقم 2", "²", "")] == [
        1, 2, 3, None, None, None, None, None, None,
    ]  # fmt: skip


def test_a_cancelled_meeting_stays_cancelled() -> None:
    assert ALLOWED[MeetingState.CANCELLED] == frozenset()
    assert all(MeetingState.CANCELLED in moves for state, moves in ALLOWED.items() if state != MeetingState.CANCELLED)


@given(st.from_regex(r"[A-Za-z0-9.!#+=?~-]{1,9}@[A-Za-z0-9.-]{1,9}", fullmatch=True))
@settings(max_examples=100)
def test_every_address_that_is_taken_can_stand_in_a_header(text: str) -> None:
    """One that cannot would end the worker, at every start, when a calendar file is to be mailed."""
    if is_mail_address(text):
        assert Address("شركة", addr_spec=text).addr_spec == text


def test_dots_stand_between_letters_in_an_address() -> None:
    refused = ["a@b..com", ".a@b.com", "a.@b.com", "a..b@c.com", "a@.com", "a@b.com.", "a@-b.com", f"{'a' * 65}@b.com"]
    assert [one for one in refused if is_mail_address(one)] == []
    assert all(map(is_mail_address, ["a@b.com", "a.b+c@mail.example.co", "x@xn--mgbh0fb.example", "a@localhost"]))
