"""Sentences in both languages."""

from wakeel.domain.words import Text


def test_what_stands_in_a_finished_sentence_is_no_place_for_a_value():
    """A contact's name may hold braces: said again, it is still that name."""
    said = Text.both(lambda language: f"{{name}} ({language})")
    assert (said.say("ar"), said.say("en"), said.say("ar", name="x")) == (
        "{name} (ar)", "{name} (en)", "{name} (ar)",
    )  # fmt: skip
