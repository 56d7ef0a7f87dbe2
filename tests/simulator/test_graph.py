"""The account around the messages, over real HTTP, and how Graph refuses what it does not know."""

import http.client
import http.server
import json
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.simulator.conftest import CONTACT, HIDDEN, NUMBER_ID, OPERATOR, Json, Receiver, Simulator, eventually

WABA_ID = "215500000000001"
NOBODY = "+966599999999"
PROFILE = f"{NUMBER_ID}/whatsapp_business_profile"


def graph(simulator: Simulator, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Json]:
    """A call with a token, on a version of Graph."""
    return simulator.call(method, f"/v26.0/{path}", body, **({"Authorization": "Bearer x"} | headers))


def change(simulator: Simulator, path: str, body: object) -> Json:
    """A POST that must succeed."""
    status, answer = graph(simulator, "POST", path, body)
    assert status == 200, answer
    return answer


def text_to(to: str) -> Json:
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": "أهلاً"}}


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "words"),
    [
        ("GET", "v26.0/", 400, 2500, "Unknown path components"),
        ("GET", "v26.0/nobody", 404, 803, "aliases you requested do not exist: nobody"),
        ("GET", "v26.0/999", 400, 100, "Unsupported get request. Object with ID '999'"),
        ("POST", "v26.0/999/messages", 400, 100, "Unsupported post request. Object with ID '999'"),
        ("DELETE", f"v26.0/{NUMBER_ID}", 400, 100, "Unsupported delete request"),
        ("GET", f"v26.0/{NUMBER_ID}/messages", 400, 100, "Unsupported get request"),
        ("GET", f"v26.0/{NUMBER_ID}/message_templates", 400, 100, "nonexisting field (message_templates)"),
        ("POST", f"v26.0/{WABA_ID}/mesages", 400, 2500, "Unknown path components: /mesages"),
        ("POST", f"v26.0/{NUMBER_ID}/messages/x", 400, 2500, "Unknown path components"),
        ("POST", f"version/{NUMBER_ID}/messages", 400, 2500, "Unknown path components"),
        ("GET", f"v26.0/{NUMBER_ID}?fields=id,nothing", 400, 100, "Tried accessing nonexisting field (nothing)"),
    ],
)
def test_what_graph_does_not_know_is_refused_as_graph_does(
    simulator: Simulator, method: str, path: str, status: int, code: int, words: str
):
    got, answer = simulator.call(method, f"/{path}", Authorization="Bearer x")
    assert (got, answer["error"]["code"]) == (status, code)
    assert words in answer["error"]["message"]
    assert answer["error"]["fbtrace_id"]
    assert "error_data" not in answer["error"]


@pytest.mark.parametrize(
    "path", [f"/v26.0/{NUMBER_ID}", f"/v19.0/{NUMBER_ID}", f"/{NUMBER_ID}", f"/v26.0/{NUMBER_ID}/"]
)
def test_any_version_or_none_is_understood(simulator: Simulator, path: str):
    assert simulator.call("GET", path, Authorization="Bearer x")[1]["id"] == NUMBER_ID
    assert simulator.call("GET", f"{path}?access_token=anything")[1]["id"] == NUMBER_ID
    assert simulator.call("GET", path)[0] == 401


def test_messages_need_no_version(simulator: Simulator):
    simulator.open_window()
    status, _ = simulator.call("POST", f"/{NUMBER_ID}/messages", text_to(f"+{CONTACT}"), Authorization="Bearer x")
    assert status == 200


def test_marketing_messages_takes_marketing_templates_only(simulator: Simulator):
    def send(path: str, **message: object) -> tuple[int, Json]:
        body = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", **message}
        return simulator.call("POST", path, body, Authorization="Bearer x")

    def template(name: str, *values: str) -> Json:
        parameters = [{"type": "text", "text": value} for value in values]
        part = {"name": name, "language": {"code": "ar"}, "components": [{"type": "body", "parameters": parameters}]}
        return {"type": "template", "template": part, "message_activity_sharing": True}

    for path in (f"/v26.0/{NUMBER_ID}/marketing_messages", f"/{NUMBER_ID}/marketing_messages"):
        assert send(path, **template("opportunity_follow_up", "مريم", "أفق"))[0] == 200
        assert send(path, **template("meeting_reminder", "غدًا", "أفق"))[1]["error"]["code"] == 134100
        assert send(path, **template("no_such_template"))[1]["error"]["code"] == 132001
        assert send(path, type="text", text={"body": "أهلاً"})[1]["error"]["code"] == 131055
        assert send(path, type="template")[1]["error"]["code"] in {100, 131008}


@pytest.mark.parametrize(
    ("account", "status", "health"),
    [("locked", "BANNED", "BLOCKED"), ("restricted", "RESTRICTED", "BLOCKED"), ("unpaid", "CONNECTED", "LIMITED")],
)
def test_how_the_account_stands_is_seen_on_the_number(simulator: Simulator, account: str, status: str, health: str):
    simulator.post("/api/rules", {"account": account})
    asked = graph(simulator, "GET", f"{NUMBER_ID}?fields=status,health_status")[1]
    simulator.post("/api/rules", {"account": "active"})
    assert (asked["status"], asked["health_status"]["can_send_message"]) == (status, health)


def test_an_expired_token_opens_nothing(simulator: Simulator):
    simulator.post("/api/rules", {"account": "token_expired"})
    answers = [graph(simulator, "GET", path) for path in (NUMBER_ID, WABA_ID, f"{WABA_ID}/message_templates")]
    simulator.post("/api/rules", {"account": "active"})
    assert [(status, answer["error"]["code"]) for status, answer in answers] == [(401, 190)] * 3


def test_the_wire_log_keeps_the_query_but_no_token(simulator: Simulator):
    simulator.call("GET", f"/v26.0/{NUMBER_ID}?fields=status&access_token=hush")
    rows = simulator.call("GET", "/api/wire")[1]
    assert f"/v26.0/{NUMBER_ID}?fields=status" in [row["path"] for row in rows]
    assert "hush" not in str(rows)


def test_a_body_that_is_not_json_is_refused_and_a_form_is_read(simulator: Simulator):
    for raw in (b"{", b"[" * 100_000, b"[]", b"\xff"):
        status, answer = simulator.call("POST", f"/v26.0/{PROFILE}", raw=raw, Authorization="Bearer x")
        assert (status, answer["error"]["code"]) == (400, 100)
    kind = "application/x-www-form-urlencoded"
    body = b"messaging_product=whatsapp&about=open&websites=%5B%22https%3A%2F%2Fa.example%22%5D"
    assert simulator.call("POST", f"/v26.0/{PROFILE}", raw=body, Authorization="Bearer x", Content_Type=kind)[0] == 200
    assert graph(simulator, "GET", PROFILE)[1]["data"][0]["websites"] == ["https://a.example"]


def test_the_number_describes_itself(simulator: Simulator):
    assert graph(simulator, "GET", NUMBER_ID)[1] == {
        "id": NUMBER_ID,
        "display_phone_number": "966110000001",
        "verified_name": "مكتب وكيل",
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "webhook_configuration": {"application": f"http://127.0.0.1:{simulator.receiver.port}/webhook"},
    }
    fields = "status,whatsapp_business_manager_messaging_limit,throughput{level},health_status.limit(1),certificate"
    asked = graph(simulator, "GET", f"{NUMBER_ID}?fields={fields}")[1]
    assert asked.keys() == {
        "id", "status", "whatsapp_business_manager_messaging_limit", "throughput", "health_status"
    }  # fmt: skip
    assert asked["status"] == "CONNECTED"
    for people, limit in ((250, "TIER_250"), (9_999, "TIER_2K"), (10**6, "TIER_UNLIMITED")):
        simulator.post("/api/rules", {"messaging_limit": True, "messaging_limit_people": people})
        asked = graph(simulator, "GET", f"{NUMBER_ID}?fields=whatsapp_business_manager_messaging_limit")[1]
        assert asked["whatsapp_business_manager_messaging_limit"] == limit


def test_what_the_bench_says_of_the_number_is_told_by_graph_and_by_webhook(simulator: Simulator):
    wish = {"quality": "YELLOW", "limit": "TIER_2K", "throughput": "HIGH", "name": "أفق"}
    number = simulator.post("/api/number", wish)
    fields = "quality_rating,whatsapp_business_manager_messaging_limit,throughput,verified_name"
    told = graph(simulator, "GET", f"{NUMBER_ID}?fields={fields}")[1]
    assert told == {
        "id": NUMBER_ID,
        "quality_rating": "YELLOW",
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "throughput": {"level": "HIGH"},
        "verified_name": "أفق",
    }
    assert told.items() <= number.items()
    news = (
        {"event": "THROUGHPUT_UPGRADE"},
        {"decision": "APPROVED"},
        {"max_daily_conversations_per_business": "TIER_2K"},
    )
    for part in news:
        eventually(lambda part=part: any(part.items() <= value.items() for value in simulator.receiver.values()))
    assert simulator.state()["rules"]["messaging_limit_people"] == 2_000
    simulator.post("/api/number", {"quality": "GREEN"})
    assert simulator.call("POST", "/api/number", {"quality": "BLUE"})[0] == 400


def test_a_number_that_was_taken_off_sends_nothing_until_it_is_registered_with_its_pin(simulator: Simulator):
    simulator.open_window()
    change(simulator, NUMBER_ID, {"pin": "123456"})
    change(simulator, f"{NUMBER_ID}/deregister", {})
    assert graph(simulator, "GET", f"{NUMBER_ID}?fields=status")[1]["status"] == "DISCONNECTED"
    assert simulator.send(text_to(f"+{CONTACT}"))[1]["error"]["code"] == 133010
    pins = [({"pin": "654321"}, 133005), ({"pin": "12"}, 100), ({}, 100), ({"messaging_product": ""}, 100)]
    for wrong, code in pins:
        body = {"messaging_product": "whatsapp"} | wrong
        assert graph(simulator, "POST", f"{NUMBER_ID}/register", body)[1]["error"]["code"] == code
    change(simulator, f"{NUMBER_ID}/register", {"messaging_product": "whatsapp", "pin": "123456"})
    assert graph(simulator, "GET", f"{NUMBER_ID}?fields=is_pin_enabled")[1]["is_pin_enabled"] is True
    assert simulator.send(text_to(f"+{CONTACT}"))[0] == 200


def test_a_display_name_waits_for_approval(simulator: Simulator):
    change(simulator, NUMBER_ID, {"new_display_name": "واحة"})
    asked = graph(simulator, "GET", f"{NUMBER_ID}?fields=new_display_name,new_name_status")[1]
    assert (asked["new_display_name"], asked["new_name_status"]) == ("واحة", "PENDING_REVIEW")
    assert graph(simulator, "POST", NUMBER_ID, {"new_display_name": " "})[0] == 400
    assert graph(simulator, "POST", f"{NUMBER_ID}/request_code", {"code_method": "SMS"})[1]["error"]["code"] == 136024


def test_settings_are_kept(simulator: Simulator):
    change(simulator, f"{NUMBER_ID}/settings", {"calling": {"status": "ENABLED"}})
    assert graph(simulator, "GET", f"{NUMBER_ID}/settings?fields=calling")[1] == {"calling": {"status": "ENABLED"}}


def test_the_account_describes_itself_and_lists_its_number(simulator: Simulator):
    asked = graph(simulator, "GET", WABA_ID)[1]
    assert asked.keys() == {"id", "name", "timezone_id", "message_template_namespace"}
    asked = graph(simulator, "GET", f"{WABA_ID}?fields=account_review_status,currency,health_status")[1]
    assert (asked["account_review_status"], asked["currency"]) == ("APPROVED", "SAR")
    listed = graph(simulator, "GET", f"{WABA_ID}/phone_numbers?fields=verified_name")[1]
    assert [row.keys() for row in listed["data"]] == [{"id", "verified_name"}]
    change(simulator, WABA_ID, {"is_enabled_for_insights": True})
    assert graph(simulator, "GET", f"{WABA_ID}?fields=is_enabled_for_insights")[1]["is_enabled_for_insights"] is True


def test_the_profile_is_set_as_a_whole_or_not_at_all(simulator: Simulator):
    good = {"about": "نرد خلال ساعة", "vertical": "PROF_SERVICES", "email": "a@b.example"}
    change(simulator, PROFILE, {"messaging_product": "whatsapp", **good})
    [row] = graph(simulator, "GET", f"{PROFILE}?fields=about,vertical,email,address")[1]["data"]
    assert row == {"messaging_product": "whatsapp", **good}
    wrongs = [
        {"about": "x" * 140}, {"about": ""}, {"vertical": "SPACE"}, {"websites": ["a"] * 3}, {"websites": ["ftp://a"]},
        {"description": "x" * 513}, {"messaging_product": "other"}, {"about": [1]},
        {"profile_picture_handle": "4::none"},
    ]  # fmt: skip
    for wrong in wrongs:
        body = {"messaging_product": "whatsapp", "email": "other@b.example"} | wrong
        assert graph(simulator, "POST", PROFILE, body)[1]["error"]["code"] == 100
    assert graph(simulator, "GET", f"{PROFILE}?fields=email")[1]["data"][0]["email"] == "a@b.example"
    assert graph(simulator, "GET", f"{PROFILE}?fields=shoe_size")[0] == 400


def piece(simulator: Simulator, session_id: str, content: bytes, *, offset: int) -> tuple[int, Json]:
    """Some bytes of an upload; its header has an underscore, as Meta's has."""
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=5)
    headers = {"Authorization": "OAuth x", "file_offset": str(offset), "Content-Type": "application/octet-stream"}
    connection.request("POST", f"/v26.0/{session_id}", body=content, headers=headers)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def test_a_picture_is_uploaded_in_pieces_and_shown_in_the_profile(simulator: Simulator):
    opened = graph(simulator, "POST", "770000000000001/uploads?file_name=a.png&file_length=6&file_type=image/png")[1]
    assert piece(simulator, opened["id"], b"abc", offset=0)[1]["file_offset"] == 3
    assert piece(simulator, opened["id"], b"abc", offset=0)[0] == 400
    assert graph(simulator, "GET", opened["id"])[1] == {"id": opened["id"], "file_offset": 3}
    assert piece(simulator, opened["id"], b"defg", offset=3)[0] == 400
    handle = piece(simulator, opened["id"], b"def", offset=3)[1]["h"]
    assert graph(simulator, "GET", opened["id"])[1]["error"]["code"] == 803
    change(simulator, PROFILE, {"messaging_product": "whatsapp", "profile_picture_handle": handle})
    [row] = graph(simulator, "GET", f"{PROFILE}?fields=profile_picture_url")[1]["data"]
    assert urlsplit(row["profile_picture_url"]).path.startswith("/api/media/")
    assert graph(simulator, "POST", "77/uploads?file_length=6&file_type=image/gif")[0] == 400
    assert graph(simulator, "POST", "77/uploads?file_type=image/png")[0] == 400


def blocked(simulator: Simulator, method: str, *people: Json) -> tuple[int, Json]:
    body = {"messaging_product": "whatsapp", "block_users": list(people)}
    return graph(simulator, method, f"{NUMBER_ID}/block_users", body)


def test_a_blocked_person_is_neither_written_to_nor_heard(simulator: Simulator):
    simulator.open_window()
    status, answer = blocked(simulator, "POST", {"user": f"+{CONTACT}"})
    added = {"input": f"+{CONTACT}", "wa_id": CONTACT}
    assert (status, answer) == (200, {"messaging_product": "whatsapp", "block_users": {"added_users": [added]}})
    listed = graph(simulator, "GET", f"{NUMBER_ID}/block_users")[1]
    assert listed["data"] == [{"messaging_product": "whatsapp", "wa_id": CONTACT}]
    assert simulator.phone(CONTACT)["blocked"] is True
    assert simulator.send(text_to(f"+{CONTACT}"))[1]["error"]["code"] == 130403
    unheard = simulator.open_window()
    heard = simulator.open_window(OPERATOR)
    simulator.receiver.message(heard)
    assert all(unheard != row["id"] for value in simulator.receiver.values() for row in value.get("messages", []))
    assert blocked(simulator, "DELETE", {"user": f"+{CONTACT}"})[1]["block_users"] == {"removed_users": [added]}
    assert graph(simulator, "GET", f"{NUMBER_ID}/block_users")[1] == {"data": []}
    simulator.receiver.message(simulator.open_window())


def test_only_who_wrote_lately_can_be_blocked_and_each_failure_is_named(simulator: Simulator):
    bsuid = simulator.phone(HIDDEN)["bsuid"]
    simulator.open_window(HIDDEN)
    people = [{"user": NOBODY}, {"user": "+966110000001"}, {"user_id": "SA.ENT.1"}, {"user_id": bsuid}]
    status, answer = blocked(simulator, "POST", *people)
    assert (status, answer["error"]["code"]) == (400, 139100)
    assert answer["block_users"]["added_users"] == [{"input": bsuid, "user_id": bsuid}]
    failed = {row["input"]: row["errors"][0]["code"] for row in answer["block_users"]["failed_users"]}
    assert failed == {NOBODY: 131047, "+966110000001": 131021, "SA.ENT.1": 131062}
    assert graph(simulator, "GET", f"{NUMBER_ID}/block_users")[1]["data"][0]["user_id"] == bsuid
    blocked(simulator, "DELETE", {"user_id": bsuid})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"block_users": [{"user": "+1"}]}, 100),
        ({"messaging_product": "whatsapp"}, 100),
        ({"messaging_product": "whatsapp", "block_users": []}, 100),
        ({"messaging_product": "whatsapp", "block_users": [{}]}, 100),
        ({"messaging_product": "whatsapp", "block_users": [{"user": 966}]}, 100),
        ({"messaging_product": "whatsapp", "block_users": [{"user": "+1"}] * 1001}, 130429),
    ],
    ids=["no product", "no list", "nobody", "no address", "a number", "too many"],
)
def test_a_list_of_people_that_makes_no_sense_is_refused(simulator: Simulator, body: Json, code: int):
    status, answer = graph(simulator, "POST", f"{NUMBER_ID}/block_users", body)
    assert (status // 100, answer["error"]["code"]) == (4, code)


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another webhook: answers the challenge when the token is right, keeps the paths of what it gets."""
    came: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            good = asked["hub.verify_token"] == ["right"] and asked["hub.mode"] == ["subscribe"]
            self.send_response(200 if good else 403)
            self.end_headers()
            self.wfile.write(asked["hub.challenge"][0].encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            came.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", came
    server.shutdown()
    server.server_close()


def test_webhooks_follow_the_address_the_business_gives_once_it_proved_itself(
    simulator: Simulator, elsewhere: tuple[str, list[str]]
):
    address, came = elsewhere
    path = f"{WABA_ID}/subscribed_apps"
    wrong = {"override_callback_uri": address, "verify_token": "wrong"}
    assert graph(simulator, "POST", path, wrong)[1]["error"]["code"] == 2200
    for refused in ("https://example.com/hook", "x" * 201, 7):
        body = {"override_callback_uri": refused, "verify_token": "right"}
        assert graph(simulator, "POST", path, body)[1]["error"]["code"] == 100
    change(simulator, path, {"override_callback_uri": address, "verify_token": "right"})
    [app] = graph(simulator, "GET", path)[1]["data"]
    assert app["override_callback_uri"] == address
    simulator.open_window()
    eventually(lambda: came == ["/hook"])
    number = {"webhook_configuration": {"override_callback_uri": f"{address}2", "verify_token": "right"}}
    change(simulator, NUMBER_ID, number)
    simulator.open_window()
    eventually(lambda: came == ["/hook", "/hook2"])
    change(simulator, NUMBER_ID, {"webhook_configuration": {"override_callback_uri": ""}})
    change(simulator, path, {})
    simulator.receiver.message(simulator.open_window())


def test_an_account_without_an_app_gets_no_webhooks(simulator: Simulator):
    path = f"{WABA_ID}/subscribed_apps"
    assert graph(simulator, "DELETE", path) == (200, {"success": True})
    assert graph(simulator, "GET", path)[1] == {"data": []}
    unheard = simulator.open_window()
    change(simulator, path, {})
    simulator.receiver.message(simulator.open_window())
    assert all(unheard != row["id"] for value in simulator.receiver.values() for row in value.get("messages", []))


def test_what_was_changed_outlives_the_process(start, receiver: Receiver):
    first = start("--quiet-personas")
    change(first, NUMBER_ID, {"pin": "123456"})
    change(first, PROFILE, {"messaging_product": "whatsapp", "about": "مغلق"})
    wish = {"name": "kept_one", "language": "ar", "category": "UTILITY", "components": [{"type": "BODY", "text": "نص"}]}
    template_id = change(first, f"{WABA_ID}/message_templates", wish)["id"]
    first.stop()
    second = start("--quiet-personas")
    assert graph(second, "GET", f"{NUMBER_ID}?fields=is_pin_enabled")[1]["is_pin_enabled"] is True
    assert graph(second, "GET", PROFILE)[1]["data"][0]["about"] == "مغلق"
    assert graph(second, "GET", template_id)[1]["name"] == "kept_one"
