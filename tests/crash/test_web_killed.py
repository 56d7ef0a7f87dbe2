"""kill -9 of the web process while webhooks come in: what was acknowledged is stored and carried out, once."""

import contextlib
import hashlib
import hmac
import http.client
import json
import threading
import time

import pytest

from tests.house import House
from tests.words import says
from wakeel.domain.answers import AnswerCode

NUMBER_ID = "105500000000002"

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]


def said(serial: int, *, to: str) -> str:
    """One message of a person as Meta posts it."""
    message = {
        "from": "966505599999", "id": f"wamid.crash{serial:06d}", "timestamp": str(int(time.time())), "type": "text",
        "text": {"body": f"رسالة {serial}"},
    }  # fmt: skip
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": to, "phone_number_id": NUMBER_ID},
        "contacts": [{"profile": {"name": "كثيرة الكلام"}, "wa_id": "966505599999"}],
        "messages": [message],
    }
    entry = {"id": "215500000000001", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, ensure_ascii=False)


def pour(house: House, bodies: list[str], acknowledged: list[str]) -> None:
    """Post one after the other until the server is gone."""
    for body in bodies:
        sign = "sha256=" + hmac.new(b"test_app_secret", body.encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign}
        try:
            if house.deployment.request("POST", "/webhook", body=body.encode(), headers=headers)[0] == 200:
                acknowledged.append(body)
        except (OSError, http.client.HTTPException):
            return


def test_acknowledged_webhooks_survive_and_are_carried_out_once(house: House):
    house.until_quiet()
    bodies = [said(serial, to="966110000001") for serial in range(4_000)]
    acknowledged: list[str] = []
    threads = [threading.Thread(target=pour, args=(house, bodies[n::4], acknowledged)) for n in range(4)]
    for thread in threads:
        thread.start()
    house.until(lambda: len(acknowledged) > 60)
    house.kill("web")
    for thread in threads:
        thread.join()
    assert len(acknowledged) < len(bodies)
    assert [body for body in acknowledged if not house.has_stored(body)] == []
    house.start_web()
    # Meta comes again with what it had no answer for, and with some of what it had.
    again: list[str] = []
    pour(house, acknowledged[-20:], again)
    assert len(again) == 20
    house.until_quiet()
    kept = {wamid for (wamid,) in house.rows("SELECT wamid FROM inbound_message WHERE wamid LIKE 'wamid.crash%'")}
    assert {json.loads(body)["entry"][0]["changes"][0]["value"]["messages"][0]["id"] for body in acknowledged} <= kept


def test_taps_made_while_nobody_listens_are_carried_out_after_the_restart(house: House):
    deal = house.deal()
    card = house.card(deal)
    house.until_quiet()
    house.kill("web")
    tap = house.operator.tap(card, "رسالة")
    with contextlib.suppress(OSError):
        house.deployment.request("GET", "/healthz")
    house.start_web()
    assert says(house.answer(tap), AnswerCode.DRAFTING)
    house.decide(house.approval(deal), "اعتماد")
    house.until_left(deal.phone)
    assert len(house.sent_to(deal.phone)) == 1
