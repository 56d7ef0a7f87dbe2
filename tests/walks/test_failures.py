"""Walk 3 beside its scenarios: every link of a failure answers."""

import re

import pytest

from tests.house import Deal, House
from wakeel.domain.answers import AnswerCode
from wakeel.rehearsal.screens import Page

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
