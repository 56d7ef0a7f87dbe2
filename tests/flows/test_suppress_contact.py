"""What an operator knows about a person: never to be written to, not before some time, which clock, reachable again."""

from datetime import timedelta

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows.may_contact import may_contact
from wakeel.flows.pause_contact import pause_contact
from wakeel.flows.reachable_again import reachable_again
from wakeel.flows.set_time_zone import set_time_zone
from wakeel.flows.suppress_contact import lift_suppression, suppress_contact
from wakeel.store.models import Contact, Draft, Operator, OutboxMessage, Suppression

MANUAL, COMPLAINT = SuppressionCause.MANUAL, SuppressionCause.COMPLAINT


def stop(stage: Stage, person: Contact, cause: SuppressionCause = MANUAL, *, note: str = "طلب ذلك هاتفيًا") -> str:
    return suppress_contact(stage.operator.id, person.id, cause=cause, note=note, now=stage.now).code.value


def codes(person: Contact, stage: Stage) -> set[str]:
    return {line.verdict.code.value for line in may_contact(person.id, now=stage.now)}


# never


def test_what_waits_is_taken_back_at_once_and_the_approver_is_told(stage: Stage):
    message = stage.approved()
    assert message.contact
    assert stop(stage, message.contact) == "suppressed_now"
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "SUPPRESSED")
    assert Draft.objects.get().state == "cancelled"
    assert "موقوف نهائيًا: قرار من المنشأة" in stage.told()[-1]
    assert OutboxMessage.objects.filter(operator=stage.operator, about=message.contact).exists()
    stage.wait(minutes=5)
    stage.deliver()
    assert stage.to_contacts() == []


def test_even_an_answer_to_them_is_refused(stage: Stage):
    person = rows.contact(stage.firm)
    stop(stage, person, COMPLAINT)
    assert codes(person, stage) == {"SUPPRESSED"}
    assert may_contact(person.id, now=stage.now)[0].reason("en").startswith("Permanently stopped: a complaint.")


def test_the_same_number_on_another_record_is_refused_too(stage: Stage):
    """Whoever writes from there next, under whichever record, is the person who complained."""
    person = rows.contact(stage.firm, phone="+966500001111")
    stop(stage, person)
    person.aliases.update(valid_to=stage.now)
    again = rows.contact(stage.firm, "أخرى", phone="+966500001111")
    assert "SUPPRESSED" in codes(again, stage)


def test_twice_is_once(stage: Stage):
    person = rows.contact(stage.firm)
    assert [stop(stage, person), stop(stage, person)] == ["suppressed_now", "suppressed_before"]
    assert stop(stage, person, COMPLAINT) == "suppressed_now"
    assert Suppression.objects.count() == 2


@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_reason_is_needed_to_stop_and_to_lift(stage: Stage, note: str):
    person = rows.contact(stage.firm)
    assert stop(stage, person, note=note) == "reason_missing"
    stop(stage, person)
    assert (
        lift_suppression(stage.firm.business.id, person.id, note=note, by=stage.operator.id, now=stage.now).code
        == "reason_missing"
    )
    assert Suppression.objects.get().lifted_at is None


@pytest.mark.parametrize("cause", [SuppressionCause.ERASED, SuppressionCause.RESTRICTED, SuppressionCause.REPORT])
def test_causes_that_nobody_can_state_by_hand_are_refused(stage: Stage, cause: SuppressionCause):
    assert stop(stage, rows.contact(stage.firm), cause) == "no_such_contact"
    assert not Suppression.objects.exists()


def test_lifting_ends_it_with_a_reason_and_shows_what_waits(stage: Stage):
    draft = stage.accepted()
    stop(stage, draft.contact)
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    stage.deliver()
    shown = len(stage.showings())
    reply = lift_suppression(
        stage.firm.business.id, draft.contact_id, note="خطأ في التسجيل", by=stage.operator.id, now=stage.now
    )
    assert reply.code == "suppression_lifted"
    stage.deliver()
    assert len(stage.showings()) == shown + 1
    row = Suppression.objects.get()
    assert (row.lifted_by, row.note) == (stage.operator.id, "طلب ذلك هاتفيًا\nخطأ في التسجيل")
    assert (
        lift_suppression(stage.firm.business.id, draft.contact_id, note="x", by=stage.operator.id, now=stage.now).code
        == "nothing_to_lift"
    )


def test_a_restriction_of_a_rights_request_is_not_lifted_here(stage: Stage):
    person = rows.contact(stage.firm)
    Suppression.objects.create(
        business=stage.firm.business, contact=person, cause="restricted", actor="x", created_at=stage.now
    )
    assert (
        lift_suppression(stage.firm.business.id, person.id, note="x", by=stage.operator.id, now=stage.now).code
        == "nothing_to_lift"
    )


# not now


def test_a_pause_puts_off_and_the_message_leaves_by_itself_afterwards(stage: Stage):
    message = stage.approved()
    assert message.contact_id
    until = stage.now + timedelta(hours=3)
    assert pause_contact(stage.operator.id, message.contact_id, until=until, now=stage.now).code == "paused"
    stage.wait(seconds=11)
    assert stage.deliver() == []
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("pending", "CONTACT_PAUSED")
    assert until <= message.due_at <= until + timedelta(minutes=1)
    stage.wait(hours=3, minutes=1)
    assert [one.outbox_id for one in stage.deliver()] == [message.id]


def test_ending_a_pause_early_lets_what_waited_go(stage: Stage):
    message = stage.approved()
    assert message.contact_id
    until = stage.now + timedelta(hours=3)
    pause_contact(stage.operator.id, message.contact_id, until=until, now=stage.now)
    stage.wait(seconds=11)
    stage.deliver()
    assert pause_contact(stage.operator.id, message.contact_id, until=None, now=stage.now).code == "pause_ended"
    assert [one.outbox_id for one in stage.deliver()] == [message.id]


@pytest.mark.parametrize("away", [timedelta(seconds=-1), timedelta(0), timedelta(days=400)])
def test_a_pause_lies_ahead_and_within_a_year(stage: Stage, away: timedelta):
    person = rows.contact(stage.firm)
    assert pause_contact(stage.operator.id, person.id, until=stage.now + away, now=stage.now).code == "pause_invalid"
    person.refresh_from_db()
    assert person.paused_until is None


# by which clock


def test_a_zone_is_kept_only_if_it_exists(stage: Stage):
    person = rows.contact(stage.firm)
    assert set_time_zone(stage.operator.id, person.id, "Asia/Dubai", now=stage.now).code == "time_zone_set"
    assert set_time_zone(stage.operator.id, person.id, "Riyadh", now=stage.now).code == "time_zone_unknown"
    assert Contact.objects.get().time_zone == "Asia/Dubai"
    assert set_time_zone(stage.operator.id, person.id, " ", now=stage.now).code == "time_zone_cleared"
    assert Contact.objects.get().time_zone == ""


# reachable again


def test_what_was_held_as_unreachable_is_asked_again_once_somebody_made_sure(stage: Stage):
    first = stage.sent()
    assert first.contact
    assert first.wamid
    stage.status(first.wamid, "failed", code=131026)
    assert codes(first.contact, stage) == {"RECIPIENT_UNREACHABLE"}
    second = rows.opportunity(stage.firm, first.contact, key="k2", draft_text="أهلًا، لدينا عرض جديد. أفق")
    draft = stage.accepted(second)
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    stage.deliver()
    shown = len(stage.showings())
    stage.wait(seconds=10)
    assert reachable_again(stage.operator.id, first.contact.id, now=stage.now).code == "reachable_again"
    stage.deliver()
    assert "RECIPIENT_UNREACHABLE" not in codes(first.contact, stage)
    assert len(stage.showings()) == shown + 1


def test_what_waited_as_unreachable_goes_on_unchanged(stage: Stage):
    message = stage.approved()
    assert message.contact
    OutboxMessage.objects.filter(pk=message.pk).update(state="held", hold_code="RECIPIENT_UNREACHABLE")
    stage.wait(minutes=1)
    reachable_again(stage.operator.id, message.contact.id, now=stage.now)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


# whose business it is


def test_nothing_of_another_business_can_be_touched(stage: Stage):
    other = rows.firm("بيان", phone_number_id="105500000000003", waba_id="215500000000009")
    person = rows.contact(other, phone="+966500009999")
    before = Contact.objects.filter(pk=person.pk).values_list().get()
    who = Operator.objects.get().id
    answers = [
        suppress_contact(who, person.id, cause=MANUAL, note="x", now=stage.now),
        lift_suppression(stage.firm.business.id, person.id, note="x", by=who, now=stage.now),
        pause_contact(who, person.id, until=stage.now + timedelta(hours=1), now=stage.now),
        set_time_zone(who, person.id, "Asia/Dubai", now=stage.now),
        reachable_again(who, person.id, now=stage.now),
    ]
    assert {answer.code.value for answer in answers} == {"no_such_contact"}
    assert not any(answer.carried_out for answer in answers)
    assert Contact.objects.filter(pk=person.pk).values_list().get() == before
