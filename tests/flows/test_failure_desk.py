"""Every message in trouble: why, what happens by itself, the steps that can work, and news once per cause."""

from typing import Any

import pytest

from tests import rows
from tests.flows.stage import Stage
from tests.flows.test_dispatch_outbox import refused
from tests.flows.test_reengage import template
from tests.words import says
from wakeel.domain.answers import AnswerCode
from wakeel.domain.failures import (
    AFTER_ATTENTION,
    AFTER_MACHINE,
    ASKED_WHEN_THEY_WRITE,
    NUMBER_WAITS,
    ONCE_MORE,
    SETTLES_ITSELF,
    Trouble,
)
from wakeel.domain.outbox import LEASE, SETTLE_GRACE
from wakeel.flows import number_breaker
from wakeel.flows.failure_desk import Advice, Case, advise
from wakeel.flows.settle_message import settle, settle_outage
from wakeel.store.models import Attempt, ConsentEventRow, Contact, Draft, OutboxMessage
from wakeel.whatsapp.answers import NoAnswer, Outcome


def left(stage: Stage, outcome: Outcome | None, *, serial: int = 0) -> OutboxMessage:
    """An approved message to somebody of their own, answered in this way."""
    person = stage.person(key=f"k{serial}", phone=f"+96650972{serial:04d}", title=f"عرض {serial}")
    message = stage.approved(person)
    stage.wait(seconds=11)
    [claimed] = [one for one in stage.claim() if one.outbox_id == message.id]
    stage.record(claimed, outcome)
    message.refresh_from_db()
    return message


def advice(stage: Stage, message: OutboxMessage, **more: Any) -> Advice:
    message.refresh_from_db()
    assert message.draft
    trouble = Trouble.FAILED_STATUS if message.state == "accepted" else Trouble(message.state)
    case = Case(
        outbox_id=message.id, trouble=trouble, number_id=message.number_id,
        opportunity_id=message.draft.opportunity_id, draft_id=message.draft.id, hold_code=message.hold_code, facts={},
        failure_code=message.failure_code, failure_details=message.failure_details, at=message.updated_at,
        attempted_at=message.attempts.last().started_at if message.attempts.exists() else None,
        may_be_rewritten=more.get("may_be_rewritten", True),
    )  # fmt: skip
    return advise(message.business_id, [case], now=stage.now, real_now=stage.now)[message.id]


def said(stage: Stage, code: AnswerCode) -> list[str]:
    return [text for text in stage.told() if says(text, code)]


def take(stage: Stage, message: OutboxMessage, verb: str, *, key: str = "s1") -> str:
    code = settle(stage.operator.id, message.id, verb, tap_key=key, now=stage.now).code
    message.refresh_from_db()
    return code.value


# what can be done, and what happens by itself


def test_a_closed_window_offers_a_template_only_where_one_fits(stage: Stage):
    message = left(stage, refused(131047))
    found = advice(stage, message)
    assert [step.value for step in found.steps] == ["wait_until_they_write", "give_up"]
    assert found.by_itself is ASKED_WHEN_THEY_WRITE
    template(stage)
    assert advice(stage, message).steps[0] == "use_template"


def test_a_stopped_number_offers_its_resumption_first_and_no_retry_that_would_only_wait(stage: Stage):
    message = left(stage, refused(131031))
    found = advice(stage, message)
    assert [step.value for step in found.steps] == ["resume_number", "give_up"]
    assert found.by_itself is NUMBER_WAITS
    number_breaker.release(stage.firm.business.id, rows.NUMBER_ID, by="sara", now=stage.now)
    found = advice(stage, message)
    assert [step.value for step in found.steps] == ["retry", "give_up"]
    assert found.by_itself is AFTER_ATTENTION


def test_whatsapps_own_limit_may_be_tried_once_more_a_day_later_and_then_never(stage: Stage):
    message = left(stage, None)
    stage.status(str(message.wamid), "failed", code=131049)
    found = advice(stage, message)
    assert "retry" not in [step.value for step in found.steps]
    assert (found.by_itself, found.until) == (ONCE_MORE, stage.now + rows.DAY)
    stage.wait(hours=24)
    assert "retry" in [step.value for step in advice(stage, message).steps]
    Contact.objects.update(last_inbound_at=stage.now - rows.MINUTE)
    type(stage.operator).objects.update(last_inbound_at=stage.now)
    assert take(stage, message, "retry") == "settled"
    stage.deliver()
    assert message.draft
    assert stage.tap(f"msg:{message.draft.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    second = OutboxMessage.objects.filter(draft=message.draft).order_by("id").last()
    assert second is not None
    assert second.id != message.id, "a message of its own, with its own journal"
    stage.status(str(second.wamid), "failed", code=131049)
    stage.wait(hours=25)
    assert "retry" not in [step.value for step in advice(stage, second).steps]


def test_after_the_machines_last_try_only_a_decision_sends_it_again(stage: Stage):
    message = left(stage, refused(131000))
    for _ in range(3):
        assert message.state == "pending"
        stage.now = message.due_at
        [claimed] = [one for one in stage.claim() if one.outbox_id == message.id]
        stage.record(claimed, refused(131000))
        message.refresh_from_db()
    found = advice(stage, message)
    assert found.by_itself is AFTER_MACHINE
    assert [step.value for step in found.steps] == ["retry", "give_up"]


def test_send_again_is_offered_only_after_lease_and_grace(stage: Stage):
    message = left(stage, NoAnswer("timeout"))
    assert [step.value for step in advice(stage, message).steps] == ["it_arrived", "give_up"]
    stage.now += LEASE + SETTLE_GRACE
    found = advice(stage, message)
    assert [step.value for step in found.steps] == ["it_arrived", "send_again", "give_up"]
    assert found.by_itself is SETTLES_ITSELF


def test_a_held_message_can_be_given_up(stage: Stage):
    message = stage.approved()
    Contact.objects.update(identity_hold=True)
    stage.wait(seconds=11)
    stage.deliver()
    assert [step.value for step in advice(stage, message).steps] == ["confirm_identity", "give_up"]
    assert take(stage, message, "give_up") == "settled"


def test_undeliverable_goes_to_review_and_is_no_opt_out(stage: Stage):
    message = left(stage, None)
    stage.status(str(message.wamid), "failed", code=131026)
    assert not ConsentEventRow.objects.filter(type="withdraw").exists()
    assert [step.value for step in advice(stage, message).steps][:2] == ["fix_number", "reachable_again"]
    assert message.contact
    text = rows.DRAFT_TEXT.replace("غدًا", "اليوم")
    later = stage.accepted(rows.opportunity(stage.firm, message.contact, key="later", title="لاحقًا", draft_text=text))
    assert stage.tap(f"msg:{later.id}:approve").code == "refused"
    stage.status(str(message.wamid), "delivered")
    assert stage.tap(f"msg:{later.id}:approve").code == "approved", "later proof beats the failure"


def test_a_changed_identity_holds_whatever_goes_to_them(stage: Stage):
    message = left(stage, None)
    stage.status(str(message.wamid), "failed", code=137000)
    assert Contact.objects.get().identity_hold
    assert [step.value for step in advice(stage, message).steps] == ["confirm_identity", "give_up"]


# told once per cause


def test_what_fails_for_the_same_reason_within_the_hour_is_told_once(stage: Stage):
    stage.now = stage.now.replace(minute=5)
    for serial in range(3):
        left(stage, refused(131026), serial=serial)
    assert len(said(stage, AnswerCode.SEND_FAILED)) == 1
    left(stage, refused(131047), serial=3)
    assert len(said(stage, AnswerCode.SEND_FAILED)) == 2, "another reason"
    stage.wait(hours=1)
    type(stage.operator).objects.update(last_inbound_at=stage.now)
    Contact.objects.update(last_inbound_at=stage.now - rows.MINUTE)
    left(stage, refused(131026), serial=4)
    assert len(said(stage, AnswerCode.SEND_FAILED)) == 3, "another hour"


def test_who_tries_again_hears_what_became_of_that(stage: Stage):
    """Also within the hour: a retry ends with a new wamid or a new failure, never in silence."""
    message = left(stage, refused(999_999))
    take(stage, message, "retry")
    [claimed] = [one for one in stage.claim() if one.outbox_id == message.id]
    stage.record(claimed, refused(999_999))
    assert len(said(stage, AnswerCode.SEND_FAILED)) == 2


def test_unanswered_messages_of_one_outage_are_told_once_and_settled_together(stage: Stage):
    stage.now = stage.now.replace(minute=5)
    before = left(stage, NoAnswer("timeout"), serial=9)
    stage.wait(minutes=10)
    outage = [left(stage, NoAnswer("timeout"), serial=serial) for serial in range(3)]
    assert len(said(stage, AnswerCode.SEND_UNKNOWN)) == 1
    stage.now += LEASE + SETTLE_GRACE
    reply = settle_outage(stage.operator.id, outage[1].id, "give_up", tap_key="o1", now=stage.now)
    assert (reply.code.value, reply.values["n"], reply.carried_out) == ("settled_together", 3, True)
    assert {OutboxMessage.objects.get(pk=one.pk).state for one in outage} == {"failed"}
    before.refresh_from_db()
    assert before.state == "unknown", "of another outage"
    again = settle_outage(stage.operator.id, outage[1].id, "give_up", tap_key="o1", now=stage.now)
    assert not again.carried_out


def test_another_business_settles_no_outage_of_ours(stage: Stage):
    message = left(stage, NoAnswer("timeout"))
    foreign = rows.operator(rows.firm("أخرى", phone_number_id="105500000000009"), "غريب", wa_id="966500000007")
    assert not settle_outage(foreign.id, message.id, "it_arrived", tap_key="x", now=stage.now).carried_out
    assert take(stage, message, "explode") == "unknown_button"
    assert not settle_outage(stage.operator.id, message.id, "retry", tap_key="y", now=stage.now).carried_out


# later proof


@pytest.mark.parametrize("status", ["sent", "delivered", "read"])
def test_proof_after_giving_up_corrects_the_record_and_is_said(stage: Stage, status: str):
    message = left(stage, NoAnswer("timeout"))
    first = message.attempts.get()
    take(stage, message, "give_up")
    stage.status("wamid.LATE", status, attempt_id=first.id)
    message.refresh_from_db()
    assert (message.state, message.status, message.wamid) == ("accepted", status, "wamid.LATE")
    assert len(said(stage, AnswerCode.SENT_AFTER_ALL)) == 1
    assert Attempt.objects.get(pk=first.pk).details == "proved_late"


def test_proof_before_the_second_try_takes_it_out_of_the_queue(stage: Stage):
    message = left(stage, NoAnswer("timeout"))
    first = message.attempts.get()
    stage.now += LEASE + SETTLE_GRACE
    take(stage, message, "send_again")
    stage.status("wamid.LATE", "delivered", attempt_id=first.id)
    message.refresh_from_db()
    assert (message.state, message.status) == ("accepted", "delivered")
    assert Draft.objects.get().state == "approved"
    stage.wait(hours=1)
    stage.deliver()
    assert message.attempts.count() == 1
    assert len(said(stage, AnswerCode.SENT_AFTER_ALL)) == 1


def test_proof_after_the_second_try_is_an_incident(stage: Stage):
    """Both left: nothing can undo it, and the operator hears it."""
    message = left(stage, NoAnswer("timeout"))
    first = message.attempts.get()
    stage.now += LEASE + SETTLE_GRACE
    take(stage, message, "send_again")
    stage.deliver()
    message.refresh_from_db()
    assert message.state == "accepted"
    for status in ("sent", "delivered"):
        stage.status("wamid.LATE", status, attempt_id=first.id)
    assert len(said(stage, AnswerCode.SENT_TWICE)) == 1
    message.refresh_from_db()
    assert message.wamid != "wamid.LATE", "the newest try is the one that counts"


def test_a_failure_that_comes_late_agrees_with_who_gave_it_up(stage: Stage):
    message = left(stage, NoAnswer("timeout"))
    first = message.attempts.get()
    take(stage, message, "give_up")
    stage.status("wamid.LATE", "failed", attempt_id=first.id, code=131026)
    message.refresh_from_db()
    assert message.state == "failed"
    assert not said(stage, AnswerCode.SENT_AFTER_ALL)
