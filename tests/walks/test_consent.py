"""Walk 4 beside its scenarios: a fixed text that nobody has approved yet."""

import pytest

from tests.house import House
from wakeel.domain.fixed_texts import Intent

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


def test_an_unapproved_text_waits_on_the_desk_and_leaves_once_an_administrator_read_it(house: House):
    deal = house.deal()
    deal.phone.say("مساعدة")
    held = f"SELECT 1 FROM outbox WHERE intent = 'help' AND state = 'held' AND address = '+{deal.phone.wa_id}'"
    house.until(lambda: house.rows(held))
    assert "/texts/" in house.screens.get("/failures/").raw
    house.approve_texts(Intent.HELP)
    [arrived] = house.until(deal.phone.texts)
    assert "مكتب وكيل" in arrived
