"""Random policies, calendars and histories for property tests."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from wakeel.domain.calendars import MIDNIGHT, Calendar, Span, SpecialPeriod
from wakeel.domain.policy import Cap, Policy, policy_from

ZONES = ("Asia/Riyadh", "Africa/Cairo", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
FIRST, LAST = date(2026, 10, 1), date(2027, 6, 1)

days = st.dates(FIRST, LAST)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to two windows of one day; sometimes none, which closes it."""
    marks = sorted(draw(st.lists(st.integers(0, MIDNIGHT // 15), max_size=4, unique=True)))
    return tuple(Span(start * 15, end * 15) for start, end in zip(marks[::2], marks[1::2], strict=False))


windows = st.dictionaries(st.sampled_from(["marketing", "utility"]), spans(), max_size=2)


@st.composite
def periods(draw: st.DrawFn) -> SpecialPeriod:
    starts_on = draw(days)
    ends_on = starts_on + timedelta(days=draw(st.integers(0, 30)))
    return SpecialPeriod(
        name=draw(st.sampled_from(["a", "b"])), starts_on=starts_on, ends_on=ends_on, windows=draw(windows)
    )


calendars = st.builds(
    Calendar,
    windows=windows,
    weekday_windows=st.dictionaries(
        st.sampled_from(["marketing", "utility"]), st.dictionaries(st.integers(0, 6), spans(), max_size=3), max_size=2
    ),
    special_periods=st.lists(periods(), max_size=2).map(tuple),
    closed_dates=st.dictionaries(
        st.sampled_from(["marketing", "utility"]), st.frozensets(days, max_size=5), max_size=2
    ),
)
caps = st.builds(
    Cap,
    category=st.sampled_from(["marketing", "utility", "service"]),
    window=st.sampled_from([1, 60, 86_400, 604_800]).map(lambda s: timedelta(seconds=s)),
    max=st.integers(1, 3),
)


@st.composite
def policies(draw: st.DrawFn, **fixed: Any) -> Policy:
    document = {
        "opt_out_mode": draw(st.sampled_from(["newer_explicit_grant_reopens", "permanent"])),
        "reply_after_opt_out": draw(st.booleans()),
        "carry_grants_on_number_change": draw(st.booleans()),
        "pair_interval_s": draw(st.integers(0, 60)),
        "platform_limit_cooldown_s": draw(st.integers(0, 200_000)),
        "duplicate_window_s": draw(st.integers(0, 200_000)),
        "clock_skew_tolerance_s": draw(st.integers(0, 600)),
        "default_time_zone": draw(st.sampled_from(ZONES)),
    }
    made = policy_from(document | fixed)
    values = {field: getattr(made, field) for field in Policy.__dataclass_fields__ if field not in {"version", *_DRAWN}}
    return Policy(
        **values,
        caps=tuple(draw(st.lists(caps, max_size=3))),
        send_windows=draw(windows),
        calendars=draw(st.dictionaries(st.sampled_from(["SA", "EG", "US"]), calendars, max_size=2)),
    )


_DRAWN = ("caps", "send_windows", "calendars")
