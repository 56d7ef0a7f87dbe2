"""The gate: every code, the order of objections, the two audiences, the preview, the window to the second.

What waits and until when: test_gate_timing. The oracle's decisions: test_cases_file.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.consent import ConsentEvent, ConsentType, Subject
from wakeel.domain.gate import decide, deciding_grant, is_window_open, preview
from wakeel.domain.gate_request import (
    ApprovalFacts,
    GateRequest,
    History,
    MessageFacts,
    RecipientFacts,
    Send,
    Switches,
    TemplateFacts,
    Verdict,
)
from wakeel.domain.outbox import Audience
from wakeel.domain.policy import policy_from
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
    message=MessageFacts(
        kind="free_form",
        category="marketing",
        purpose="offers",
        request_key="drf:1:1",
        body_hash="b1",
        names_sender=True,
        has_opt_out=True,
    ),
    recipient=RecipientFacts(
        id="con_1",
        known=True,
        address="+966509722233",
        country="SA",
        time_zones=("Asia/Riyadh",),
        last_inbound_at=NOW - HOUR,
        subject=SUBJECT,
    ),
    current_digest="d1",
    approval=ApprovalFacts(approved_digest="d1", approved_at=NOW, expires_at=NOW + HOUR),
    consent_events=(GRANT,),
    live_send=True,
    policy=policy_from({}),
    ledger_seq=7,
)
APPROVED = TemplateFacts(status="APPROVED", category="MARKETING")


def sent(before: timedelta, **fields: Any) -> History:
    values = {"category": "marketing", "body_hash": "b0", "request_key": "drf:0:1", "outcome": "sent", **fields}
    return History(sends=(Send(at=NOW - before, **values),))


def but(request: GateRequest = FINE, **changes: Any) -> GateRequest:
    """The request with single facts changed, by name, wherever they stand."""
    for name, value in changes.items():
        for part in ("message", "recipient", "sender", "policy"):
            if hasattr(getattr(request, part), name):
                request = replace(request, **{part: replace(getattr(request, part), **{name: value})})
                break
        else:
            request = replace(request, **{name: value})
    return request


def code(request: GateRequest, *, now: datetime = NOW) -> ReasonCode:
    return decide(request, now=now).code


TEMPLATE: dict[str, Any] = {"kind": "template", "template": APPROVED}

# One change that makes each code the first objection, in the order of the reference.
OBJECTIONS: list[tuple[ReasonCode, dict[str, Any]]] = [
    (C.KILL_SWITCH, {"switches": Switches(everywhere=True)}),
    (C.RECIPIENT_INVALID, {"address": None}),
    (C.UNKNOWN_CONTACT, {"known": False, "last_inbound_at": None, **TEMPLATE}),
    (C.IDENTITY_HOLD, {"identity_hold": True}),
    (C.OPTED_OUT, {"consent_events": (GRANT, STOP)}),
    (C.SUPPRESSED, {"suppression": "complaint"}),
    (C.NO_CONSENT, {"consent_events": ()}),
    (C.RECIPIENT_UNREACHABLE, {"unreachable": True}),
    (C.MESSAGE_EXPIRED, {"expires_at": NOW}),
    (C.DUPLICATE_REQUEST, {"history": sent(2 * DAY, request_key="drf:1:1")}),
    (C.CONTENT_SECRET, {"findings": ("CONTENT_SECRET:access_key", "CONTENT_PII:iban", "CONTENT_RISKY_CLAIM")}),
    (C.SENDER_NOT_NAMED, {"names_sender": False}),
    (C.OPT_OUT_PATH_MISSING, {"has_opt_out": False}),
    (C.APPROVAL_MISSING, {"approval": None}),
    (C.WINDOW_CLOSED, {"kind": "free_form", "template": None, "last_inbound_at": NOW - DAY}),
    (C.DESTINATION_RESTRICTED, {"country": "US"}),
    (C.SENDER_NOT_READY, {"status": "FLAGGED"}),
    (C.SENDER_QUALITY_RED, {"quality": "RED"}),
]
ALSO: list[tuple[ReasonCode, dict[str, Any]]] = [
    (C.KILL_SWITCH, {"switches": Switches(business=True)}),
    (C.KILL_SWITCH, {"switches": Switches(number=True)}),
    (C.RECIPIENT_INVALID, {"address_valid": False}),
    (C.ADDRESS_TYPE_UNSUPPORTED, {
        "has_phone": False, "kind": "template", "category": "authentication",
        "template": TemplateFacts(status="APPROVED", category="AUTHENTICATION"),
    }),
    (C.ADDRESS_TYPE_UNSUPPORTED, {
        "has_phone": False, "kind": "template", "template": TemplateFacts(status="APPROVED", category="AUTHENTICATION"),
    }),
    (C.IDENTITY_HOLD, {"address_current": False}),
    (C.CONSENT_PENDING, {"consent_events": (replace(GRANT, needs_confirmation=True),)}),
    (C.CONSENT_EXPIRED, {"consent_events": (replace(GRANT, expires_at=NOW),)}),
    (C.DUPLICATE_REQUEST, {"history": sent(2 * DAY, request_key="drf:1:1", outcome="unknown")}),
    (C.DUPLICATE_CONTENT, {"history": sent(23 * HOUR, body_hash="b1", category="service")}),
    (C.CONTENT_PII, {"findings": ("CONTENT_RISKY_CLAIM", "CONTENT_PII:iban")}),
    (C.CONTENT_RISKY_CLAIM, {"findings": ("CONTENT_RISKY_CLAIM:guarantee",)}),
    (C.APPROVAL_REJECTED, {
        "approval": ApprovalFacts(status="rejected", approved_digest="", approved_at=NOW, expires_at=NOW),
    }),
    (C.APPROVAL_MISSING, {
        "approval": ApprovalFacts(status="pending", approved_digest="d1", approved_at=NOW, expires_at=None),
    }),
    (C.APPROVAL_STALE, {"current_digest": "d2"}),
    (C.APPROVAL_EXPIRED, {"approval": ApprovalFacts(approved_digest="d1", approved_at=NOW, expires_at=NOW)}),
    (C.WINDOW_CLOSED, {"last_inbound_at": None}),
    (C.TEMPLATE_DISABLED, {"kind": "template", "template": replace(APPROVED, status="DISABLED")}),
    (C.TEMPLATE_PAUSED, {"kind": "template", "template": replace(APPROVED, status="PAUSED")}),
    (C.TEMPLATE_NOT_APPROVED, {"kind": "template", "template": replace(APPROVED, status="PENDING")}),
    (C.TEMPLATE_NOT_APPROVED, {"kind": "template", "template": replace(APPROVED, status="")}),
    (C.TEMPLATE_CATEGORY_MISMATCH, {"kind": "template", "template": replace(APPROVED, category="UTILITY")}),
    (C.INVALID_REQUEST, {"request_key": ""}),
    (C.INVALID_REQUEST, {"id": ""}),
    (C.INVALID_REQUEST, {"kind": "voice"}),
    (C.INVALID_REQUEST, {"category": "offer"}),
    (C.INVALID_REQUEST, {"category": "authentication"}),
    (C.INVALID_REQUEST, {"kind": "template"}),
    (C.INVALID_REQUEST, {"category": "service", **TEMPLATE}),
    (C.INVALID_REQUEST, {"expires_at": NOW.replace(tzinfo=None)}),
    (C.INVALID_REQUEST, {"paused_until": datetime.max.replace(tzinfo=UTC)}),
    (C.INVALID_REQUEST, {"consent_events": (replace(GRANT, recorded_at=NOW.replace(tzinfo=None)),)}),
]  # fmt: skip
NOT_OF_THIS_TEST = {C.OK, C.LIVE_SEND_OFF, C.CONTACT_REPLIED, C.UNREAD_MESSAGE, C.RESTORED}
TIMED = {code for code, reason in REASONS.items() if reason.answer is Answer.DEFER}


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
    assert tried == set(ReasonCode) - NOT_OF_THIS_TEST - TIMED


THE_PERSONS = {C.KILL_SWITCH, C.RECIPIENT_INVALID, C.UNKNOWN_CONTACT, C.IDENTITY_HOLD, C.OPTED_OUT}


@pytest.mark.parametrize("first", range(len(OBJECTIONS)))
def test_the_persons_will_comes_before_our_paperwork(first: int):
    """With several objections the earlier one names the answer and all of them are listed, in order."""
    request = FINE
    for wanted, change in OBJECTIONS[first:]:
        # A stranger has no window; that one stands alone.
        request = request if wanted is C.UNKNOWN_CONTACT else but(request, **change)
    if OBJECTIONS[first][0] is C.UNKNOWN_CONTACT:
        request = but(request, known=False, last_inbound_at=None)
    if OBJECTIONS[first][0] in THE_PERSONS:
        request = but(request, consent_events=(GRANT, STOP))
    verdict = decide(request, now=NOW)
    assert verdict.code is OBJECTIONS[first][0]
    assert verdict.all_codes[0] is verdict.code
    order = list(ReasonCode)
    assert [order.index(one) for one in verdict.all_codes] == sorted(order.index(one) for one in verdict.all_codes)
    assert len(set(verdict.all_codes)) == len(verdict.all_codes) > len(OBJECTIONS) - first - 2


def test_a_malformed_request_is_told_nothing_else():
    verdict = decide(but(request_key="", address=None, approval=None), now=NOW)
    assert verdict.all_codes == (C.INVALID_REQUEST,)


def test_every_finding_is_named_with_what_it_is():
    request = but(findings=("CONTENT_PII:iban", "CONTENT_SECRET:password", "CONTENT_RISKY_CLAIM:guarantee"))
    assert decide(request, now=NOW).all_codes == (C.CONTENT_SECRET, C.CONTENT_PII, C.CONTENT_RISKY_CLAIM)
    assert decide(but(findings=("CONTENT_PII:iban",)), now=NOW).facts == {"kind": "iban"}
    assert decide(but(findings=("CONTENT_RISKY_CLAIM:cure",)), now=NOW).facts == {"phrase": "cure"}
    assert code(but(findings=("A_FINDING_OF_TOMORROW",))) is C.OK


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        ({"switches": Switches(business=True, number=True)}, {"scope": "business"}),
        ({"suppression": "legal"}, {"cause": "legal"}),
        ({"consent_events": ()}, {"purpose": "offers"}),
        ({"consent_events": (replace(GRANT, expires_at=NOW - HOUR),)}, {"t": NOW - HOUR}),
        ({"kind": "template", "template": replace(APPROVED, status="PENDING")}, {"status": "PENDING"}),
        ({"kind": "template", "template": replace(APPROVED, category="UTILITY")},
         {"actual": "utility", "declared": "marketing"}),
        ({"status": "FLAGGED"}, {"status": "FLAGGED"}),
        ({"approval": ApprovalFacts(status="rejected", approved_digest="", approved_at=None, expires_at=None,
                                    note="too loud")}, {"note": "too loud"}),
    ],
)  # fmt: skip
def test_a_verdict_brings_what_its_words_name(change: dict[str, Any], facts: dict[str, Any]):
    assert decide(but(**change), now=NOW).facts == facts


UTILITY: dict[str, Any] = {
    "kind": "template", "category": "utility", "template": TemplateFacts(status="APPROVED", category="UTILITY"),
}  # fmt: skip


@pytest.mark.parametrize("change", [
    {"names_sender": False}, {"has_opt_out": False}, {"country": "US"}, {"quality": "RED"},
])  # fmt: skip
def test_what_only_marketing_must_have_is_asked_by_the_stricter_category(change: dict[str, Any]):
    """WhatsApp may make marketing of a utility template; then it is marketing."""
    assert code(but(**UTILITY, **change)) is C.OK
    renamed = decide(but(**UTILITY | {"template": APPROVED}, **change), now=NOW)
    assert set(renamed.all_codes) > {C.TEMPLATE_CATEGORY_MISMATCH}


def test_consent_is_asked_for_the_stricter_category():
    updates_only = (replace(GRANT, categories=frozenset({"utility"})),)
    assert code(but(**UTILITY, consent_events=updates_only)) is C.OK
    assert code(but(**UTILITY | {"template": APPROVED}, consent_events=updates_only)) is C.NO_CONSENT
    lowered = but(kind="template", template=replace(APPROVED, category="UTILITY"), consent_events=updates_only)
    assert code(lowered) is C.NO_CONSENT


@pytest.mark.parametrize(("announced_at", "wanted"), [
    (NOW, C.TEMPLATE_CATEGORY_MISMATCH), (NOW + SECOND, C.OK), (None, C.OK),
])  # fmt: skip
def test_an_announced_category_counts_from_its_time_on(announced_at: datetime | None, wanted: ReasonCode):
    moving = TemplateFacts(
        status="APPROVED", category="UTILITY", pending_category="MARKETING", pending_category_at=announced_at
    )
    assert code(but(**UTILITY | {"template": moving})) is wanted


@pytest.mark.parametrize(
    ("history", "wanted"),
    [
        (sent(24 * HOUR - SECOND, body_hash="b1", category="service"), C.DUPLICATE_CONTENT),
        (sent(24 * HOUR, body_hash="b1", category="service"), C.OK),
        (sent(HOUR, body_hash="b1", category="service", outcome="unknown"), C.DUPLICATE_CONTENT),
        (sent(HOUR, body_hash="b1", category="service", outcome="failed"), C.OK),
        (sent(HOUR, category="service"), C.OK),
        (sent(900 * DAY, request_key="drf:1:1"), C.DUPLICATE_REQUEST),
        (sent(HOUR, request_key="drf:1:1", outcome="failed"), C.OK),
    ],
)
def test_nothing_is_said_or_carried_out_twice(history: History, wanted: ReasonCode):
    assert code(but(history=history)) is wanted


def test_a_message_without_a_hash_repeats_nothing():
    assert code(but(history=sent(HOUR, body_hash="", category="service"), body_hash="")) is C.OK


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
    stale = decide(but(last_inbound_at=NOW, approval=approval, current_digest="d2", quality="RED"), now=NOW)
    assert stale.all_codes == (C.APPROVAL_STALE, C.CONTACT_REPLIED, C.SENDER_QUALITY_RED)


def test_an_approval_of_a_text_for_everybody_is_older_than_every_reply():
    """A catalogue text is approved once; what somebody wrote later cannot have been read (design section 6)."""
    assert code(but(approval=ApprovalFacts(approved_digest="d1", approved_at=None, expires_at=None))) is C.OK


def test_a_template_needs_no_window():
    assert code(but(**TEMPLATE, last_inbound_at=None)) is C.OK


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
        (C.DUPLICATE_REQUEST, {"history": sent(DAY, request_key="drf:1:1")}),
        (C.OK, {"history": sent(SECOND, body_hash="b1")}),
        (C.WINDOW_CLOSED, {"last_inbound_at": NOW - DAY}),
        (C.SENDER_NOT_READY, {"status": "BANNED"}),
        (C.OK, {"consent_events": (STOP,)}),
        (C.OK, {"suppression": "complaint", "unreachable": True, "known": False, "findings": ("CONTENT_PII",)}),
        (C.OK, {"paused_until": NOW + DAY}),
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
    assert (verdict.policy_version, verdict.ledger_seq) == (FINE.policy.version, 7)
    wanted: Callable[[], Answer] = lambda: Answer.ALLOW if live else Answer.SIMULATE  # noqa: E731
    if verdict.answer in {Answer.ALLOW, Answer.SIMULATE}:
        assert verdict.all_codes == ()
        assert verdict.answer is wanted()
    else:
        assert picked
        assert verdict.code is verdict.all_codes[0]
