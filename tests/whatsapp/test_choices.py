"""The buttons and rows of our own messages, read back from what was POSTed."""

from wakeel.domain.cards import ListCard, ListRow
from wakeel.whatsapp.cards import approval_card, list_card_part, text_part
from wakeel.whatsapp.choices import Choice, choices_of


def test_buttons_and_rows_in_their_order():
    card = approval_card({"id": "d1", "text": "أهلًا"})
    assert choices_of(card) == (
        Choice("msg:d1:approve", "اعتماد"), Choice("msg:d1:edit", "تعديل"), Choice("msg:d1:cancel", "إلغاء"),
    )  # fmt: skip
    rows = (ListRow("skp:o1:1", "ليس الآن"), ListRow("skp:o1:2", "شخص آخر", "وصف"))
    listed = list_card_part(ListCard(body="لماذا؟", button="السبب", rows=rows))
    assert choices_of(listed) == (Choice("skp:o1:1", "ليس الآن"), Choice("skp:o1:2", "شخص آخر"))


def test_quick_replies_of_a_template_have_no_titles():
    replies = [
        {"type": "body", "parameters": [{"type": "text", "text": "3"}]},
        {"type": "button", "sub_type": "quick_reply", "index": "0",
         "parameters": [{"type": "payload", "payload": "brief:dismiss"}]},
    ]  # fmt: skip
    body = {"type": "template", "template": {"name": "brief", "components": replies}}
    assert choices_of(body) == (Choice("brief:dismiss", ""),)


def test_a_plain_text_has_none():
    assert choices_of(text_part("أهلًا")) == ()
    assert choices_of({"type": "template", "template": {"name": "hello"}}) == ()
