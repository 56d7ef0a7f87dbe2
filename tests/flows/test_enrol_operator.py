"""A phone becomes an operator, and stops being one when its identity changes."""

import pytest
from django.contrib.auth.models import User

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.recognition import CODE_ALPHABET, WRONG_CODES_PER_BUSINESS, WRONG_CODES_PER_SENDER
from wakeel.flows.enrol_operator import CannotEnrol, confirm, issue_code
from wakeel.store.models import Contact, Draft, Enrolment, InboundMessage, Operator, OutboxMessage, WrongCode

NEWCOMER = {"from": "966500000077", "from_user_id": "SA.new77"}
ANYBODY = rows.Contact(name="هاتف جديد")


def send_code(stage: Stage, code: str, *, sender: dict = NEWCOMER) -> str:
    return stage.says(code, by=ANYBODY, sender=sender).code


def login(stage: Stage, username: str, *, role: str = "operator") -> User:
    user = rows.user(username)
    rows.RoleGrant.objects.create(business=stage.firm.business, user=user, role=role, at=stage.now)
    return user


def enrol(stage: Stage, username: str = "noura", *, sender: dict = NEWCOMER) -> Operator:
    account = rows.User.objects.filter(username=username).first() or login(stage, username)
    send_code(stage, issue_code(account.pk).code, sender=sender)
    return confirm(account.pk, name="نورة", now=stage.now)


def test_the_code_from_the_screen_sent_from_the_phone_makes_an_operator(stage: Stage):
    stage.person()
    operator = enrol(stage)
    assert (operator.wa_id, operator.bsuid, operator.state) == ("966500000077", "SA.new77", "active")
    stage.deliver()
    assert "نورة" in stage.phone(operator)[0]
    assert len(stage.showings(operator)) == 1
    assert not Contact.objects.filter(aliases__value="+966500000077").exists()


def test_nothing_is_bound_before_the_person_confirms(stage: Stage):
    account = login(stage, "noura")
    send_code(stage, issue_code(account.pk).code)
    assert Enrolment.objects.get().state == "matched"
    assert not Operator.objects.filter(user=account).exists()
    assert not OutboxMessage.objects.exists(), "the phone is told nothing yet"


def test_the_code_is_kept_nowhere(stage: Stage):
    account = login(stage, "noura")
    code = issue_code(account.pk).code
    send_code(stage, code)
    kept = InboundMessage.objects.get()
    assert code not in f"{kept.text}{kept.handled}{Enrolment.objects.get().code_hash}"


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}-{3}"])
def test_a_code_is_read_however_it_is_typed(stage: Stage, typed: str):
    account = login(stage, "noura")
    code = issue_code(account.pk).code
    send_code(stage, typed.format(code, code.lower(), code[:4], code[4:]))
    assert confirm(account.pk, name="نورة", now=stage.now).state == "active"


def test_a_code_lives_ten_minutes(stage: Stage):
    account = login(stage, "noura")
    code = issue_code(account.pk).code
    stage.wait(minutes=10)
    send_code(stage, code)
    with pytest.raises(CannotEnrol):
        confirm(account.pk, name="نورة", now=stage.now)


def test_a_login_that_decides_nothing_links_no_phone(stage: Stage):
    account = login(stage, "noura", role="auditor")
    send_code(stage, issue_code(account.pk).code)
    with pytest.raises(CannotEnrol):
        confirm(account.pk, name="نورة", now=stage.now)
    assert not Operator.objects.filter(user=account).exists()


def test_a_code_works_once(stage: Stage):
    account = login(stage, "noura")
    code = issue_code(account.pk).code
    send_code(stage, code)
    send_code(stage, code, sender={"from": "966500000088", "from_user_id": "SA.thief"})
    assert confirm(account.pk, name="نورة", now=stage.now).wa_id == "966500000077"
    with pytest.raises(CannotEnrol):
        confirm(account.pk, name="نورة", now=stage.now)


def test_a_newer_code_makes_the_older_void(stage: Stage):
    account = login(stage, "noura")
    old, new = issue_code(account.pk).code, issue_code(account.pk).code
    send_code(stage, old)
    with pytest.raises(CannotEnrol):
        confirm(account.pk, name="نورة", now=stage.now)
    send_code(stage, new)
    assert confirm(account.pk, name="نورة", now=stage.now)


def test_five_wrong_codes_stop_a_sender_and_the_others_are_told(stage: Stage):
    account = login(stage, "noura")
    code = issue_code(account.pk).code
    for i in range(WRONG_CODES_PER_SENDER):
        send_code(stage, f"AAAAAA{CODE_ALPHABET[i]}B")
    send_code(stage, code)
    with pytest.raises(CannotEnrol):
        confirm(account.pk, name="نورة", now=stage.now)
    assert len([text for text in stage.told() if "رموز ربط" in text]) == 1
    stage.wait(hours=1, seconds=1)
    fresh = issue_code(account.pk).code
    send_code(stage, fresh)
    assert confirm(account.pk, name="نورة", now=stage.now)


def test_wrong_codes_of_one_sender_do_not_stop_another(stage: Stage):
    account = login(stage, "noura")
    code = issue_code(account.pk).code
    for i in range(WRONG_CODES_PER_SENDER):
        send_code(stage, f"AAAAAA{CODE_ALPHABET[i]}B", sender={"from": "966500000099"})
    send_code(stage, code)
    assert confirm(account.pk, name="نورة", now=stage.now)


def test_twenty_wrong_codes_stop_the_whole_business(stage: Stage):
    account = login(stage, "noura")
    code = issue_code(account.pk).code
    for i in range(WRONG_CODES_PER_BUSINESS):
        send_code(stage, f"AAAAAA{CODE_ALPHABET[i]}B", sender={"from": f"9665000001{i:02}"})
    send_code(stage, code)
    with pytest.raises(CannotEnrol):
        confirm(account.pk, name="نورة", now=stage.now)


def test_a_word_that_looks_like_a_code_is_a_word_while_nobody_enrols(stage: Stage):
    contact = rows.contact(stage.firm, last_inbound_at=None)
    stage.says("Saturday", by=contact)
    assert InboundMessage.objects.get().text == "Saturday"
    assert not WrongCode.objects.exists()


def test_a_contacts_word_is_never_swallowed_as_a_wrong_code(stage: Stage):
    """ "Saturday" has eight letters of the alphabet; their message still opens the window and holds what is unsent."""
    message = stage.approved()
    assert message.contact
    issue_code(login(stage, "noura").pk)
    stage.says("Saturday", by=message.contact)
    message.refresh_from_db()
    assert message.hold_code == "CONTACT_REPLIED"
    assert InboundMessage.objects.get(contact=message.contact).text == "Saturday"


def test_a_contacts_address_cannot_become_an_operator(stage: Stage):
    stage.person(phone="+966500000077")
    with pytest.raises(CannotEnrol, match="contact"):
        enrol(stage)


def test_somebody_who_only_said_hello_can_become_an_operator(stage: Stage):
    """Writing to the number before linking the phone is the most natural mistake."""
    stage.says("مرحبا", by=ANYBODY, sender=NEWCOMER)
    operator = enrol(stage)
    assert stage.says("ما الجديد؟", by=operator).code == "nothing_open"
    assert not Contact.objects.filter(aliases__value="+966500000077", aliases__valid_to=None).exists()


def test_another_accounts_phone_cannot_be_taken(stage: Stage):
    enrol(stage)
    account = login(stage, "intruder")
    Enrolment.objects.create(
        business=stage.firm.business, number=stage.firm.number, user=account, code_hash="x", state="matched",
        expires_at=stage.now + rows.MINUTE, sender_wa_id=NEWCOMER["from"], sender_bsuid=NEWCOMER["from_user_id"],
    )  # fmt: skip
    with pytest.raises(CannotEnrol, match="another account"):
        confirm(account.pk, name="دخيل", now=stage.now)


def test_without_a_sending_number_there_is_no_code(db: None):
    with pytest.raises(CannotEnrol):
        issue_code(rows.user().pk)


# identity


def test_the_first_bsuid_seen_binds_for_good(stage: Stage):
    Operator.objects.update(bsuid=None)
    stage.operator.refresh_from_db()
    stage.says("مرحبا", sender={"from": "966500000001", "from_user_id": "SA.first"})
    stage.operator.refresh_from_db()
    assert stage.operator.bsuid == "SA.first"
    stage.says("مرحبا", sender={"from": "966500000001", "from_user_id": "SA.second"})
    stage.operator.refresh_from_db()
    assert (stage.operator.bsuid, stage.operator.state) == ("SA.first", "suspended")


def test_a_swapped_bsuid_between_card_and_tap_suspends(stage: Stage):
    draft = stage.accepted()
    swapped = {"from": "966500000001", "from_user_id": "SA.thief"}
    answer = stage.tap(f"msg:{draft.id}:approve", sender=swapped)
    assert answer.code == "enrol_again"
    draft.refresh_from_db()
    assert draft.state == "awaiting_approval"
    # Neither the thief nor the former owner decides anything until somebody enrolled again.
    assert stage.tap(f"msg:{draft.id}:approve").code == "enrol_again"
    assert not OutboxMessage.objects.filter(audience="contact").exists()


def test_a_bound_operator_is_not_driven_by_the_phone_number_alone(stage: Stage):
    draft = stage.accepted()
    context = stage.showing_of(f"msg:{draft.id}:approve")
    stage.tap(f"msg:{draft.id}:approve", on=context, sender={"from": "966500000001"})
    draft.refresh_from_db()
    assert draft.state == "awaiting_approval"


@pytest.mark.parametrize(
    "system",
    [
        {"type": "user_changed_number", "wa_id": "966500000055", "previous_user_id": "SA.operator1"},
        {"type": "customer_identity_changed"},
        {"type": "user_changed_user_id", "user_id": "SA.other", "previous_user_id": "SA.operator1"},
    ],
    ids=lambda system: system["type"],
)
def test_a_changed_identity_suspends_the_operator(stage: Stage, system: dict):
    draft = stage.accepted()
    stage.system(system, sender={"from": "966500000001", "from_user_id": "SA.operator1"})
    stage.operator.refresh_from_db()
    assert stage.operator.state == "suspended"
    assert stage.tap(f"msg:{draft.id}:approve").code == "enrol_again"


def test_nothing_about_contacts_goes_to_a_suspended_phone(stage: Stage):
    """It may be somebody else's by now."""
    message = stage.approved()
    assert message.contact
    stage.says("مرحبا", sender={"from": "966500000001", "from_user_id": "SA.thief"})
    stage.deliver()
    before = len(stage.phone())
    stage.says("موعدي يوم الأحد", by=message.contact)
    stage.person(key="k2", phone="+966509722244", title="الثانية")
    stage.deliver()
    assert stage.phone()[before:] == []


def test_enrolled_again_the_same_row_decides_again_and_cards_come_anew(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    thief = {"from": "966500000001", "from_user_id": "SA.thief"}
    stage.says("مرحبا", sender=thief)
    again = {"from": "966500000001", "from_user_id": "SA.mine"}
    account = stage.operator.user
    send_code(stage, issue_code(account.pk).code, sender=again)
    operator = confirm(account.pk, name="سارة", now=stage.now)
    assert operator.pk == stage.operator.pk
    assert operator.state == "active"
    stage.operator.refresh_from_db()
    before = len(stage.showings())
    stage.deliver()
    assert len(stage.showings()) == before + 1
    assert stage.tap(f"opp:{opportunity.id}:accept").code == "accepted"
    assert Draft.objects.count() == 1


def test_what_waited_for_the_old_phone_never_goes_to_it(stage: Stage):
    """The window of the old phone was closed; linking a new phone opens the operator's window."""
    stage.person()
    Operator.objects.update(last_inbound_at=None)
    stage.operator.refresh_from_db()
    stage.show_cards()
    account = stage.operator.user
    send_code(stage, issue_code(account.pk).code)
    confirm(account.pk, name="سارة", now=stage.now)
    left = stage.deliver()
    assert {one.body["to"] for one in left} == {"+966500000077"}
    assert any(one.body["type"] == "interactive" for one in left)
