"""Walk 4: STOP → ledger → suppress; and what اعتماد says to people who may not be written to."""

import json
import re
from typing import Any
from unittest.mock import ANY

import pytest

from tests.house import PASSWORD, Deal, House
from tests.machine import Json
from tests.words import because, says
from wakeel.domain.answers import AnswerCode
from wakeel.domain.fixed_texts import FIXED_TEXTS, Intent
from wakeel.domain.reasons import ReasonCode

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


def another_deal(house: House, first: Deal) -> Deal:
    """A second opportunity with the same person."""
    deal = Deal(f"{first.title} ثانية", first.name, first.phone)
    house.import_rows("opportunities", [deal.row])
    return deal


def ledger(house: House, deal: Deal, kind: str) -> list[tuple[Any, ...]]:
    """Source and categories of the person's entries of one type, oldest first."""
    sql = "SELECT e.source, e.categories FROM consent_event e JOIN consent_payload p ON p.event_id = e.id"
    sql += f" JOIN contact c ON c.id = p.contact_id WHERE c.name = '{deal.name}' AND e.type = '{kind}'"
    return house.rows(f"{sql} ORDER BY e.seq")


def stop_confirmations(deal: Deal) -> int:
    """How often the person was told that messages are stopped."""
    said = FIXED_TEXTS[Intent.OPT_OUT_CONFIRMATION].say("ar", business="مكتب وكيل", notice_url=None)
    return deal.phone.texts().count(said)


def question(house: House, deal: Deal) -> Json:
    """The question after START, on the person's phone."""
    asked = lambda: [card for card in deal.phone.received() if card["buttons"]]  # noqa: E731
    return house.until(asked)[-1]


@pytest.mark.parametrize("words", ["إيقاف", "لو سمحت الغاء الاشتراك!"])
def test_stop_takes_back_what_is_pending_and_later_approvals_say_never(house: House, words: str):
    deal = house.deal()
    house.approve(deal)
    deal.phone.say(words)
    house.until_left(deal.phone, state="suppressed")
    house.until(lambda: house.told(AnswerCode.LEFT_WITHOUT, deal))
    house.pass_undo()
    house.until_quiet()
    assert stop_confirmations(deal) == 1
    again = another_deal(house, deal)
    house.decide(house.card(again), "رسالة")
    told = house.decide(house.approval(deal, after=1), "اعتماد")
    assert says(told, AnswerCode.REFUSED)
    assert because(told, ReasonCode.OPTED_OUT)
    house.pass_undo()
    house.until_quiet()
    assert [row.state for row in house.outgoing(deal.phone)] == ["suppressed"]
    assert len(deal.phone.received()) == 1, "the confirmation, once, and nothing else"


def test_words_that_only_contain_stop_are_no_opt_out(house: House):
    deal = house.deal()
    house.approve(deal)
    deal.phone.say("إيقاف الموعد القديم فقط من فضلك")
    house.until_left(deal.phone, state="held")
    assert not ledger(house, deal, "withdraw")


def test_without_consent_approving_says_why_and_where_and_after_that_it_leaves(house: House):
    deal = house.deal(agreed=False)
    card = house.draft(deal)
    assert because(card["text"], ReasonCode.NO_CONSENT)
    told = house.decide(card, "اعتماد")
    assert says(told, AnswerCode.REFUSED)
    assert because(told, ReasonCode.NO_CONSENT)
    [path] = re.findall(r"http://localhost:\d+(/contacts/[\w-]+/consent/)", told)
    house.pass_undo()
    house.until_quiet()
    assert not house.outgoing(deal.phone)
    page = house.screens.send(
        house.screens.get(path).form("/consent/"), categories="marketing", purposes="offers", source="paper",
        happened_at="2026-06-01T10:00", wording="أوافق على العروض", evidence="نموذج ورقي رقم 7",
    )  # fmt: skip
    assert page.status == 200
    assert page.url != path, page.text
    cured = house.approval(deal, after=1)
    assert not because(cured["text"], ReasonCode.NO_CONSENT)
    assert says(house.decide(cured, "اعتماد"), AnswerCode.APPROVED)
    house.pass_undo()
    house.until_left(deal.phone)
    assert len(deal.phone.received()) == 1


def test_somebody_who_never_wrote_and_never_agreed_is_not_written_to(house: House):
    deal = house.deal(agreed=False, wrote=False)
    told = house.decide(house.draft(deal), "اعتماد")
    assert because(told, ReasonCode.UNKNOWN_CONTACT)
    assert "https://wa.me/966110000001" in told
    house.until_quiet()
    assert not house.outgoing(deal.phone)


def test_a_closed_window_says_wait_until_they_write_and_their_word_brings_the_card_back(house: House):
    deal = house.deal(wrote=False)
    told = house.decide(house.draft(deal), "اعتماد")
    assert because(told, ReasonCode.WINDOW_CLOSED)
    assert "https://wa.me/966110000001" in told
    deal.phone.say("السلام عليكم")
    cured = house.approval(deal, after=1)
    assert says(house.decide(cured, "اعتماد"), AnswerCode.APPROVED)
    house.pass_undo()
    house.until_left(deal.phone)


def test_stop_all_holds_what_was_approved_until_an_administrator_resumes(house: House):
    deal = house.deal()
    house.approve(deal)
    assert says(house.answer(house.operator.say("أوقف الكل")), AnswerCode.STOPPED_ALL)
    house.pass_undo()
    house.until_left(deal.phone, state="held")
    assert not deal.phone.received()
    house.screens.send(house.screens.get("/health/").form("/stop/release/"), password=PASSWORD, held="send")
    house.pass_undo()
    house.until_left(deal.phone)
    assert len(deal.phone.received()) == 1


def test_a_person_who_stopped_comes_back_by_start_and_yes_and_may_be_written_to_again(house: House):
    deal = house.deal()
    house.approve(deal)
    deal.phone.say("إيقاف")
    house.until(lambda: stop_confirmations(deal) == 1)
    deal.phone.say("STOP")
    house.advance(180)
    deal.phone.say("ابدأ")
    card = question(house, deal)
    assert "مكتب وكيل" in card["text"]
    assert [button["title"] for button in card["buttons"]] == ["موافق", "لا شكرًا"]
    deal.phone.tap(card, "موافق")
    house.until(lambda: ledger(house, deal, "re_permission"))
    house.until(lambda: house.told(AnswerCode.CAME_BACK, deal))
    assert stop_confirmations(deal) == 1
    assert ledger(house, deal, "withdraw") == [("keyword", ANY), ("keyword", ANY)]
    again = another_deal(house, deal)
    house.decide(house.card(again), "رسالة")
    told = house.decide(house.approval(deal, after=1), "اعتماد")
    assert not because(told, ReasonCode.OPTED_OUT), told
    assert says(told, AnswerCode.APPROVED) or says(told, AnswerCode.APPROVED_LATER)


def test_a_sentence_that_asks_to_stop_holds_offers_until_the_operator_says_it_was_none(house: House):
    deal = house.deal()
    house.approve(deal)
    deal.phone.say("الرجاء التوقف عن إرسال الرسائل")
    house.until_left(deal.phone, state="suppressed")
    [told] = house.until(lambda: house.told(AnswerCode.STOP_INFERRED, deal))
    [path] = re.findall(r"http://localhost:\d+(/contacts/[\w-]+/)", told)
    page = house.screens.get(path)
    assert "الرجاء التوقف عن إرسال الرسائل" in page.text
    house.screens.send(page.form("/cancel/"), reason="كان يقصد رسائل البنك")
    assert [source for source, _ in ledger(house, deal, "resume")] == ["operator"]
    house.decide(house.card(another_deal(house, deal)), "رسالة")
    told = house.decide(house.approval(deal, after=1), "اعتماد")
    assert not because(told, ReasonCode.OPTED_OUT), told


def test_whatsapps_own_switch_stops_offers_and_gives_them_back(house: House):
    deal = house.deal()
    house.approve(deal)

    def switch(value: str) -> None:
        item = {"wa_id": deal.phone.wa_id, "category": "marketing_messages", "value": value, "timestamp": house.now()}
        change = {"field": "user_preferences", "value": {"messaging_product": "whatsapp", "user_preferences": [item]}}
        sender = house.rows("SELECT phone_number_id, waba_id FROM sending_number")[0]
        change["value"]["metadata"] = {"phone_number_id": sender[0]}
        body = {"object": "whatsapp_business_account", "entry": [{"id": sender[1], "changes": [change]}]}
        assert house.bench("POST", "/api/raw", {"body": json.dumps(body)})["status"] == 200

    switch("stop")
    house.until_left(deal.phone, state="suppressed")
    house.advance(60)
    switch("resume")
    house.until(lambda: ledger(house, deal, "resume"))
    assert not deal.phone.received(), "WhatsApp itself told them"


def test_an_unapproved_text_waits_on_the_desk_and_leaves_once_an_administrator_read_it(house: House):
    deal = house.deal()
    deal.phone.say("مساعدة")
    held = f"SELECT 1 FROM outbox WHERE intent = 'help' AND state = 'held' AND address = '+{deal.phone.wa_id}'"
    house.until(lambda: house.rows(held))
    assert "/texts/" in house.screens.get("/failures/").raw
    house.approve_texts(Intent.HELP)
    [arrived] = house.until(deal.phone.texts)
    assert "مكتب وكيل" in arrived
