"""Answers after a full stop: the one confirmation, then nothing until they write again (reference 3.5)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.domain.test_gate import FINE, GRANT, HOUR, NOW, SECOND, SERVICE, STOP, but, code, sent
from wakeel.domain.consent import ConsentEvent, ConsentType
from wakeel.domain.gate import decide
from wakeel.domain.gate_request import GateRequest, History
from wakeel.domain.reasons import ReasonCode

C = ReasonCode
MINUTE = timedelta(minutes=1)


def stopped(before: timedelta, **fields: Any) -> ConsentEvent:
    return replace(STOP, at=NOW - before, recorded_at=NOW - before, **fields)


def confirmation(*events: ConsentEvent, **changes: Any) -> GateRequest:
    return but(SERVICE, intent="opt_out_confirmation", consent_events=(GRANT, *events), **changes)


@pytest.mark.parametrize(
    ("after", "wanted"),
    [(timedelta(), C.OK), (2 * MINUTE, C.OK), (5 * MINUTE, C.OK), (5 * MINUTE + SECOND, C.OPTED_OUT)],
)
def test_one_confirmation_may_follow_within_five_minutes(after: timedelta, wanted: ReasonCode):
    assert code(confirmation(stopped(after), last_inbound_at=NOW - after)) is wanted


@pytest.mark.parametrize(
    ("history", "wanted"),
    [
        (sent(MINUTE, category="service", intent="opt_out_confirmation"), C.OPTED_OUT),
        (sent(MINUTE, category="service", intent="opt_out_confirmation", outcome="unknown"), C.OPTED_OUT),
        (sent(MINUTE, category="service", intent="opt_out_confirmation", outcome="failed"), C.OK),
        (sent(2 * MINUTE, category="service", intent="opt_out_confirmation"), C.OPTED_OUT),
        (sent(2 * MINUTE + SECOND, category="service", intent="opt_out_confirmation"), C.OK),
        (sent(MINUTE, category="service", intent="start_question"), C.OK),
        (sent(MINUTE, category="service"), C.OK),
    ],
)
def test_the_confirmation_goes_once(history: History, wanted: ReasonCode):
    """One that belongs to an earlier stop, or failed, was not this one."""
    assert code(confirmation(stopped(2 * MINUTE), last_inbound_at=NOW - 2 * MINUTE, history=history)) is wanted


def test_a_second_confirmation_is_no_answer_even_after_they_wrote_again():
    history = sent(HOUR, category="service", intent="opt_out_confirmation")
    assert code(confirmation(stopped(2 * HOUR), last_inbound_at=NOW, history=history)) is C.OPTED_OUT


def test_the_confirmation_waits_for_no_cap():
    policy = replace(FINE.policy, caps=tuple(replace(cap, category="service") for cap in FINE.policy.caps))
    request = replace(confirmation(stopped(MINUTE), last_inbound_at=NOW - MINUTE), policy=policy)
    before = sent(HOUR, category="service")
    assert code(but(request, history=before)) is C.OK
    answer = but(request, history=before, intent=None, consent_events=())
    assert decide(answer, now=NOW).all_codes == (C.APPROVAL_EXPIRED, C.FREQUENCY_CAP)


def test_a_business_may_choose_never_to_answer_after_a_stop():
    asked = but(SERVICE, consent_events=(GRANT, stopped(2 * HOUR)), last_inbound_at=NOW - HOUR)
    assert code(asked) is C.OK
    assert code(but(asked, reply_after_opt_out=False)) is C.OPTED_OUT


def test_two_stops_of_one_category_each_are_a_full_stop():
    marketing, utility = ({"categories": frozenset({one})} for one in ("marketing", "utility"))
    first, second = stopped(HOUR, id="w1", **marketing), stopped(HOUR - MINUTE, id="w2", **utility)
    assert code(but(SERVICE, consent_events=(first,))) is C.OK
    assert code(but(SERVICE, consent_events=(first, second))) is C.OPTED_OUT


@pytest.mark.parametrize(
    ("wrote_after", "clock", "wanted"),
    [
        (timedelta(), "whatsapp", C.OPTED_OUT),
        (SECOND, "whatsapp", C.OK),
        (SECOND, "paper", C.OPTED_OUT),
    ],
)
def test_the_word_after_a_typed_stop_needs_no_tolerance(wrote_after: timedelta, clock: str, wanted: ReasonCode):
    """WhatsApp's clock stamps both, so START right after STOP is answered."""
    stop = stopped(MINUTE, clock=clock)
    asked = but(SERVICE, consent_events=(GRANT, stop), last_inbound_at=NOW - MINUTE + wrote_after)
    assert code(asked) is wanted


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, C.OK),
        ({"purposes": frozenset({"surveys"})}, C.OK),
        ({"categories": frozenset({"authentication"})}, C.OPTED_OUT),
        ({"explicit": False}, C.OPTED_OUT),
        ({"needs_confirmation": True}, C.OPTED_OUT),
        ({"type": ConsentType.IMPORT, "proof_ref": "p", "collected_directly": True}, C.OPTED_OUT),
    ],
)
def test_a_new_explicit_consent_reopens_the_talk(fields: dict[str, Any], wanted: ReasonCode):
    """Nobody is refused an answer to what they have just agreed to; a code of theirs opens nothing."""
    again = replace(GRANT, id="g2", at=NOW - 30 * MINUTE, recorded_at=NOW - 30 * MINUTE, **fields)
    assert code(but(SERVICE, consent_events=(GRANT, stopped(HOUR), again))) is wanted


def test_in_permanent_mode_an_ordinary_consent_does_not_reopen_the_talk():
    again = replace(GRANT, id="g2", at=NOW - 30 * MINUTE, recorded_at=NOW - 30 * MINUTE)
    asked = but(SERVICE, permanent_opt_out=True, consent_events=(GRANT, stopped(HOUR), again))
    assert code(asked) is C.OPTED_OUT
    back = replace(again, type=ConsentType.RE_PERMISSION)
    assert code(but(asked, consent_events=(GRANT, stopped(HOUR), back))) is C.OK
