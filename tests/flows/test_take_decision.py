"""Taps on opportunity cards and on approval cards: every situation has its answer, and the answer is true."""

from datetime import timedelta

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.flows import dispatch_outbox
from wakeel.flows.show_card import fill_cards, show_opportunity
from wakeel.store.models import (
    Approval,
    Decision,
    Draft,
    DraftVersion,
    InboundMessage,
    Opportunity,
    OutboxMessage,
    Showing,
)
from wakeel.whatsapp.answers import Accepted, NoAnswer

# opportunity cards


def test_accepting_makes_it_theirs_and_shows_the_draft(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    answer = stage.tap(f"opp:{opportunity.id}:accept")
    assert answer.code == "accepted"
    assert "تجديد العقد" in answer.text
    opportunity.refresh_from_db()
    assert (opportunity.state, opportunity.owner) == ("accepted", stage.operator)
    stage.deliver()
    assert rows.DRAFT_TEXT in stage.phone()[-1]
    assert stage.to_contacts() == []


def test_skipping_sends_nothing_outward(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    assert stage.tap(f"opp:{opportunity.id}:skip").code == "skipped"
    opportunity.refresh_from_db()
    assert opportunity.state == "skipped"
    assert not Draft.objects.exists()
    assert stage.open_cards() == 0


def test_asking_for_the_draft_shows_it(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    assert stage.tap(f"opp:{opportunity.id}:draft").code == "drafting"
    opportunity.refresh_from_db()
    assert opportunity.state == "drafting"
    assert Draft.objects.get().state == "awaiting_approval"


def test_asking_for_the_draft_again_shows_it_again(stage: Stage):
    draft = stage.accepted()
    assert stage.tap(f"opp:{draft.opportunity_id}:draft").code == "shown_again"
    stage.deliver()
    assert Draft.objects.count() == 1
    assert len([text for text in stage.phone() if rows.DRAFT_TEXT in text]) == 2


def test_skipping_what_was_accepted_takes_the_draft_back(stage: Stage):
    message = stage.approved()
    assert message.draft
    assert stage.tap(f"opp:{message.draft.opportunity_id}:skip").code == "skipped"
    stage.wait(minutes=5)
    assert stage.deliver()[0].outbox_id != message.id
    message.refresh_from_db()
    assert (message.state, message.draft.__class__.objects.get().state) == ("suppressed", "cancelled")
    assert stage.to_contacts() == []


def test_skipping_after_it_left_says_that_it_left(stage: Stage):
    message = stage.sent()
    assert message.draft
    assert stage.tap(f"opp:{message.draft.opportunity_id}:skip").code in {"already_left", "already_decided_by"}
    assert Draft.objects.get().state == "approved"


def test_a_double_tap_decides_once(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    first = stage.tap(f"opp:{opportunity.id}:accept")
    second = stage.tap(f"opp:{opportunity.id}:accept")
    assert (first.code, second.code) == ("accepted", "already_decided_by")
    assert stage.operator.name in second.text
    assert Draft.objects.count() == 1


def test_the_same_webhook_twice_is_one_tap(stage: Stage):
    """Meta repeats a POST it believes lost; also inside a body that differs elsewhere."""
    opportunity = stage.person()
    stage.show_cards()
    context = stage.showing_of(f"opp:{opportunity.id}:skip")
    for _ in range(2):
        stage.tap(f"opp:{opportunity.id}:skip", on=context, wamid="wamid.SAME")
        stage.wait(seconds=1)
    assert Decision.objects.count() == 1
    assert OutboxMessage.objects.filter(request_key="answer:wamid.SAME").count() == 1


def test_the_second_operator_hears_who_decided(stage: Stage):
    other = rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    opportunity = stage.person()
    stage.show_cards()
    show_opportunity(other, opportunity, now=stage.now)
    stage.deliver()
    stage.tap(f"opp:{opportunity.id}:accept")
    answer = stage.tap(f"opp:{opportunity.id}:accept", by=other)
    assert answer.code == "already_decided_by"
    assert stage.operator.name in answer.text
    assert Draft.objects.count() == 1


def test_a_card_of_an_older_question_decides_nothing(stage: Stage):
    """The import changed what is asked: the current card is shown instead."""
    opportunity = stage.person()
    stage.show_cards()
    Opportunity.objects.update(title="تجديد العقد بقيمة أخرى")
    assert stage.tap(f"opp:{opportunity.id}:accept").code == "stale"
    opportunity.refresh_from_db()
    assert opportunity.state == "presented"
    stage.deliver()
    assert "بقيمة أخرى" in stage.phone()[-1]
    assert stage.tap(f"opp:{opportunity.id}:accept").code == "accepted"


@pytest.mark.parametrize("context", [None, "wamid.NEVER"])
def test_without_knowing_the_showing_nothing_is_decided(stage: Stage, context: str | None):
    opportunity = stage.person()
    stage.show_cards()
    assert stage.tap(f"opp:{opportunity.id}:accept", on=context).code == "stale"
    opportunity.refresh_from_db()
    assert opportunity.state == "presented"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("context", [None, "wamid.NEVER"])
def test_an_approval_without_its_showing_approves_nothing(stage: Stage, context: str | None):
    draft = stage.accepted()
    assert stage.tap(f"msg:{draft.id}:approve", on=context).code == "stale"
    assert not Approval.objects.exists()


def test_a_button_on_a_card_that_never_had_it_decides_nothing(stage: Stage):
    """A forged or mixed-up context: the button must belong to the card it claims to come from."""
    first = stage.person()
    second = stage.person(key="k2", phone="+966509722244", title="أخرى")
    stage.show_cards()
    context = stage.showing_of(f"opp:{first.id}:accept")
    assert stage.tap(f"opp:{second.id}:accept", on=context).code == "unknown_button"
    second.refresh_from_db()
    assert second.state == "presented"


@pytest.mark.parametrize(
    ("button_id", "code"),
    [
        ("opp:opp_none:accept", "unknown_button"),
        ("msg:drf_none:approve", "unknown_button"),
        ("opp:x:explode", "unknown_button"),
        ("hello", "unknown_button"),
        ("OPT_OUT_ALL", "unknown_button"),
        ("OPT_IN_CONFIRM", "unknown_button"),
        ("mtg:m1:approve", "stale_nothing"),
        ("all:b1:approve", "stale_nothing"),
        ("thr:c1:draft", "stale_nothing"),
    ],
)
def test_buttons_we_never_gave_out_are_answered_and_change_nothing(stage: Stage, button_id: str, code: str):
    answer = stage.tap(button_id, on=None)
    assert answer.code == code
    assert answer.text
    assert InboundMessage.objects.get().button_id == button_id
    assert not OutboxMessage.objects.filter(audience="contact").exists()


def test_a_button_of_a_later_version_is_not_carried_out(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    context = stage.showing_of(f"opp:{opportunity.id}:accept")
    assert stage.tap(f"opp:{opportunity.id}:schedule", on=context).code == "stale_nothing"
    opportunity.refresh_from_db()
    assert opportunity.state == "presented"


# late taps


@pytest.mark.parametrize("action", ["accept", "draft"])
def test_a_tap_six_days_late_decides_nothing(stage: Stage, action: str):
    opportunity = stage.person()
    stage.show_cards()
    tapped_at = stage.now
    stage.wait(days=6)
    answer = stage.tap(f"opp:{opportunity.id}:{action}", sent_at=tapped_at)
    assert answer.code == "late"
    opportunity.refresh_from_db()
    assert opportunity.state == "presented"
    assert not Decision.objects.exists()


def test_skipping_counts_however_late_it_comes(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    tapped_at = stage.now
    stage.wait(days=6)
    assert stage.tap(f"opp:{opportunity.id}:skip", sent_at=tapped_at).code == "skipped"


@pytest.mark.parametrize("action", ["approve", "edit", "cancel"])
def test_a_late_tap_on_a_draft_shows_the_current_card(stage: Stage, action: str):
    draft = stage.accepted()
    tapped_at = stage.now
    stage.wait(minutes=30, seconds=1)
    assert stage.tap(f"msg:{draft.id}:{action}", sent_at=tapped_at).code == "late"
    draft.refresh_from_db()
    assert draft.state == "awaiting_approval"
    assert Showing.objects.filter(card__draft=draft).count() == 2


def test_half_an_hour_is_in_time(stage: Stage):
    draft = stage.accepted()
    tapped_at = stage.now
    stage.wait(minutes=30)
    assert stage.tap(f"msg:{draft.id}:approve", sent_at=tapped_at).code == "approved"


# who tapped


def test_a_strangers_tap_changes_nothing(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    stranger = {"from": "966599999999", "from_user_id": "SA.stranger"}
    context = stage.showing_of(f"opp:{opportunity.id}:accept")
    answer = stage.tap(f"opp:{opportunity.id}:accept", on=context, sender=stranger)
    assert answer == type(answer)("unknown_button_id", "")
    opportunity.refresh_from_db()
    assert opportunity.state == "presented"
    assert not Decision.objects.exists()
    assert InboundMessage.objects.get().button_id == f"opp:{opportunity.id}:accept"


def test_a_contact_cannot_approve_their_own_message(stage: Stage):
    draft = stage.accepted()
    context = stage.showing_of(f"msg:{draft.id}:approve")
    answer = stage.tap(f"msg:{draft.id}:approve", on=context, by=draft.contact)
    assert answer.code == "unknown_button_id"
    assert not Approval.objects.exists()


def test_another_operators_showing_is_not_mine(stage: Stage):
    other = rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    draft = stage.accepted()
    context = stage.showing_of(f"msg:{draft.id}:approve")
    assert stage.tap(f"msg:{draft.id}:approve", on=context, by=other).code == "stale"
    assert not Approval.objects.exists()


def test_an_operator_of_another_business_decides_nothing_here(stage: Stage):
    foreign = rows.firm("أخرى", phone_number_id="105500000000009", waba_id="215500000000009")
    outsider = rows.operator(foreign, "غريب", wa_id="966500000007", bsuid="SA.operator7")
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:approve", on=None, by=outsider)
    draft.refresh_from_db()
    assert draft.state == "awaiting_approval"
    assert not Approval.objects.exists()


# approval cards


def test_approving_queues_exactly_the_shown_text(stage: Stage):
    message = stage.approved()
    approval = Approval.objects.get()
    assert message.state == "pending"
    assert message.body["text"]["body"] == rows.DRAFT_TEXT
    assert message.body["to"] == "+966509722233"
    assert (approval.digest, approval.version, approval.operator) == (message.digest, 1, stage.operator)
    assert message.due_at >= approval.approved_at + timedelta(seconds=10)


def test_nothing_leaves_before_the_undo_grace(stage: Stage):
    message = stage.approved()
    stage.now = message.due_at - timedelta(seconds=1)
    stage.deliver()
    assert stage.to_contacts() == []
    stage.now = message.due_at
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ({"consent": False}, "NO_CONSENT"),
        ({"last_inbound_at": rows.T0 - rows.DAY}, "WINDOW_CLOSED"),
        ({"last_inbound_at": None}, "WINDOW_CLOSED"),
        ({"last_inbound_at": None, "consent": False}, "UNKNOWN_CONTACT"),
    ],
)
def test_a_refused_approval_says_why_and_stores_no_approval(stage: Stage, situation: dict, code: str):
    draft = stage.accepted(stage.person(**situation))
    answer = stage.tap(f"msg:{draft.id}:approve")
    assert answer.code == "refused"
    assert draft.verdicts.latest("id").code == code
    assert "الخطوة التالية" in answer.text
    draft.refresh_from_db()
    assert (draft.state, draft.reshow_when_cured) == ("awaiting_approval", True)
    assert not Approval.objects.exists()
    assert not OutboxMessage.objects.filter(audience="contact").exists()


def test_for_somebody_who_opted_out_it_says_never(stage: Stage):
    opportunity = stage.person()
    rows.withdrawal(opportunity.contact)
    draft = stage.accepted(opportunity)
    answer = stage.tap(f"msg:{draft.id}:approve")
    assert answer.code == "refused"
    assert "أبدًا" in answer.text
    assert draft.verdicts.latest("id").code == "OPTED_OUT"


def test_in_dry_mode_it_is_kept_and_nothing_is_posted(stage: Stage, dry):
    dry()
    opportunity = stage.person()
    from wakeel.domain.buttons import parse_button_id
    from wakeel.flows import preview_draft
    from wakeel.flows.preview_opportunity import asked_digest
    from wakeel.flows.take_decision import take_decision

    def click(button_id: str, digest: str, key: str) -> str:
        return take_decision(
            stage.operator.id, parse_button_id(button_id), shown_digest=digest, tap_key=key, via="screen", now=stage.now
        ).code.value

    assert click(f"opp:{opportunity.id}:accept", asked_digest(opportunity.id), "1") == "accepted"
    draft = Draft.objects.get()
    digest = preview_draft.of(draft, now=stage.now).digest
    assert click(f"msg:{draft.id}:approve", digest, "2") == "approved_dry"
    stage.wait(minutes=1)
    assert stage.claim() == []
    message = OutboxMessage.objects.get(draft=draft)
    assert message.state == "simulated"
    assert message.attempts.count() == 0
    assert message.body["text"]["body"] == rows.DRAFT_TEXT
    # It never left, so it can still be taken back.
    assert click(f"msg:{draft.id}:cancel", digest, "3") == "undone"


def test_undo_within_the_grace_takes_it_back(stage: Stage):
    message = stage.approved()
    assert message.draft
    answer = stage.tap(f"msg:{message.draft_id}:cancel")
    assert answer.code == "undone"
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert Approval.objects.get().revoked_at == stage.now
    stage.wait(minutes=5)
    stage.deliver()
    assert stage.to_contacts() == []
    message.draft.opportunity.refresh_from_db()
    assert message.draft.opportunity.state == "presented"


def test_undo_works_until_somebody_claimed_it(stage: Stage):
    """The grace is only the minimum: a stopped worker leaves more time."""
    message = stage.approved()
    stage.wait(hours=1)
    assert stage.tap(f"msg:{message.draft_id}:cancel", sent_at=stage.now).code == "undone"


@pytest.mark.parametrize("action", ["cancel", "edit", "approve"])
def test_after_it_left_the_answer_says_so(stage: Stage, action: str):
    message = stage.sent()
    answer = stage.tap(f"msg:{message.draft_id}:{action}")
    assert answer.code == "already_left"
    message.refresh_from_db()
    assert message.state == "accepted"
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


@pytest.mark.parametrize("action", ["cancel", "edit"])
def test_what_is_on_the_wire_cannot_be_recalled(stage: Stage, action: str):
    message = stage.approved()
    stage.wait(seconds=11)
    (claimed,) = stage.claim()
    assert stage.tap(f"msg:{message.draft_id}:{action}").code == "already_left"
    stage.record(claimed)
    message.refresh_from_db()
    assert message.state == "accepted"


def test_a_double_approval_approves_once(stage: Stage):
    draft = stage.accepted()
    first, second = stage.tap(f"msg:{draft.id}:approve"), stage.tap(f"msg:{draft.id}:approve")
    assert (first.code, second.code) == ("approved", "already_approved")
    assert OutboxMessage.objects.filter(draft=draft).count() == 1


def test_cancelling_keeps_the_opportunity_open(stage: Stage):
    draft = stage.accepted()
    assert stage.tap(f"msg:{draft.id}:cancel").code == "cancelled"
    draft.refresh_from_db()
    draft.opportunity.refresh_from_db()
    assert (draft.state, draft.opportunity.state) == ("cancelled", "presented")
    assert stage.tap(f"msg:{draft.id}:approve").code == "draft_closed"


def test_taken_back_and_asked_again_it_can_be_approved_again(stage: Stage):
    message = stage.approved()
    assert message.draft
    stage.tap(f"msg:{message.draft_id}:cancel")
    stage.show_cards()
    assert stage.tap(f"opp:{message.draft.opportunity_id}:accept").code == "accepted"
    stage.deliver()
    fresh = Draft.objects.exclude(pk=message.draft_id).get()
    assert stage.tap(f"msg:{fresh.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == [rows.DRAFT_TEXT]


# a text too long for its card

LONG = "نص طويل جدًا. " * 200 + rows.ADDED_LINES


def test_a_long_text_goes_first_whole_and_then_the_card_quotes_it(stage: Stage):
    draft = stage.accepted(stage.person(draft_text=LONG))
    *_, rendering, card = stage.phone()
    assert rendering == LONG
    assert LONG not in card
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"


def test_the_approval_counts_only_if_the_whole_text_arrived(stage: Stage):
    """A card that quotes a text nobody received must not approve it."""
    opportunity = stage.person(draft_text=LONG)
    stage.show_cards()
    stage.tap(f"opp:{opportunity.id}:accept")
    stage.deliver(lambda one: NoAnswer("timeout") if one.body.get("text", {}).get("body") == LONG else None)
    draft = Draft.objects.get()
    assert stage.tap(f"msg:{draft.id}:approve").code == "stale"
    assert not Approval.objects.exists()
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"


def test_a_version_is_never_edited(stage: Stage):
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:edit")
    stage.says("نص جديد")
    assert list(DraftVersion.objects.order_by("number").values_list("number", "text")) == [
        (1, rows.DRAFT_TEXT),
        (2, "نص جديد" + rows.ADDED_LINES),
    ]


def test_a_tap_quicker_than_the_answer_to_its_card_waits_for_it_ten_seconds(stage: Stage):
    """Meta told the phone before it told us. Nobody binds the wamid: then the tap is answered without it."""
    opportunity = stage.person()
    fill_cards(stage.operator, now=stage.now)
    (claimed,) = stage.claim()
    tapped_at = stage.now
    assert stage.tap(f"opp:{opportunity.id}:skip", on="wamid.CARD").code == "stale"
    assert stage.now - tapped_at == timedelta(seconds=10)
    dispatch_outbox.record(claimed.attempt_id, Accepted("wamid.CARD", "accepted", 200), now=stage.now)  # type: ignore[arg-type]
    assert stage.tap(f"opp:{opportunity.id}:skip", on="wamid.CARD").code == "skipped"
