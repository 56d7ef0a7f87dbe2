from typing import get_args

import pytest

from wakeel.domain.account import BAN, GONE, RESTRICTION, VIOLATION
from wakeel.domain.platform_events import PlatformEvent
from wakeel.domain.platform_words import WORD_OF, advice, headline, stopped_words, subject, word_of

KINDS = [kind.__name__ for kind in get_args(PlatformEvent)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_news_has_a_sentence_and_advice_in_both_languages(kind: str):
    for said in (headline(kind, {}), advice(kind, {})):
        assert said.ar
        assert said.en
    assert headline(kind, {}) != headline("NobodyKnows", {})


@pytest.mark.parametrize("kind", sorted(WORD_OF))
def test_a_word_nobody_knows_gets_the_sentence_of_its_kind_and_stays_beside_it(kind: str):
    facts = {WORD_OF[kind]: "SOMETHING_NEW"}
    assert headline(kind, facts) == headline(kind, {})
    assert word_of(kind, facts) == "SOMETHING_NEW"


@pytest.mark.parametrize("state", [RESTRICTION, VIOLATION, BAN, "DISABLE", "SCHEDULE_FOR_DISABLE", *sorted(GONE)])
def test_every_stop_of_the_account_says_what_happened(state: str):
    """It stands on the health page and is told to operators: "news of the account" would tell nobody anything."""
    assert stopped_words(state) != headline("AccountUpdated", {})


def test_a_ban_is_told_by_its_state_and_an_announced_category_by_the_coming_one():
    assert word_of("AccountUpdated", {"event": BAN, "ban_state": "REINSTATE"}) == "REINSTATE"
    announced = {"category": "UTILITY", "correct_category": "MARKETING"}
    assert word_of("TemplateCategoryChanged", announced) == "MARKETING"
    assert headline("TemplateCategoryChanged", announced) != headline(
        "TemplateCategoryChanged", {"category": "UTILITY"}
    )


@pytest.mark.parametrize(
    ("facts", "about"),
    [
        ({"name": "brief", "language": "ar", "display_phone": "1"}, "brief (ar)"),
        ({"display_phone": "966500000001"}, "966500000001"),
        ({"username": "firm", "display_phone": "966500000001"}, "firm"),
        ({"restrictions": [{"type": "ONE"}, {"type": "TWO"}], "name": "x"}, "ONE, TWO"),
        ({}, ""),
    ],
)
def test_what_news_is_about(facts: dict[str, object], about: str):
    assert subject(facts) == about
