"""The wire log: what it keeps, the command for a shell, and sending the same bytes again."""

import json
import subprocess
from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, NUMBER_ID, Json, Simulator, eventually
from wakeel.simulator.secrets_out import query_without_secrets, without_secrets
from wakeel.simulator.wire import KEPT, KEPT_BYTES, Exchange, WireLog

QUOTES = 'it\'s "quoted" $HOME `here` \\ @سطر\nآخر'


def a_log() -> WireLog:
    return WireLog(simulator_url="http://127.0.0.1:8001")


def note(log: WireLog, body: bytes = b"{}", *, towards: str = "product", **more: Any) -> Exchange:
    url = "http://127.0.0.1:8000/webhook"
    return log.note(at=1.0, towards=towards, method="POST", path="/webhook", body=body, url=url, **more)


def newest(simulator: Simulator, text: str, *, towards: str) -> Json:
    """The newest answered exchange with this text in its body."""

    def look() -> Json | None:
        rows: Any = simulator.call("GET", "/api/wire")[1]
        found = [row for row in rows if text in row["body"] and row["towards"] == towards and row["status"]]
        return found[-1] if found else None

    return eventually(look)


@pytest.mark.processes
def test_a_webhook_can_be_sent_again_with_the_same_bytes_and_signature(simulator: Simulator):
    wamid = simulator.open_window()
    row = newest(simulator, wamid, towards="product")
    again = simulator.post(f"/api/wire/{row['n']}/again", {})["n"]
    copy = newest(simulator, wamid, towards="product")
    assert (copy["n"], copy["again_of"], copy["status"]) == (again, row["n"], 200)
    first, second = [post for post in simulator.receiver.came if wamid.encode() in post[1]]
    assert first[1] == second[1]
    assert first[0]["x-hub-signature-256"] == second[0]["x-hub-signature-256"] == row["signature"]


@pytest.mark.processes
def test_a_request_can_be_sent_again_and_is_judged_again(simulator: Simulator):
    """Meta knows no repetition: the person gets the message twice."""
    simulator.open_window()
    text = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "text", "text": {"body": "مرة ثانية"}}
    simulator.send(text)
    row = newest(simulator, "\\u0645\\u0631\\u0629", towards="simulator")
    again = simulator.post(f"/api/wire/{row['n']}/again", {})["n"]
    copy = simulator.call("GET", f"/api/wire/{again}")[1]
    assert (copy["again_of"], copy["path"], copy["body"], copy["status"]) == (row["n"], row["path"], row["body"], 200)
    texts = [message["text"] for message in simulator.phone(CONTACT)["messages"]]
    assert texts.count("مرة ثانية") == 2


@pytest.mark.processes
def test_the_commands_of_the_log_work_in_a_shell(simulator: Simulator):
    simulator.open_window()
    text = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "text", "text": {"body": QUOTES}}
    simulator.send(text)
    row = newest(simulator, "quoted", towards="simulator")
    assert "practice" not in row["curl"], "the token of the caller is never kept"
    run = subprocess.run(["sh", "-c", row["curl"]], capture_output=True, check=True, timeout=10)
    assert json.loads(run.stdout)["messages"]
    assert simulator.phone(CONTACT)["messages"][-1]["text"] == QUOTES
    wamid = simulator.open_window()
    inbound = newest(simulator, wamid, towards="product")
    subprocess.run(["sh", "-c", inbound["curl"]], capture_output=True, check=True, timeout=10)
    first, second = [post for post in simulator.receiver.came if wamid.encode() in post[1]]
    assert first[1] == second[1]
    assert second[0]["x-hub-signature-256"] == inbound["signature"]


@pytest.mark.processes
def test_the_log_of_an_upload_has_no_command_and_cannot_be_repeated(simulator: Simulator):
    form = b'--x\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n'
    form += b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nA'
    form += b"\r\n--x--\r\n"
    headers = {"Authorization": "Bearer practice", "Content_Type": "multipart/form-data; boundary=x"}
    assert simulator.call("POST", f"/v25.0/{NUMBER_ID}/media", raw=form, **headers)[0] == 200
    rows: Any = simulator.call("GET", "/api/wire")[1]
    upload = next(row for row in reversed(rows) if row["path"] == f"/v25.0/{NUMBER_ID}/media")
    assert upload["curl"] is None
    status, answer = simulator.call("POST", f"/api/wire/{upload['n']}/again", {})
    assert status == 409
    assert "file" in answer["error"]


@pytest.mark.processes
def test_what_the_log_does_not_hold_cannot_be_sent_again(simulator: Simulator):
    assert simulator.call("POST", "/api/wire/999999/again", {})[0] == 404
    assert simulator.call("GET", "/api/wire/999999")[0] == 404


def test_the_log_is_read_from_its_end_or_behind_a_number():
    log = a_log()
    for _ in range(5):
        note(log)
    assert [row["n"] for row in log.rows()] == [1, 2, 3, 4, 5]
    assert [row["n"] for row in log.rows(last=2)] == [4, 5]
    assert [row["n"] for row in log.rows(after=3)] == [4, 5]
    assert log.rows(last=0) == []


def test_the_oldest_exchanges_go_first_by_number_and_by_size():
    log = a_log()
    for _ in range(KEPT + 3):
        note(log)
    assert [exchange.n for exchange in log.since(0)][:1] == [4]
    note(log, b"x" * KEPT_BYTES)
    assert [exchange.n for exchange in log.since(0)] == [KEPT + 4]


def test_a_signature_stands_in_the_command_and_its_absence_too():
    log = a_log()
    signed = log.row(note(log, signature="sha256=abc"))
    unsigned = log.row(note(log, signature=""))
    assert "X-Hub-Signature-256: sha256=abc" in signed["curl"]
    assert "X-Hub-Signature-256" not in unsigned["curl"]
    assert (signed["signature"], unsigned["signature"]) == ("sha256=abc", "")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a\0b"])
def test_bytes_that_no_command_line_can_carry_have_no_command(body: bytes):
    log = a_log()
    assert log.row(note(log, body, towards="simulator"))["curl"] is None


def test_a_body_that_begins_like_a_file_name_is_sent_as_it_is():
    log = a_log()
    assert log.row(note(log, b"@secrets"))["curl"].endswith("--data-raw @secrets")


@pytest.mark.processes
def test_a_row_says_which_try_it_was_and_what_came_of_it(simulator: Simulator):
    simulator.receiver.status = 401
    wamid = simulator.open_window()
    eventually(lambda: sum(wamid.encode() in body for _, body in simulator.receiver.came) >= 2)
    simulator.receiver.status = 200

    def tries() -> list[tuple[int, str]] | None:
        rows: Any = simulator.call("GET", "/api/wire")[1]
        told = [(row["attempt"], row["note"]) for row in rows if wamid in row["body"] and row["towards"] == "product"]
        return told if told[-1][1] == "taken" else None

    told = eventually(tries)
    assert told == [(n, "refused") for n in range(1, len(told))] + [(len(told), "taken")]


@pytest.mark.processes
def test_a_token_in_a_form_is_taken_and_no_secret_is_kept(simulator: Simulator):
    form = b"access_token=hush-1&pin=123456"
    urlencoded = {"Content_Type": "application/x-www-form-urlencoded"}
    path = f"/v26.0/{NUMBER_ID}"
    assert simulator.call("POST", path, raw=form, **urlencoded) == (200, {"success": True})
    assert simulator.call("POST", path, raw=b"pin=123456", **urlencoded)[0] == 401
    text = simulator.call("GET", "/api/wire?last=2")[1]
    first: Json = text[0]  # type: ignore[index]
    assert first["body"] == "access_token=not-kept&pin=not-kept"
    assert first["curl"] is None
    assert simulator.call("POST", f"/api/wire/{first['n']}/again", {})[0] == 409


@pytest.mark.parametrize("secret", ['"hush"', '"hu\\"sh"', "123456"])
def test_secrets_are_taken_out_of_json_and_nothing_else(secret: str):
    body = f'{{"pin": {secret}, "webhook_configuration": {{"verify_token":{secret}}}, "text": "\\"pin\\": 1"}}'
    kept = without_secrets(body.encode(), content_type="application/json").decode()
    hidden = {"pin": "not-kept", "webhook_configuration": {"verify_token": "not-kept"}, "text": '"pin": 1'}
    assert json.loads(kept) == hidden
    harmless = b'{"to": "+966500000001", "text": {"body": "pin=1&access_token=2"}}'
    assert without_secrets(harmless, content_type="application/json") == harmless


def test_a_query_loses_its_token_and_the_value_of_other_secrets():
    asked = [("access_token", "hush"), ("hub.verify_token", "hush"), ("fields", "id,name")]
    assert query_without_secrets(asked) == "?hub.verify_token=not-kept&fields=id%2Cname"
    assert query_without_secrets(asked[:1]) == ""
