"""Every code has its words in both languages, with the same values in both, and steps that exist."""

from string import Formatter

import pytest

from wakeel.domain import answers
from wakeel.domain.answers import ANSWERS, AnswerCode
from wakeel.domain.drafts import DraftState
from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reason_values import NO_END_WORDS, STATUS_WORDS, UNTIL_WORDS
from wakeel.domain.reasons import REASONS, Answer, ReasonCode, steps_for
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.steps import STEP_WORDS, Step
from wakeel.domain.words import Language, Text

EVERY_TEXT: dict[str, Text] = {
    **{f"reason {code}": row.text for code, row in REASONS.items()},
    **{f"answer {code}": text for code, text in ANSWERS.items()},
    **{f"step {step}": text for step, text in STEP_WORDS.items()},
    **{f"state {name}": text for name, text in answers.STATE_WORDS.items()},
    **{f"purpose {name}": text for name, text in answers.PURPOSE_WORDS.items()},
    **{f"scope {name}": text for name, text in answers.SCOPE_WORDS.items()},
    **{f"status {name}": text for name, text in STATUS_WORDS.items()},
    **{f"until {name}": text for name, text in UNTIL_WORDS.items()},
    **{f"no end {name}": text for name, text in NO_END_WORDS.items()},
}


def values_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_every_code_has_its_row():
    assert set(REASONS) == set(ReasonCode)
    assert set(ANSWERS) == set(AnswerCode)
    assert set(STEP_WORDS) == set(Step)


@pytest.mark.parametrize("text", EVERY_TEXT.values(), ids=list(EVERY_TEXT))
def test_both_languages_say_the_same_values(text: Text):
    assert values_in(text.ar) == values_in(text.en)
    assert "" not in values_in(text.ar), "values have names"


@pytest.mark.parametrize("text", EVERY_TEXT.values(), ids=list(EVERY_TEXT))
def test_each_language_is_written_in_its_own_letters(text: Text):
    def arabic(sentence: str) -> bool:
        return any("\u0600" <= letter <= "\u06ff" for letter in sentence)

    assert arabic(text.ar)
    assert text.en.isascii() or any(letter.isascii() and letter.isalpha() for letter in text.en)


NAMED = {"t", "until", "purpose", "scope", "cause", "kind", "phrase", "note", "status", "actual", "declared"}


def test_reasons_name_only_values_that_the_gate_gives():
    for code, row in REASONS.items():
        assert values_in(row.text.ar) <= NAMED, code


def test_every_objection_says_what_to_do():
    for code, row in REASONS.items():
        assert row.steps or row.answer is Answer.ALLOW, code


def test_what_only_waits_asks_nothing_of_anybody():
    assert steps_for(ReasonCode.TEMPLATE_PAUSED, Answer.DEFER) == (Step.NONE_AUTOMATIC,)
    assert steps_for(ReasonCode.TEMPLATE_PAUSED, Answer.HOLD) == (Step.USE_TEMPLATE, Step.CHECK_SETTINGS)
    assert steps_for(ReasonCode.QUIET_HOURS, Answer.HOLD) == (Step.CHECK_SETTINGS,)


def test_an_until_has_its_words_with_and_without_an_end():
    until = {code for code, row in REASONS.items() if "until" in values_in(row.text.ar)}
    assert until == set(UNTIL_WORDS) == set(NO_END_WORDS)


def test_every_state_that_is_shown_has_words():
    for states in (OpportunityState, DraftState, OutboxState, MessageStatus):
        for state in states:
            assert state.value in answers.STATE_WORDS, state


def test_any_language_but_english_is_arabic():
    text = Text("نعم {x}", "yes {x}")
    assert text.say(Language.EN, x=1) == "yes 1"
    assert text.say("ar", x=1) == text.say("fr", x=1) == "نعم 1"
