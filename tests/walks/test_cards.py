"""Walk 1: tap → decision → next card; and every tap that must decide nothing."""

import time

import pytest

from tests.house import Deal, House
from tests.words import says
from wakeel.domain.answers import AnswerCode

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]

SIX_DAYS_S = 6 * 86_400


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


def test_a_tap_that_comes_twice_and_a_second_tap_decide_once(house: House):
    deal = house.deal()
    card = house.card(deal)
    house.faults(duplicate_webhooks=True)
    taps = [house.operator.tap(card, "رسالة") for _ in range(2)]
    told = [house.answer(tap) for tap in taps]
    assert sum(says(text, AnswerCode.DRAFTING) for text in told) == 1
    assert sum(says(text, AnswerCode.SHOWN_AGAIN) for text in told) == 1
    house.until_quiet()
    assert decisions(house, deal) == ["draft"]
    approval = house.approval(deal)
    taps = [house.operator.tap(approval, "اعتماد") for _ in range(2)]
    told = [house.answer(tap) for tap in taps]
    assert sum(says(text, AnswerCode.APPROVED) for text in told) == 1
    assert sum(says(text, AnswerCode.ALREADY_APPROVED) for text in told) == 1
    house.pass_undo()
    house.until_left(deal.phone)
    house.until_quiet()
    assert len(house.sent_to(deal.phone)) == 1
    assert len(house.outgoing(deal.phone)) == 1


def test_unknown_buttons_are_answered_and_nothing_leaves(house: House):
    deal = house.deal()
    card = house.card(deal)
    for button_id in ("opp:{id}:fly", "hello", "msg:{id}:approve", "opp:no-such-id:accept", "OPT_OUT_ALL"):
        tap = house.operator.tap_id(card["wamid"], button_id.format(id=id_of(house, deal)), title="زر")
        assert says(house.answer(tap), AnswerCode.UNKNOWN_BUTTON)
    house.until_quiet()
    assert state_of(house, deal) == "presented"
    assert not decisions(house, deal)
    assert not house.outgoing(deal.phone)


def test_a_strangers_taps_change_nothing(house: House):
    deal = house.deal()
    approval = house.draft(deal)
    stranger = house.person()
    taps = [
        stranger.tap_id(approval["wamid"], approval["buttons"][0]["id"], title="اعتماد"),
        deal.phone.tap_id(approval["wamid"], approval["buttons"][0]["id"], title="اعتماد"),
        stranger.tap_id(house.card(deal)["wamid"], house.card(deal)["buttons"][1]["id"], title="تخطي"),
    ]
    house.until_quiet()
    for tap in taps:
        handled = house.rows(f"SELECT handled FROM inbound_message WHERE wamid = '{tap}'")
        assert handled == [("unknown_button_id",)]
    house.pass_undo()
    house.until_quiet()
    assert decisions(house, deal) == ["draft"]
    assert not house.outgoing(deal.phone)
    assert not stranger.received()


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


def test_an_approval_card_of_an_older_text_approves_nothing(house: House):
    deal = house.deal()
    old = house.draft(deal)
    house.decide(old, "تعديل")
    house.answer(house.operator.say("النص الثاني"))
    house.approval(deal, after=1)
    assert says(house.decide(old, "اعتماد"), AnswerCode.STALE)
    assert "النص الثاني" in house.approval(deal, after=2)["text"]
    house.pass_undo()
    house.until_quiet()
    assert not house.outgoing(deal.phone)


def test_a_tap_without_its_card_decides_nothing_and_shows_the_current_one(house: House):
    deal = house.deal()
    told = house.decide(house.card(deal), "قبول", context=False)
    assert says(told, AnswerCode.STALE)
    house.card(deal, after=1)
    assert not decisions(house, deal)


def test_a_tap_six_days_late_decides_nothing_but_a_skip_counts(house: House):
    deal, other = house.deals(2)
    late = house.now() - SIX_DAYS_S
    approval = house.draft(deal)
    assert says(house.decide(approval, "اعتماد", timestamp=late), AnswerCode.LATE)
    assert house.approval(deal, after=1)["buttons"] == approval["buttons"]
    assert says(house.decide(house.card(other), "قبول", timestamp=late), AnswerCode.LATE)
    assert not decisions(house, other)
    assert says(house.decide(house.card(other), "تخطي", timestamp=late), AnswerCode.SKIPPED)
    house.pass_undo()
    house.until_quiet()
    assert decisions(house, deal) == ["draft"]
    assert not house.outgoing(deal.phone)


def test_another_person_under_the_operators_number_decides_nothing_until_enrolled_again(house: House):
    deal = house.deal()
    card = house.card(deal)
    bsuid = f"SA.taken{next(house.numbers):010d}"
    house.bench("POST", f"/api/phones/{house.operator.wa_id}/bsuid", {"bsuid": bsuid})
    told = house.decide(card, "قبول")
    assert says(told, AnswerCode.ENROL_AGAIN)
    assert house.rows("SELECT state FROM operator") == [("suspended",)]
    assert says(house.decide(card, "رسالة"), AnswerCode.ENROL_AGAIN)
    assert not decisions(house, deal)
    assert state_of(house, deal) == "presented"
    house.enrol(house.operator)
    assert says(house.decide(house.card(deal), "قبول"), AnswerCode.ACCEPTED)


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
