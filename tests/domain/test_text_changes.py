"""What changed from one text to the next, in a few words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.text import measure
from wakeel.domain.text_changes import Change, Kept, changed_words, changes, pieces

WORDS = st.lists(st.sampled_from(["أهلًا", "مريم", "الأحد", "a", "b", "السعر", "1200"]), max_size=40).map(" ".join)


def test_each_place_is_told_by_its_words():
    old = "أهلًا مريم، هل يناسبك اتصال قصير غدًا؟ معك أفق"
    new = "أهلًا مريم، هل يناسبك لقاء غدًا؟ معك شركة أفق"
    assert changes(old, new) == [Change("اتصال قصير", "لقاء"), Change("", "شركة")]
    assert changed_words(old, new, "en") == (
        "Changed: “\u2068اتصال قصير\u2069” became “\u2068لقاء\u2069”, added “\u2068شركة\u2069”."
    )


def test_a_word_that_went_is_told_too():
    assert changes("one two three", "one three") == [Change("two", "")]


def test_spaces_and_line_breaks_are_no_change():
    assert changed_words("أهلًا\nمريم ", "أهلًا  مريم", "ar") == "لم يتغيّر في النص شيء."


def test_of_many_changes_three_are_told():
    old, new = " ".join(f"{n} same{n}" for n in range(9)), " ".join(f"{n}x same{n}" for n in range(9))
    assert changed_words(old, new, "en").endswith("and more.")
    assert changed_words(old, new, "en").count("became") == 3


def test_a_long_text_written_anew_is_one_change_and_told_at_once():
    """Comparing word by word takes the square of the length, and the answer is written in a transaction."""
    old, new = " ".join("س" for _ in range(1_700)), " ".join("ص" for _ in range(1_700))
    assert len(changes(old, new)) == 1


@given(old=WORDS, new=WORDS)
@settings(max_examples=100, deadline=None)
def test_putting_the_changes_in_makes_the_new_text(old: str, new: str):
    """Nothing that differs is left out, nothing that is told is made up."""
    found, text = changes(old, new), f" {old} "
    assert (found == []) == (old.split() == new.split())
    before, after = old.split(), new.split()
    assert sum(len(one.after.split()) - len(one.before.split()) for one in found) == len(after) - len(before)
    assert all(f" {one.before} " in text for one in found if one.before)
    assert all(f" {one.after} " in f" {new} " for one in found if one.after)


@given(old=st.text(max_size=3_500), new=st.text(max_size=3_500))
@settings(max_examples=50, deadline=None)
def test_one_short_line_for_any_texts(old: str, new: str):
    for language in ("ar", "en"):
        said = changed_words(old, new, language)
        assert "\n" not in said
        assert measure(said) < 400


@given(old=WORDS, new=WORDS, between=st.sampled_from([" ", "\n", "  "]))
@settings(max_examples=100, deadline=None)
def test_the_pieces_of_a_comparison_hold_both_texts_whole(old: str, new: str, between: str):
    """A page that shows them shows what will be sent, to the last space."""
    old, new = old.replace(" ", between), new.replace(" ", between)
    found = pieces(old, new)
    assert "".join(one.text for one in found if one.kept is not Kept.GONE) == new
    assert "".join(one.text for one in found if one.kept is not Kept.NEW) == old
    assert [one.kept for one in found if one.kept is not Kept.SAME] == [] or old != new


def test_changed_phrases_are_compared_as_phrases():
    assert [(one.kept.value, one.text) for one in pieces("call me today please", "write to them please")] == [
        ("gone", "call me today"), ("new", "write to them"), ("same", " please"),
    ]  # fmt: skip
