"""When a brief is due, on which date, and what its few lines say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel import policy_files
from wakeel.domain import briefs
from wakeel.domain.briefs import Digest, Hours, Top
from wakeel.domain.cards import BODY_LIMIT
from wakeel.domain.text import measure
from wakeel.domain.words import Text

RIYADH, CAIRO, BERLIN = ZoneInfo("Asia/Riyadh"), ZoneInfo("Africa/Cairo"), ZoneInfo("Europe/Berlin")
SA = policy_files.load("").calendars["SA"]
SUNDAY = date(2026, 11, 22)


def hours(zone: ZoneInfo = RIYADH, *, minute: int | None = 480, days: str = briefs.BRIEF_DAYS, **more: Any) -> Hours:
    return Hours(zone=zone, minute=minute, days=days, is_holiday=more.get("is_holiday", lambda day: False))


def due(hours: Hours, now: datetime) -> date | None:
    return briefs.due_date(hours, enrolled_at=datetime(2020, 1, 1, tzinfo=UTC), now=now)


def at(zone: ZoneInfo, *wall: int) -> datetime:
    return datetime(*wall, tzinfo=zone).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (at(RIYADH, 2026, 11, 22, 7, 59, 59), None),
        (at(RIYADH, 2026, 11, 22, 8), SUNDAY),
        (at(RIYADH, 2026, 11, 22, 11), SUNDAY),
        (at(RIYADH, 2026, 11, 22, 11, 0, 1), None),
        (at(RIYADH, 2026, 11, 27, 8), None),
    ],
    ids=["too early", "the first instant", "three hours late", "too late", "a Friday"],
)
def test_it_is_due_from_its_hour_on_for_three_hours(now: datetime, day: date | None):
    assert due(hours(), now) == day


def test_a_brief_of_late_evening_is_that_evenings_also_after_midnight():
    late = hours(minute=23 * 60 + 30)
    assert due(late, at(RIYADH, 2026, 11, 23, 1)) == SUNDAY
    assert due(late, at(RIYADH, 2026, 11, 23, 2, 31)) is None


def test_whoever_was_enrolled_after_the_hour_gets_their_first_one_the_next_day():
    eight, nine = at(RIYADH, 2026, 11, 22, 8), at(RIYADH, 2026, 11, 22, 9)
    assert briefs.due_date(hours(), enrolled_at=nine, now=nine) is None
    assert briefs.due_date(hours(), enrolled_at=eight, now=nine) == SUNDAY


def test_where_clocks_jump_over_the_hour_it_comes_right_after_the_jump():
    """Berlin, 2027-03-28: 02:00 becomes 03:00."""
    jump = datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert briefs.first_instant(date(2027, 3, 28), 2 * 60 + 30, BERLIN) == jump
    sundays = hours(BERLIN, minute=150)
    assert due(sundays, jump - timedelta(seconds=1)) is None
    assert due(sundays, jump) == date(2027, 3, 28)


def test_where_an_hour_comes_twice_the_first_one_counts_and_the_second_brings_no_other_date():
    """Berlin, 2026-10-25: 03:00 becomes 02:00."""
    first = briefs.first_instant(date(2026, 10, 25), 150, BERLIN)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    sundays = hours(BERLIN, minute=150)
    assert {due(sundays, first + timedelta(minutes=m)) for m in (0, 60)} == {date(2026, 10, 25)}


def test_a_country_that_changes_clocks_at_midnight_has_a_brief_that_day():
    """Cairo, 2026-04-24 (a Friday): 00:00 becomes 01:00."""
    begins = datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert briefs.first_instant(date(2026, 4, 24), 30, CAIRO) == begins


@settings(max_examples=60)
@given(
    zone=st.sampled_from([RIYADH, CAIRO, BERLIN, ZoneInfo("America/Santiago"), ZoneInfo("Australia/Lord_Howe")]),
    minute=st.integers(0, 1439),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),
    skips=st.lists(st.integers(1, 40 * 3600), min_size=1, max_size=40),
)
def test_however_the_clock_goes_forward_no_date_comes_back(
    zone: ZoneInfo, minute: int, start: datetime, skips: list[int]
):
    """A date that was left behind is never due again: one row a date is enough to keep it to one brief."""
    every_day, now, seen = hours(zone, minute=minute, days="1234567"), start, list[date]()
    for skip in skips:
        day = due(every_day, now)
        if day is not None:
            assert briefs.first_instant(day, minute, zone) <= now
            assert not seen or day >= seen[-1]
            seen.append(day)
        now += timedelta(seconds=skip)


def test_the_next_one_skips_weekend_and_holidays():
    thursday = at(RIYADH, 2026, 11, 26, 9)
    assert briefs.next_at(hours(), now=thursday) == at(RIYADH, 2026, 11, 29, 8)
    shut = hours(is_holiday=lambda day: day == date(2026, 11, 29))
    assert briefs.next_at(shut, now=thursday) == at(RIYADH, 2026, 11, 30, 8)
    assert briefs.next_at(hours(minute=None), now=thursday) is None
    assert briefs.next_at(hours(days=""), now=thursday) is None


def test_eid_and_national_days_are_holidays_and_ramadan_is_not():
    days = {"eid": date(2027, 3, 9), "founding day": date(2027, 2, 22), "ramadan": date(2027, 2, 15), "plain": SUNDAY}
    found = {name: briefs.is_holiday(SA, day) for name, day in days.items()}
    assert found == {"eid": True, "founding day": True, "ramadan": False, "plain": False}
    assert not briefs.is_holiday(None, days["eid"])


def test_a_closed_window_is_knocked_at_once_a_day_in_their_hours():
    morning, noon = at(RIYADH, 2026, 11, 22, 7), at(RIYADH, 2026, 11, 22, 12)
    assert not briefs.may_knock(hours(), knocked_at=None, now=morning)
    assert briefs.may_knock(hours(), knocked_at=None, now=noon)
    assert briefs.may_knock(hours(minute=None), knocked_at=noon - timedelta(days=1), now=noon)
    assert not briefs.may_knock(hours(), knocked_at=noon - timedelta(hours=3), now=noon)
    assert not briefs.may_knock(hours(), knocked_at=None, now=at(RIYADH, 2026, 11, 22, 20))
    assert not briefs.may_knock(hours(), knocked_at=None, now=at(RIYADH, 2026, 11, 27, 12))


def test_decisions_are_counted_from_the_brief_before_at_most_a_week():
    now = at(RIYADH, 2026, 11, 22, 8)
    assert briefs.since(None, now=now) == now - timedelta(days=1)
    assert briefs.since(now - timedelta(days=3), now=now) == now - timedelta(days=3)
    assert briefs.since(now - timedelta(days=30), now=now) == now - timedelta(days=7)


FULL = Digest(
    decided={"approved": 3, "skipped": 2},
    approvals=2,
    opportunities=1000,
    replies=1,
    failed=1,
    top=(Top("تجديد العقد", (Text("درجة 90", "score 90"),)), Top("صيانة")),
)


def test_it_says_what_was_decided_what_waits_what_failed_and_the_best():
    assert briefs.lines(FULL, "ar") == (
        "القرارات منذ آخر ملخص: 5 (اعتماد 3، تخطي 2)",
        "بانتظارك: رسائل للاعتماد 2، ردود 1، فرص أكثر من 999",
        "تحتاج معالجة: 1",
        "أهم الفرص: \u2068تجديد العقد\u2069 (درجة 90)",
        "تليها: \u2068صيانة\u2069",
    )
    assert briefs.lines(Digest(decided={}), "en") == (
        "Nothing was decided since the last brief.",
        "Nothing waits for your decision.",
    )


def test_nothing_to_do_is_told_from_something_to_do():
    assert FULL.needs_somebody
    assert not Digest(decided={"approved": 4}).needs_somebody


HOSTILE = ["<script>", "\u202e" * 50, "ا" * 5000, "a\nb\nc", "👩‍👩‍👧‍👦" * 400, "{title}", "\ud800", " ", ""]


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_whatever_a_title_holds_five_short_lines_come_out(title: str, language: str):
    reasons = (Text("س" * 60, "r" * 60),) * 5
    digest = Digest(FULL.decided, 1000, 1000, 1000, 1000, (Top(title, reasons),) * 3)
    said = briefs.lines(digest, language)
    assert len(said) == briefs.MAX_LINES
    assert not any("\n" in line for line in said)
    assert measure("\n".join(said)) <= BODY_LIMIT
    values = briefs.template_values(digest, language, name=title)
    assert all(value.strip() for value in values.values())
    assert not any(mark in value for value in values.values() for mark in "\n\u2068\u2069\u202e")
    assert measure("".join(values.values())) <= 700
