"""Sentences in both languages."""

from wakeel.domain.words import Text

JOINED = Text.joined([Text("مشغّل", "Operator"), Text("{number} مشرف", "{number} supervisors")])


def test_what_stands_in_a_finished_sentence_is_no_place_for_a_value():
    """A contact's name may hold braces: said again, it is still that name."""
    said = Text.both(lambda language: f"{{name}} ({language})")
    assert (said.say("ar"), said.say("en"), said.say("ar", name="x")) == (
        "{name} (ar)", "{name} (en)", "{name} (ar)",
    )  # fmt: skip


def test_a_list_has_the_comma_of_its_language_and_keeps_its_values():
    """A fixed Arabic comma once stood on English pages."""
    assert JOINED.say("ar", number=2) == "مشغّل، 2 مشرف"
    assert JOINED.say("en", number=2) == "Operator, 2 supervisors"


def test_a_list_of_one_and_of_none_has_no_comma():
    assert Text.joined([Text("مدير", "Administrator")]) == Text("مدير", "Administrator")
    assert Text.joined(iter(())) == Text("", "")
