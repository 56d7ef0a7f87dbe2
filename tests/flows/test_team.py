"""Several operators: work that is given and taken over, one decision for all phones, and somebody who leaves."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.buttons import parse_button_id
from wakeel.flows.assign import assign
from wakeel.flows.deactivate_operator import Left, Outcome, deactivate_operator, open_login_again, take_up_unowned
from wakeel.flows.enrol_operator import suspend
from wakeel.flows.show_card import fill_cards
from wakeel.flows.take_decision import take_decision
from wakeel.flows.tell_others import tell_others
from wakeel.store.models import Card, Decision, Draft, Operator, Opportunity, OutboxMessage, Prompt, TeamEvent


@pytest.fixture
def fahd(stage: Stage) -> Operator:
    return rows.operator(stage.firm, "فهد", wa_id="966500000002", bsuid="SA.operator2", last_inbound_at=rows.T0)


def on_screen(stage: Stage, by: Operator, button: str, *, digest: str) -> str:
    return take_decision(
        by.id, parse_button_id(button), shown_digest=digest, tap_key=f"screen-{button}-{by.id}-{stage.now}",
        via="screen", now=stage.now,
    ).code  # fmt: skip


def leave(stage: Stage, who: Operator, *, may_leave_nobody: bool = False, by_user_id: int = 0) -> Left:
    left = deactivate_operator(
        stage.firm.business.id, who.id, by="admin", by_user_id=by_user_id, may_leave_nobody=may_leave_nobody,
        now=stage.now,
    )  # fmt: skip
    assert left is not None
    return left


def open_cards(who: Operator) -> int:
    return Card.objects.filter(operator=who, closed_at=None).count()


# one decides


def test_whoever_had_the_same_card_hears_who_decided_and_only_they(stage, fahd):
    opportunity = stage.person(title="عرض {سعر}")
    stage.show_cards()
    card = Card.objects.get(operator=stage.operator)
    stage.wait(seconds=3)
    assert on_screen(stage, fahd, f"opp:{opportunity.id}:skip", digest=card.digest) == "skipped"
    assert [line for line in stage.told() if "القرار قبل قليل" in line] == [
        "اتخذ \u2068فهد\u2069 القرار قبل قليل:\n• تخطٍّ: \u2068عرض {سعر}\u2069\nلا يلزمك فيه شيء."
    ]
    assert not [line for line in stage.told(fahd) if "قبل قليل" in line]
    assert open_cards(stage.operator) == 0


def test_a_card_that_has_not_left_is_taken_back_without_a_word(stage, fahd):
    opportunity = stage.person()
    fill_cards(stage.operator, now=stage.now)
    card = Card.objects.get(operator=stage.operator)
    on_screen(stage, fahd, f"opp:{opportunity.id}:skip", digest=card.digest)
    assert stage.told() == []
    assert OutboxMessage.objects.get(operator=stage.operator, lane=1).state == "suppressed"


def test_my_own_decision_is_not_told_to_me_on_my_other_card(stage, fahd):
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:cancel")
    assert not [line for line in stage.told() if "قبل قليل" in line]


# given and taken over


def test_work_that_is_taken_over_moves_with_its_card_and_both_know(stage, fahd):
    draft = stage.accepted()
    stage.wait(seconds=5)
    reply = assign(fahd.id, draft.opportunity_id, to=fahd.id, tap_key="k", now=stage.now)
    assert (reply.code, reply.carried_out) == ("taken_over", True)
    stage.deliver()
    assert Opportunity.objects.get().owner == fahd
    assert "انتقلت الفرصة إلى \u2068فهد\u2069" in stage.told()[-1]
    assert (open_cards(stage.operator), open_cards(fahd)) == (0, 1)
    assert stage.tap(f"msg:{draft.id}:approve", by=fahd).code == "approved"
    assert assign(fahd.id, draft.opportunity_id, to=fahd.id, tap_key="k", now=stage.now).code == "already_decided"
    assert assign(fahd.id, draft.opportunity_id, to=fahd.id, tap_key="k2", now=stage.now).code == "already_theirs"


def test_what_is_given_to_somebody_arrives_with_who_gave_it(stage, fahd):
    opportunity = stage.person()
    stage.show_cards()
    stage.wait(seconds=5)
    assert assign(stage.operator.id, opportunity.id, to=fahd.id, tap_key="k", now=stage.now).code == "assigned"
    stage.deliver()
    assert "أُسندت إليك فرصة من \u2068سارة\u2069" in stage.told(fahd)[-1]
    assert (open_cards(stage.operator), open_cards(fahd)) == (0, 1)
    assert stage.tap(f"opp:{opportunity.id}:accept", by=fahd).code == "accepted"
    assert stage.tap(f"opp:{opportunity.id}:accept", by=stage.operator).code == "already_decided_by"


def test_a_text_that_was_asked_of_the_former_is_asked_of_nobody(stage, fahd):
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:edit")
    assign(fahd.id, draft.opportunity_id, to=fahd.id, tap_key="k", now=stage.now)
    draft.refresh_from_db()
    assert (draft.state, draft.editor) == ("awaiting_approval", None)
    stage.says("نص جديد لا يخص هذه الرسالة")
    draft.refresh_from_db()
    assert draft.version == 1


def test_only_an_active_operator_of_this_business_gets_work_and_only_open_work(stage, fahd):
    opportunity = stage.person()
    other = rows.operator(
        rows.firm("بيان", phone_number_id="105500000000003"), "غريب", wa_id="966500000009", bsuid="SA.other"
    )
    suspend(fahd.id, now=stage.now)
    for whom in (other.id, fahd.id, "opr_nobody"):
        reply = assign(stage.operator.id, opportunity.id, to=whom, tap_key=whom, now=stage.now)
        assert (reply.code, reply.carried_out) == ("no_such_operator", False)
    assert assign(other.id, opportunity.id, to=other.id, tap_key="o", now=stage.now).code == "unknown_button"
    assert assign(fahd.id, opportunity.id, to=stage.operator.id, tap_key="s", now=stage.now).code == "enrol_again"
    Opportunity.objects.update(state="won")
    closed = assign(stage.operator.id, opportunity.id, to=stage.operator.id, tap_key="w", now=stage.now)
    assert closed.code == "already_decided"
    assert Opportunity.objects.get().owner is None


# somebody leaves


def test_who_leaves_gets_nothing_and_all_their_work_goes_on_elsewhere(stage, fahd):
    waiting = stage.accepted(stage.person(key="a", title="أولى"))
    approved = stage.approved(stage.person(key="b", title="ثانية", phone="+966509722244"))
    edited = stage.accepted(stage.person(key="c", title="ثالثة", phone="+966509722255"))
    stage.tap(f"msg:{edited.id}:edit")
    stage.deliver()
    undecided = stage.person(key="d", title="رابعة", phone="+966509722266")
    fill_cards(stage.operator, now=stage.now)
    stage.wait(seconds=3)

    left = leave(stage, stage.operator)

    assert (left.outcome, left.opportunities, left.heirs) == (Outcome.DONE, 3, ("فهد",))
    stage.operator.refresh_from_db()
    assert (stage.operator.state, open_cards(stage.operator)) == ("inactive", 0)
    assert not OutboxMessage.objects.filter(operator=stage.operator, state__in=["pending", "held"]).exists()
    owners = Opportunity.objects.order_by("external_key").values_list("owner__name", flat=True)
    assert list(owners) == ["فهد", "فهد", "فهد", None]
    approved.refresh_from_db()
    assert approved.state == "suppressed"
    drafts = Draft.objects.filter(pk__in=[waiting.id, approved.draft_id, edited.id])
    assert {draft.state for draft in drafts} == {"awaiting_approval"}
    stage.wait(minutes=2)
    stage.deliver()
    assert stage.to_contacts() == []
    assert "غادر \u2068سارة\u2069 الفريق، وانتقل إليك عمل كان لديه: 3" in stage.told(fahd)[-1]
    asked = {card.draft_id or card.opportunity_id for card in Card.objects.filter(operator=fahd, closed_at=None)}
    assert asked == {waiting.id, approved.draft_id, edited.id, undecided.id}
    assert stage.tap(f"msg:{waiting.id}:approve", by=fahd).code == "approved"


def test_their_taps_and_words_decide_nothing_and_are_answered(stage, fahd):
    draft = stage.accepted()
    card = stage.showing_of(f"msg:{draft.id}:approve")
    leave(stage, stage.operator)
    tap = stage.tap(f"msg:{draft.id}:approve", on=card)
    assert tap.code == "left_team"
    assert "لم يعد هذا الهاتف ضمن مشغّلي" in tap.text
    assert stage.says("أوقف الكل").code == "left_team"
    assert on_screen(stage, stage.operator, f"msg:{draft.id}:approve", digest="x") == "left_team"
    draft.refresh_from_db()
    assert draft.state == "awaiting_approval"
    stage.wait(seconds=30)
    stage.deliver()
    assert (stage.to_contacts(), stage.phone()[-1]) == ([], tap.text)


def test_their_sessions_end_and_the_login_is_closed_until_it_is_opened_again(stage, fahd):
    user = User.objects.get(pk=stage.operator.user_id)
    theirs, others = SessionStore(), SessionStore()
    theirs["_auth_user_id"], others["_auth_user_id"] = str(user.pk), str(fahd.user_id)
    theirs.create()
    others.create()
    leave(stage, stage.operator)
    assert not SessionStore().exists(theirs.session_key)
    assert SessionStore().exists(others.session_key)
    user.refresh_from_db()
    assert not user.is_active
    business_id = stage.firm.business.id
    assert open_login_again(business_id, stage.operator.id, by="admin", now=stage.now)
    assert not open_login_again(business_id, stage.operator.id, by="admin", now=stage.now)
    assert not open_login_again("biz_other", stage.operator.id, by="admin", now=stage.now)
    user.refresh_from_db()
    assert user.is_active
    assert Operator.objects.get(pk=stage.operator.id).state == "inactive"
    kept = TeamEvent.objects.order_by("id").values_list("kind", "by")
    assert list(kept) == [("left", "admin"), ("may_return", "admin")]


def test_the_last_one_leaves_only_if_that_is_meant_and_the_next_one_takes_it_up(stage):
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:edit")
    assert leave(stage, stage.operator).outcome is Outcome.NOBODY_LEFT
    assert leave(stage, stage.operator, by_user_id=stage.operator.user_id).outcome is Outcome.YOURSELF
    stage.operator.refresh_from_db()
    assert stage.operator.state == "active"
    assert leave(stage, stage.operator, may_leave_nobody=True).outcome is Outcome.DONE
    assert leave(stage, stage.operator, may_leave_nobody=True).outcome is Outcome.LEFT_BEFORE
    assert Opportunity.objects.get().owner is None
    assert Draft.objects.get().nudge == "remind"
    nora = rows.operator(stage.firm, "نورة", wa_id="966500000003", bsuid="SA.operator3")
    assert take_up_unowned(nora, now=stage.now) == 1
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve", by=nora).code == "approved"


def test_a_question_about_a_person_is_asked_of_whoever_goes_on_with_them(stage, fahd):
    message = stage.sent()
    stage.says("كم السعر؟", by=message.contact)
    stage.deliver()
    asked = Prompt.objects.get(kind="reply", closed_at=None)
    assert asked.operator == stage.operator
    leave(stage, stage.operator)
    stage.deliver()
    again = Prompt.objects.get(kind="reply", closed_at=None)
    assert (again.operator, again.subject) == (fahd, asked.subject)
    assert "كم السعر" in stage.phone(fahd)[-1] + stage.phone(fahd)[-2]


def test_a_text_that_was_asked_of_them_for_somebody_elses_draft_waits_for_its_owner(stage, fahd):
    """Asked about or not, it has an end: nothing waits for ever because somebody left."""
    draft = stage.accepted()
    stage.deliver()
    digest = Card.objects.get(draft=draft).digest
    assert on_screen(stage, fahd, f"msg:{draft.id}:edit", digest=digest) == "ask_text"
    before = len(stage.showings())
    leave(stage, fahd)
    stage.deliver()
    draft.refresh_from_db()
    assert (draft.state, draft.editor, draft.nudge) == ("awaiting_approval", None, "remind")
    assert len(stage.showings()) == before + 1


def test_what_nobody_has_is_asked_of_everybody_when_whoever_approved_it_leaves(stage, fahd):
    message = stage.approved()
    Opportunity.objects.update(owner=None)
    leave(stage, stage.operator)
    stage.deliver()
    draft = Draft.objects.get()
    assert (draft.state, draft.nudge) == ("awaiting_approval", "remind")
    assert stage.tap(f"msg:{message.draft_id}:approve", by=fahd).code == "approved"


def test_a_session_that_began_while_they_left_is_over_when_the_login_is_opened_again(stage, fahd):
    leave(stage, stage.operator)
    late = SessionStore()
    late["_auth_user_id"] = str(stage.operator.user_id)
    late.create()
    assert open_login_again(stage.firm.business.id, stage.operator.id, by="admin", now=stage.now)
    assert not SessionStore().exists(late.session_key)


def test_a_decision_of_whose_question_nobody_else_has_a_card_costs_one_question_more(
    stage, fahd, django_assert_num_queries
):
    opportunity = stage.person()
    stage.show_cards()
    stage.tap(f"opp:{opportunity.id}:skip")
    decided = list(Decision.objects.select_related("operator", "opportunity"))
    with django_assert_num_queries(1):
        tell_others(decided, now=stage.now)
    with django_assert_num_queries(0):
        tell_others([replace_with(one, carried_out=False) for one in decided], now=stage.now)


def replace_with(decision: Decision, *, carried_out: bool) -> Decision:
    decision.carried_out = carried_out
    return decision


def test_work_is_shared_out_in_turn_and_a_flood_is_a_count(stage, fahd):
    for number in range(9):
        phone = f"+96650972{number:04d}"
        opportunity = stage.person(key=f"k{number}", title=f"فرصة {number}", phone=phone)
        stage.show_cards()
        stage.tap(f"opp:{opportunity.id}:accept")
        stage.deliver()
    nora = rows.operator(stage.firm, "نورة", wa_id="966500000003", bsuid="SA.operator3")
    leave(stage, stage.operator)
    owned = [Opportunity.objects.filter(owner=one).count() for one in (fahd, nora)]
    assert sorted(owned) == [4, 5]
    cards = [Card.objects.filter(operator=one, kind="approval", closed_at=None).count() for one in (fahd, nora)]
    assert cards == [3, 3]
