"""After قبول and تخطي: the lists that follow, what each row does, and that every answer is true. Issue 7, 4."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import rows
from tests.flows.stage import Stage, choices
from wakeel.domain.snooze import REPLY_PATIENCE
from wakeel.flows.show_card import fill_every_phone
from wakeel.flows.wake_snoozed import wake_due
from wakeel.store.models import Card, Decision, Draft, Opportunity, OutboxMessage, Prompt

MONDAY_MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""Nine o'clock in Riyadh on the day after rows.T0."""


def accepted(stage: Stage, **person) -> Opportunity:
    opportunity = stage.person(**person)
    stage.show_cards()
    assert stage.tap(f"opp:{opportunity.id}:accept").code == "accepted"
    stage.deliver()
    return opportunity


def skipped(stage: Stage, **person) -> Opportunity:
    opportunity = stage.person(**person)
    stage.show_cards()
    assert stage.tap(f"opp:{opportunity.id}:skip").code == "skipped"
    stage.deliver()
    return opportunity


def now_of(opportunity: Opportunity) -> Opportunity:
    opportunity.refresh_from_db()
    return opportunity


def shown_of(opportunity: Opportunity) -> int:
    return Card.objects.get(opportunity=opportunity, draft=None).showings.count()


def tick(stage: Stage) -> None:
    """What the worker's clock does, as far as opportunities go."""
    wake_due(now=stage.now)
    fill_every_phone(now=stage.now)
    stage.deliver()


# which list follows what


def test_the_answer_to_accept_carries_the_list_and_the_approval_card_follows(stage: Stage):
    """One message does for both: since October 2026 each costs money beyond the thousandth."""
    opportunity = accepted(stage)
    answer, card = OutboxMessage.objects.filter(operator=stage.operator).order_by("-id")[:2][::-1]
    answer, card = sorted((answer, card), key=lambda row: row.lane)
    assert choices(answer.body) == [f"opp:{opportunity.id}:{verb}" for verb in ("schedule", "needs_research", "snooze")]
    assert rows.DRAFT_TEXT in stage.phone()[-1]
    assert len(stage.phone()) == 3


def test_after_asking_for_the_message_only_the_approval_card_comes(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    stage.tap(f"opp:{opportunity.id}:draft")
    stage.deliver()
    assert not Prompt.objects.exists()
    assert len(stage.phone()) == 3


def test_a_row_counts_only_on_the_list_that_carried_it(stage: Stage):
    opportunity = accepted(stage)
    card = stage.showing_of(f"opp:{opportunity.id}:accept")
    assert stage.tap(f"opp:{opportunity.id}:snooze", on=card).code == "stale_nothing"
    other = stage.person(key="k2", phone="+966509722244", title="أخرى")
    on = stage.question_with(f"opp:{opportunity.id}:snooze")
    assert stage.tap(f"opp:{other.id}:snooze", on=on).code == "stale_nothing"
    assert now_of(opportunity).state == "accepted"


# why it was skipped


def test_a_reason_for_skipping_is_kept_and_said_once(stage: Stage):
    opportunity = skipped(stage)
    first = stage.choose(f"skp:{opportunity.id}:3")
    assert first.code == "reason_kept"
    assert "العرض لا يناسبهم" in first.text
    assert now_of(opportunity).skip_reason == "3"
    assert stage.choose(f"skp:{opportunity.id}:3").code == "reason_same"
    assert stage.choose(f"skp:{opportunity.id}:1").code == "reason_kept"
    assert now_of(opportunity).skip_reason == "1"
    assert Prompt.objects.get().closed_at is not None


def test_what_was_learned_is_a_reason_on_the_next_card(stage: Stage):
    skipped(stage)
    stage.choose(f"skp:{Opportunity.objects.get().id}:1")
    rows.opportunity(stage.firm, Opportunity.objects.get().contact, key="k9", title="أخرى له", score=90)
    stage.person(key="k2", phone="+966509722244", title="لغيره", score=70)
    stage.deliver()
    stage.show_cards()
    cards = [text for text in stage.phone() if "الفرصة:" in text][-2:]
    assert "لغيره" in cards[0]
    assert "الشخص غير مناسب" in cards[1]


def test_an_offer_that_did_not_fit_one_colleague_counts_for_the_other(stage: Stage):
    first = skipped(stage)
    first.contact.organisation = "شركة الأفق"
    first.contact.save()
    stage.choose(f"skp:{first.id}:3")
    second = stage.person(key="k2", phone="+966509722244", title="لزميله")
    second.contact.organisation = "شركة الأفق"
    second.contact.save()
    stage.show_cards()
    assert "لم يناسب جهته" in stage.phone()[-1]


# later


@pytest.mark.parametrize(
    ("choice", "back_at"),
    [
        ("hour", rows.T0 + timedelta(hours=1)),
        ("evening", datetime(2026, 11, 22, 15, 0, tzinfo=UTC)),
        ("tomorrow", MONDAY_MORNING),
        ("reply", rows.T0 + REPLY_PATIENCE),
    ],
)
def test_later_takes_the_draft_back_and_comes_back_when_it_said(stage: Stage, choice: str, back_at: datetime):
    """Noon in Riyadh on a Sunday; times are the operator's."""
    opportunity = accepted(stage)
    stage.choose(f"opp:{opportunity.id}:snooze")
    stage.deliver()
    assert choices(OutboxMessage.objects.order_by("-id")[0].body) == [
        f"snz:{opportunity.id}:{one}" for one in ("hour", "evening", "tomorrow", "reply")
    ]
    answer = stage.choose(f"snz:{opportunity.id}:{choice}")
    assert answer.code == ("snoozed_for_reply" if choice == "reply" else "snoozed_until")
    assert "سُحبت مسودتها" in answer.text
    assert (now_of(opportunity).state, opportunity.snoozed_until) == ("snoozed", back_at)
    assert Draft.objects.get().state == "cancelled"
    stage.now = back_at - timedelta(seconds=1)
    tick(stage)
    assert (now_of(opportunity).state, shown_of(opportunity)) == ("snoozed", 1)
    stage.now = back_at
    tick(stage)
    assert (now_of(opportunity).state, opportunity.snoozed_until, shown_of(opportunity)) == ("presented", None, 2)
    tick(stage)
    assert shown_of(opportunity) == 2


def test_when_they_write_it_comes_back_to_whoever_put_it_off(stage: Stage):
    opportunity = accepted(stage)
    stage.choose(f"opp:{opportunity.id}:snooze")
    stage.deliver()
    stage.choose(f"snz:{opportunity.id}:reply")
    stage.wait(hours=2)
    stage.says("هل ما زال العرض قائمًا؟", by=opportunity.contact)
    assert (now_of(opportunity).state, opportunity.snoozed_for_reply) == ("presented", False)
    assert shown_of(opportunity) == 2
    assert stage.to_contacts() == []


def test_later_after_approval_takes_the_message_back_while_it_can(stage: Stage):
    message = stage.approved()
    assert message.draft
    opportunity = message.draft.opportunity
    stage.choose(f"opp:{opportunity.id}:snooze")
    stage.deliver()
    assert stage.choose(f"snz:{opportunity.id}:hour").code == "snoozed_until"
    stage.wait(minutes=5)
    stage.deliver()
    assert stage.to_contacts() == []


def test_later_while_it_leaves_says_that_it_left(stage: Stage):
    message = stage.approved()
    assert message.draft
    opportunity = message.draft.opportunity
    stage.choose(f"opp:{opportunity.id}:snooze")
    stage.deliver()
    stage.wait(seconds=11)
    (leaving,) = stage.claim()
    assert stage.choose(f"snz:{opportunity.id}:hour").code == "already_left"
    stage.record(leaving)
    assert (now_of(opportunity).state, opportunity.snoozed_until) == ("contacted", None)


def test_once_it_left_later_is_a_reminder_and_changes_no_state(stage: Stage):
    message = stage.sent()
    assert message.draft
    opportunity = message.draft.opportunity
    stage.choose(f"opp:{opportunity.id}:snooze")
    stage.deliver()
    assert stage.choose(f"snz:{opportunity.id}:hour").code == "remind_at"
    assert now_of(opportunity).state == "contacted"
    stage.wait(hours=1)
    tick(stage)
    assert "حان وقت المتابعة" in stage.phone()[-1]
    assert (now_of(opportunity).state, opportunity.snoozed_until) == ("contacted", None)
    before = len(stage.phone())
    tick(stage)
    assert len(stage.phone()) == before
    stage.tap(f"opp:{opportunity.id}:snooze", on=None)
    stage.deliver()
    answer = stage.choose(f"snz:{opportunity.id}:reply")
    assert (answer.code, now_of(opportunity).state) == ("remind_for_reply", "contacted")


def test_twenty_that_come_back_together_do_not_flood_the_phone(stage: Stage):
    """Three are shown, the rest by their rank as there is room."""
    for number in range(8):
        opportunity = stage.person(key=f"k{number}", phone=f"+96650972220{number}", title=f"فرصة {number}")
        Opportunity.objects.filter(pk=opportunity.pk).update(
            state="snoozed", owner=stage.operator, snoozed_until=stage.now + rows.HOUR
        )
    stage.wait(hours=1)
    tick(stage)
    assert stage.open_cards() == 3
    assert Opportunity.objects.filter(state="presented", snoozed_until=None).count() == 8


def test_it_comes_back_to_its_owner_even_to_a_full_phone_and_to_nobody_else(stage: Stage):
    other = rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    for number in range(3):
        stage.person(key=f"k{number}", phone=f"+96650972220{number}", title=f"فرصة {number}")
    stage.show_cards()
    mine = stage.person(key="k9", phone="+966509722299", title="مؤجلة")
    Opportunity.objects.filter(pk=mine.pk).update(state="snoozed", owner=stage.operator, snoozed_until=stage.now)
    tick(stage)
    assert [card.operator for card in Card.objects.filter(opportunity=mine)] == [stage.operator]
    second = stage.person(key="k8", phone="+966509722298", title="له مسؤول")
    Opportunity.objects.filter(pk=second.pk).update(owner=stage.operator)
    free = stage.person(key="k7", phone="+966509722297", title="بلا مسؤول", score=1)
    tick(stage)
    assert not Card.objects.filter(opportunity=second).exists()
    assert [card.operator for card in Card.objects.filter(opportunity=free)] == [other]
    stage.operator.state = "suspended"
    stage.operator.save()
    tick(stage)
    assert [card.operator for card in Card.objects.filter(opportunity=second)] == [other]


def test_of_two_free_phones_it_comes_to_the_one_in_charge(stage: Stage):
    other = rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    for number, owner in enumerate((stage.operator, other)):
        made = stage.person(key=f"k{number}", phone=f"+96650972220{number}", title=f"فرصة {number}")
        Opportunity.objects.filter(pk=made.pk).update(owner=owner)
    tick(stage)
    assert {card.operator for card in Card.objects.filter(opportunity__owner=other)} == {other}
    assert {card.operator for card in Card.objects.filter(opportunity__owner=stage.operator)} == {stage.operator}


def test_who_put_it_off_may_decide_sooner_and_somebody_else_may_not(stage: Stage):
    other = rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    opportunity = accepted(stage)
    stage.choose(f"opp:{opportunity.id}:snooze")
    stage.deliver()
    stage.choose(f"snz:{opportunity.id}:tomorrow")
    Opportunity.objects.filter(pk=opportunity.pk).update(owner=other)
    answer = stage.tap(f"opp:{opportunity.id}:accept")
    assert (answer.code, now_of(opportunity).state) == ("already_decided_by", "snoozed")
    Opportunity.objects.filter(pk=opportunity.pk).update(owner=stage.operator)
    assert stage.tap(f"opp:{opportunity.id}:accept").code == "accepted"
    assert (now_of(opportunity).state, opportunity.snoozed_until) == ("accepted", None)
    stage.wait(days=2)
    assert wake_due(now=stage.now) == 0


def test_a_list_that_is_older_than_a_take_over_decides_nothing(stage: Stage):
    other = rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    opportunity = accepted(stage)
    Opportunity.objects.filter(pk=opportunity.pk).update(owner=other)
    assert stage.choose(f"opp:{opportunity.id}:needs_research").code == "already_decided_by"
    assert now_of(opportunity).state == "accepted"


def test_nothing_is_put_off_beyond_its_end(stage: Stage):
    opportunity = accepted(stage)
    ends = stage.now + timedelta(hours=5)
    Opportunity.objects.filter(pk=opportunity.pk).update(expires_at=ends)
    stage.choose(f"opp:{opportunity.id}:snooze")
    stage.deliver()
    stage.choose(f"snz:{opportunity.id}:reply")
    assert now_of(opportunity).snoozed_until == ends - timedelta(hours=1)


# research


def test_research_comes_back_after_two_working_days(stage: Stage):
    opportunity = accepted(stage)
    answer = stage.choose(f"opp:{opportunity.id}:needs_research")
    assert answer.code == "researching"
    assert "سُحبت مسودتها" in answer.text
    assert (now_of(opportunity).state, opportunity.snoozed_until) == ("researching", MONDAY_MORNING + timedelta(days=1))
    stage.now = MONDAY_MORNING + timedelta(days=1)
    tick(stage)
    assert (now_of(opportunity).state, shown_of(opportunity)) == ("presented", 2)


def test_facts_that_quote_the_card_bring_it_back_with_them(stage: Stage):
    opportunity = accepted(stage)
    card = stage.showing_of(f"opp:{opportunity.id}:accept")
    stage.choose(f"opp:{opportunity.id}:needs_research")
    stage.deliver()
    answer = stage.says("لديهم 40 فرعًا\u202e، والميزانية في يناير", quoting=card)
    assert answer.code == "facts_kept"
    assert now_of(opportunity).state == "presented"
    assert opportunity.summary == "لديهم 40 فرعًا، والميزانية في يناير"
    stage.deliver()
    assert "40 فرعًا" in stage.phone()[-1]
    # The older card asked about less.
    assert stage.tap(f"opp:{opportunity.id}:accept", on=card).code == "stale"


def test_facts_may_quote_the_answer_that_asked_for_them_and_a_word_is_no_fact(stage: Stage):
    opportunity = accepted(stage)
    stage.choose(f"opp:{opportunity.id}:needs_research")
    stage.deliver()
    answer = OutboxMessage.objects.get(request_key=f"answer:{Decision.objects.get(answer='researching').tap_key}")
    for text in ("قبول", "نعم", "3"):
        assert stage.says(text, quoting=answer.wamid).code != "facts_kept"
    assert now_of(opportunity).summary == ""
    Opportunity.objects.update(owner=rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2"))
    assert stage.says("لديهم 40 فرعًا", quoting=answer.wamid).code == "already_decided_by"
    Opportunity.objects.update(owner=stage.operator)
    assert stage.says("لديهم 40 فرعًا", quoting=answer.wamid).code == "facts_kept"
    assert (now_of(opportunity).state, opportunity.summary) == ("presented", "لديهم 40 فرعًا")


# meetings, and what came late


def test_a_meeting_is_planned_from_the_list(stage: Stage):
    opportunity = accepted(stage)
    assert stage.choose(f"opp:{opportunity.id}:schedule").code == "meeting_drafted"
    assert now_of(opportunity).state == "accepted"
    assert Decision.objects.filter(action="schedule", carried_out=True).count() == 1


def test_skipping_takes_an_unsent_invitation_back_too(stage: Stage):
    opportunity = accepted(stage)
    stage.choose(f"opp:{opportunity.id}:schedule")
    stage.deliver()
    assert stage.tap(f"opp:{opportunity.id}:skip").code == "skipped"
    assert [draft.state for draft in Draft.objects.all()] == ["cancelled", "cancelled"]


def test_no_meeting_for_what_was_put_off(stage: Stage):
    opportunity = accepted(stage)
    stage.choose(f"opp:{opportunity.id}:needs_research")
    assert stage.choose(f"opp:{opportunity.id}:schedule").code == "not_to_meet"
    assert stage.to_contacts() == []


def test_a_late_tap_plans_no_meeting_but_puts_off(stage: Stage):
    """Nothing goes outward by putting off, however late the tap is read."""
    opportunity = accepted(stage)
    tapped_at = stage.now
    stage.wait(minutes=31)
    assert stage.choose(f"opp:{opportunity.id}:schedule", sent_at=tapped_at).code == "late"
    assert stage.choose(f"opp:{opportunity.id}:needs_research", sent_at=tapped_at).code == "researching"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_lists_hold_for_any_words_in_both_languages(stage: Stage, language: str):
    stage.operator.language = language
    stage.operator.save()
    opportunity = accepted(stage, title=("\u202eعنوان {x} 😀\n" * 30)[:300], name="")
    stage.choose(f"opp:{opportunity.id}:snooze")
    stage.deliver()
    answer = stage.choose(f"snz:{opportunity.id}:reply").text
    assert "{x}" in answer, "outside braces are no values"
    assert "{t}" not in answer
    told = OutboxMessage.objects.filter(operator=stage.operator, lane=0)
    assert not [row for row in told if "\u202e" in str(row.body)]
