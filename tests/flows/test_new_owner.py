"""A number that was given to somebody else: nothing of the former owner follows it. Reference 3.6."""

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows.may_contact import may_contact
from wakeel.flows.new_owner import new_owner
from wakeel.flows.suppress_contact import suppress_contact
from wakeel.store import contacts
from wakeel.store.models import Contact, ContactAlias, Draft

PHONE = "+966509722233"


def moved(stage: Stage, former: Contact) -> Contact:
    stage.wait(minutes=1)
    reply, owner_id = new_owner(stage.operator.id, former.id, now=stage.now)
    assert reply.code == "new_owner"
    return Contact.objects.get(pk=owner_id)


def codes(person: Contact, stage: Stage) -> dict[str, str]:
    return {line.category.value: line.verdict.code.value for line in may_contact(person.id, now=stage.now)}


def test_neither_consent_nor_stop_of_the_former_owner_counts_for_the_new_one(stage: Stage):
    former = rows.contact(stage.firm, phone=PHONE)
    rows.grant(former)
    rows.withdrawal(former)
    owner = moved(stage, former)
    assert contacts.address_of(owner.id) == PHONE
    assert contacts.address_of(former.id) is None
    assert set(codes(owner, stage).values()) == {"UNKNOWN_CONTACT"}
    stage.says("مرحبًا", by=owner)
    assert codes(owner, stage) == {"service": "OK", "utility": "NO_CONSENT", "marketing": "NO_CONSENT"}
    rows.grant(owner, at=stage.now)
    assert codes(owner, stage)["marketing"] == "OK"


def test_the_next_message_from_the_number_is_the_new_persons(stage: Stage):
    """Also when WhatsApp shows an id that was bound to the former record before anybody noticed."""
    former = rows.contact(stage.firm, phone=PHONE, bsuid="SA.1")
    owner = moved(stage, former)
    stage.says("مرحبًا", by=owner, sender={"from": PHONE[1:], "from_user_id": "SA.1"})
    owner.refresh_from_db()
    assert owner.last_inbound_at is not None
    assert ContactAlias.objects.get(kind="bsuid", valid_to=None).contact == owner


def test_what_was_approved_for_the_former_owner_does_not_reach_the_new_one(stage: Stage):
    message = stage.approved(stage.person(phone=PHONE))
    assert message.contact
    moved(stage, message.contact)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "IDENTITY_HOLD")
    assert Draft.objects.get().state == "awaiting_approval"
    stage.wait(minutes=5)
    stage.deliver()
    assert stage.to_contacts() == []
    assert "لا يوجد رقم صالح" in stage.phone()[-1], "the card says what is missing now"


def test_a_stop_by_hand_stays_with_the_person_not_with_the_number(stage: Stage):
    former = rows.contact(stage.firm, phone=PHONE)
    suppress_contact(stage.operator.id, former.id, cause=SuppressionCause.COMPLAINT, note="شكوى", now=stage.now)
    owner = moved(stage, former)
    stage.says("مرحبًا", by=owner)
    assert codes(owner, stage)["service"] == "OK"
    assert {line.verdict.code.value for line in may_contact(former.id, now=stage.now)} == {"RECIPIENT_INVALID"}
    assert "SUPPRESSED" in {code.value for code in may_contact(former.id, now=stage.now)[0].verdict.all_codes}


def test_the_doubt_about_the_former_record_is_settled(stage: Stage):
    former = rows.contact(stage.firm, phone=PHONE)
    Contact.objects.filter(pk=former.pk).update(identity_hold=True)
    owner = moved(stage, former)
    former.refresh_from_db()
    assert (former.identity_hold, owner.identity_hold) == (False, False)


def test_a_second_click_moves_nothing(stage: Stage):
    former = rows.contact(stage.firm, phone=PHONE)
    moved(stage, former)
    reply, owner_id = new_owner(stage.operator.id, former.id, now=stage.now)
    assert (reply.code.value, reply.carried_out, owner_id) == ("no_number_to_move", False, "")
    assert Contact.objects.count() == 2


def test_another_businesss_number_is_not_moved(stage: Stage):
    other = rows.firm("بيان", phone_number_id="105500000000003", waba_id="215500000000009")
    person = rows.contact(other, phone=PHONE)
    assert new_owner(stage.operator.id, person.id, now=stage.now)[0].code == "no_such_contact"
    assert contacts.address_of(person.id) == PHONE
