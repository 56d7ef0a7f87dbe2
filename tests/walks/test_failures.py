"""Walk 3: what does not go through is told, explained, and has a next step that works."""

import re

import pytest

from tests.house import Deal, House
from tests.screens import Page
from tests.words import shows
from wakeel.domain.answers import AnswerCode

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


def sent_with(house: House, *, kind: str, **more: object) -> Deal:
    """An approved deal whose message meets a fault when it leaves, in an hour without news of the same cause."""
    house.advance(3600)
    deal = house.deal()
    house.approve(deal)
    house.faults(next_sends=[{"kind": kind, "to": deal.phone.wa_id, **more}])
    house.pass_undo()
    return deal


def row_of(page: Page, deal: Deal) -> str:
    """The piece of the failure page that is about this deal."""
    rows = [row for row in page.text.split('<ul class="trouble-rows">')[1:] if deal.name in row]
    assert len(rows) == 1, page.text
    return next(piece for piece in rows[0].split('<div class="card-text"') if deal.name in piece)


def test_a_131047_refusal_stands_on_the_desk_with_its_reason_and_steps_that_answer(house: House):
    deal = sent_with(house, kind="refuse", code=131047)
    assert house.until_left(deal.phone, state="failed").failure_code == 131047
    told = house.until(lambda: house.told(AnswerCode.SEND_FAILED, deal))
    assert len(told) == 1
    assert "http" in told[0]
    page = house.screens.get("/failures/")
    assert "131047" in page.text
    row = row_of(page, deal)
    links = re.findall(r'href="([^"]+)"', row)
    assert any(link.startswith("https://wa.me/966110000001") for link in links)
    assert all(house.screens.get(link).status == 200 for link in links if link.startswith("/"))
    house.advance(3600)
    house.until_quiet()
    assert not house.sent_to(deal.phone)


def test_a_failed_status_stands_on_the_desk_and_leaves_the_message_accepted(house: House):
    house.advance(3600)
    deal = house.deal()
    house.approve(deal)
    house.faults(hold_statuses=True)
    house.pass_undo()
    left = house.until_left(deal.phone)
    house.bench("POST", "/api/statuses", {"wamid": left.wamid, "status": "failed", "code": 131026})
    house.until(lambda: house.last(deal.phone).status == "failed")
    told = house.until(lambda: house.told(AnswerCode.SEND_FAILED, deal))
    assert "http" in told[0]
    assert house.last(deal.phone).state == "accepted"
    page = house.screens.get("/failures/")
    assert "131026" in page.text
    assert re.findall(r'(?:href|action)="(/[^"]+)"', row_of(page, deal))
    house.advance(3600)
    house.until_quiet()
    assert len(house.sent_to(deal.phone)) == 1


def test_a_refusal_that_may_pass_is_tried_again_by_itself_and_arrives_once(house: House):
    deal = sent_with(house, kind="refuse", code=130429)
    house.until(lambda: house.last(deal.phone).failure_code == 130429 and house.last(deal.phone).state == "pending")
    house.advance(30)
    house.until_left(deal.phone)
    assert len(deal.phone.received()) == 1
    assert house.rows(f"SELECT fence FROM outbox WHERE address = '+{deal.phone.wa_id}'") == [(2,)]


def test_a_lost_answer_is_unknown_never_resent_and_settled_by_its_status(house: House):
    house.faults(hold_statuses=True)
    deal = sent_with(house, kind="answer_lost")
    house.until_left(deal.phone, state="unknown")
    told = house.until(lambda: house.told(AnswerCode.SEND_UNKNOWN, deal))
    assert len(told) == 1
    row = row_of(house.screens.get("/failures/"), deal)
    assert re.findall(r'name="verb" value="(\w+)"', row) == ["it_arrived", "give_up"]
    house.advance(3600)
    house.until_quiet()
    assert house.last(deal.phone).state == "unknown"
    house.faults(hold_statuses=False)
    house.until_left(deal.phone)
    house.until(lambda: house.last(deal.phone).status == "read")
    assert deal.name not in house.screens.get("/failures/").text
    assert len(house.sent_to(deal.phone)) == 1


@pytest.mark.parametrize(("verb", "state"), [("it_arrived", "accepted"), ("give_up", "failed")])
def test_a_person_settles_what_nobody_answered(house: House, verb: str, state: str):
    deal = sent_with(house, kind="http_500")
    unanswered = house.until_left(deal.phone, state="unknown")
    page = house.screens.get("/failures/")
    page = house.screens.send(page.form(f"/m/{unanswered.id}/settle/", verb=verb))
    assert page.status == 200
    assert shows(page.text, AnswerCode.SETTLED)
    assert deal.name not in page.text
    house.advance(3600)
    house.until_quiet()
    assert house.last(deal.phone).state == state
    assert not house.sent_to(deal.phone)


def test_what_whatsapp_locked_sends_nothing_until_a_person_resumes_it_and_then_says_so(house: House):
    deal = sent_with(house, kind="refuse", code=131031)
    failed = house.until_left(deal.phone, state="failed")
    page = house.screens.get("/failures/")
    assert 'value="retry"' not in row_of(page, deal), "it could not work while the number is stopped"
    assert "131031" in house.screens.get("/health/").text
    house.operator.say("أهلاً")
    house.until(lambda: house.rows("SELECT 1 FROM outbox WHERE audience = 'operator' AND state = 'pending'"))
    assert shows(house.screens.send(page.form("/resume/")).text, AnswerCode.NUMBER_RESUMED)
    house.until_quiet()
    page = house.screens.get("/failures/")
    house.screens.send(page.form(f"/m/{failed.id}/settle/", verb="retry"))
    house.until_left(deal.phone)
    assert len(deal.phone.received()) == 1
