"""Walk 1 beside its scenarios: three open cards, changed facts, a closed window of the operator's."""

import time

import pytest

from tests.house import Deal, House
from tests.words import says
from wakeel.domain.answers import AnswerCode

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


def state_of(house: House, deal: Deal) -> str:
    [[state]] = house.rows(f"SELECT state FROM opportunity WHERE title = '{deal.title}'")
    return state


def id_of(house: House, deal: Deal) -> str:
    [[opportunity_id]] = house.rows(f"SELECT id FROM opportunity WHERE title = '{deal.title}'")
    return opportunity_id


def decisions(house: House, deal: Deal) -> list[str]:
    """What was really decided about a deal, in order."""
    sql = f"SELECT action FROM decision WHERE carried_out AND opportunity_id = '{id_of(house, deal)}' ORDER BY id"
    return [action for (action,) in house.rows(sql)]


def on_the_phone(house: House, deals: list[Deal]) -> list[Deal]:
    return [deal for deal in deals if house.shown(deal.title, "opp:")]


def test_three_cards_are_open_and_each_decision_is_answered_and_brings_the_next(house: House):
    deals = house.deals(5)
    house.until(lambda: len(on_the_phone(house, deals)) == 3)
    house.until_quiet()
    first, second, third = on_the_phone(house, deals)
    assert [button["title"] for button in house.card(first)["buttons"]] == ["قبول", "تخطي", "رسالة"]
    told = house.decide(house.card(first), "تخطي")
    assert says(told, AnswerCode.SKIPPED)
    house.until(lambda: len(on_the_phone(house, deals)) == 4)
    assert says(house.decide(house.card(second), "قبول"), AnswerCode.ACCEPTED)
    assert house.approval(second)["buttons"][0]["title"] == "اعتماد"
    house.until(lambda: len(on_the_phone(house, deals)) == 5)
    assert [state_of(house, deal) for deal in (first, second, third)] == ["skipped", "accepted", "presented"]
    assert all(not house.outgoing(deal.phone) for deal in deals)


def test_a_card_whose_facts_changed_decides_nothing_and_the_current_one_comes(house: House):
    deal = house.deal(summary="ثلاثة فروع")
    old = house.card(deal)
    house.import_rows("opportunities", [{**deal.row, "summary": "خمسة فروع"}])
    house.card(deal, after=1)
    assert says(house.decide(old, "قبول"), AnswerCode.STALE)
    current = house.card(deal, after=2)
    assert "خمسة فروع" in current["text"]
    assert not decisions(house, deal)
    assert says(house.decide(current, "قبول"), AnswerCode.ACCEPTED)


def test_cards_wait_while_the_operators_window_is_closed_and_flow_after_any_word(house: House):
    house.advance(25 * 3600)
    since = time.time()
    deals = house.deals(2)
    waiting = (
        "SELECT count(*) FROM outbox o JOIN showing s ON s.outbox_id = o.id JOIN card c ON c.id = s.card_id "
        "JOIN opportunity p ON p.id = c.opportunity_id WHERE o.state = 'pending' AND p.title IN ({})"
    ).format(", ".join(f"'{deal.title}'" for deal in deals))
    assert house.rows(waiting) == [(2,)]
    assert "نافذة واتساب لهاتفك مغلقة" in house.screens.get("/").text
    house.until(lambda: house.rows("SELECT count(*) FROM inbox WHERE state = 'received'") == [(0,)])
    assert house.posts(since=since) == 0
    assert house.rows(waiting) == [(2,)]
    assert says(house.answer(house.operator.say("يا هلا")), AnswerCode.CARDS_COMING)
    for deal in deals:
        house.card(deal)
    assert house.rows(waiting) == [(0,)]
