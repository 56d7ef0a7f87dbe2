"""The stop switch: pressed by anybody, released by an administrator, with a choice about what waited."""

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.stop_switches import Stop
from wakeel.flows import release_stop, stop_sending
from wakeel.store.models import Approval, Contact, StopSwitch


def press(stage: Stage) -> None:
    stop_sending.press(stage.firm.business.id, "7", now=stage.now)


def release(stage: Stage, *, send: bool) -> tuple[int, int]:
    done = release_stop.release_stop(Stop.of_business(stage.firm.business.id), send=send, now=stage.now)
    assert done.waiting == 0
    return done.leaving, done.asked


def test_an_approval_while_stopped_is_kept_and_held(stage: Stage):
    draft = stage.accepted()
    press(stage)
    answer = stage.tap(f"msg:{draft.id}:approve")
    assert answer.code == "approved_held"
    assert Approval.objects.filter(revoked_at=None).count() == 1
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []


def test_release_and_send(stage: Stage):
    stage.approved()
    press(stage)
    assert release(stage, send=True) == (1, 0)
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]
    assert not StopSwitch.objects.exists()


def test_release_and_ask_again(stage: Stage):
    message = stage.approved()
    assert message.draft
    press(stage)
    assert release(stage, send=False) == (0, 1)
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == []
    message.draft.refresh_from_db()
    assert message.draft.state == "awaiting_approval"
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "approved"


@pytest.mark.parametrize("change", ["older than a day", "another consent"])
def test_what_changed_meanwhile_is_asked_again_even_when_sending(stage: Stage, change: str):
    message = stage.approved()
    assert message.contact
    press(stage)
    if change == "another consent":
        rows.grant(message.contact, at=stage.now)
    else:
        stage.wait(days=1)
    Contact.objects.update(last_inbound_at=stage.now)
    assert release(stage, send=True) == (0, 1)


def test_other_stopped_causes_are_not_released_with_it(stage: Stage):
    """An opted-out person stays untouched by the switch."""
    message = stage.approved()
    assert message.contact
    press(stage)
    stage.says("إيقاف", by=message.contact)
    assert release(stage, send=True) == (0, 0)
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []


def test_another_business_goes_on(stage: Stage):
    stage.approved()
    foreign = rows.firm("أخرى", phone_number_id="105500000000009")
    stop_sending.press(foreign.business.id, "7", now=stage.now)
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


def test_undo_works_while_stopped(stage: Stage):
    message = stage.approved()
    press(stage)
    assert stage.tap(f"msg:{message.draft_id}:cancel").code == "undone"
    assert release(stage, send=True) == (0, 0)
