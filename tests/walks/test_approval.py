"""Walk 2 beside its scenarios: long texts, texts that cannot be sent, decisions by click."""

import pytest

from tests.house import Deal, House
from tests.words import says, shows
from wakeel.domain.answers import AnswerCode

ADDED = "\n\nالمرسل: مكتب وكيل\nلإيقاف الرسائل أرسل: إيقاف"
"""What a marketing text gets that names neither the sender nor the way to stop."""

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


def edit(house: House, deal: Deal, text: str) -> str:
    """A new text for a deal that was drafted; the answer."""
    assert says(house.decide(house.approval(deal), "تعديل"), AnswerCode.ASK_TEXT)
    return house.answer(house.operator.say(text))


def test_a_long_text_is_shown_whole_before_its_card_and_leaves_unchanged(house: House):
    deal = house.deal()
    house.draft(deal)
    text = "فقرة عن العرض والأسعار. " * 130 + "نهاية." + ADDED
    assert says(edit(house, deal, text), AnswerCode.NEW_VERSION)
    card = house.approval(deal, after=1)
    shown = house.operator.received()
    whole = next(message for message in shown if message["text"] == text)
    order = [message["wamid"] for message in shown]
    assert order.index(whole["wamid"]) < order.index(card["wamid"])
    assert text not in card["text"]
    assert says(house.decide(card, "اعتماد"), AnswerCode.APPROVED)
    house.pass_undo()
    house.until_left(deal.phone)
    assert house.sent_to(deal.phone) == [text]


def test_texts_that_cannot_be_sent_are_refused_and_the_next_one_counts(house: House):
    deal = house.deal()
    house.draft(deal)
    assert says(edit(house, deal, "م" * 3_600), AnswerCode.TEXT_TOO_LONG)
    assert says(house.answer(house.operator.say("إيقاف")), AnswerCode.OPT_OUT_WORD)
    assert says(house.answer(house.operator.say("نص قصير")), AnswerCode.NEW_VERSION)
    assert house.approval(deal, after=1)["text"].endswith("نص قصير" + ADDED)


def test_the_same_decisions_by_click_on_the_screens(house: House):
    deal = house.deal()
    house.card(deal)
    page = house.screens.send(house.item_page(deal).form("/draft/"))
    assert page.status == 200
    house.approval(deal)  # a card that had not left yet would be taken back with its text
    page = house.screens.send(page.form("/text/"), text="نص من الشاشة")
    house.approval(deal, after=1)
    page = house.screens.send(page.form("/approve/"))
    assert shows(page.text, AnswerCode.APPROVED)
    assert says(house.decide(house.approval(deal), "اعتماد"), AnswerCode.ALREADY_APPROVED)
    house.pass_undo()
    house.until_left(deal.phone)
    assert house.sent_to(deal.phone) == ["نص من الشاشة" + ADDED]
