"""Walk 4: STOP → ledger → suppress; and what اعتماد says to people who may not be written to."""

import re

import pytest

from tests.house import PASSWORD, Deal, House
from tests.words import because, says
from wakeel.domain.answers import AnswerCode
from wakeel.domain.reasons import ReasonCode

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


def another_deal(house: House, first: Deal) -> Deal:
    """A second opportunity with the same person."""
    deal = Deal(f"{first.title} ثانية", first.name, first.phone)
    house.import_rows("opportunities", [deal.row])
    return deal


@pytest.mark.parametrize("words", ["إيقاف", "لو سمحت الغاء الاشتراك!"])
def test_stop_takes_back_what_is_pending_and_later_approvals_say_never(house: House, words: str):
    deal = house.deal()
    house.approve(deal)
    deal.phone.say(words)
    house.until_left(deal.phone, state="suppressed")
    house.until(lambda: house.told(AnswerCode.LEFT_WITHOUT, deal))
    house.pass_undo()
    house.until_quiet()
    assert not deal.phone.received()
    again = another_deal(house, deal)
    house.decide(house.card(again), "رسالة")
    told = house.decide(house.approval(deal, after=1), "اعتماد")
    assert says(told, AnswerCode.REFUSED)
    assert because(told, ReasonCode.OPTED_OUT)
    house.pass_undo()
    house.until_quiet()
    assert [row.state for row in house.outgoing(deal.phone)] == ["suppressed"]
    assert not house.sent_to(deal.phone)


def test_words_that_only_contain_stop_are_no_opt_out(house: House):
    deal = house.deal()
    house.approve(deal)
    deal.phone.say("إيقاف الموعد القديم فقط من فضلك")
    house.until_left(deal.phone, state="held")
    assert not house.rows(f"SELECT 1 FROM consent_event WHERE address = '+{deal.phone.wa_id}' AND type = 'withdraw'")


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
        house.screens.get(path).form("/consent/"), categories="marketing", purpose="offers", source="paper",
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
