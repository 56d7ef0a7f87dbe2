from dataclasses import replace

import pytest

from wakeel.domain.cards import Button, ButtonCard, CardInvalid, CardTooLong, ListCard, ListRow

BUTTONS = (Button("opp:1:accept", "قبول"), Button("opp:1:skip", "تخطي"), Button("opp:1:draft", "رسالة"))
CARD = ButtonCard(body="نص", buttons=BUTTONS)
LIST = ListCard(body="نص", button="اختر", rows=(ListRow("skp:1:1", "خارج الاهتمام"),))


@pytest.mark.parametrize(
    ("make", "what", "limit"),
    [
        (lambda n: Button("x", "ا" * n), "button_title", 20),
        (lambda n: Button("x" * n, "قبول"), "button_id", 256),
        (lambda n: replace(CARD, body="ا" * n), "body", 1024),
        (lambda n: replace(CARD, header="ا" * n), "header", 60),
        (lambda n: replace(CARD, footer="ا" * n), "footer", 60),
        (lambda n: replace(LIST, body="ا" * n), "body", 1024),
        (lambda n: replace(LIST, button="ا" * n), "list_button", 20),
        (lambda n: replace(LIST, section_title="ا" * n), "section_title", 24),
        (lambda n: ListRow("x" * n, "ا"), "row_id", 200),
        (lambda n: ListRow("x", "ا" * n), "row_title", 24),
        (lambda n: ListRow("x", "ا", "ا" * n), "row_description", 72),
    ],
)
def test_every_part_is_allowed_up_to_its_limit_and_refused_one_over(make, what: str, limit: int):
    make(limit)
    with pytest.raises(CardTooLong) as caught:
        make(limit + 1)
    assert (caught.value.what, caught.value.limit, caught.value.length) == (what, limit, limit + 1)


def test_an_emoji_counts_twice_in_a_title():
    """Outside the BMP a character is two UTF-16 units, and Meta does not say which it counts."""
    Button("x", "👍" * 10)
    with pytest.raises(CardTooLong):
        Button("x", "👍" * 11)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: replace(CARD, buttons=()), "buttons"),
        (lambda: replace(CARD, buttons=(*BUTTONS, Button("opp:1:more", "مزيد"))), "buttons"),
        (lambda: replace(CARD, buttons=(BUTTONS[0], Button("opp:2:accept", "قبول"))), "button_title"),
        (lambda: replace(CARD, buttons=(BUTTONS[0], Button("opp:1:accept", "تخطي"))), "button_id"),
        (lambda: replace(CARD, body=" \n"), "body"),
        (lambda: replace(CARD, header="سطر\nسطر"), "header"),
        (lambda: replace(CARD, body="\ud800"), "body"),
        (lambda: Button(" x", "قبول"), "button_id"),
        (lambda: Button("x", "قبول "), "button_title"),
        (lambda: Button("x", ""), "button_title"),
        (lambda: replace(LIST, rows=()), "rows"),
        (lambda: replace(LIST, rows=tuple(ListRow(str(n), f"صف {n}") for n in range(11))), "rows"),
        (lambda: replace(LIST, rows=LIST.rows * 2), "row_id"),
    ],
)
def test_what_meta_would_refuse_cannot_be_made(make, what: str):
    with pytest.raises(CardInvalid) as caught:
        make()
    assert caught.value.what == what


def test_titles_that_only_differ_in_their_encoding_are_the_same():
    with pytest.raises(CardInvalid):
        replace(CARD, buttons=(Button("a", "caf\u00e9"), Button("b", "cafe\u0301")))


def test_an_error_never_carries_the_text():
    with pytest.raises(CardTooLong) as caught:
        replace(CARD, body="سري" * 1000)
    assert "سري" not in str(caught.value)
