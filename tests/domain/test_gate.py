"""The gate: every code, the order of objections, the two audiences, the preview, the window to the second."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.consent import ConsentEvent, ConsentType, Subject
from wakeel.domain.gate import (
    ApprovalFacts,
    GateRequest,
    MessageFacts,
    RecipientFacts,
    Switches,
    Verdict,
    decide,
    deciding_grant,
    is_window_open,
    preview,
)
from wakeel.domain.outbox import Audience
from wakeel.domain.reasons import REASONS, Answer, ReasonCode

C = ReasonCode
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SUBJECT = Subject(contacts=frozenset({"con_1"}), addresses=frozenset({"+966509722233"}))


def event(type: ConsentType = ConsentType.GRANT, *, at: datetime = NOW - 30 * DAY, **fields: Any) -> ConsentEvent:
    values = {
        "id": f"{type}", "recorded_at": at, "contact": "con_1", "address": "+966509722233", "explicit": True,
        "categories": frozenset({"marketing", "utility"}), "purposes": frozenset({"offers"}), **fields,
    }  # fmt: skip
    return ConsentEvent(type=type, at=at, **values)


GRANT = event()
STOP = event(ConsentType.WITHDRAW, at=NOW - HOUR, purposes=None, source="keyword")
FINE = GateRequest(
    audience=Audience.CONTACT,
    message=MessageFacts(kind="free_form", category="marketing", purpose="offers", request_key="drf:1:1"),
    recipient=RecipientFacts(
        id="con_1", known=True, address="+966509722233", last_inbound_at=NOW - HOUR, subject=SUBJECT
    ),
    current_digest="d1",
    approval=ApprovalFacts(approved_digest="d1", approved_at=NOW, expires_at=NOW + HOUR),
    consent_events=(GRANT,),
    live_send=True,
    ledger_seq=7,
)


def but(request: GateRequest = FINE, **changes: Any) -> GateRequest:
    """The request with single facts changed, by name, wherever they stand."""
    for name, value in changes.items():
        for part in ("message", "recipient"):
            if hasattr(getattr(request, part), name):
                request = replace(request, **{part: replace(getattr(request, part), **{name: value})})
                break
        else:
            request = replace(request, **{name: value})
    return request


def code(request: GateRequest, *, now: datetime = NOW) -> ReasonCode:
    return decide(request, now=now).code


# One change that makes each code the first objection, in the order of the reference.
OBJECTIONS: list[tuple[ReasonCode, dict[str, Any]]] = [
    (C.KILL_SWITCH, {"switches": Switches(everywhere=True)}),
    (C.RECIPIENT_INVALID, {"address": None}),
    (C.UNKNOWN_CONTACT, {"known": False}),
    (C.IDENTITY_HOLD, {"identity_hold": True}),
    (C.OPTED_OUT, {"consent_events": (GRANT, STOP)}),
    (C.NO_CONSENT, {"consent_events": ()}),
    (C.MESSAGE_EXPIRED, {"expires_at": NOW}),
    (C.DUPLICATE_REQUEST, {"used_keys": frozenset({"drf:1:1"})}),
    (C.APPROVAL_MISSING, {"approval": None}),
    (C.WINDOW_CLOSED, {"last_inbound_at": NOW - DAY}),
]
ALSO: list[tuple[ReasonCode, dict[str, Any]]] = [
    (C.KILL_SWITCH, {"switches": Switches(business=True)}),
    (C.KILL_SWITCH, {"switches": Switches(number=True)}),
    (C.IDENTITY_HOLD, {"address_current": False}),
    (C.CONSENT_PENDING, {"consent_events": (replace(GRANT, needs_confirmation=True),)}),
    (C.CONSENT_EXPIRED, {"consent_events": (replace(GRANT, expires_at=NOW),)}),
    (C.APPROVAL_STALE, {"current_digest": "d2"}),
    (C.APPROVAL_EXPIRED, {"approval": ApprovalFacts(approved_digest="d1", approved_at=NOW, expires_at=NOW)}),
    (C.WINDOW_CLOSED, {"last_inbound_at": None}),
    (C.INVALID_REQUEST, {"request_key": ""}),
    (C.INVALID_REQUEST, {"kind": "voice"}),
    (C.INVALID_REQUEST, {"category": "offer"}),
    (C.INVALID_REQUEST, {"category": "authentication"}),
]


def test_with_everything_in_order_it_may_leave():
    verdict = decide(FINE, now=NOW)
    assert (verdict.answer, verdict.code, verdict.grant_id, verdict.ledger_seq) == (Answer.ALLOW, C.OK, "grant", 7)


@pytest.mark.parametrize(("wanted", "change"), OBJECTIONS + ALSO)
def test_one_wrong_fact_gives_its_code(wanted: ReasonCode, change: dict[str, Any]):
    verdict = decide(but(**change), now=NOW)
    assert verdict.code is wanted
    assert verdict.answer is REASONS[wanted].answer
    assert not verdict.may_be_approved


def test_every_code_of_the_gate_was_tried_above():
    tried = {wanted for wanted, _ in OBJECTIONS + ALSO}
    assert tried | {C.CONTACT_REPLIED} == set(ReasonCode) - {C.OK, C.LIVE_SEND_OFF, C.UNREAD_MESSAGE}


@pytest.mark.parametrize("first", range(len(OBJECTIONS)))
def test_the_persons_will_comes_before_our_paperwork(first: int):
    """With several objections the earlier one names the answer and all of them are listed, in order."""
    request = FINE
    for _, change in OBJECTIONS[first:]:
        request = but(request, **change)
    if OBJECTIONS[first][0] in {C.KILL_SWITCH, C.RECIPIENT_INVALID, C.UNKNOWN_CONTACT, C.IDENTITY_HOLD, C.OPTED_OUT}:
        request = but(request, consent_events=(GRANT, STOP))
    verdict = decide(request, now=NOW)
    assert verdict.code is OBJECTIONS[first][0]
    order = [wanted for wanted, _ in OBJECTIONS]
    assert [order.index(one) for one in verdict.all_codes] == sorted(order.index(one) for one in verdict.all_codes)


def test_live_sending_off_is_said_only_when_nothing_else_objects():
    dry = but(live_send=False)
    assert decide(dry, now=NOW).answer is Answer.SIMULATE
    for wanted, change in OBJECTIONS:
        assert code(but(dry, **change)) is wanted


def test_the_preview_asks_as_if_it_were_approved_now():
    unapproved = but(approval=None)
    assert code(unapproved) is C.APPROVAL_MISSING
    assert preview(unapproved, now=NOW).answer is Answer.ALLOW
    assert preview(but(FINE, current_digest="d2"), now=NOW).answer is Answer.ALLOW
    assert preview(but(unapproved, consent_events=()), now=NOW).code is C.NO_CONSENT


@pytest.mark.parametrize(
    ("wrote_before", "is_open"),
    [(24 * HOUR - 121 * SECOND, True), (24 * HOUR - 120 * SECOND, False), (24 * HOUR, False), (-HOUR, True)],
)
def test_our_window_closes_two_minutes_before_metas(wrote_before: timedelta, is_open: bool):
    assert is_window_open(NOW - wrote_before, now=NOW) is is_open
    just_approved = ApprovalFacts(approved_digest="d1", approved_at=NOW + HOUR, expires_at=NOW + 2 * HOUR)
    assert (code(but(last_inbound_at=NOW - wrote_before, approval=just_approved)) is C.OK) is is_open


def test_what_they_wrote_after_the_approval_is_read_first():
    """Their words may change what one would send (design section 6)."""
    assert code(but(last_inbound_at=NOW)) is C.OK
    approval = ApprovalFacts(approved_digest="d1", approved_at=NOW - SECOND, expires_at=NOW + HOUR)
    assert code(but(last_inbound_at=NOW, approval=approval)) is C.CONTACT_REPLIED


def test_a_template_needs_no_window():
    assert code(but(kind="template", last_inbound_at=None)) is C.OK


def test_an_approval_ends_to_the_second():
    assert code(but(approval=ApprovalFacts(approved_digest="d1", approved_at=NOW, expires_at=NOW + SECOND))) is C.OK
    assert code(FINE, now=NOW + HOUR) is C.APPROVAL_EXPIRED


def test_without_a_zone_the_time_is_no_time():
    assert code(FINE, now=NOW.replace(tzinfo=None)) is C.INVALID_REQUEST


OPERATOR = but(
    audience=Audience.OPERATOR, category="utility", approval=None, consent_events=(), current_digest="",
)  # fmt: skip


def test_an_operator_is_told_without_consent_or_approval():
    assert code(OPERATOR) is C.OK
    assert decide(OPERATOR, now=NOW).grant_id is None


@pytest.mark.parametrize(
    ("wanted", "change"),
    [
        (C.OK, {"switches": Switches(business=True, everywhere=True)}),
        (C.KILL_SWITCH, {"switches": Switches(number=True)}),
        (C.RECIPIENT_INVALID, {"address": None}),
        (C.IDENTITY_HOLD, {"identity_hold": True}),
        (C.MESSAGE_EXPIRED, {"expires_at": NOW}),
        (C.DUPLICATE_REQUEST, {"used_keys": frozenset({"drf:1:1"})}),
        (C.WINDOW_CLOSED, {"last_inbound_at": NOW - DAY}),
        (C.OK, {"consent_events": (STOP,)}),
        (C.LIVE_SEND_OFF, {"live_send": False}),
    ],
)
def test_what_stops_a_message_to_an_operator(wanted: ReasonCode, change: dict[str, Any]):
    """A stop for contacts must not silence the answers that tell operators about it."""
    assert code(but(OPERATOR, **change)) is wanted


SERVICE = but(category="service")


def test_an_answer_inside_the_window_needs_no_consent():
    assert code(but(SERVICE, consent_events=())) is C.OK
    assert deciding_grant(SERVICE, now=NOW) is None


@pytest.mark.parametrize(
    ("stopped_at", "categories", "wanted"),
    [
        (NOW - 2 * HOUR, {"marketing", "utility"}, C.OK),  # they wrote again an hour ago
        (NOW - HOUR, {"marketing", "utility"}, C.OPTED_OUT),
        (NOW - HOUR - timedelta(seconds=120), {"marketing", "utility"}, C.OPTED_OUT),  # inside the tolerance
        (NOW - HOUR - timedelta(seconds=121), {"marketing", "utility"}, C.OK),
        (NOW - HOUR, {"marketing"}, C.OK),
        (NOW - HOUR, set(), C.OPTED_OUT),
    ],
)
def test_after_a_full_stop_nothing_is_answered_until_they_write_again(
    stopped_at: datetime, categories: set[str], wanted: ReasonCode
):
    stop = replace(STOP, at=stopped_at, recorded_at=stopped_at, categories=frozenset(categories))
    assert code(but(SERVICE, consent_events=(GRANT, stop))) is wanted


def test_the_deciding_grant_is_the_active_one_or_none():
    assert deciding_grant(FINE, now=NOW) == "grant"
    assert deciding_grant(but(consent_events=(GRANT, STOP)), now=NOW) is None
    assert deciding_grant(but(consent_events=(replace(GRANT, expires_at=NOW),)), now=NOW) is None
    assert deciding_grant(OPERATOR, now=NOW) is None


def test_the_reason_names_when_they_left():
    assert decide(but(consent_events=(GRANT, STOP)), now=NOW).facts == {"t": NOW - HOUR}


changes = st.lists(st.sampled_from([change for _, change in OBJECTIONS + ALSO]), max_size=5)


@given(changes, st.booleans())
def test_only_a_request_without_objection_may_leave(picked: list[dict[str, Any]], live: bool):
    request = but(live_send=live)
    for change in picked:
        request = but(request, **change)
    verdict: Verdict = decide(request, now=NOW)
    assert decide(request, now=NOW) == verdict
    wanted: Callable[[], Answer] = lambda: Answer.ALLOW if live else Answer.SIMULATE  # noqa: E731
    if verdict.answer in {Answer.ALLOW, Answer.SIMULATE}:
        assert verdict.all_codes == ()
        assert verdict.answer is wanted()
    else:
        assert picked
        assert verdict.code is verdict.all_codes[0]
