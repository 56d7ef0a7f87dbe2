"""تم: won, lost or later, and the number that follows. Issue 7, 11."""

from decimal import Decimal

import pytest

from tests import rows
from tests.flows.stage import Stage, choices
from wakeel.flows.close_opportunity import ask_outcome
from wakeel.flows.decide_on_screen import decide_on_screen
from wakeel.store.models import Decision, Draft, Opportunity, OutboxMessage


def asked(stage: Stage, *, key: str = "k1", **person) -> Opportunity:
    """Contacted, and its result asked about on the phone."""
    opportunity = stage.person(key=key, **person)
    Opportunity.objects.filter(pk=opportunity.pk).update(state="replied", owner=stage.operator)
    opportunity.refresh_from_db()
    ask_outcome(stage.operator, opportunity, key=key, now=stage.now)
    stage.deliver()
    return opportunity


def now_of(opportunity: Opportunity) -> tuple[str, Decimal | None]:
    opportunity.refresh_from_db()
    return opportunity.state, opportunity.result_value


def test_the_question_has_three_buttons_and_names_what_it_is_about(stage: Stage):
    opportunity = asked(stage)
    body = OutboxMessage.objects.get().body
    assert choices(body) == [f"out:{opportunity.id}:{action}" for action in ("won", "lost", "later")]
    assert "تجديد العقد" in stage.phone()[-1]
    assert "مريم" in stage.phone()[-1]


def test_won_and_then_its_value_in_arabic_digits(stage: Stage):
    opportunity = asked(stage)
    answer = stage.choose(f"out:{opportunity.id}:won")
    assert (answer.code, now_of(opportunity)) == ("won", ("won", None))
    assert opportunity.closed_at == stage.now
    stage.wait(minutes=29)
    said = stage.says("١٢٬٥٠٠ ريال")
    assert (said.code, now_of(opportunity)) == ("value_kept", ("won", Decimal("12500.00")))
    assert "12,500" in said.text
    # Nothing waits for a number any more.
    assert stage.says("700").code != "value_kept"
    assert now_of(opportunity)[1] == Decimal("12500.00")


def test_after_half_an_hour_a_number_is_no_value(stage: Stage):
    opportunity = asked(stage)
    stage.choose(f"out:{opportunity.id}:won")
    stage.wait(minutes=31)
    assert stage.says("500").code != "value_kept"
    assert now_of(opportunity) == ("won", None)


def test_of_two_the_value_goes_to_the_quoted_one_and_unquoted_to_none(stage: Stage):
    first = asked(stage)
    second = asked(stage, key="k2", phone="+966509722244", title="أخرى")
    for one in (first, second):
        stage.choose(f"out:{one.id}:won")
    assert stage.says("800").code != "value_kept"
    assert stage.says("800", quoting=stage.question_with(f"out:{second.id}:won")).code == "value_kept"
    assert (now_of(first)[1], now_of(second)[1]) == (None, Decimal("800.00"))
    stage.deliver()
    tapped = Decision.objects.filter(action="won").earliest("id").tap_key
    won = OutboxMessage.objects.get(request_key=f"answer:{tapped}")
    assert stage.says("7", quoting=won.wamid).code == "value_kept", "whoever quotes the answer means what it is about"
    assert now_of(first)[1] == Decimal("7.00")
    Opportunity.objects.filter(pk=first.pk).update(result_value=None)
    quoted = stage.says("ثمانمئة تقريبًا", quoting=stage.question_with(f"out:{first.id}:won"))
    assert quoted.code == "value_invalid"


def test_lost_is_lost_and_the_second_tap_says_so(stage: Stage):
    opportunity = asked(stage)
    assert stage.choose(f"out:{opportunity.id}:lost").code == "lost"
    assert now_of(opportunity) == ("lost", None)
    assert stage.choose(f"out:{opportunity.id}:won").code == "already_decided_by"
    assert now_of(opportunity)[0] == "lost"
    assert stage.choose(f"out:{opportunity.id}:later").code == "already_decided_by"


def test_later_asks_when(stage: Stage):
    opportunity = asked(stage)
    stage.choose(f"out:{opportunity.id}:later")
    stage.deliver()
    assert stage.choose(f"snz:{opportunity.id}:tomorrow").code == "remind_at"
    assert now_of(opportunity)[0] == "replied"


def test_closing_takes_back_what_was_not_sent(stage: Stage):
    message = stage.sent()
    assert message.draft
    opportunity = message.draft.opportunity
    waiting = Draft.objects.create(
        business=stage.firm.business, opportunity=opportunity, contact=opportunity.contact, number=stage.firm.number,
        category="service", purpose="offers", answers="wamid.X", created_at=stage.now,
    )  # fmt: skip
    ask_outcome(stage.operator, opportunity, key="k", now=stage.now)
    stage.deliver()
    answer = stage.choose(f"out:{opportunity.id}:won")
    assert "سُحبت مسودتها" in answer.text
    waiting.refresh_from_db()
    message.refresh_from_db()
    assert (waiting.state, message.state) == ("cancelled", "accepted")


def test_nothing_is_won_before_a_message_left(stage: Stage):
    opportunity = asked(stage)
    Opportunity.objects.update(state="accepted")
    assert stage.choose(f"out:{opportunity.id}:won").code == "not_to_close"
    assert now_of(opportunity) == ("accepted", None)


def test_what_was_won_and_lost_before_is_a_reason_on_the_next_card(stage: Stage):
    won = asked(stage)
    stage.choose(f"out:{won.id}:won")
    rows.opportunity(stage.firm, won.contact, key="k5", title="التالية له")
    stage.show_cards()
    assert any("نجحت له فرصة من قبل" in text for text in stage.phone())


@pytest.mark.parametrize("again", [1, 2])
def test_a_click_that_comes_twice_closes_once(stage: Stage, again: int):
    from wakeel.domain.opportunities import Outcome
    from wakeel.flows.close_opportunity import close

    opportunity = asked(stage)
    replies = [
        decide_on_screen(
            stage.operator.id, opportunity.id, lambda d, now: close(d, Outcome.WON, value=Decimal("9.50"), now=now),
            shown_state="replied" if n == 0 else "won", tap_key="once", now=stage.now,
        )
        for n in range(again)
    ]  # fmt: skip
    assert [reply.carried_out for reply in replies] == [True, False][:again]
    assert "9.50" in replies[0].say("en")
    assert now_of(opportunity) == ("won", Decimal("9.50"))
