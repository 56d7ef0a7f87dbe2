"""What an operator is told of a new text: what changed, how long it is, what to look at."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.text import measure
from wakeel.domain.version_notes import notes_on


def test_a_line_each_and_no_line_without_findings():
    lines = notes_on("أهلًا سعد", before="أهلًا مريم", limit=3_500).say("ar").split("\n")
    assert lines == ["", "ما تغيّر: صار «\u2068مريم\u2069»: «\u2068سعد\u2069».", "الطول: 9 من 3,500 حرف."]


def test_findings_are_named_with_the_words_they_are_about():
    said = notes_on("guaranteed profit, password: hunter22x", before="", limit=1_024).say("en").split("\n")[-1]
    assert said.startswith("To look at before approving: ")
    assert "guaranteed" in said
    assert "password" in said


@given(text=st.text(max_size=3_500), before=st.text(max_size=500))
@settings(max_examples=50, deadline=None)
def test_any_text_gets_a_few_short_lines(text: str, before: str):
    """Braces of the text are no values of ours; nothing of it may fill the answer."""
    for language in ("ar", "en"):
        said = notes_on(text + "{name}", before=before, limit=3_500).say(language)
        assert measure(said) < 800
        assert len(said.split("\n")) <= 4
