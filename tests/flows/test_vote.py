"""A text of high risk leaves only when two people approved exactly the same."""

from datetime import timedelta

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.recognition import OperatorState
from wakeel.flows.deactivate_operator import deactivate_operator
from wakeel.flows.enrol_operator import suspend
from wakeel.store.models import Approval, Business, Decision, Draft, Operator, OutboxMessage, Vote

PRICE = "أهلًا مريم، معك أفق. السعر ٢٥٠ ريالًا للرخصة.\nلإيقاف الرسائل أرسل: إيقاف"


@pytest.fixture
def fahd(stage: Stage) -> Operator:
    """A second operator, and a business where two must approve what is of high risk."""
    Business.objects.update(quorum_from="high")
    return rows.operator(stage.firm, "فهد", wa_id="966500000002", bsuid="SA.operator2", last_inbound_at=rows.T0)


def asked(stage: Stage, **fields) -> Draft:
    """A draft whose card is on the first operator's phone."""
    return stage.accepted(stage.person(draft_text=PRICE, **fields))


def to_contacts(draft: Draft) -> int:
    return OutboxMessage.objects.filter(draft=draft).exclude(state="suppressed").count()


def test_two_approve_the_same_text_and_only_then_it_leaves(stage, fahd):
    draft = asked(stage)
    assert draft.risk == "high"
    assert "يلزم اعتماد شخصين" in stage.phone()[-1]
    first = stage.tap(f"msg:{draft.id}:approve")
    assert first.code == "one_more_needed"
    assert "فهد" in first.text
    assert to_contacts(draft) == 0
    assert stage.tap(f"msg:{draft.id}:approve").code == "voted_before"
    stage.deliver()
    assert PRICE in stage.phone(fahd)[-1]
    assert "سارة" in stage.phone(fahd)[-1]
    stage.wait(seconds=5)
    assert stage.tap(f"msg:{draft.id}:approve", by=fahd).code == "approved"
    stage.deliver()
    assert "اتخذ \u2068فهد\u2069 القرار قبل قليل" in stage.told()[-1]
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [PRICE]
    assert Approval.objects.get().operator == fahd
    kept = Decision.objects.filter(action="approve", carried_out=True).order_by("id")
    assert [(one.operator.name, one.answer) for one in kept] == [("سارة", "one_more_needed"), ("فهد", "approved")]


def test_a_new_text_begins_again(stage, fahd):
    draft = asked(stage)
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    stage.tap(f"msg:{draft.id}:edit", by=fahd)
    assert stage.says(PRICE.replace("٢٥٠", "٢٤٠"), by=fahd).code == "new_version"
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve", by=fahd).code == "one_more_needed"
    assert to_contacts(draft) == 0
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"


def test_an_approval_that_was_taken_back_needs_both_again(stage, fahd):
    draft = asked(stage)
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    stage.tap(f"msg:{draft.id}:approve", by=fahd)
    stage.deliver()
    stage.tap(f"msg:{draft.id}:edit", by=fahd)
    stage.says(PRICE, by=fahd)
    stage.deliver()
    assert not Vote.objects.exists()
    assert stage.tap(f"msg:{draft.id}:approve", by=fahd).code == "one_more_needed"


@pytest.mark.parametrize("state", [OperatorState.SUSPENDED, OperatorState.INACTIVE])
def test_who_is_no_operator_any_more_does_not_count(stage, fahd, state):
    nora = rows.operator(stage.firm, "نورة", wa_id="966500000003", bsuid="SA.operator3")
    draft = asked(stage)
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    Operator.objects.filter(pk=stage.operator.pk).update(state=state.value)
    assert stage.tap(f"msg:{draft.id}:approve", by=fahd).code == "one_more_needed"
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve", by=nora).code == "approved"


def test_one_alone_hears_that_nobody_else_is_there(stage):
    Business.objects.update(quorum_from="normal")
    draft = asked(stage)
    assert "لا يوجد مشغّل آخر" in stage.tap(f"msg:{draft.id}:approve").text
    assert to_contacts(draft) == 0


def test_below_the_chosen_risk_one_person_is_enough(stage, fahd):
    draft = stage.accepted(stage.person())
    assert draft.risk == "normal"
    assert "شخصين" not in stage.phone()[-1]
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"
    assert not Vote.objects.exists()


def test_send_as_it_is_needs_two_who_read_what_the_person_wrote(stage, fahd):
    draft = asked(stage)
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    stage.tap(f"msg:{draft.id}:approve", by=fahd)
    stage.wait(seconds=2)
    stage.says("لحظة من فضلكم", by=draft.contact)
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "one_more_needed"
    stage.wait(seconds=60)
    stage.deliver()
    assert stage.to_contacts() == []
    assert stage.tap(f"msg:{draft.id}:approve", by=fahd).code == "released"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [PRICE]


def test_when_one_of_the_two_leaves_before_it_does_it_is_asked_again(stage, fahd):
    nora = rows.operator(stage.firm, "نورة", wa_id="966500000003", bsuid="SA.operator3")
    draft = asked(stage)
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    stage.tap(f"msg:{draft.id}:approve", by=fahd)
    left = deactivate_operator(
        stage.firm.business.id, stage.operator.id, by="admin", by_user_id=0, may_leave_nobody=False, now=stage.now
    )
    assert left.outcome == "done"
    stage.wait(seconds=30)
    stage.deliver()
    draft.refresh_from_db()
    assert (draft.state, stage.to_contacts()) == ("awaiting_approval", [])
    assert stage.tap(f"msg:{draft.id}:approve", by=fahd).code == "one_more_needed"
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve", by=nora).code == "approved"


@pytest.mark.parametrize("how", ["left", "suspended"])
def test_a_vote_from_before_does_not_wake_up_when_its_person_comes_back(stage, fahd, how):
    nora = rows.operator(stage.firm, "نورة", wa_id="966500000003", bsuid="SA.operator3")
    draft = asked(stage)
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    if how == "left":
        deactivate_operator(
            stage.firm.business.id, stage.operator.id, by="admin", by_user_id=0, may_leave_nobody=False, now=stage.now
        )
    else:
        suspend(stage.operator.id, now=stage.now)
    Operator.objects.filter(pk=stage.operator.pk).update(state=OperatorState.ACTIVE.value)
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve", by=fahd).code == "one_more_needed"
    stage.deliver()
    stage.wait(seconds=30)
    assert stage.tap(f"msg:{draft.id}:approve", by=nora).code == "approved"


def test_a_first_vote_is_never_an_approval_that_a_claim_could_use(stage, fahd):
    """Whatever becomes of the clock, nothing leaves on one vote."""
    draft = asked(stage)
    stage.tap(f"msg:{draft.id}:approve")
    stage.wait(hours=3)
    stage.deliver()
    assert (stage.to_contacts(), Approval.objects.count()) == ([], 0)
    assert draft.created_at + timedelta(hours=3) == stage.now


def test_whoever_approved_the_text_that_another_replaced_hears_it(stage, fahd):
    draft = asked(stage)
    stage.tap(f"msg:{draft.id}:approve")
    stage.deliver()
    stage.tap(f"msg:{draft.id}:edit", by=fahd)
    stage.wait(seconds=3)
    stage.says(PRICE.replace("٢٥٠", "٢٤٠"), by=fahd)
    assert "اتخذ \u2068فهد\u2069 القرار قبل قليل:\n• نص جديد للرسالة" in stage.told()[-1]
