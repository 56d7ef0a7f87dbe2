"""What a request about somebody's data does to what waits for them, and to whom it answers."""

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.audit import Action
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.rights import CameBy, Right
from wakeel.flows import preview_draft
from wakeel.flows import rights_requests as flow
from wakeel.flows.correct_name import annotate_entry, correct_name
from wakeel.flows.rights_requests import Changed, RefusedRequest
from wakeel.flows.withdraw_on_request import withdraw_on_request
from wakeel.store import consent, rights
from wakeel.store.models import AuditEntry, ConsentEventRow, Contact, RightsRequest


def asked(stage: Stage, contact: Contact, right: Right) -> RightsRequest:
    return rights.keep(contact, right=right, came_by=CameBy.IN_PERSON, words="", received_at=stage.now, by="1")


def test_a_restriction_takes_back_what_waits_and_its_end_lets_messages_go_again(stage: Stage):
    message = stage.approved()
    contact, draft = message.contact, message.draft
    business_id = contact.business_id
    request = asked(stage, contact, Right.RESTRICT)
    assert isinstance(flow.restrict(business_id, request.id, by="7", now=stage.now), Changed)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", ReasonCode.SUPPRESSED)
    assert preview_draft.of(draft, now=stage.now).verdict.code is ReasonCode.SUPPRESSED
    stage.wait(minutes=5)
    stage.deliver()
    assert stage.to_contacts() == []
    flow.note_identity(business_id, request.id, how="بطاقته", by="7", name="سارة", now=stage.now)
    flow.close(business_id, request.id, answer="صُحّح", refused=False, by="7", now=stage.now)
    assert preview_draft.of(draft, now=stage.now).verdict.code is not ReasonCode.SUPPRESSED


def test_every_step_of_a_request_is_logged_with_who_took_it_and_without_what_was_written(stage: Stage):
    contact = rows.contact(stage.firm)
    business_id, request = contact.business_id, asked(stage, contact, Right.ACCESS)
    flow.note_identity(business_id, request.id, how="بطاقته", by="7", name="سارة", now=stage.now)
    flow.hold(business_id, request.id, because="نزاع", by="8", now=stage.now)
    flow.hold(business_id, request.id, because=" ", by="8", now=stage.now)
    flow.release_hold(business_id, request.id, by="8", now=stage.now)
    flow.extend(business_id, request.id, reason="سجلات كثيرة", by="7", now=stage.now)
    flow.close(business_id, request.id, answer="أُرسلت", refused=False, by="7", now=stage.now)
    logged = AuditEntry.objects.filter(action=Action.REQUEST_STEP, subject=request.id).order_by("seq")
    assert [(one.by, one.after) for one in logged] == [
        ("user:7", '{"what":"identity_checked"}'), ("user:8", '{"what":"held"}'),
        ("user:8", '{"what":"hold_released"}'),
        ("user:7", '{"what":"extended"}'), ("user:7", '{"what":"done"}'),
    ]  # fmt: skip


def test_a_restriction_ends_with_its_own_request_only(stage: Stage):
    contact = stage.person().contact
    first, second = asked(stage, contact, Right.RESTRICT), asked(stage, contact, Right.CORRECT)
    flow.restrict(contact.business_id, first.id, by="7", now=stage.now)
    flow.close(contact.business_id, second.id, answer="تكرار", refused=True, by="7", now=stage.now)
    draft = stage.accepted(contact.opportunities.get())
    assert preview_draft.of(draft, now=stage.now).verdict.code is ReasonCode.SUPPRESSED


def test_a_withdrawal_by_request_stops_what_waits_as_a_typed_stop_does(stage: Stage):
    message = stage.approved()
    request = asked(stage, message.contact, Right.WITHDRAW)
    assert isinstance(withdraw_on_request(message.business_id, request.id, by="7", now=stage.now), Changed)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", ReasonCode.OPTED_OUT)
    assert ConsentEventRow.objects.get(type="withdraw").source == "in_person"


def test_a_note_beside_an_entry_changes_no_state(stage: Stage):
    contact = stage.person().contact
    entry = ConsentEventRow.objects.get()
    said = annotate_entry(contact.business_id, contact.id, seq=entry.seq, note="التاريخ خطأ", by="7", now=stage.now)
    assert said is None
    note = ConsentEventRow.objects.select_related("payload").get(type="correct")
    assert consent.details_of(note)["corrects"] == entry.id
    draft = stage.accepted(contact.opportunities.get())
    assert preview_draft.of(draft, now=stage.now).verdict.may_be_approved


@pytest.mark.parametrize("right", ["", "everything"])
def test_what_is_no_right_is_no_request(stage: Stage, right: str):
    contact = rows.contact(stage.firm)
    found = flow.open_request(
        contact.business_id, contact.id, right=right, came_by="phone", words="", received_at=stage.now, by="7",
        now=stage.now,
    )  # fmt: skip
    assert isinstance(found, RefusedRequest)


def test_another_business_can_do_nothing_with_it(stage: Stage):
    contact = rows.contact(stage.firm)
    request = asked(stage, contact, Right.RESTRICT)
    other = rows.firm("بيان", phone_number_id="105500000000003", waba_id="215500000000003").business.id
    answers = [
        flow.open_request(other, contact.id, right="access", came_by="phone", words="", received_at=stage.now, by="7",
                          now=stage.now),
        flow.note_identity(other, request.id, how="x", by="7", name="x", now=stage.now),
        flow.extend(other, request.id, reason="x", by="7", now=stage.now),
        flow.hold(other, request.id, because="x", by="7", now=stage.now),
        flow.release_hold(other, request.id, by="7", now=stage.now),
        flow.restrict(other, request.id, by="7", now=stage.now),
        flow.close(other, request.id, answer="x", refused=True, by="7", now=stage.now),
        withdraw_on_request(other, request.id, by="7", now=stage.now),
    ]  # fmt: skip
    assert all(isinstance(answer, RefusedRequest) for answer in answers)
    assert correct_name(other, contact.id, name="آخر", organisation="", by="1", now=stage.now) is not None
    assert annotate_entry(other, contact.id, seq=1, note="x", by="7", now=stage.now) is not None
    contact.refresh_from_db()
    request.refresh_from_db()
    assert (contact.name, request.state, request.held_because) == ("مريم", "open", "")
