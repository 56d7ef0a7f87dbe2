"""Messages that must wait leave by themselves when their time has come, and not before."""

from datetime import timedelta

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.policy import Policy, as_document, policy_from
from wakeel.flows import policies
from wakeel.flows.stop_sending import press
from wakeel.store.models import OutboxMessage, VerdictRow

NIGHT = rows.T0.replace(hour=19, minute=30)
"""22:30 in Riyadh."""
MORNING = NIGHT.replace(hour=6, minute=0) + timedelta(days=1)
"""09:00 in Riyadh, when marketing may leave again."""
OPEN = policies.current
SECOND = "معك أفق مرة ثانية.\nلإيقاف الرسائل أرسل: إيقاف"


def _policy(**changes: object) -> Policy:
    return policy_from(as_document(OPEN()) | changes)


@pytest.fixture
def quiet_at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = _policy(send_windows={"marketing": [["09:00", "21:00"]], "utility": [["08:00", "22:00"]]}, calendars={})
    monkeypatch.setattr(policies, "current", lambda: policy)


def at_night(stage: Stage) -> OutboxMessage:
    """Approved at night; they wrote shortly before, so that the window is open in the morning."""
    stage.now = NIGHT
    return stage.approved(stage.person(last_inbound_at=NIGHT - timedelta(minutes=5)), answer="approved_later")


@pytest.mark.usefixtures("quiet_at_night")
def test_what_is_approved_at_night_leaves_in_the_morning_by_itself(stage: Stage):
    message = at_night(stage)
    assert (message.state, message.hold_code) == ("pending", "QUIET_HOURS")
    assert MORNING <= message.due_at <= MORNING + timedelta(minutes=1), "never before, spread over a minute after"
    assert "9:00" in stage.phone()[-1], "the answer to the tap names the hour"
    stage.now = MORNING - timedelta(seconds=1)
    stage.deliver()
    assert stage.to_contacts() == []
    stage.now = MORNING + timedelta(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


@pytest.mark.usefixtures("quiet_at_night")
def test_a_message_that_meets_the_night_at_the_claim_waits_without_being_asked_again(stage: Stage):
    """Approved at 20:59:55, due after the undo grace: the gate is asked again inside the claim."""
    stage.now = NIGHT.replace(hour=17, minute=59, second=55)
    message = stage.approved(stage.person(last_inbound_at=stage.now - timedelta(minutes=5)))
    assert message.hold_code == ""
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("pending", "QUIET_HOURS")
    assert message.due_at >= MORNING
    assert stage.to_contacts() == []
    verdict = VerdictRow.objects.get(outbox=message, phase="claim")
    assert (verdict.answer, verdict.next_allowed_at) == ("defer", MORNING)
    stage.now = message.due_at
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


@pytest.mark.usefixtures("quiet_at_night")
def test_a_wait_past_the_window_is_refused_now_and_not_in_the_morning(stage: Stage):
    """A wait that ends in a refusal is not a wait (reference 5.1)."""
    stage.now = NIGHT
    draft = stage.accepted(stage.person(last_inbound_at=NIGHT - timedelta(hours=20)))
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    verdict = VerdictRow.objects.get(phase="plan")
    assert (verdict.answer, verdict.code) == ("hold", "WINDOW_CLOSED")
    assert not OutboxMessage.objects.filter(audience="contact").exists()


def test_a_wait_longer_than_an_approval_lives_does_not_ask_to_approve_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """Approving is what they just did: what helps is that the person writes."""
    policy = _policy(caps=[{"category": "marketing", "window_s": 7 * 86_400, "max": 1}])
    monkeypatch.setattr(policies, "current", lambda: policy)
    contact = stage.sent().contact
    assert contact is not None
    draft = stage.accepted(rows.opportunity(stage.firm, contact, key="k2", title="الثانية", draft_text=SECOND))
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    verdict = VerdictRow.objects.get(draft=draft, phase="plan")
    assert (verdict.answer, verdict.code) == ("hold", "WINDOW_CLOSED")


@pytest.mark.usefixtures("quiet_at_night")
def test_a_stop_switch_at_night_keeps_the_approval_all_the_same(stage: Stage):
    """The night ends by itself: only what does not may refuse an approval under a stop."""
    stage.now = NIGHT
    draft = stage.accepted(stage.person(last_inbound_at=NIGHT - timedelta(minutes=5)))
    press(stage.firm.business.id, "7", now=stage.now)
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved_held"
    message = OutboxMessage.objects.get(draft=draft)
    assert (message.state, message.hold_code) == ("held", "KILL_SWITCH")


def test_the_daily_cap_counts_what_left_and_frees_a_day_later(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    policy = _policy(caps=[{"category": "marketing", "window_s": 3600, "max": 1}])
    monkeypatch.setattr(policies, "current", lambda: policy)
    first = stage.approved()
    stage.wait(seconds=11)
    stage.deliver()
    left_at = stage.now
    contact = first.contact
    assert contact is not None
    another = rows.opportunity(stage.firm, contact, key="k2", draft_text=SECOND)
    second = stage.approved(another, answer="approved_later")
    assert second.hold_code == "FREQUENCY_CAP"
    assert second.due_at >= left_at + timedelta(hours=1)
    stage.now = second.due_at
    stage.deliver()
    assert stage.to_contacts()[-1] == SECOND
