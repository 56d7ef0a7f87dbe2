"""Approved templates: what they ask for, what they say with values, and values proposed from an approved text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.template_texts import (
    Template,
    ValueRefused,
    components_hash,
    filled,
    proposed,
    read_template,
    refuse_values,
    rendered,
    speaks,
)
from wakeel.whatsapp.template_body import template_part

BODY = "أهلًا {{1}}، معك {{2}}. هل يناسبك اتصال قصير؟ لإيقاف الرسائل أرسل: إيقاف"
FOLLOW_UP = {"type": "BODY", "text": BODY}


def template(body: str = BODY, *more: dict) -> Template:
    found = read_template("follow_up", "ar", [{"type": "BODY", "text": body}, *more])
    assert found is not None
    return found


def test_a_template_says_header_body_with_values_and_footer():
    found = template(BODY, {"type": "HEADER", "format": "TEXT", "text": "أفق"}, {"type": "FOOTER", "text": "شكرًا"})
    assert found.variables == ("1", "2")
    said = rendered(found, {"1": "مريم", "2": "أفق"})
    assert said.splitlines() == ["أفق", BODY.replace("{{1}}", "مريم").replace("{{2}}", "أفق"), "شكرًا"]


@pytest.mark.parametrize(
    "components",
    [
        [],
        [{"type": "HEADER", "format": "IMAGE"}, FOLLOW_UP],
        [{"type": "HEADER", "format": "TEXT", "text": "{{1}}"}, FOLLOW_UP],
        [FOLLOW_UP, {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "x", "url": "https://x/{{1}}"}]}],
        [FOLLOW_UP, {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "text": "x"}]}],
        [FOLLOW_UP, {"type": "CAROUSEL"}],
        [FOLLOW_UP, FOLLOW_UP],
    ],
)
def test_what_cannot_be_filled_in_here_is_not_offered(components: list[dict]):
    assert read_template("t", "ar", components) is None


@given(st.permutations(["1", "2", "3"]), st.lists(st.text("ابجد xy", min_size=1, max_size=8), min_size=3, max_size=3))
def test_what_is_written_into_a_request_is_read_back_whatever_the_order_of_the_places(order, values):
    """Values travel by the number of their place, not by where it stands in the text."""
    found = template(" و ".join(f"س {{{{{name}}}}}" for name in order) + " .")
    given_values = dict(zip(("1", "2", "3"), values, strict=True))
    named = filled(template_part(found, given_values))
    assert named is not None
    assert (named.name, named.language, named.values) == ("follow_up", "ar", given_values)


def test_named_values_travel_by_name():
    found = template("أهلًا {{first_name}}، معك {{company}}.")
    part = template_part(found, {"company": "أفق", "first_name": "مريم"})
    assert part["template"]["components"][0]["parameters"] == [
        {"parameter_name": "first_name", "type": "text", "text": "مريم"},
        {"parameter_name": "company", "type": "text", "text": "أفق"},
    ]


def test_a_template_without_places_has_no_components():
    assert template_part(template("أهلًا بك."), {})["template"] == {"name": "follow_up", "language": {"code": "ar"}}


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"1": "مريم", "2": "أفق"}, None),
        ({"1": "مريم"}, ValueRefused.EMPTY),
        ({"1": "مريم", "2": " "}, ValueRefused.EMPTY),
        ({"1": "مريم\nعلي", "2": "أفق"}, ValueRefused.SEVERAL_LINES),
        ({"1": "مريم", "2": "أفق     ش"}, ValueRefused.SEVERAL_LINES),
        ({"1": "م" * 1024, "2": "أفق"}, ValueRefused.TOO_LONG),
    ],
)
def test_values_that_meta_would_refuse_are_refused_here(values: dict, refused: ValueRefused | None):
    assert refuse_values(template(), values) is refused


def test_a_text_that_says_the_templates_words_gives_its_values():
    text = rendered(template(), {"1": "مريم", "2": "شركة أفق"})
    assert proposed(template(), text=text, known=["غيرها"]) == {"1": "مريم", "2": "شركة أفق"}


def test_any_other_text_is_prefilled_with_who_it_is_about_and_its_own_sentences():
    text = "أهلًا، عندنا عرض جديد\n\nلإيقاف الرسائل أرسل: إيقاف"
    found = template("أهلًا {{1}}، معك {{2}}: {{3}}. {{4}} شكرًا")
    values = proposed(found, text=text, known=["مريم", "أفق"])
    assert values == {"1": "مريم", "2": "أفق", "3": "أهلًا، عندنا عرض جديد", "4": ""}


@pytest.mark.parametrize(
    ("language", "like", "fits"),
    [
        ("ar", "أهلًا", True),
        ("ar_EG", "أهلًا", True),
        ("en", "أهلًا", False),
        ("en_US", "Hello", True),
        ("ar", "Hi", False),
    ],
)
def test_a_template_fits_a_text_of_its_language(language: str, like: str, fits: bool):
    assert speaks(language, like=like) is fits


def test_any_change_of_what_was_approved_changes_the_hash():
    assert components_hash([FOLLOW_UP]) == components_hash([dict(reversed(FOLLOW_UP.items()))])
    assert components_hash([FOLLOW_UP]) != components_hash([{**FOLLOW_UP, "text": BODY + " "}])
