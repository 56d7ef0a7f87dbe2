"""Two records of one person: every stop counts for both, no consent moves, and taking them apart loses nothing."""

from datetime import timedelta

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.consent import Standing
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows import dispatch_outbox
from wakeel.flows.may_contact import may_contact
from wakeel.flows.merge_contacts import look_at_merge, merge_contacts, unmerge_contact
from wakeel.flows.pause_contact import pause_contact
from wakeel.flows.suppress_contact import lift_suppression, suppress_contact
from wakeel.store.models import ConsentStanding, Contact

FIRST, SECOND = "+966500000011", "+966500000022"


def two(stage: Stage) -> tuple[Contact, Contact]:
    return rows.contact(stage.firm, "مريم", phone=FIRST), rows.contact(stage.firm, "أم خالد", phone=SECOND)


def merge(stage: Stage, kept: Contact, joined: Contact) -> str:
    return merge_contacts(stage.operator.id, kept.id, joined.id, now=stage.now).code.value


def marketing(person: Contact, stage: Stage) -> str:
    return may_contact(person.id, now=stage.now)[-1].verdict.code.value


def test_a_stop_of_either_record_stops_both(stage: Stage):
    one, other = two(stage)
    rows.grant(one)
    rows.withdrawal(other)
    assert (marketing(one, stage), marketing(other, stage)) == ("OK", "OPTED_OUT")
    assert merge(stage, one, other) == "merged"
    assert (marketing(one, stage), marketing(other, stage)) == ("OPTED_OUT", "OPTED_OUT")
    assert ConsentStanding.objects.get(contact=one, category="marketing").standing == "opted_out"


def test_a_consent_stays_with_the_address_it_was_given_for(stage: Stage):
    one, other = two(stage)
    rows.grant(one)
    merge(stage, one, other)
    assert (marketing(one, stage), marketing(other, stage)) == ("OK", "NO_CONSENT")


def test_what_would_change_is_told_before(stage: Stage):
    one, other = two(stage)
    rows.grant(one)
    rows.withdrawal(other)
    rows.opportunity(stage.firm, other)
    found = look_at_merge(stage.firm.business.id, one.id, other.id, now=stage.now)
    assert found
    assert (found.kept.name, found.joined.phones, found.joined.entries, found.joined.opportunities) == (
        "مريم", (SECOND,), 1, 1,
    )  # fmt: skip
    assert {(c.contact_id, c.category, c.before, c.after) for c in found.changes} == {
        (one.id, "marketing", Standing.ACTIVE, Standing.OPTED_OUT),
        (one.id, "utility", Standing.ACTIVE, Standing.OPTED_OUT),
    }
    one.refresh_from_db()
    assert not Contact.objects.filter(merged_into__isnull=False).exists(), "looking does nothing"


def test_what_may_not_leave_any_more_is_taken_back_in_the_same_moment(stage: Stage):
    message = stage.approved(stage.person(phone=FIRST))
    assert message.contact
    other = rows.contact(stage.firm, "أم خالد", phone=SECOND)
    rows.withdrawal(other)
    merge(stage, message.contact, other)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    assert "طلب إيقاف الرسائل" in stage.told()[-1]


def test_what_may_still_leave_leaves(stage: Stage):
    message = stage.approved(stage.person(phone=FIRST))
    assert message.contact
    merge(stage, message.contact, rows.contact(stage.firm, "أم خالد", phone=SECOND))
    stage.wait(seconds=11)
    assert [one.outbox_id for one in stage.deliver()] == [message.id]


def test_taking_apart_gives_back_everything(stage: Stage):
    one, other = two(stage)
    rows.grant(one)
    rows.withdrawal(other)
    before = [(line.verdict.code, line.basis) for row in (one, other) for line in may_contact(row.id, now=stage.now)]
    merge(stage, one, other)
    assert unmerge_contact(stage.operator.id, other.id, now=stage.now).code == "unmerged"
    after = [(line.verdict.code, line.basis) for row in (one, other) for line in may_contact(row.id, now=stage.now)]
    assert after == before
    assert ConsentStanding.objects.get(contact=one, category="marketing").standing == "active"
    assert unmerge_contact(stage.operator.id, other.id, now=stage.now).code == "not_merged"


def test_records_that_came_along_come_along_again(stage: Stage):
    one, other = two(stage)
    third = rows.contact(stage.firm, "ثالثة", phone="+966500000033")
    merge(stage, other, third)
    merge(stage, one, other)
    assert set(Contact.objects.filter(merged_into=one).values_list("pk", flat=True)) == {other.pk, third.pk}
    assert merge(stage, third, one) == "merged_before"
    assert merge(stage, one, third) == "merged_before"


def test_a_record_is_not_merged_with_itself_nor_with_a_stranger(stage: Stage):
    one, _ = two(stage)
    elsewhere = rows.contact(
        rows.firm("بيان", phone_number_id="105500000000003", waba_id="215500000000009"), phone=FIRST
    )
    for pk in (one.id, elsewhere.id, "con_none"):
        assert merge_contacts(stage.operator.id, one.id, pk, now=stage.now).code == "cannot_merge"
        assert look_at_merge(stage.firm.business.id, one.id, pk, now=stage.now) is None


def test_a_pause_counts_for_the_whole_person(stage: Stage):
    one, other = two(stage)
    rows.grant(one)
    pause_contact(stage.operator.id, other.id, until=stage.now + timedelta(hours=2), now=stage.now)
    merge(stage, one, other)
    assert marketing(one, stage) == "CONTACT_PAUSED"
    pause_contact(stage.operator.id, one.id, until=None, now=stage.now)
    assert marketing(other, stage) != "CONTACT_PAUSED"


def test_a_stop_that_the_other_number_writes_takes_back_what_waits_for_this_one(stage: Stage):
    message = stage.approved(stage.person(phone=FIRST))
    assert message.contact
    other = rows.contact(stage.firm, "أم خالد", phone=SECOND)
    merge(stage, message.contact, other)
    stage.says("إيقاف", by=other)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")


def test_words_from_the_other_number_are_read_before_anything_leaves_for_this_one(stage: Stage):
    message = stage.approved(stage.person(phone=FIRST))
    assert message.contact
    other = rows.contact(stage.firm, "أم خالد", phone=SECOND)
    merge(stage, message.contact, other)
    stage.says("لا تتصلوا اليوم، أنا مسافرة", by=other)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "CONTACT_REPLIED")
    stage.deliver()
    assert "أنا مسافرة" in stage.phone()[-1]


def test_what_is_leaving_while_records_become_one_is_recalled_and_decided_again(stage: Stage):
    one, other = two(stage)
    rows.grant(one)
    message = stage.approved(rows.opportunity(stage.firm, one))
    rows.withdrawal(other)
    stage.wait(seconds=11)
    (claimed,) = stage.claim()
    merge(stage, one, other)
    assert dispatch_outbox.recalled([claimed]) == {claimed.attempt_id}
    dispatch_outbox.record_not_sent([claimed.attempt_id], now=stage.now)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")


def test_what_a_bar_of_one_record_refused_is_shown_when_it_is_lifted(stage: Stage):
    one, other = two(stage)
    rows.grant(other)
    merge(stage, one, other)
    suppress_contact(stage.operator.id, one.id, cause=SuppressionCause.MANUAL, note="خطأ", now=stage.now)
    draft = stage.accepted(rows.opportunity(stage.firm, other))
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    before = len(stage.showings())
    assert lift_suppression(stage.firm.business.id, one.id, note="صُحّح", by=stage.operator.id, now=stage.now).carried_out
    stage.deliver()
    assert len(stage.showings()) == before + 1
