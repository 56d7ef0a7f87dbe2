"""Answers typed instead of tapped: numbers, words, texts below a card. A wrong answer never sends and never denies."""

import pytest
from django.db.models.signals import post_init

from tests import rows
from tests.flows.stage import Answer, Stage
from wakeel.domain.rights import ErasureReason
from wakeel.flows.erase_person import erase
from wakeel.store.models import Approval, Decision, Draft, DraftVersion, OutboxMessage, Prompt


def two_drafts(stage: Stage) -> tuple[Draft, Draft]:
    """Two drafts that wait for approval, both cards on the phone."""
    first = stage.accepted()
    return first, stage.accepted(stage.person(key="k2", phone="+966509722244", name="سعد", title="الثانية"))


def card_of(stage: Stage, draft: Draft) -> str:
    found = stage.showing_of(f"msg:{draft.id}:approve")
    assert found is not None
    return found


def answer_wamid(code: str) -> str:
    """Of the newest answer on the phone that was given with this code."""
    decided = Decision.objects.filter(answer=code).order_by("-id").first()
    assert decided is not None
    message = OutboxMessage.objects.get(request_key=f"answer:{decided.tap_key}")
    assert message.wamid is not None
    return message.wamid


def test_a_text_below_a_card_becomes_that_cards_next_version(stage: Stage):
    """The other draft is the one in editing: it was once taken for the one that was meant."""
    first, second = two_drafts(stage)
    stage.tap(f"msg:{first.id}:edit")
    stage.deliver()
    answer = stage.says("أهلًا سعد، هل يناسبك الأحد؟", quoting=card_of(stage, second))
    assert answer.code == "new_version"
    second.refresh_from_db()
    assert (second.version, second.state) == (2, "awaiting_approval")
    assert DraftVersion.objects.filter(draft=first).count() == 1
    stage.deliver()
    assert "هل يناسبك الأحد؟" in stage.phone()[-1]


def test_the_answer_says_what_changed_how_long_it_is_and_what_to_look_at(stage: Stage):
    draft = stage.accepted()
    text = rows.DRAFT_TEXT.replace("غدًا", "الأحد, ربح مضمون")
    answer = stage.says(text, quoting=card_of(stage, draft))
    lines = answer.text.split("\n")
    assert lines[0] == "حُفظت النسخة 2."
    assert lines[1].startswith("ما تغيّر: صار")
    assert "غدًا؟" in lines[1]
    assert "الأحد," in lines[1]
    assert lines[2] == f"الطول: {len(text)} من 3,500 حرف."
    assert lines[3].startswith("للانتباه قبل الاعتماد: وعد بنتيجة مضمونة")
    assert lines[4] == "راجعها واعتمدها."


def test_a_text_below_an_approved_card_takes_the_message_back_first(stage: Stage):
    message = stage.approved()
    showing = stage.showings()[0].wamid
    assert stage.says("نص آخر لا يشبه الأول", quoting=showing).code == "new_version"
    message.refresh_from_db()
    assert message.state == "suppressed"
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []


def test_a_text_below_the_card_of_what_was_sent_changes_nothing(stage: Stage):
    message = stage.sent()
    showing = stage.showings()[0].wamid
    assert stage.says("نص متأخر لن يخرج", quoting=showing).code == "already_left"
    assert DraftVersion.objects.filter(draft=message.draft).count() == 1


def test_a_text_below_a_card_that_comes_late_is_no_version(stage: Stage):
    draft = stage.accepted()
    said_at = stage.now
    stage.wait(minutes=31)
    assert stage.says("نص متأخر جدًا", quoting=card_of(stage, draft), sent_at=said_at).code == "late"
    assert DraftVersion.objects.count() == 1


def test_what_can_only_be_an_answer_is_neither_text_nor_decision(stage: Stage):
    draft = stage.accepted()
    for text in (
        "نعم", "تمام", "👍", "لا", "7", "لا تعتمد", "اعتمد لاحقا", "موافق شكرا", "...", "لاحقا", "لاحقاً", "قبول",
        "تخطي",
    ):  # fmt: skip
        assert stage.says(text, quoting=card_of(stage, draft)).code == "not_a_version", text
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("awaiting_approval", 1)
    assert not Approval.objects.exists()


@pytest.mark.parametrize("text", ["اعتمد", "١"])
def test_a_quoted_card_is_approved_by_word_or_number(stage: Stage, text: str):
    first, second = two_drafts(stage)
    assert stage.says(text, quoting=card_of(stage, second)).code == "approved"
    assert Approval.objects.get().draft == second
    first.refresh_from_db()
    assert first.state == "awaiting_approval"


def test_numbers_stand_for_the_buttons_of_the_only_card(stage: Stage):
    stage.person()
    stage.show_cards()
    assert stage.says("٣").code == "drafting"
    stage.deliver()
    assert stage.says("2").code == "ask_text"
    assert stage.says("3").code == "cancelled"


def test_with_two_cards_a_number_is_asked_about(stage: Stage):
    two_drafts(stage)
    assert stage.says("1").code == "which_one"
    assert not Approval.objects.exists()


def test_edit_with_the_text_behind_a_colon(stage: Stage):
    draft = stage.accepted()
    assert stage.says("عدّل: أهلًا مريم\nالسعر: ١٢٠٠").code == "new_version"
    assert DraftVersion.objects.get(draft=draft, number=2).text.startswith("أهلًا مريم\nالسعر: ١٢٠٠")
    assert stage.says("عدّل:", quoting=card_of(stage, draft)).code == "text_empty"


def test_edit_with_a_colon_and_several_cards_is_asked_about_unless_quoted(stage: Stage):
    _, second = two_drafts(stage)
    assert stage.says("عدّل: نص لمن؟").code == "which_one"
    assert DraftVersion.objects.filter(number=2).count() == 0
    assert stage.says("عدّل: نعم", quoting=card_of(stage, second)).code == "new_version"


def test_a_command_word_is_never_the_text_of_a_draft_in_editing(stage: Stage):
    first, _ = two_drafts(stage)
    stage.tap(f"msg:{first.id}:edit")
    assert stage.says("إلغاء").code == "which_one"
    assert stage.says("1").code == "which_one"
    first.refresh_from_db()
    assert (first.state, first.version) == ("editing", 1)


def test_whoever_quotes_the_question_for_the_text_means_that_draft(stage: Stage):
    first, second = two_drafts(stage)
    for draft in (first, second):
        stage.tap(f"msg:{draft.id}:edit")
    stage.deliver()
    assert stage.says("نص للثانية وحدها", quoting=answer_wamid("ask_text")).code == "new_version"
    second.refresh_from_db()
    assert second.version == 2


def test_whoever_quotes_approved_and_types_cancel_takes_it_back(stage: Stage):
    message = stage.approved()
    assert stage.says("إلغاء", quoting=answer_wamid("approved")).code == "undone"
    message.refresh_from_db()
    assert message.state == "suppressed"


def test_cancel_typed_within_the_grace_takes_the_only_message_back(stage: Stage):
    message = stage.approved()
    assert stage.says("الغ").code == "undone"
    message.refresh_from_db()
    assert message.state == "suppressed"


def test_cancel_typed_after_the_message_left_or_with_another_card_open_undoes_nothing(stage: Stage):
    first, second = two_drafts(stage)
    stage.tap(f"msg:{first.id}:approve")
    stage.deliver()
    assert stage.says("إلغاء").code == "cancelled", "the one open card is meant, not what was approved before"
    second.refresh_from_db()
    assert second.state == "cancelled"
    stage.wait(seconds=11)
    stage.deliver()
    assert stage.says("إلغاء").code != "undone"
    assert len(stage.to_contacts()) == 1


def test_the_text_before_a_short_card_stands_for_it(stage: Stage):
    """A long text goes first as a message of its own; quoting that means the card below it."""
    draft = stage.accepted(stage.person(draft_text="س" * 1_500 + "\nمعك أفق.\nلإيقاف الرسائل أرسل: إيقاف"))
    rendering = stage.showings()[0].rendering
    assert rendering is not None
    assert rendering.wamid is not None
    assert stage.says("نص قصير بدل الطويل", quoting=rendering.wamid).code == "new_version"
    draft.refresh_from_db()
    assert draft.version == 2


def test_anything_else_below_an_opportunity_card_names_its_choices(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    card = stage.showing_of(f"opp:{opportunity.id}:accept")
    answer = stage.says("ما رأيك؟", quoting=card)
    assert answer.code == "no_such_choice"
    assert "1 قبول، 2 تخطي، 3 رسالة" in answer.text
    assert stage.says("9", quoting=card).code == "no_such_choice"
    opportunity.refresh_from_db()
    assert opportunity.state == "presented"


def test_below_a_card_that_an_erasure_emptied_there_is_nothing_to_choose(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    card = stage.showing_of(f"opp:{opportunity.id}:accept")
    erase(opportunity.contact_id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now)
    assert stage.says("ما رأيك؟", quoting=card).code == "no_choices"


def test_a_word_below_a_message_that_asks_nothing_decides_nothing(stage: Stage):
    """One card is open, and the word would fit it; but something else was quoted."""
    stage.accepted()
    assert stage.says("اعتماد", quoting="wamid.OUT-unknown").code == "which_one"
    assert not Approval.objects.exists()


def sends(stage: Stage, kind: str, content: dict[str, object]) -> Answer:
    return stage._message({"type": kind, kind: content}, stage.operator)


def test_pictures_voice_notes_and_signs_are_asked_for_as_text(stage: Stage):
    draft = stage.accepted()
    voice = sends(stage, "audio", {"id": "1", "voice": True})
    assert (voice.code, "رسالة صوتية" in voice.text) == ("unreadable", True)
    assert "صورة" in stage.sends_image().text
    sign = sends(stage, "reaction", {"message_id": card_of(stage, draft), "emoji": "👍"})
    assert sign.code == "unreadable", "a thumb on a card approves nothing, and says so"
    assert sends(stage, "reaction", {"message_id": "wamid.OUT-unknown", "emoji": "👍"}).code == "nothing"
    assert not Approval.objects.exists()
    assert DraftVersion.objects.count() == 1


def test_changing_or_deleting_an_earlier_message_takes_nothing_back(stage: Stage):
    draft = stage.accepted()
    stage.says("اعتماد", wamid="wamid.YES", quoting=card_of(stage, draft))
    changed = {"original_message_id": "wamid.YES", "message": {"type": "text", "text": {"body": "لا"}}}
    for kind, content in (("edit", changed), ("revoke", {"original_message_id": "wamid.YES"})):
        assert sends(stage, kind, content).code == "no_taking_back"
    assert Approval.objects.get().revoked_at is None


def test_a_list_is_answered_by_number_or_title(stage: Stage):
    """The list of what comes next stands under the answer to قبول."""
    opportunity = stage.person()
    stage.show_cards()
    stage.tap(f"opp:{opportunity.id}:accept")
    stage.deliver()
    answer = answer_wamid("accepted")
    assert stage.says("كم الساعة؟", quoting=answer).code == "no_such_choice"
    assert stage.says("لاحقاً", quoting=answer).code == "nothing", "the list of times is the answer"
    assert Prompt.objects.filter(kind="times", subject=opportunity.id).count() == 1
    opportunity.refresh_from_db()
    assert opportunity.state == "accepted", "asked when, not put off yet"


def test_a_title_without_a_quote_counts_while_one_question_has_it_and_is_never_a_text(stage: Stage):
    opportunity = stage.person()
    stage.show_cards()
    stage.tap(f"opp:{opportunity.id}:accept")
    stage.deliver()
    draft = Draft.objects.get()
    stage.tap(f"msg:{draft.id}:edit")
    stage.deliver()
    assert stage.says("لاحقاً").code == "nothing"
    assert Prompt.objects.filter(kind="times", subject=opportunity.id).count() == 1
    stage.deliver()
    assert DraftVersion.objects.count() == 1
    assert stage.says("1").code == "which_one", "a card and two lists are open"


def test_an_invitation_is_approved_by_word_like_every_text(stage: Stage):
    """Its card carries the meeting's buttons; what they decide is its draft."""
    opportunity = stage.person(consent=False)
    rows.grant(opportunity.contact, purposes=["offers", "meetings"])
    stage.show_cards()
    stage.tap(f"opp:{opportunity.id}:accept")
    stage.deliver()
    stage.says("1", quoting=answer_wamid("accepted"))
    stage.deliver()
    invitation = Draft.objects.get(meeting__isnull=False)
    card = stage.showings()[0]
    assert card.card.draft_id == invitation.id
    assert stage.says("لا أدري", quoting=card.wamid).code == "not_a_version"
    assert not Approval.objects.exists()
    assert stage.says("اعتمد", quoting=card.wamid).code == "approved"
    assert Approval.objects.get().draft == invitation


def test_a_word_that_fits_one_of_two_open_cards_is_asked_about(stage: Stage):
    """Design section 4: only while exactly one card is open; who has two before them may mean something else."""
    draft = stage.accepted()
    stage.person(key="k2", phone="+966509722244", name="سعد", title="الثانية")
    stage.show_cards()
    assert stage.says("اعتماد").code == "which_one"
    assert not Approval.objects.exists()
    assert stage.says("اعتماد", quoting=card_of(stage, draft)).code == "approved"


def test_a_number_that_fits_one_of_two_open_questions_is_asked_about(stage: Stage):
    """The list of reasons has a fourth row, the card beside it has no fourth button."""
    skipped = stage.person()
    stage.person(key="k2", phone="+966509722244", name="سعد", title="الثانية")
    stage.show_cards()
    stage.tap(f"opp:{skipped.id}:skip")
    stage.deliver()
    assert stage.says("4").code == "which_one"
    skipped.refresh_from_db()
    assert skipped.skip_reason == ""
    assert stage.says("٤", quoting=answer_wamid("skipped")).code != "which_one"
    skipped.refresh_from_db()
    assert skipped.skip_reason == "4"


def test_a_typed_answer_reads_no_question_that_nobody_answered_long_ago(stage: Stage):
    """Most are never answered, such as why something was skipped: after a year there are thousands."""
    people = [stage.person(key=f"k{n}", phone=f"+96650972224{n}", title=f"رقم {n}") for n in range(3)]
    stage.show_cards()
    for one in people:
        stage.tap(f"opp:{one.id}:skip")
    stage.deliver()
    stage.wait(hours=1)
    read: list[Prompt] = []

    def note(instance: Prompt, **_: object) -> None:
        read.append(instance)

    assert Prompt.objects.filter(closed_at=None).count() == 3
    post_init.connect(note, sender=Prompt)
    try:
        stage.says("2")
    finally:
        post_init.disconnect(note, sender=Prompt)
    assert read == []
