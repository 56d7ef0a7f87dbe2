"""Fixed texts: what each must say, within WhatsApp's limits whatever the business is called."""

import re

import pytest

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.buttons import ButtonKind, parse_button_id
from wakeel.domain.cards import BODY_LIMIT, BUTTON_TITLE_LIMIT
from wakeel.domain.fixed_texts import CONSENTED_PURPOSES, FIXED_TEXTS, INTENT_WORDS, Intent
from wakeel.domain.keywords import KeywordAction, match
from wakeel.domain.text import measure

LANGUAGES = ("ar", "en")
LONG_NAME, LONG_NOTICE = "ش" * 120, "https://example.com/" + "n" * 280


@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_names_the_business_and_fits_with_the_longest_name(intent: Intent, language: str):
    said = FIXED_TEXTS[intent].say(language, business=LONG_NAME, notice_url=LONG_NOTICE)
    assert LONG_NAME in said
    assert measure(said) <= BODY_LIMIT
    assert "{" not in said


def test_every_intent_has_its_text_and_its_words():
    assert set(FIXED_TEXTS) == set(INTENT_WORDS) == set(Intent)


@pytest.mark.parametrize("intent", Intent)
def test_the_buttons_are_ours_and_fit(intent: Intent):
    for choice in FIXED_TEXTS[intent].choices:
        assert parse_button_id(choice.button_id).kind is ButtonKind.CONSENT
        assert all(measure(choice.title.say(language)) <= BUTTON_TITLE_LIMIT for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_says_what_a_consent_needs(language: str):
    """Reference 2.1: sender, channel, kinds with a rough frequency, how to stop, notice, free to refuse."""
    said = FIXED_TEXTS[Intent.OPT_IN_QUESTION].say(language, business="أفق", notice_url="https://example.com/n")
    wanted = {
        "ar": ("أفق", "واتساب", "العروض", "الأسبوع", "تحديثات", "اختيارية", "إيقاف", "https://example.com/n"),
        "en": ("أفق", "WhatsApp", "Offers", "week", "Updates", "optional", "STOP", "https://example.com/n"),
    }
    assert [words for words in wanted[language] if words not in said] == []
    assert len(FIXED_TEXTS[Intent.OPT_IN_QUESTION].choices) == 2


def test_without_a_published_notice_none_is_named():
    assert "إشعار" not in FIXED_TEXTS[Intent.OPT_IN_QUESTION].say("ar", business="أفق", notice_url=None)


def test_a_consent_on_the_question_covers_every_purpose_there_is():
    assert set(CONSENTED_PURPOSES) == set(PURPOSE_WORDS)


@pytest.mark.parametrize(
    ("intent", "action"),
    [
        (Intent.OPT_OUT_CONFIRMATION, KeywordAction.START_PENDING),
        (Intent.OPT_IN_QUESTION, KeywordAction.WITHDRAW_ALL),
        (Intent.OPT_IN_CONFIRMED, KeywordAction.WITHDRAW_ALL),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_a_text_asks_for_does_what_it_says(intent: Intent, action: KeywordAction, language: str):
    """Nobody is told to send a word that we would not understand."""
    said = FIXED_TEXTS[intent].say(language, business="أفق", notice_url=None)
    assert match(re.split(r": ", said)[-1]) is action


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_the_help_text_names_is_understood(language: str):
    said = FIXED_TEXTS[Intent.HELP].say(language, business="أفق", notice_url=None)
    assert [match(word) for word in re.findall(r": (.+)", said)] == [
        KeywordAction.WITHDRAW_ALL, KeywordAction.WITHDRAW_MARKETING, KeywordAction.START_PENDING,
    ]  # fmt: skip
