"""A marketing text lacks neither the sender nor the way to stop when somebody approves it; what was added is said."""

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.drafts import MAX_TEXT
from wakeel.flows.complete_text import NOTHING_ADDED, complete
from wakeel.store.models import Draft, DraftVersion


def text_of(draft: Draft) -> str:
    return DraftVersion.objects.filter(draft=draft).order_by("-number")[0].text


def test_an_imported_text_is_completed_before_its_first_card_and_the_answer_says_so(stage: Stage):
    opportunity = stage.person(draft_text="أهلًا مريم، لدينا عرض جديد.")
    stage.show_cards()
    answer = stage.tap(f"opp:{opportunity.id}:accept")
    assert answer.text.endswith("أُضيف إلى النص: اسم المنشأة، وطريقة إيقاف الرسائل.")
    stage.deliver()
    assert text_of(Draft.objects.get()) == "أهلًا مريم، لدينا عرض جديد." + rows.ADDED_LINES
    assert "المرسل: أفق" in stage.phone()[-1]


def test_the_next_text_of_an_operator_is_completed_and_the_answer_says_so(stage: Stage):
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:edit")
    answer = stage.says("أهلًا، معك أفق من جديد. هل نتحدث غدًا؟")
    assert answer.text.startswith("حُفظت النسخة 2. أُضيف إلى النص: طريقة إيقاف الرسائل.")
    assert text_of(draft).endswith("\n\nلإيقاف الرسائل أرسل: إيقاف")
    assert "المرسل" not in text_of(draft)


def test_a_whole_text_stays_as_it_is_and_nothing_is_said(stage: Stage):
    draft = stage.accepted()
    assert text_of(draft) == rows.DRAFT_TEXT
    stage.tap(f"msg:{draft.id}:edit")
    said = stage.says(rows.DRAFT_TEXT + " شكرًا").text
    assert said.startswith("حُفظت النسخة 2.")
    assert "أُضيف إلى النص" not in said


def test_an_answer_or_an_update_is_left_alone():
    for category in ("service", "utility"):
        assert complete("تم تأكيد موعدك.", category=category, business_name="أفق").text == "تم تأكيد موعدك."


def test_english_words_for_an_english_text():
    whole = complete("We have a new offer.", category="marketing", business_name="Ufuq")
    assert whole.text == "We have a new offer.\n\nFrom: Ufuq\nTo stop these messages, reply STOP"
    assert whole.added.en == " Added to the text: the business's name and the way to stop messages."
    assert complete(whole.text, category="marketing", business_name="Ufuq").added is NOTHING_ADDED


def test_what_would_be_too_long_with_it_is_refused_before_anything_changes(stage: Stage):
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:edit")
    assert stage.says("س" * MAX_TEXT).code == "text_too_long"
    assert text_of(draft) == rows.DRAFT_TEXT


def test_an_imported_text_that_would_be_too_long_is_shown_with_what_it_lacks(stage: Stage):
    """It is never cut: the gate names what is missing, and the operator shortens it."""
    draft = stage.accepted(stage.person(draft_text="س" * MAX_TEXT))
    assert text_of(draft) == "س" * MAX_TEXT
    assert "تذكر اسم المنشأة" in stage.phone()[-1]
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
