"""The bench face, over real HTTP."""

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, OPERATOR, SECRET, Receiver, Simulator, eventually
from wakeel.simulator.control import STREAMS


def test_a_page_is_sent_only_the_phones_that_changed(simulator: Simulator):
    """Twenty full chats are megabytes; most of them are as they were."""
    marks = [phone["mark"] for phone in simulator.state()["phones"]]
    simulator.open_window()
    news = simulator.call("GET", f"/api/state?have={','.join(marks)}")[1]["phones"]
    assert [phone["wa_id"] for phone in news if "same" not in phone] == [CONTACT]
    assert [phone["wa_id"] for phone in news] == [phone["wa_id"] for phone in simulator.state()["phones"]]


def send_card(simulator: Simulator) -> str:
    """A card with two buttons on the operator's phone; its wamid."""
    simulator.open_window(OPERATOR)
    buttons = [{"type": "reply", "reply": {"id": f"opp:1:{verb}", "title": title}} for verb, title in BUTTONS]
    interactive = {"type": "button", "body": {"text": "فرصة"}, "action": {"buttons": buttons}}
    return send(simulator, interactive)


BUTTONS = [("accept", "قبول"), ("draft", "رسالة")]


def send(simulator: Simulator, interactive: dict) -> str:
    payload = {"messaging_product": "whatsapp", "to": f"+{OPERATOR}", "type": "interactive", "interactive": interactive}
    status, answer = simulator.send(payload)
    assert status == 200, answer
    return answer["messages"][0]["id"]


def tap(simulator: Simulator, **wish: object) -> dict:
    wamid = simulator.post(f"/api/phones/{OPERATOR}/tap", wish)["wamid"]
    return simulator.receiver.message(wamid)


def test_a_typed_text_reaches_the_webhook_and_opens_the_window(simulator: Simulator):
    wamid = simulator.post(f"/api/phones/{CONTACT}/text", {"text": "كم السعر؟"})["wamid"]
    message = simulator.receiver.message(wamid)
    assert message["type"] == "text"
    assert message["text"] == {"body": "كم السعر؟"}
    assert message["from"] == CONTACT
    assert message["from_user_id"] == message["contact"]["user_id"]
    assert message["contact"]["wa_id"] == CONTACT
    assert message["contact"]["profile"] == {"name": "ليلى الحربي"}
    assert "context" not in message
    phone = simulator.phone(CONTACT)
    assert phone["window_open_until"] == pytest.approx(simulator.state()["clock"]["now"] + 24 * 3600, abs=5)
    eventually(lambda: simulator.phone(CONTACT)["messages"][-1]["status"] == "delivered")


def test_a_quoted_text_names_the_message_it_answers(simulator: Simulator):
    card = send_card(simulator)
    wish = {"text": "نص جديد", "context_wamid": card}
    message = simulator.receiver.message(simulator.post(f"/api/phones/{OPERATOR}/text", wish)["wamid"])
    assert message["context"] == {"from": "966110000001", "id": card}


def test_a_tap_carries_id_title_and_the_card(simulator: Simulator):
    card = send_card(simulator)
    message = tap(simulator, wamid=card, id="opp:1:draft")
    assert message["type"] == "interactive"
    assert message["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "opp:1:draft", "title": "رسالة"},
    }
    assert message["context"] == {"from": "966110000001", "id": card}


def test_a_second_tap_on_the_same_button_is_a_new_message(simulator: Simulator):
    card = send_card(simulator)
    first, second = (tap(simulator, wamid=card, id="opp:1:accept") for _ in range(2))
    assert first["id"] != second["id"]
    assert first["interactive"] == second["interactive"]


def test_a_list_choice_carries_its_description(simulator: Simulator):
    simulator.open_window(OPERATOR)
    rows = [{"id": "snz:1:hour", "title": "بعد ساعة", "description": "تذكير"}, {"id": "snz:1:tomorrow", "title": "غداً"}]
    action = {"button": "الأوقات", "sections": [{"rows": rows}]}
    card = send(simulator, {"type": "list", "body": {"text": "متى؟"}, "action": action})
    shown = simulator.phone(OPERATOR)["messages"][-1]
    assert shown["list"] == {"button": "الأوقات", "sections": [{"title": "", "rows": rows}], "rows": rows}
    assert tap(simulator, wamid=card, id="snz:1:hour")["interactive"] == {"type": "list_reply", "list_reply": rows[0]}
    assert "description" not in tap(simulator, wamid=card, id="snz:1:tomorrow")["interactive"]["list_reply"]


def test_a_button_that_is_not_on_the_card_needs_a_title(simulator: Simulator):
    card = send_card(simulator)
    wish = {"wamid": card, "id": "opp:2:accept"}
    assert simulator.call("POST", f"/api/phones/{OPERATOR}/tap", wish)[0] == 404
    assert tap(simulator, **wish, title="قبول")["interactive"]["button_reply"] == {
        "id": "opp:2:accept",
        "title": "قبول",
    }


def test_a_tap_can_be_late_and_without_a_card(simulator: Simulator):
    card = send_card(simulator)
    late = int(time.time()) - 6 * 24 * 3600
    message = tap(simulator, wamid=card, id="opp:1:accept", timestamp=late, context=False)
    assert message["timestamp"] == str(late)
    assert "context" not in message


def test_another_person_under_the_same_number_writes_with_another_bsuid(simulator: Simulator):
    simulator.post("/api/phones", {"wa_id": "966500000077", "name": "هدى", "role": "operator", "bsuid": "SA.OLD77"})
    simulator.post("/api/phones/966500000077/bsuid", {"bsuid": "SA.NEW77"})
    message = simulator.receiver.message(simulator.open_window("966500000077"))
    assert (message["from"], message["from_user_id"]) == ("966500000077", "SA.NEW77")
    taken = simulator.call("POST", "/api/phones/966500000077/bsuid", {"bsuid": simulator.phone(CONTACT)["bsuid"]})
    assert taken[0] == 400
    assert simulator.call("POST", "/api/phones", {"wa_id": CONTACT})[0] == 400


def test_raw_bytes_reach_the_webhook_signed_as_asked(receiver: Receiver, start: Callable[..., Simulator]):
    simulator = start("--quiet-personas")
    receiver.status = 401
    body = "ليس JSON"
    right = "sha256=" + hmac.new(SECRET, body.encode(), hashlib.sha256).hexdigest()
    for sign, header in ((True, right), (False, None), ("wrong", "sha256=" + "0" * 64)):
        assert simulator.post("/api/raw", {"body": body, "sign": sign})["status"] == 401
        headers, sent = receiver.came.pop()
        assert sent == body.encode()
        assert headers.get("x-hub-signature-256") == header


def test_every_webhook_can_come_twice(simulator: Simulator):
    simulator.post("/api/faults", {"duplicate_webhooks": True})
    wamid = simulator.open_window()
    bodies = eventually(
        lambda: (same := [body for _, body in simulator.receiver.came if wamid.encode() in body]) and same[1:] and same
    )
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_held_webhooks_come_when_they_are_let_go(simulator: Simulator):
    simulator.post("/api/faults", {"hold_webhooks": True})
    wamid = simulator.open_window()
    time.sleep(0.1)
    assert all(wamid.encode() not in body for _, body in simulator.receiver.came)
    assert simulator.state()["webhook"]["waiting"] >= 1
    assert simulator.phone(CONTACT)["messages"][-1]["status"] == "waiting"
    simulator.post("/api/faults", {"hold_webhooks": False})
    simulator.receiver.message(wamid)


def test_a_status_can_be_sent_by_hand(simulator: Simulator):
    card = send_card(simulator)
    simulator.post("/api/statuses", {"wamid": card, "status": "failed", "code": 131049})
    failed = eventually(lambda: [row for row in simulator.receiver.statuses(card) if row["status"] == "failed"])
    assert failed[0]["errors"][0]["code"] == 131049
    assert simulator.call("POST", "/api/statuses", {"wamid": card, "status": "eaten"})[0] == 400
    assert simulator.call("POST", "/api/statuses", {"wamid": "wamid.none", "status": "read"})[0] == 404


def _both_directions(simulator: Simulator, wamid: str) -> list[dict[str, Any]] | None:
    """What the wire log has of this message, once that is an accepted request and an accepted webhook."""
    log: Any = simulator.call("GET", "/api/wire")[1]
    rows = [row for row in log if wamid in row["body"] + row["answer"]]
    seen = {(row["towards"], row["method"], row["status"]) for row in rows}
    return rows if seen >= {("simulator", "POST", 200), ("product", "POST", 200)} else None


def test_the_wire_log_keeps_both_directions_and_no_token(simulator: Simulator):
    card = send_card(simulator)
    eventually(lambda: simulator.receiver.statuses(card))
    # An exchange is written down when its answer was given: its own side may know of it a moment earlier.
    rows = eventually(lambda: _both_directions(simulator, card))
    assert "practice" not in json.dumps(rows).replace("practice-clock", "")
    assert len(simulator.call("GET", "/api/wire?last=2")[1]) == 2


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("/api/phones/1/text", {"text": "x"}),
        (f"/api/phones/{CONTACT}/text", {}),
        (f"/api/phones/{CONTACT}/text", {"text": ""}),
        (f"/api/phones/{CONTACT}/text", {"text": 5}),
        (f"/api/phones/{CONTACT}/text", {"text": "x", "timestamp": "now"}),
        (f"/api/phones/{CONTACT}/text", ["x"]),
        ("/api/clock", {"advance_s": 0}),
        ("/api/clock", {"advance_s": True}),
        ("/api/clock", {"advance_s": 1.5}),
        ("/api/faults", {"next_sends": [{"kind": "explode"}]}),
        ("/api/faults", {"next_sends": [{"kind": "slow", "seconds": "2"}]}),
        ("/api/faults", {"weather": True}),
        ("/api/faults", {"hold_webhooks": 1}),
        ("/api/raw", {"body": "x", "sign": "maybe"}),
    ],
)
def test_a_mistaken_wish_is_answered_in_words(simulator: Simulator, path: str, wish: object):
    status, answer = simulator.call("POST", path, wish)
    assert status in {400, 404}
    assert answer["error"]


def test_other_sites_and_names_are_refused(simulator: Simulator):
    wish = {"advance_s": 60}
    before = simulator.state()["clock"]["offset_s"]
    assert simulator.call("POST", "/api/clock", wish, Origin="https://evil.example")[0] == 403
    assert simulator.call("POST", "/api/clock", wish, Origin="http://127.0.0.1:1")[0] == 403
    assert simulator.call("POST", "/api/clock", wish, Host="evil.example")[0] == 403
    assert simulator.call("POST", "/api/clock", wish, Content_Type="text/plain")[0] == 403
    assert simulator.call("GET", "/api/state", Host="evil.example:80")[0] == 403
    assert simulator.state()["clock"]["offset_s"] == before
    ours = f"localhost:{simulator.port}"
    assert simulator.call("POST", "/api/clock", wish, Host=ours, Origin=f"http://{ours}")[0] == 200


def test_an_unknown_bench_path_is_not_taken_for_metas(simulator: Simulator):
    """Else a mistyped path would answer as a missing token."""
    assert simulator.call("GET", "/api/nothing")[0] == 404
    assert simulator.call("POST", "/api/clock/messages", {})[0] == 404
    assert simulator.call("GET", "/api/clock")[0] == 404


def test_pages_that_were_closed_give_their_stream_back(simulator: Simulator):
    def opens_and_closes() -> bool:
        simulator.open_window()  # the server sees that a page is gone when it has news for it
        page = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=30)
        page.request("GET", "/api/events")
        answer = page.getresponse()
        answer.close()
        page.close()
        return answer.status == 200

    for _ in range(STREAMS + 2):
        eventually(opens_and_closes, within_s=10)


def test_one_page_too_many_is_told_so(start: Callable[..., Simulator]):
    """A stream is a slot of the server; without a cap the Graph face would hang."""
    simulator = start("--quiet-personas")  # its slots come back late
    pages = []
    for _ in range(STREAMS + 1):
        page = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=30)
        page.request("GET", "/api/events")
        pages.append((page, page.getresponse()))
    assert pages[-1][1].status == 503
    assert simulator.state()["phones"]
    for page, answer in pages:
        answer.close()
        page.close()
