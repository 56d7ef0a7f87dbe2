"""Stop and start words: the whole message, however it is spelled; a sentence only asks for a person's look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.keyword_lists import POLITE, WORDS, WordList
from wakeel.domain.keywords import (
    DEFAULT,
    OPTIN_CONFIRM,
    STOP_ALL,
    KeywordAction,
    fold,
    match,
    match_payload,
)
from wakeel.domain.recognition import looks_like_code

ALL, MARKETING, NONE = KeywordAction.WITHDRAW_ALL, KeywordAction.WITHDRAW_MARKETING, KeywordAction.NONE
REVIEW, SUPPRESS = KeywordAction.REVIEW, KeywordAction.SUPPRESS_AND_REVIEW
START, CONFIRM, HELP = KeywordAction.START_PENDING, KeywordAction.CONFIRM_OPTIN, KeywordAction.HELP

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
def test_these_words_withdraw_nothing(text: str):
    """Most of all «إلغاء الموعد»: cancelling an appointment is not leaving."""
    assert not match(text).withdraws


@pytest.mark.parametrize(
    "text",
    [
        "إلغاء الموعد", "الغاء الطلب", "cancel my order", "the bus stop near my home", "stopper", "لا", "نعم", "موقف",
        "كم سعر الباقة؟", "", "   ", "من فضلك", "وقفة احتجاجية", "إيقاف تشغيل الجهاز كيف يكون",
    ],
)  # fmt: skip
def test_ordinary_messages_are_nobodys_business(text: str):
    assert match(text) is NONE


@pytest.mark.parametrize("text", ["لا توقفوا العروض", "don't stop", "Please don't stop the offers", "stop 123",
                                  "متى توقف السيارة؟", "the bus stop", "🛑", "⛔🚫", "إلغاء", "cancel", "لا شكرا",
                                  "no thank you", "غير مهتم"])  # fmt: skip
def test_a_person_looks_at_what_may_be_a_wish_to_stop(text: str):
    assert match(text) is REVIEW


@pytest.mark.parametrize("text", ["الرجاء التوقف عن إرسال الرسائل", "stop these promotional messages", "stop this spam",
                                  "please take me off your list", "احذف رقمي لو سمحت", "ne m'envoyez plus rien",
                                  "بطلوا ترسلون لي عروضكم كل يوم", "اب مجھے میسج مت بھیجو"])  # fmt: skip
def test_a_sentence_that_asks_to_stop_holds_offers_back_at_once(text: str):
    assert match(text) is SUPPRESS


def test_a_long_story_with_a_request_somewhere_is_not_read_as_one():
    """Up to twenty words somebody asks; beyond that they tell us something."""
    assert match("stop sending me this " + "word " * 16) is SUPPRESS
    assert match("stop sending me this " + "word " * 17) is NONE


def test_a_stop_word_among_four_words_is_looked_at_among_five_it_is_talk():
    assert match("one two three stop") is REVIEW
    assert match("one two three four stop") is NONE


def test_the_same_cancel_means_three_things():
    assert match("إلغاء", last_outbound_marketing=True) is MARKETING
    assert match("إلغاء", last_outbound_marketing=True, expecting="cancel_order") is NONE
    assert match("إلغاء") is REVIEW


@pytest.mark.parametrize("text", ["نعم", "موافق", "أوافق!", "Yes please", "OK", "oui", "جی ہاں", "हाँ"])
def test_yes_is_a_consent_only_after_our_question(text: str):
    assert match(text, expecting=OPTIN_CONFIRM) is CONFIRM
    assert match(text, expecting="cancel_order") is NONE
    assert match(text) is NONE


@pytest.mark.parametrize("text", ["START", "ابدأ", "اشترك", "شروع کریں", "शुरू करें", "Opt-in", "s'abonner"])
def test_start_asks_for_the_question_and_is_no_grant_itself(text: str):
    assert match(text) is START
    assert match(text, expecting=OPTIN_CONFIRM) is START


@pytest.mark.parametrize("text", ["HELP", "مساعدة", "info", "aide", "مدد", "मदद"])
def test_help(text: str):
    assert match(text) is HELP


@pytest.mark.parametrize("expecting", [None, OPTIN_CONFIRM, "cancel_order"])
@pytest.mark.parametrize("text", ["STOP", "لا ترسلوا من فضلكم", "بند کریں", "रोकें", "mat bhejo"])
def test_stop_beats_every_pending_question(text: str, expecting: str | None):
    assert match(text, expecting=expecting) is ALL


def test_a_refusal_is_looked_at_unless_it_answers_a_question():
    assert match("لا شكرًا") is REVIEW
    assert match("لا شكرًا", expecting="meeting") is NONE
    assert match("لا", expecting="meeting") is NONE


@pytest.mark.parametrize(
    ("payload", "action"),
    [("OPT_OUT_ALL", ALL), ("OPT_OUT_MARKETING", MARKETING), ("OPT_IN_START", START), ("OPT_IN_CONFIRM", CONFIRM),
     ("opt_out_all", NONE), ("STOP", NONE), ("", NONE), ("opp:1:accept", NONE)],
)  # fmt: skip
def test_a_payload_is_taken_letter_by_letter(payload: str, action: KeywordAction):
    assert match_payload(payload) is action


def test_an_endowment_is_no_stop_word_for_those_who_moved_it():
    """«وقف» also means endowment; only the word itself moves, not the phrases with it."""
    own = DEFAULT.moved({"وقف": WordList.SOFT})
    assert match("وقف") is ALL
    assert match("وقف", words=own) is REVIEW
    assert match("رسالة وقف الجامع", words=own) is NONE
    assert match("وقف الرسايل", words=own) is ALL
    assert match("وقف") is ALL, "the default is untouched"


def test_every_entry_can_be_reached():
    """Courtesy is taken off before comparing: an entry that it would cut could never match."""
    assert set(WORDS) == set(WordList)
    for polite in map(fold, POLITE.split("·")):
        for entries in (DEFAULT[name] for name in WordList if name is not WordList.DECLINE):
            assert not [e for e in entries if e.startswith(f"{polite} ") or e.endswith(f" {polite}")]


@pytest.mark.parametrize(
    ("name", "action"),
    [
        (WordList.HARD, {ALL}), (WordList.SCOPED, {MARKETING}), (WordList.SOFT, {REVIEW}), (WordList.START, {START}),
        (WordList.HELP, {HELP}), (WordList.NEGATION, {REVIEW}), (WordList.PHRASE, {SUPPRESS, ALL}),
    ],
)  # fmt: skip
def test_every_entry_of_a_list_does_what_the_list_does(name: WordList, action: set[KeywordAction]):
    for entry in WORDS[name].split("·"):
        assert match(entry) in action, entry


def test_stop_words_and_the_operators_stop_all_are_different_words():
    assert fold("أوقف الكل") in STOP_ALL
    assert not match("أوقف الكل").withdraws


@given(st.sampled_from(MUST), st.sampled_from(["\u064e", "\u0640", "\u200f", "\u2068", " ", ".", "!"]), st.data())
def test_marks_and_spaces_at_the_ends_change_nothing(text: str, mark: str, data: st.DataObject):
    assert match(data.draw(st.sampled_from([mark + text, text + mark]))) is ALL


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once_and_never_fails(text: str):
    once = fold(text)
    assert fold(once) == once
    assert match(text) is match(once)


_WORD = st.sampled_from(
    ["stop", "إيقاف", "قف", "please", "من فضلك", "offers", "العروض", "لا", "رسالة", "x", "١٢", "🛑"]
)


@given(st.lists(_WORD | st.text(max_size=6), max_size=8).map(" ".join))
def test_nothing_but_a_whole_stop_withdraws_everything(text: str):
    """The legal heart: taken off only courtesy, the message *is* an entry, or it is no withdrawal."""
    if match(text) is ALL:
        words = f" {fold(text)} "
        shorter = None
        while shorter != words:
            shorter = words
            for polite in sorted(map(fold, POLITE.split("·"))):
                words = f" {words.strip().removeprefix(polite + ' ').removesuffix(' ' + polite)} "
        assert words.strip() in DEFAULT[WordList.HARD]


@given(st.text(alphabet=st.characters(categories=["Lo", "Ll"]), min_size=1, max_size=8))
def test_a_stop_word_inside_a_sentence_withdraws_nothing(word: str):
    folded = fold(word)
    if len(folded) > 3 and folded.isalnum() and folded not in {fold(polite) for polite in POLITE.split("·")}:
        assert not match(f"{word} إيقاف {word}").withdraws


def test_digits_are_not_letters_that_somebody_stretched():
    assert fold("1000 ريااال") == "1000 ريال"


@pytest.mark.parametrize("text", [*MUST, *OFFERS_ONLY])
def test_no_stop_word_can_be_taken_for_a_linking_code(text: str):
    """Codes are looked for before stop words; a STOP must never be swallowed as a wrong code."""
    assert looks_like_code(text) is None
