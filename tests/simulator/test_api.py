"""The Graph API face, over real HTTP."""

import errno
import http.client
import time

import pytest

from tests.simulator.conftest import CONTACT, HIDDEN, NUMBER_ID, OPERATOR, Simulator, eventually


def text_to(to: str, body: str = "أهلاً", **more: object) -> dict[str, object]:
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}, **more}


def wamid_of(answer: dict) -> str:
    return answer["messages"][0]["id"]


def ladder(simulator: Simulator, wamid: str) -> list[dict]:
    rows = eventually(lambda: (rows := simulator.receiver.statuses(wamid)) and len(rows) >= 3 and rows)
    return sorted(rows, key=lambda row: ["sent", "delivered", "read"].index(row["status"]))


def test_a_message_is_accepted_lies_on_the_phone_and_climbs_the_ladder(simulator: Simulator):
    simulator.open_window()
    status, answer = simulator.send(text_to(f"+{CONTACT}", biz_opaque_callback_data="att_1"))
    assert status == 200
    assert answer["contacts"] == [{"input": f"+{CONTACT}", "wa_id": CONTACT}]
    wamid = wamid_of(answer)
    rows = ladder(simulator, wamid)
    assert [row["status"] for row in rows] == ["sent", "delivered", "read"]
    for row in rows:
        assert row["recipient_id"] == CONTACT
        assert row["recipient_user_id"] == simulator.phone(CONTACT)["bsuid"]
        assert row["biz_opaque_callback_data"] == "att_1"
        assert isinstance(row["timestamp"], str)
    assert ["pricing" in row for row in rows] == [True, True, False]
    on_phone = simulator.phone(CONTACT)["messages"][-1]
    assert (on_phone["wamid"], on_phone["direction"], on_phone["text"]) == (wamid, "received", "أهلاً")
    assert on_phone["status"] == "read"


def test_what_was_accepted_can_be_compared_word_for_word(simulator: Simulator):
    simulator.open_window()
    payload = text_to(f"+{CONTACT}", "نص معتمد\nبسطرين", biz_opaque_callback_data="att_2")
    wamid = wamid_of(simulator.send(payload)[1])
    row = next(row for row in simulator.call("GET", "/api/sent")[1] if row["wamid"] == wamid)
    assert row["payload"] == payload
    assert (row["to"], row["callback"]) == (CONTACT, "att_2")


def test_free_text_outside_the_window_is_refused_with_131047(simulator: Simulator):
    simulator.open_window()
    simulator.post("/api/clock", {"advance_s": 24 * 3600})
    status, answer = simulator.send(text_to(f"+{CONTACT}"))
    assert (status, answer["error"]["code"]) == (400, 131047)
    simulator.open_window()
    assert simulator.send(text_to(f"+{CONTACT}"))[0] == 200


def test_a_person_who_never_wrote_has_no_window(simulator: Simulator):
    assert simulator.send(text_to("+966501110012"))[1]["error"]["code"] == 131047


def test_an_unknown_number_is_accepted_and_fails_later(simulator: Simulator):
    """131026 comes by webhook, without contacts and without recipient_user_id."""
    status, answer = simulator.send(text_to("+966599999999", biz_opaque_callback_data="att_3"))
    assert status == 200
    [row] = eventually(lambda: simulator.receiver.statuses(wamid_of(answer)))
    assert (row["status"], row["recipient_id"]) == ("failed", "966599999999")
    assert row["errors"][0]["code"] == 131026
    assert "recipient_user_id" not in row
    value = next(v for v in simulator.receiver.values() if row in v.get("statuses", []))
    assert "contacts" not in value


def test_a_number_without_plus_goes_to_somebody_else(simulator: Simulator):
    """The business's country code is put in front, as Meta does."""
    simulator.open_window()
    status, answer = simulator.send(text_to(CONTACT))
    assert status == 200
    assert answer["contacts"] == [{"input": CONTACT, "wa_id": f"966{CONTACT}"}]
    [row] = eventually(lambda: simulator.receiver.statuses(wamid_of(answer)))
    assert row["errors"][0]["code"] == 131026
    local = simulator.send(text_to("0501110001"))[1]
    assert local["contacts"][0]["wa_id"] == "9660501110001"
    assert simulator.send(text_to("501110001"))[1]["contacts"][0]["wa_id"] == CONTACT


def test_a_hidden_person_is_written_to_by_bsuid(simulator: Simulator):
    bsuid = simulator.phone(HIDDEN)["bsuid"]
    inbound = simulator.receiver.message(simulator.open_window(HIDDEN))
    assert "from" not in inbound
    assert inbound["from_user_id"] == bsuid
    assert "wa_id" not in inbound["contact"]
    assert inbound["contact"]["profile"] == {"name": "نورة السبيعي", "username": "noura.alsubaie"}
    payload = text_to("", "مرحباً") | {"recipient": bsuid}
    del payload["to"]
    answer = simulator.send(payload)[1]
    assert answer["contacts"] == [{"input": bsuid, "user_id": bsuid}]
    for row in ladder(simulator, wamid_of(answer)):
        assert "recipient_id" not in row
        assert row["recipient_user_id"] == bsuid
    for value in simulator.receiver.values():
        for row in value.get("statuses", []):
            if row["id"] == wamid_of(answer):
                profile = value["contacts"][0]["profile"]
                assert ("username" in profile) == (row["status"] != "sent")
                assert "wa_id" not in value["contacts"][0]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer "}, {"Authorization": "Basic eA=="}])
def test_a_call_without_a_token_gets_190(simulator: Simulator, header: dict[str, str]):
    status, answer = simulator.call("POST", f"/v25.0/{NUMBER_ID}/messages", text_to(f"+{CONTACT}"), **header)
    assert (status, answer["error"]["code"]) == (401, 190)


def test_another_sending_number_is_unknown(simulator: Simulator):
    status, answer = simulator.send(text_to(f"+{CONTACT}"), number_id="999")
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, 100, 33)


def test_a_body_that_is_not_json_gets_100(simulator: Simulator):
    path = f"/v25.0/{NUMBER_ID}/messages"
    for raw in (b"{", b"[" * 100_000, b"\xff"):
        status, answer = simulator.call("POST", path, raw=raw, Authorization="Bearer x")
        assert (status, answer["error"]["code"]) == (400, 100)


def test_an_invalid_card_is_refused_and_reaches_nobody(simulator: Simulator):
    simulator.open_window(OPERATOR)
    before = len(simulator.phone(OPERATOR)["messages"])
    buttons = [{"type": "reply", "reply": {"id": str(n), "title": str(n)}} for n in range(4)]
    interactive = {"type": "button", "body": {"text": "؟"}, "action": {"buttons": buttons}}
    card = {"messaging_product": "whatsapp", "to": f"+{OPERATOR}", "type": "interactive", "interactive": interactive}
    status, answer = simulator.send(card)
    assert (status, answer["error"]["code"]) == (400, 131009)
    assert "buttons" in answer["error"]["error_data"]["details"]
    assert len(simulator.phone(OPERATOR)["messages"]) == before


def test_the_business_cannot_write_to_itself(simulator: Simulator):
    assert simulator.send(text_to("+966110000001"))[1]["error"]["code"] == 131021


def test_a_read_receipt_turns_the_ticks_and_shows_typing(simulator: Simulator):
    wamid = simulator.open_window()
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    assert simulator.send(receipt | {"typing_indicator": {"type": "text"}}) == (200, {"success": True})
    phone = simulator.phone(CONTACT)
    assert next(m for m in phone["messages"] if m["wamid"] == wamid)["status"] == "read"
    assert phone["typing_until"] > simulator.state()["clock"]["now"]
    simulator.send(text_to(f"+{CONTACT}"))
    assert simulator.phone(CONTACT)["typing_until"] is None


def fault(simulator: Simulator, **wish: object) -> None:
    simulator.post("/api/faults", {"next_sends": [wish]})


def test_a_lost_answer_still_delivers(simulator: Simulator):
    """The case that must become `unknown`: the message exists, the caller cannot know."""
    simulator.open_window()
    fault(simulator, kind="answer_lost")
    with pytest.raises(http.client.RemoteDisconnected):
        simulator.send(text_to(f"+{CONTACT}", biz_opaque_callback_data="lost"))
    [row] = [row for row in simulator.call("GET", "/api/sent")[1] if row["callback"] == "lost"]
    assert len(ladder(simulator, row["wamid"])) == 3
    assert simulator.send(text_to(f"+{CONTACT}"))[0] == 200


def test_a_send_that_never_reached_leaves_nothing(simulator: Simulator):
    simulator.open_window()
    fault(simulator, kind="never_reached")
    with pytest.raises(http.client.RemoteDisconnected):
        simulator.send(text_to(f"+{CONTACT}", biz_opaque_callback_data="never"))
    assert all(row["callback"] != "never" for row in simulator.call("GET", "/api/sent")[1])


@pytest.mark.parametrize("accepted", [True, False])
def test_a_connection_that_breaks_is_a_reset_and_not_an_end(simulator: Simulator, accepted: bool):
    simulator.open_window()
    fault(simulator, kind="connection_reset", accepted=accepted)
    callback = f"reset-{accepted}"
    with pytest.raises(ConnectionResetError) as broken:
        simulator.send(text_to(f"+{CONTACT}", biz_opaque_callback_data=callback))
    assert broken.value.errno == errno.ECONNRESET
    assert any(row["callback"] == callback for row in simulator.call("GET", "/api/sent")[1]) is accepted
    assert simulator.send(text_to(f"+{CONTACT}"))[0] == 200, "the next connection is served"


def test_a_chosen_refusal_carries_its_code_and_status(simulator: Simulator):
    simulator.open_window()
    simulator.post(
        "/api/faults",
        {"next_sends": [{"kind": "refuse", "code": 131056, "http_status": 400}, {"kind": "refuse", "code": 130429}]},
    )
    answers = [simulator.send(text_to(f"+{CONTACT}")) for _ in range(3)]
    assert [status for status, _ in answers] == [400, 429, 200]
    assert [answer.get("error", {}).get("code") for _, answer in answers] == [131056, 130429, None]


@pytest.mark.parametrize("accepted", [True, False])
def test_an_http_500_says_nothing_about_acceptance(simulator: Simulator, accepted: bool):
    simulator.open_window()
    fault(simulator, kind="http_500", accepted=accepted)
    callback = f"500-{accepted}"
    assert simulator.send(text_to(f"+{CONTACT}", biz_opaque_callback_data=callback))[0] == 500
    assert any(row["callback"] == callback for row in simulator.call("GET", "/api/sent")[1]) is accepted


def test_a_slow_answer_comes_after_the_message(simulator: Simulator):
    simulator.open_window()
    fault(simulator, kind="slow", seconds=0.3)
    began = time.monotonic()
    status, answer = simulator.send(text_to(f"+{CONTACT}"))
    assert status == 200
    assert time.monotonic() - began >= 0.3
    assert len(ladder(simulator, wamid_of(answer))) == 3


def test_a_fault_for_one_person_waits_for_that_person(simulator: Simulator):
    simulator.open_window()
    simulator.open_window(OPERATOR)
    fault(simulator, kind="refuse", code=131056, to=CONTACT)
    assert simulator.send(text_to(f"+{OPERATOR}"))[0] == 200
    assert simulator.send(text_to(f"+{CONTACT}"))[1]["error"]["code"] == 131056


def test_held_statuses_come_when_they_are_let_go(simulator: Simulator):
    simulator.open_window()
    simulator.post("/api/faults", {"hold_statuses": True})
    wamid = wamid_of(simulator.send(text_to(f"+{CONTACT}"))[1])
    time.sleep(0.2)
    assert simulator.receiver.statuses(wamid) == []
    simulator.post("/api/faults", {"hold_statuses": False})
    assert len(ladder(simulator, wamid)) == 3
