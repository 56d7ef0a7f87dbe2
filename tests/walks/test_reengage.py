"""Walk 3 to its end: 131047, the desk, an approved template, a new approval, and WhatsApp takes it."""

import re

import pytest

from tests.house import House
from tests.screens import Page
from tests.words import shows
from wakeel.domain.answers import AnswerCode

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]

TEMPLATE, BUSINESS = "opportunity_follow_up", "مكتب وكيل"


def form_of(page: Page, template: str) -> str:
    """The piece of the page that is about one template."""
    [piece] = [piece for piece in page.text.split('<li class="card stacked">') if f"<code>{template}</code>" in piece]
    return piece


def test_a_closed_window_leads_to_an_approved_template_that_is_approved_anew_and_taken(house: House):
    house.until(lambda: house.rows(f"SELECT status FROM template WHERE name = '{TEMPLATE}'") == [("APPROVED",)])
    deal = house.deal()
    house.approve(deal)
    house.faults(next_sends=[{"kind": "refuse", "to": deal.phone.wa_id, "code": 131047}])
    house.pass_undo()
    house.until_left(deal.phone, state="failed")
    desk = house.screens.get("/failures/")
    [row] = [piece for piece in desk.text.split('<div class="card-text"') if deal.name in piece]
    [link] = re.findall(r'href="(/i/[\w-]+/template/)"', row)
    page = house.screens.get(link)
    assert "season_offer" not in page.text, "in review"
    assert "meeting_reminder" not in page.text, "another category"
    piece = form_of(page, TEMPLATE)
    assert re.findall(r'name="value:1" value="([^"]*)"', piece) == [deal.name]
    [row_id] = re.findall(r'name="template" value="(\d+)"', piece)
    form = page.form(link, template=row_id)
    assert form.fields["value:2"] == BUSINESS, "prefilled, and changed where a person wants"
    answered = house.screens.send(form)
    assert shows(answered.text, AnswerCode.NEW_VERSION)
    text = f"أهلًا {deal.name}، معك {BUSINESS}. هل يناسبك اتصال قصير؟ لإيقاف الرسائل أرسل: إيقاف"
    card = house.approval(deal, after=1)
    assert text in card["text"]
    house.until_quiet()
    assert not deal.phone.received(), "nothing leaves before it is approved"
    house.decide(card, "اعتماد")
    house.pass_undo()
    assert house.until_left(deal.phone).wamid
    [came] = deal.phone.received()
    assert (came["type"], came["text"]) == ("template", text)
    house.until(lambda: house.last(deal.phone).status == "read")
    assert deal.name not in house.screens.get("/failures/").text
