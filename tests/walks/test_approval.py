"""Walk 2: approve → gate → outbox → send → status; editing, undo, a reply in between."""

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


def test_exactly_the_edited_text_reaches_the_contact_and_its_statuses_come_back(house: House):
    deal = house.deal()
    first = house.draft(deal)
    assert [button["title"] for button in first["buttons"]] == ["اعتماد", "تعديل", "إلغاء"]
    text = "أهلًا ليلى، معك مكتب وكيل. السعر ١٢٠٠ ريال.\nهل يناسبك الأحد؟\n\nلإيقاف الرسائل أرسل: إيقاف"
    assert says(edit(house, deal, text), AnswerCode.NEW_VERSION)
    second = house.approval(deal, after=1)
    assert second["text"].endswith(text)
    assert says(house.decide(second, "اعتماد"), AnswerCode.APPROVED)
    house.until_quiet()
    assert not deal.phone.received()
    house.pass_undo()
    left = house.until_left(deal.phone)
    [arrived] = deal.phone.received()
    assert (arrived["text"], arrived["wamid"]) == (text, left.wamid)
    assert house.sent_to(deal.phone) == [text]
    house.until(lambda: house.last(deal.phone).status == "read")
    page = house.item_page(deal)
    assert all(word in page.text for word in ("قُرئت", "وصلت", "أُرسلت", "النسخة 2"))
    assert text.splitlines()[0] in page.text


def test_undo_in_time_sends_nothing_and_afterwards_says_that_it_is_too_late(house: House):
    taken_back, left = house.deals(2)
    house.approve(taken_back)
    assert says(house.decide(house.approval(taken_back), "إلغاء"), AnswerCode.UNDONE)
    house.approve(left)
    house.pass_undo()
    house.until_left(left.phone)
    assert says(house.decide(house.approval(left), "إلغاء"), AnswerCode.ALREADY_LEFT)
    assert says(house.decide(house.approval(left), "تعديل"), AnswerCode.ALREADY_LEFT)
    house.until_quiet()
    assert [row.state for row in house.outgoing(taken_back.phone)] == ["suppressed"]
    assert not taken_back.phone.received()
    assert len(left.phone.received()) == 1


def test_an_approved_text_that_is_edited_in_time_leaves_only_in_its_new_words(house: House):
    deal = house.deal()
    house.approve(deal)
    edit(house, deal, "نص آخر")
    house.pass_undo()
    house.until_quiet()
    assert not deal.phone.received()
    house.decide(house.approval(deal, after=1), "اعتماد")
    house.pass_undo()
    house.until_left(deal.phone)
    assert house.sent_to(deal.phone) == ["نص آخر" + ADDED]


def test_a_contact_who_writes_first_is_read_first(house: House):
    deal = house.deal()
    house.approve(deal)
    deal.phone.say("وصلني عرض آخر، كم سعركم؟")
    house.until_left(deal.phone, state="held")
    asked = house.approval(deal, after=1)
    assert asked["buttons"][0]["title"] == "أرسل كما هي"
    assert "كم سعركم؟" in asked["text"]
    house.pass_undo()
    house.until_quiet()
    assert not deal.phone.received()
    assert says(house.decide(asked, "أرسل كما هي"), AnswerCode.RELEASED)
    house.pass_undo()
    house.until_left(deal.phone)
    assert len(deal.phone.received()) == len(house.sent_to(deal.phone)) == 1


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
    page = house.screens.send(page.form("/text/"), text="نص من الشاشة")
    house.approval(deal, after=1)
    page = house.screens.send(page.form("/approve/"))
    assert shows(page.text, AnswerCode.APPROVED)
    assert says(house.decide(house.approval(deal), "اعتماد"), AnswerCode.ALREADY_APPROVED)
    house.pass_undo()
    house.until_left(deal.phone)
    assert house.sent_to(deal.phone) == ["نص من الشاشة" + ADDED]
