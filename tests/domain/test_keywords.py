"""Stop words: the whole message, however it is spelled, and nothing that only contains one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.keywords import STOP_ALL, KeywordAction, fold, match
from wakeel.domain.recognition import looks_like_code

ALL, MARKETING, NONE = KeywordAction.WITHDRAW_ALL, KeywordAction.WITHDRAW_MARKETING, KeywordAction.NONE

MUST = [
    "STOP", "stop.", "Stop!!!", "stooooop", "sTOP 🛑", "ＳＴＯＰ", "stop please", "please stop", "STOP, thanks",
    "إيقاف", "ايقاف", "أوقف", "اوقف", "إيقافـــ", "إِيقاف", "قف", "توقف", "قفففف", "\u200fإيقاف\u200f",
    "إلغاء الاشتراك", "الغاء الاشتراك", "الغاء الإشتراك", "ألغ الاشتراك", "إيقاف الرسائل", "ايقاف الرسايل",
    "إيقاف من فضلك", "لو سمحت وقف", "لا ترسل", "لا ترسلون", "ما ابي رسايل", "مش عايز رسايل", "بلاش رسايل",
    "Unsubscribe", "unsubscríbe", "arrêt", "ARRÊTEZ SVP", "opt out", "opt-out", "  stop  ", "stop\n",
]  # fmt: skip
OFFERS_ONLY = ["إيقاف العروض", "ايقاف العروض!", "stop offers", "Stop promos please", "بلاش عروض", "arrêt pub"]
MUST_NOT = [
    "إلغاء الموعد", "إلغاء", "الغاء الطلب", "لا توقفوا العروض", "لا توقف", "don't stop", "the bus stop", "stopper",
    "متى توقف السيارة؟", "cancel my order", "cancel", "لا", "لا شكرا", "نعم", "كم سعر الباقة؟", "", "🛑", "   ",
    "من فضلك", "please", "stop 123", "وقفة احتجاجية", "موقف", "إيقاف تشغيل الجهاز كيف يكون", "start", "ابدأ",
]  # fmt: skip


@pytest.mark.parametrize("text", MUST)
def test_these_words_stop_everything(text: str):
    assert match(text) is ALL


@pytest.mark.parametrize("text", OFFERS_ONLY)
def test_these_words_stop_offers_only(text: str):
    assert match(text) is MARKETING


@pytest.mark.parametrize("text", MUST_NOT)
def test_these_words_stop_nothing(text: str):
    """Most of all «إلغاء الموعد»: cancelling an appointment is not leaving."""
    assert match(text) is NONE


def test_stop_words_and_the_operators_stop_all_are_different_words():
    assert fold("أوقف الكل") in STOP_ALL
    assert match("أوقف الكل") is NONE


@given(st.sampled_from(MUST), st.sampled_from(["\u064e", "\u0640", "\u200f", "\u2068", " ", ".", "!"]), st.data())
def test_marks_and_spaces_at_the_ends_change_nothing(text: str, mark: str, data: st.DataObject):
    assert match(data.draw(st.sampled_from([mark + text, text + mark]))) is ALL


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once_and_never_fails(text: str):
    once = fold(text)
    assert fold(once) == once
    assert match(text) is match(once)


@given(st.text(alphabet=st.characters(categories=["Lo", "Ll"]), min_size=1, max_size=8))
def test_a_stop_word_inside_a_longer_word_or_sentence_stops_nothing(word: str):
    folded = fold(word)
    if len(folded) > 3 and folded.isalnum():
        assert match(f"{word} إيقاف {word}") is NONE


@pytest.mark.parametrize("text", [*MUST, *OFFERS_ONLY])
def test_no_stop_word_can_be_taken_for_a_linking_code(text: str):
    """Codes are looked for before stop words; a STOP must never be swallowed as a wrong code."""
    assert looks_like_code(text) is None
