"""What only has to wait: every timed check to the second, and that `next_allowed_at` is the first instant for all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.policies import ZONES, policies
from tests.domain.test_gate import APPROVED, DAY, FINE, GRANT, HOUR, NOW, SECOND, TEMPLATE, UTILITY, but, sent
from wakeel.domain.calendars import Calendar
from wakeel.domain.gate import decide, preview
from wakeel.domain.gate_request import ApprovalFacts, GateRequest, History, Send, SenderFacts, TemplateFacts, Verdict
from wakeel.domain.gate_timing import NEVER, Timing
from wakeel.domain.outbox import Audience
from wakeel.domain.policy import Cap, Policy
from wakeel.domain.reasons import Answer, ReasonCode

C = ReasonCode
NIGHT = NOW + 12 * HOUR  # 21:00 UTC, midnight in Riyadh
MORNING = NIGHT + 9 * HOUR
LASTING = ApprovalFacts(approved_digest="d1", approved_at=NOW, expires_at=None)


def verdict(*, now: datetime = NOW, **changes: Any) -> Verdict:
    return decide(but(**{"approval": LASTING, **TEMPLATE, **changes}), now=now)


def answered(found: Verdict) -> tuple[Answer, ReasonCode, datetime | None]:
    return found.answer, found.code, found.next_allowed_at


LIMIT = SenderFacts(messaging_limit=10, unique_recipients_24h=10, oldest_unique_recipient_at=NOW - 23 * HOUR)
FAR = {"last_inbound_at": NOW - 3 * DAY}
PAUSED = replace(APPROVED, status="PAUSED")


@pytest.mark.parametrize(
    ("code", "until", "change"),
    [
        (C.CONTACT_PAUSED, NOW + HOUR, {"paused_until": NOW + HOUR}),
        (C.TEMPLATE_PAUSED, NOW + HOUR, {"template": replace(PAUSED, paused_until=NOW + HOUR)}),
        (C.PLATFORM_MARKETING_LIMIT, NOW + HOUR, {"history": History(platform_limit_at=NOW - 23 * HOUR)}),
        (C.FREQUENCY_CAP, NOW + HOUR, {"history": sent(23 * HOUR)}),
        (C.QUIET_HOURS, MORNING, {"now": NIGHT}),
        (C.MESSAGING_LIMIT, NOW + HOUR, {"sender": LIMIT, **FAR}),
        (C.PAIR_RATE, NOW + 4 * SECOND, {"history": sent(2 * SECOND, category="service")}),
        (C.SENDER_THROUGHPUT, NOW + SECOND, {"sent_in_current_second": 80}),
    ],
)
def test_each_reason_to_wait_names_its_end(code: ReasonCode, until: datetime, change: dict[str, Any]):
    found = verdict(**change)
    assert answered(found) == (Answer.DEFER, code, until)
    assert found.may_be_approved
    assert found.grant_id == "grant"
    if code is C.SENDER_THROUGHPUT:
        return  # told for one second only; the next one brings facts of its own
    assert verdict(**change | {"now": until}).code is C.OK
    just_before = verdict(**change | {"now": until - timedelta(microseconds=1)})
    assert answered(just_before) == (Answer.DEFER, code, until)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"paused_until": NOW}, C.OK),
        ({"history": History(platform_limit_at=NOW - 24 * HOUR)}, C.OK),
        ({"history": History(platform_limit_at=NOW), **UTILITY}, C.OK),
        ({"history": sent(24 * HOUR)}, C.OK),
        ({"history": sent(HOUR, outcome="failed")}, C.OK),
        ({"history": sent(HOUR, outcome="unknown")}, C.FREQUENCY_CAP),
        ({"history": sent(HOUR, category="utility")}, C.OK),
        ({"history": sent(HOUR), **UTILITY}, C.OK),
        ({"history": sent(6 * SECOND, category="service")}, C.OK),
        ({"history": sent(SECOND, category="service", outcome="failed")}, C.OK),
        ({"history": sent(SECOND, category="service"), "pair_interval": timedelta()}, C.OK),
        ({"sender": replace(LIMIT, recipient_already_counted=True), **FAR}, C.OK),
        ({"sender": replace(LIMIT, unique_recipients_24h=9), **FAR}, C.OK),
        ({"sender": replace(LIMIT, messaging_limit=None), **FAR}, C.OK),
        ({"sender": LIMIT}, C.OK),
        ({"sender": LIMIT, "last_inbound_at": NOW - DAY + timedelta(seconds=120)}, C.MESSAGING_LIMIT),
        ({"sender": LIMIT, "last_inbound_at": NOW - DAY + timedelta(seconds=121)}, C.OK),
        ({"sender": LIMIT, "kind": "free_form", "template": None}, C.OK),
        ({"sent_in_current_second": 79}, C.OK),
        ({"sent_in_current_second": 20, "throughput_mps": 20}, C.SENDER_THROUGHPUT),
        ({"now": NIGHT, **UTILITY}, C.QUIET_HOURS),
        ({"now": NIGHT, **UTILITY, "urgent": True}, C.OK),
        ({"now": NIGHT, "urgent": True}, C.QUIET_HOURS),
        ({"now": NIGHT, "template": APPROVED, "category": "utility", "kind": "template", "urgent": True},
         C.TEMPLATE_CATEGORY_MISMATCH),
    ],
)  # fmt: skip
def test_to_whom_and_when_a_reason_to_wait_applies(change: dict[str, Any], wanted: ReasonCode):
    assert verdict(**change).code is wanted


def test_without_the_oldest_recipients_time_a_whole_day_is_waited():
    found = verdict(sender=replace(LIMIT, oldest_unique_recipient_at=None), **FAR)
    assert found.all_codes == (C.MESSAGING_LIMIT,)
    assert found.next_allowed_at == NOW + 24 * HOUR


def test_several_reasons_give_the_first_by_order_and_the_latest_by_time():
    found = verdict(paused_until=NOW + HOUR, history=sent(23 * HOUR - SECOND), sent_in_current_second=80)
    assert answered(found) == (Answer.DEFER, C.CONTACT_PAUSED, NOW + HOUR + SECOND)
    assert found.all_codes == (C.CONTACT_PAUSED, C.FREQUENCY_CAP, C.SENDER_THROUGHPUT)


def test_an_end_at_night_waits_for_the_morning():
    assert answered(verdict(paused_until=NIGHT)) == (Answer.DEFER, C.CONTACT_PAUSED, MORNING)


def test_the_named_time_is_the_one_the_words_speak_of():
    assert verdict(paused_until=NIGHT).facts == {"t": NIGHT}
    assert verdict(history=sent(10 * HOUR)).facts == {"t": MORNING}, "the cap ends at night"
    assert verdict(now=NIGHT).facts == {"until": MORNING}
    until = NOW + HOUR
    assert verdict(template=replace(PAUSED, paused_until=until)).facts == {"until": until}
    assert verdict(template=PAUSED).facts == {}


@pytest.mark.parametrize(
    ("code", "answer", "change"),
    [
        (C.CONSENT_EXPIRED, Answer.HOLD, {"consent_events": (replace(GRANT, expires_at=NIGHT + HOUR),)}),
        (C.APPROVAL_EXPIRED, Answer.HOLD, {"approval": replace(LASTING, expires_at=MORNING)}),
        (C.MESSAGE_EXPIRED, Answer.BLOCK, {"expires_at": MORNING}),
        (C.WINDOW_CLOSED, Answer.HOLD, {"kind": "free_form", "template": None, "last_inbound_at": MORNING - 24 * HOUR}),
    ],
)
def test_a_wait_that_ends_in_a_refusal_is_not_a_wait(code: ReasonCode, answer: Answer, change: dict[str, Any]):
    change = {"approval": replace(LASTING, approved_at=None), **change}
    found = verdict(**change, now=NIGHT)
    assert answered(found) == (answer, code, None)
    assert found.evaluated_at == MORNING
    assert found.all_codes == (code, C.QUIET_HOURS)


def test_a_refusal_lists_what_would_have_to_wait_as_well():
    assert verdict(now=NIGHT, suppression="legal", paused_until=NIGHT + HOUR).all_codes == (
        C.SUPPRESSED, C.CONTACT_PAUSED, C.QUIET_HOURS,
    )  # fmt: skip


def test_a_policy_that_never_opens_holds_for_a_person():
    """Sixty days without an open hour is a mistake in the policy, not a plan."""
    found = verdict(send_windows={"marketing": ()}, paused_until=NOW + HOUR)
    assert answered(found) == (Answer.HOLD, C.QUIET_HOURS, None)
    assert found.all_codes == (C.QUIET_HOURS, C.CONTACT_PAUSED)
    assert not found.may_be_approved


def test_the_day_is_the_recipients_country_and_zone():
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    closed = {"calendars": {"QA": Calendar(weekday_windows={"marketing": {4: ()}})}}
    here = {"now": friday, **closed, "last_inbound_at": None}
    assert verdict(**here).code is C.OK
    assert verdict(**here, country="QA", time_zones=("Asia/Qatar",)).code is C.QUIET_HOURS
    evening = NOW + 8 * HOUR
    assert verdict(now=evening).code is C.OK
    assert verdict(now=evening, time_zones=("Asia/Riyadh", "Asia/Dubai")).code is C.QUIET_HOURS
    assert verdict(now=evening, time_zones=(), default_time_zone="Asia/Dubai").code is C.QUIET_HOURS


def test_to_an_operator_only_template_and_limit_wait():
    operator = {"audience": Audience.OPERATOR, **UTILITY, **FAR}
    everything = {"paused_until": NOW + HOUR, "history": sent(SECOND), "sent_in_current_second": 80, "now": NIGHT}
    assert verdict(**operator, **everything).code is C.OK
    assert verdict(**operator, sender=LIMIT).code is C.MESSAGING_LIMIT
    paused = TemplateFacts(status="PAUSED", category="UTILITY", paused_until=NOW + HOUR)
    assert verdict(**operator | {"template": paused}).answer is Answer.DEFER


def test_a_preview_of_what_waits_longer_than_its_approval_would_last_says_so():
    """An approval of today must not send on a day nobody thought of."""
    found = preview(but(**TEMPLATE, paused_until=NOW + 2 * DAY), now=NOW)
    assert (found.code, found.evaluated_at) == (C.APPROVAL_EXPIRED, NOW + 2 * DAY)


moments = st.integers(-10 * 24 * 60, 3 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
sends = st.lists(
    st.builds(
        Send,
        at=moments,
        category=st.sampled_from(["marketing", "utility", "service"]),
        body_hash=st.just("other"),
        request_key=st.just("other"),
        outcome=st.sampled_from(["sent", "unknown", "failed"]),
        intent=st.none(),
    ),
    max_size=5,
).map(tuple)


@st.composite
def waiting(draw: st.DrawFn) -> GateRequest:
    """Requests that nothing but time stands against; the category never changes while they wait."""
    category = draw(st.sampled_from(["marketing", "utility"]))
    status = draw(st.sampled_from(["APPROVED", "PAUSED"]))
    return but(
        kind="template",
        category=category,
        template=TemplateFacts(status=status, category=category.upper(), paused_until=draw(moments)),
        approval=LASTING,
        policy=draw(policies()),
        paused_until=draw(st.none() | moments),
        last_inbound_at=draw(st.none() | moments),
        country=draw(st.sampled_from(["SA", "EG", "US", None])),
        time_zones=tuple(draw(st.lists(st.sampled_from(ZONES), max_size=2))),
        urgent=draw(st.booleans()),
        history=History(sends=draw(sends), platform_limit_at=draw(st.none() | moments)),
        sender=SenderFacts(
            messaging_limit=draw(st.sampled_from([None, 1])),
            unique_recipients_24h=draw(st.integers(0, 2)),
            oldest_unique_recipient_at=draw(st.none() | moments),
        ),
    )


@given(waiting())
def test_the_next_time_is_allowed_by_every_timed_check_and_no_earlier_one_is(request: GateRequest):
    """Looked at every quarter hour, which bounds every window of these policies, and just before the end."""
    timing = Timing(request, now=NOW)
    first = timing.first_pass()
    assume(timing.failing(NOW))
    if first is None:
        assert any(until == NEVER for moment in range(40) for _, until in timing.failing(NOW + moment * DAY))
        return
    assert first > NOW
    assert timing.failing(first) == []
    moment = NOW
    while moment < min(first, NOW + 4 * DAY):
        assert timing.failing(moment), moment
        moment += timedelta(minutes=15)
    assert timing.failing(first - timedelta(microseconds=1))


@given(waiting(), st.booleans())
def test_a_deferral_is_the_first_pass_or_a_refusal_seen_there(request: GateRequest, live: bool):
    found, first = decide(replace(request, live_send=live), now=NOW), Timing(request, now=NOW).first_pass()
    match found.answer:
        case Answer.DEFER:
            assert found.next_allowed_at == first
            assert found.code is found.all_codes[0]
        case Answer.HOLD | Answer.BLOCK:
            assert found.next_allowed_at is None
            assert found.evaluated_at in {None, first}
        case _:
            assert first == NOW


@given(st.lists(st.integers(0, 3000), max_size=12), st.integers(1, 4), st.integers(1, 2000))
def test_a_cap_is_never_exceeded_in_any_window(minutes: list[int], most: int, window: int):
    """Whatever was sent, sending at the named time keeps at most `max` in the window that ends there."""
    cap = Cap(category="marketing", window=timedelta(minutes=window), max=most)
    policy: Policy = replace(FINE.policy, caps=(cap,), send_windows={}, pair_interval=timedelta())
    history = History(sends=tuple(send for n in minutes for send in sent(timedelta(minutes=n)).sends))
    first = Timing(but(policy=policy, history=history), now=NOW).first_pass()
    assert first is not None
    counted = sum(send.at > first - cap.window for send in history.sends)
    assert counted < most
    assert (
        first == NOW or sum(send.at > first - timedelta(microseconds=1) - cap.window for send in history.sends) >= most
    )
