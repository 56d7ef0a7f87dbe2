"""What an operator types: stop all, quoted card, command words, the text of a draft being edited, else a question."""

import pytest

from tests import rows
from tests.flows.stage import Stage
from tests.flows.test_meetings import planned
from wakeel.domain.drafts import MAX_TEXT
from wakeel.store.models import (
    Approval,
    ConsentEventRow,
    Draft,
    DraftVersion,
    Opportunity,
    OutboxMessage,
    StopSwitch,
)


def editing(stage: Stage) -> Draft:
    draft = stage.accepted()
    assert stage.tap(f"msg:{draft.id}:edit").code == "ask_text"
    stage.deliver()
    return draft


# editing


def test_the_next_text_becomes_the_next_version_and_is_shown(stage: Stage):
    draft = editing(stage)
    answer = stage.says("أهلًا مريم، هل نتحدث الأحد؟")
    assert answer.code == "new_version"
    draft.refresh_from_db()
    assert (draft.state, draft.version, draft.editor) == ("awaiting_approval", 2, None)
    stage.deliver()
    assert any("هل نتحدث الأحد؟" in text for text in stage.phone()[-2:])
    assert stage.tap(f"msg:{draft.id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == ["أهلًا مريم، هل نتحدث الأحد؟" + rows.ADDED_LINES]
    assert DraftVersion.objects.get(number=2).author == stage.operator


def test_the_card_of_the_first_version_approves_nothing_any_more(stage: Stage):
    draft = stage.accepted()
    old = stage.showing_of(f"msg:{draft.id}:approve")
    stage.tap(f"msg:{draft.id}:edit")
    stage.says("نص آخر")
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve", on=old).code == "stale"
    assert not Approval.objects.exists()


def test_while_it_is_rewritten_it_cannot_be_approved(stage: Stage):
    draft = editing(stage)
    assert stage.tap(f"msg:{draft.id}:approve").code == "waits_for_text"
    assert not Approval.objects.exists()


def test_editing_what_was_approved_takes_it_back_first(stage: Stage):
    message = stage.approved()
    assert stage.tap(f"msg:{message.draft_id}:edit").code == "ask_text"
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert not Approval.objects.filter(revoked_at=None).exists()
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []
    stage.says("نص ثانٍ")
    stage.deliver()
    assert stage.tap(f"msg:{message.draft_id}:approve").code == "approved"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.to_contacts() == ["نص ثانٍ" + rows.ADDED_LINES]


def test_a_draft_can_be_cancelled_while_it_is_rewritten(stage: Stage):
    draft = editing(stage)
    assert stage.tap(f"msg:{draft.id}:cancel").code == "cancelled"
    assert stage.says("نص متأخر").code != "new_version"
    assert DraftVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("\u200f\u200f", "text_empty"), ("س" * (MAX_TEXT + 1), "text_too_long"), ("إيقاف", "opt_out_word")],
    ids=["empty", "long", "opt-out"],
)
def test_texts_that_cannot_be_a_version(stage: Stage, text: str, code: str):
    draft = editing(stage)
    assert stage.says(text).code == code
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("editing", 1)


def test_half_an_hour_after_the_question_a_text_is_no_version(stage: Stage):
    draft = editing(stage)
    stage.wait(minutes=31)
    assert stage.says("نص متأخر").code != "new_version"
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_text_that_came_late_is_no_version(stage: Stage):
    editing(stage)
    said_at = stage.now
    stage.wait(minutes=29)
    stage.tap(f"msg:{Draft.objects.get().id}:edit")
    stage.wait(minutes=2)
    assert stage.says("نص متأخر", sent_at=said_at).code == "late"
    assert DraftVersion.objects.count() == 1


def test_with_two_drafts_in_editing_it_asks_which(stage: Stage):
    first = stage.accepted()
    second = stage.accepted(stage.person(key="k2", phone="+966509722244", title="الثانية"))
    for draft in (first, second):
        stage.tap(f"msg:{draft.id}:edit")
    stage.deliver()
    assert stage.says("لمن هذا النص؟").code == "which_one"
    assert DraftVersion.objects.count() == 2
    quoted = stage.showing_of(f"msg:{second.id}:edit")
    assert stage.says("نص للثانية", quoting=quoted).code == "new_version"
    assert DraftVersion.objects.get(number=2).draft == second


# command words


def test_a_command_word_counts_with_exactly_one_open_card(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    assert stage.says("قبول").code == "accepted"
    stage.deliver()
    assert stage.says("اعتماد").code == "approved"
    assert OutboxMessage.objects.get(audience="contact").draft.opportunity == opportunity  # type: ignore[union-attr]


def test_with_two_open_cards_a_command_word_decides_nothing(stage: Stage):
    stage.person()
    stage.person(key="k2", phone="+966509722244", title="الثانية")
    stage.show_cards()
    answer = stage.says("قبول")
    assert answer.code == "which_one"
    assert "الثانية" in answer.text
    assert not Draft.objects.exists()


def test_a_quoted_card_says_which_one_is_meant(stage: Stage):
    stage.person()
    second = stage.person(key="k2", phone="+966509722244", title="الثانية")
    stage.show_cards()
    assert stage.says("قبول", quoting=stage.showing_of(f"opp:{second.id}:accept")).code == "accepted"
    assert Draft.objects.get().opportunity == second


def test_a_word_for_the_other_kind_of_card_decides_nothing(stage: Stage):
    stage.person()
    stage.show_cards()
    answer = stage.says("اعتماد")
    assert (answer.code, "اعتماد" in answer.text) == ("no_card_has_it", True)
    assert not Draft.objects.exists()


def test_which_one_names_each_opportunity_once_only_what_the_word_fits_and_how_many_more(stage: Stage):
    drafted = stage.accepted()
    stage.person(key="k2", phone="+966509722244", title="لم تُقبل بعد")
    stage.show_cards()
    stage.accepted(stage.person(key="k3", phone="+966509722245", title="الثالثة"))
    named = stage.says("اعتمد").text
    assert (drafted.opportunity.title in named, "الثالثة" in named, "لم تُقبل" in named) == (True, True, False)
    for number in range(4, 9):
        stage.accepted(stage.person(key=f"k{number}", phone=f"+96650972225{number}", title=f"رقم {{{number}}}"))
    named = stage.says("اعتمد").text
    assert (named.count("رقم"), named.count("و2 غيرها")) == (3, 1)


def test_two_cards_about_one_opportunity_are_named_once(stage: Stage):
    """The draft and the invitation."""
    meeting = planned(stage)
    named = stage.says("اعتمد").text
    assert named.count(meeting.opportunity.title) == named.count("(بطاقتان)") == 1


def test_help_says_what_can_be_typed_and_brief_what_waits_now(stage: Stage):
    draft = editing(stage)
    for word in ("مساعدة", "help"):
        answer = stage.says(word)
        assert (answer.code, "اعتمد الكل" in answer.text) == ("how_to", True)
    for word in ("الموجز", "الملخص", "brief"):
        assert stage.says(word).code == "nothing"
        assert "ملخص" in str(stage.deliver()[-1].body["interactive"]["header"])
    assert stage.tap("brief:show_pending").code == "brief_no_pending", "it is being rewritten"
    draft.refresh_from_db()
    assert draft.version == 1


@pytest.mark.parametrize("word", ["نعم", "لا", "لاحقاً", "تم", "قبول", "👍"])
def test_a_bare_answer_in_place_of_the_new_text_is_asked_about(stage: Stage, word: str):
    draft = editing(stage)
    card = stage.showing_of(f"msg:{draft.id}:approve")
    codes = {stage.says(word).code, stage.says(word, quoting=card).code}
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("editing", 1)
    assert codes <= {"not_the_text", "no_card_has_it", "nothing"}, "nothing: a list asks when"
    assert stage.says(f"عدّل: {word}").code == "new_version", "who insists means it"


def test_a_typed_approval_that_comes_late_approves_nothing(stage: Stage):
    stage.accepted()
    said_at = stage.now
    stage.wait(hours=1)
    assert stage.says("اعتماد", sent_at=said_at).code == "late"
    assert not Approval.objects.exists()


# opt-out words and stop all


def test_an_operators_opt_out_word_is_asked_about_and_is_no_opt_out(stage: Stage):
    answer = stage.says("إيقاف")
    assert answer.code == "opt_out_word"
    assert "أوقف الكل" in answer.text
    assert not ConsentEventRow.objects.exists()


def test_stop_all_stops_contacts_and_still_answers(stage: Stage):
    message = stage.approved()
    answer = stage.says("أوقف الكل")
    assert answer.code == "stopped_all"
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "KILL_SWITCH")
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []
    assert answer.text in stage.phone()
    stage.says("أوقف الكل")
    assert StopSwitch.objects.count() == 1


def test_stop_all_counts_however_late(stage: Stage):
    said_at = stage.now
    stage.wait(hours=3)
    assert stage.says("أوقف الكل", sent_at=said_at).code == "stopped_all"


# anything else


def test_any_word_opens_the_window_and_brings_what_waits(stage: Stage):
    """Cards are not sent to fail while the operator's own window is closed."""
    stage.operator.last_inbound_at = None
    stage.operator.save()
    stage.person()
    stage.show_cards()
    assert stage.phone() == []
    assert stage.says("صباح الخير").code == "cards_coming"
    stage.deliver()
    assert len(stage.showings()) == 1


def test_with_nothing_open_it_says_so(stage: Stage):
    assert stage.says("صباح الخير").code == "nothing_open"


def test_an_image_is_answered_and_does_nothing(stage: Stage):
    assert stage.sends_image().code == "unreadable"


def test_at_most_three_cards_are_open_at_once(stage: Stage):
    people = [stage.person(key=f"k{i}", phone=f"+96650972224{i}", title=f"فرصة {i}") for i in range(5)]
    stage.show_cards()
    assert len(stage.showings()) == 3
    stage.tap(f"opp:{stage.showings()[0].card.opportunity_id}:skip")
    stage.deliver()
    assert stage.open_cards() == 3
    assert len({showing.card.opportunity_id for showing in stage.showings()}) == 4
    assert len(people) == 5


def test_the_best_opportunity_is_shown_first(stage: Stage):
    stage.person(key="low", phone="+966509722241", title="ضعيفة", score=10)
    stage.person(key="high", phone="+966509722242", title="قوية", score=90)
    stage.show_cards()
    assert "قوية" in stage.phone()[0]


def test_whoever_wrote_just_now_is_shown_before_what_a_file_scored(stage: Stage):
    for number in range(4):
        stage.person(key=f"k{number}", phone=f"+96650972223{number}", title=f"من الملف {number}", score=50)
    stage.says("أحتاج عرض سعر", by=rows.contact(stage.firm, "سعد", phone="+966509722299"))
    stage.wait(seconds=6)
    stage.show_cards()
    assert ["عرض سعر" in text for text in stage.phone()] == [True, False, False]


def test_a_title_that_nobody_can_see_stops_nobodys_cards_and_values_are_written_alike(stage: Stage):
    stage.person(key="k1", phone="+966509722241", title="\u200f\u2060", score=90)
    stage.person(key="k2", phone="+966509722242", title="الثانية")
    Opportunity.objects.update(value="18500 ريال")
    stage.show_cards()
    first, second = stage.phone()
    assert "فرصة بلا عنوان" in first
    assert "الثانية" in second
    assert "18,500 ريال" in first


def test_an_answer_is_queued_in_the_operators_language(stage: Stage):
    rows.Operator.objects.update(language="en")
    assert stage.says("hello").text == "Nothing is waiting for you."
