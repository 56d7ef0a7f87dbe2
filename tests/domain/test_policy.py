"""The policy: read with every fault named, written canonically, its calendars asked in their order."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from tests.domain.policies import policies
from tests.oracle import FILE
from wakeel.domain.calendars import Calendar, Span, SpecialPeriod, moved
from wakeel.domain.cases import read_cases
from wakeel.domain.policy import Policy, PolicyFault, as_document, policy_from

ORACLES: dict[str, Any] = dict(read_cases(FILE.read_text(encoding="utf-8")).defaults["policy"])


def faults(document: dict[str, Any]) -> set[str]:
    with pytest.raises(PolicyFault) as caught:
        policy_from(document)
    return {fault.path for fault in caught.value.faults}


def test_the_oracles_policy_is_read_and_written_back():
    policy = policy_from(ORACLES)
    assert policy_from(as_document(policy)) == policy
    assert as_document(policy)["caps"] == ORACLES["caps"]


def test_what_a_document_leaves_out_has_its_default():
    """The defaults are the oracle's, calendars apart: those are data of their own."""
    assert policy_from({}) == replace(policy_from(ORACLES), calendars={})


@given(policies())
def test_a_policy_survives_its_document(policy: Policy):
    again = policy_from(as_document(policy))
    assert again == policy
    assert again.version == policy.version


@pytest.mark.parametrize(
    "change",
    [
        {"pair_interval_s": 7},
        {"opt_out_mode": "permanent"},
        {"reply_after_opt_out": False},
        {"caps": []},
        {"send_windows": {"marketing": [["09:00", "21:00"]]}},
        {"marketing_blocked_countries": []},
        {"default_time_zone": "Asia/Dubai"},
        {"calendars": {**ORACLES["calendars"], "QA": {}}},
    ],
)
def test_another_policy_has_another_version_and_an_equal_one_the_same(change: dict[str, Any]):
    assert policy_from(ORACLES | change).version != policy_from(ORACLES).version
    assert policy_from(dict(reversed(ORACLES.items()))).version == policy_from(ORACLES).version
    assert len(policy_from(ORACLES).version) == 12


def test_every_fault_is_named_with_its_path():
    assert faults(
        {
            "pair_interval_s": -1,
            "service_window_s": True,
            "opt_out_mode": "sometimes",
            "reply_after_opt_out": "yes",
            "caps": [{"category": "song", "window_s": 1.5, "max": 0}, {"category": "utility"}, 3],
            "send_windows": {"marketing": [["21:00", "09:00"], ["9:00", "10:00"], ["09:00"]], "service": []},
            "default_time_zone": "Mars/Olympus",
            "marketing_blocked_countries": ["usa"],
            "pair_intervall_s": 6,
            "calendars": {
                "sa": {},
                "AE": {
                    "weekday_windows": {"marketing": {"friday": []}},
                    "special_periods": [{"name": "x", "from": "2027-02-09", "to": "2027-02-08", "windows": {}}, {}],
                    "closed_dates": {"marketing": ["2027-02-30"]},
                },
            },
        }
    ) == {
        "pair_interval_s", "service_window_s", "opt_out_mode", "reply_after_opt_out", "caps[0].category",
        "caps[0].window_s", "caps[0].max", "caps[1].window_s", "caps[1].max", "caps[2].category", "caps[2].window_s",
        "caps[2].max", "caps[2]", "send_windows.marketing[0]", "send_windows.marketing[1]", "send_windows.marketing[2]",
        "send_windows.service", "default_time_zone", "marketing_blocked_countries[0]", "pair_intervall_s",
        "calendars.sa", "calendars.AE.weekday_windows.marketing.friday", "calendars.AE.special_periods[0].to",
        "calendars.AE.special_periods[1].name", "calendars.AE.special_periods[1].from",
        "calendars.AE.special_periods[1].to", "calendars.AE.special_periods[1].windows",
        "calendars.AE.closed_dates.marketing[0]",
    }  # fmt: skip


def test_an_unknown_key_is_a_fault_only_where_nothing_may_be_misspelt():
    assert policy_from({"mood": 1, "calendars": {"SA": {"mood": 1}}}, is_strict=False).calendars == {"SA": Calendar()}


DAY = date(2027, 2, 12)
ALL_DAY, MORNING, NOON, EVENING = (Span(0, 1440),), (Span(0, 60),), (Span(720, 780),), (Span(1200, 1260),)
PERIOD = SpecialPeriod(name="p", starts_on=DAY, ends_on=DAY, windows={"marketing": EVENING})
FRIDAY = {"marketing": {4: NOON}}


@pytest.mark.parametrize(
    ("calendar", "spans"),
    [
        (Calendar(), None),
        (Calendar(windows={"marketing": MORNING}), MORNING),
        (Calendar(windows={"marketing": MORNING}, weekday_windows=FRIDAY), NOON),
        (Calendar(weekday_windows=FRIDAY, special_periods=(PERIOD,)), EVENING),
        (Calendar(special_periods=(PERIOD,), closed_dates={"marketing": frozenset({DAY})}), ()),
        (Calendar(special_periods=(replace(PERIOD, windows={"utility": ()}),), weekday_windows=FRIDAY), NOON),
        (Calendar(special_periods=(replace(PERIOD, windows={"marketing": ()}),), weekday_windows=FRIDAY), ()),
        (Calendar(weekday_windows={"marketing": {3: NOON}}, windows={"marketing": MORNING}), MORNING),
        (Calendar(windows={"utility": MORNING}), None),
        (Calendar(closed_dates={"utility": frozenset({DAY})}), None),
    ],
)
def test_the_first_rule_that_knows_the_day_and_category_decides(calendar: Calendar, spans):
    """Closed dates, special period, weekday, country (reference 5.3)."""
    assert calendar.spans_on(DAY, "marketing") == spans


def test_where_the_country_says_nothing_the_global_windows_hold():
    policy = replace(policy_from({}), calendars={"SA": Calendar(weekday_windows=FRIDAY)})
    assert policy.spans_on(DAY, category="marketing", country="SA") == NOON
    general = policy.send_windows["marketing"]
    for country in ("AE", None):
        assert policy.spans_on(DAY, category="marketing", country=country) == general
    assert policy.spans_on(DAY + timedelta(days=1), category="marketing", country="SA") == general


def test_the_first_and_last_day_of_a_period_belong_to_it():
    period = replace(PERIOD, ends_on=DAY + timedelta(days=2))
    calendar = Calendar(special_periods=(period,))
    inside = [calendar.spans_on(DAY + timedelta(days=n), "marketing") is not None for n in (-1, 0, 2, 3)]
    assert inside == [False, True, True, False]


def test_a_moved_feast_makes_the_fast_longer_or_shorter():
    """The announced date may differ by a day; what ended on the eve still does."""
    ramadan = SpecialPeriod(name="ramadan", starts_on=date(2027, 2, 8), ends_on=date(2027, 3, 8), windows={})
    eid = SpecialPeriod(name="eid", starts_on=date(2027, 3, 9), ends_on=date(2027, 3, 11), windows={})
    calendar = Calendar(special_periods=(ramadan, eid))

    def dates(**days: int) -> list[tuple[int, int]]:
        return [(p.starts_on.day, p.ends_on.day) for p in moved(calendar, days).special_periods]

    assert dates() == [(8, 8), (9, 11)]
    assert dates(eid=1) == [(8, 9), (10, 12)]
    assert dates(ramadan=1) == [(9, 8), (9, 11)]
    assert dates(ramadan=-1, eid=-1) == [(7, 7), (8, 10)]
