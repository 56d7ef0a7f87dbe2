"""Stop switches of a number and of everything, what was on its way at the press, and releases of many messages."""

import pytest

from tests import rows
from tests.flows.stage import Stage, answer_to
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.stop_switches import EVERYWHERE, Stop
from wakeel.flows import dispatch_outbox, release_stop
from wakeel.flows.release_stop import AT_ONCE, FIRST_SLICES
from wakeel.flows.sender_cured import go_on
from wakeel.flows.stop_sending import press, press_stop
from wakeel.store.models import OutboxMessage, StopEvent, StopSwitch
from wakeel.store.screens import switches


def leaving_now(stage: Stage) -> OutboxMessage:
    """Claimed, and its request not written yet."""
    message = stage.approved()
    stage.wait(seconds=11)
    assert [one.outbox_id for one in stage.claim()] == [message.id]
    return message


def test_what_is_on_its_way_at_the_press_is_told_by_what_it_is_about_and_recalled(stage: Stage):
    message = leaving_now(stage)
    stage.says("أوقف الكل", wamid="wamid.STOPALL")
    told = answer_to("wamid.STOPALL").text
    assert ": 1 (" in told
    assert "تجديد العقد" in told
    assert StopSwitch.objects.get().leaving == [message.id]
    [line] = switches.read(message.business_id).on
    assert [(one.name, one.state) for one in line.leaving] == [("مريم", "sending")]
    assert line.pressed_by == "سارة"


def test_a_title_with_braces_is_said_as_it_is(stage: Stage):
    message = stage.approved(stage.person(title="عقد {name} {0}"))
    stage.wait(seconds=11)
    assert stage.claim()
    stage.says("أوقف الكل", wamid="wamid.BRACES")
    assert "{name} {0}" in answer_to("wamid.BRACES").text
    assert message.id in StopSwitch.objects.get().leaving


def test_a_claim_that_the_press_did_not_see_is_stopped_before_its_request(stage: Stage):
    """Queued and claimed between the press's look and its commit: not recalled by it, and still not sent."""
    message = leaving_now(stage)
    claimed = dispatch_outbox.Claimed(message.attempts.get().id, message.id, message.number_id, message.body)
    assert dispatch_outbox.recalled([claimed]) == set()
    press_stop(EVERYWHERE, "admin", now=stage.now)
    OutboxMessage.objects.update(recalled_at=None)
    assert dispatch_outbox.recalled([claimed]) == {claimed.attempt_id}


@pytest.mark.parametrize("scope", ["number", "everything"])
def test_a_stop_of_a_number_and_of_everything_hold_and_let_go(stage: Stage, scope: str):
    message = stage.approved()
    stop = EVERYWHERE if scope == "everything" else Stop.of_number(message.number_id)
    press_stop(stop, "admin", now=stage.now)
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == []
    assert release_stop.release_stop(stop, send=True, now=stage.now).leaving == 1
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_a_stopped_number_is_silent_and_its_answers_leave_after_the_release(stage: Stage):
    message = stage.approved()
    stop = Stop.of_number(message.number_id)
    press_stop(stop, "admin", now=stage.now)
    stage.says("مرحبا")
    before = len(stage.phone())
    stage.deliver()
    assert len(stage.phone()) == before
    release_stop.release_stop(stop, send=False, now=stage.now)
    stage.deliver()
    assert len(stage.phone()) > before
    assert stage.to_contacts() == []


def test_what_two_switches_stop_waits_for_both(stage: Stage):
    message = stage.approved()
    press(message.business_id, "7", now=stage.now)
    press_stop(EVERYWHERE, "admin", now=stage.now)
    done = release_stop.release_stop(Stop.of_business(message.business_id), send=True, now=stage.now)
    assert (done.leaving, done.waiting) == (0, 0)
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []
    assert release_stop.release_stop(EVERYWHERE, send=True, now=stage.now).leaving == 1


def test_a_release_says_first_what_would_leave_and_what_would_be_asked(stage: Stage):
    first = stage.approved()
    second = stage.approved(stage.person(key="k2", title="عرض آخر", name="هند", phone="+966509722244"))
    press(first.business_id, "7", now=stage.now)
    assert second.contact
    rows.grant(second.contact, at=stage.now)
    waiting = release_stop.what_waits(Stop.of_business(first.business_id), now=stage.now)
    assert (waiting.leaving, waiting.asked, waiting.staying, waiting.total) == (1, 1, 0, 2)
    done = release_stop.release_stop(Stop.of_business(first.business_id), send=True, now=stage.now)
    assert (done.leaving, done.asked) == (1, 1)


def test_many_are_released_in_slices_and_the_worker_goes_on(stage: Stage):
    """More than a request waits for; fixed texts stand for them, which need no draft each."""
    message = stage.approved()
    press(message.business_id, "7", now=stage.now)
    over = AT_ONCE * FIRST_SLICES + 5
    fields = {name: getattr(message, name) for name in ("business_id", "number_id", "contact_id", "address", "digest")}
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            audience="contact", lane=2, body=message.body, category="service", intent="help", state="held",
            hold_code="KILL_SWITCH", request_key=f"text:{number}", due_at=stage.now, created_at=stage.now,
            updated_at=stage.now, **fields,
        )
        for number in range(over)
    )  # fmt: skip
    done = release_stop.release_stop(Stop.of_business(message.business_id), send=True, now=stage.now, by="admin")
    assert (done.leaving, done.waiting) == (AT_ONCE * FIRST_SLICES, over + 1 - AT_ONCE * FIRST_SLICES)
    while release_stop.go_on_releasing(now=stage.now):
        pass
    assert not OutboxMessage.objects.filter(state="held").exists()
    event = StopEvent.objects.get(kind="released")
    assert (event.leaving, event.by, event.send, event.done_at) == (over + 1, "admin", True, None)
    stage.wait(seconds=6)
    assert not release_stop.go_on_releasing(now=stage.now)
    event.refresh_from_db()
    assert event.done_at == stage.now


def test_a_switch_pressed_again_keeps_what_was_not_looked_at(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    message = stage.approved()
    press(message.business_id, "7", now=stage.now)
    monkeypatch.setattr(release_stop, "FIRST_SLICES", 0)
    assert release_stop.release_stop(Stop.of_business(message.business_id), send=True, now=stage.now).waiting == 1
    press(message.business_id, "7", now=stage.now)
    monkeypatch.setattr(release_stop, "FIRST_SLICES", 10)
    release_stop.go_on_releasing(now=stage.now)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "KILL_SWITCH")


@pytest.mark.parametrize("is_same", [True, False])
def test_of_two_releases_what_was_said_last_holds(stage: Stage, monkeypatch: pytest.MonkeyPatch, *, is_same: bool):
    """The first let everything go and had not looked at it yet; the second asks again. Nothing leaves."""
    message = stage.approved()
    business = Stop.of_business(message.business_id)
    second = business if is_same else Stop.of_number(message.number_id)
    monkeypatch.setattr(release_stop, "FIRST_SLICES", 0)
    press_stop(business, "7", now=stage.now)
    release_stop.release_stop(business, send=True, now=stage.now)
    press_stop(second, "7", now=stage.now)
    release_stop.release_stop(second, send=False, now=stage.now)
    while release_stop.go_on_releasing(now=stage.now):
        pass
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == []


def test_a_cured_number_does_not_send_past_the_switch_for_everything(stage: Stage):
    message = stage.approved()
    OutboxMessage.objects.filter(pk=message.pk).update(state="held", hold_code="SENDER_QUALITY_RED")
    press_stop(EVERYWHERE, "admin", now=stage.now)
    go_on(message.business_id, [message.number_id], code=ReasonCode.SENDER_QUALITY_RED, now=stage.now)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "KILL_SWITCH")
