"""Templates and account of the stand-in: listed in pages, changed by hand, told by webhook."""

import json
from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, NUMBER_ID, Receiver, Simulator, eventually

WABA_ID = "215500000000001"
Json = dict[str, Any]


def listing(
    simulator: Simulator, query: str = "", *, waba_id: str = WABA_ID, token: str = "practice"
) -> tuple[int, Json]:
    path = f"/v26.0/{waba_id}/message_templates{query}"
    return simulator.call("GET", path, **({"Authorization": f"Bearer {token}"} if token else {}))


def told(receiver: Receiver, before: int) -> Json:
    """The change of the next webhook after so many."""

    _, body = eventually(lambda: receiver.came[before:] and receiver.came[-1])
    [entry] = json.loads(body)["entry"]
    assert entry["id"] == WABA_ID
    assert isinstance(entry["time"], int)
    [change] = entry["changes"]
    return change


def test_pages_follow_each_other_by_cursor_until_there_is_no_next(simulator: Simulator):
    names, after, pages = [], "", 0
    while True:
        status, page = listing(simulator, f"?limit=4{after}")
        assert status == 200
        names += [(row["name"], row["language"]) for row in page["data"]]
        pages += 1
        if "next" not in page["paging"]:
            break
        after = f"&after={page['paging']['cursors']['after']}"
    assert pages == 2
    assert len(set(names)) == len(names) == 6
    usual = {"id", "name", "language", "status", "category", "parameter_format", "components"}
    assert page["data"][0].keys() == usual


@pytest.mark.parametrize(
    ("asked", "code"), [({"token": ""}, 190), ({"waba_id": "1"}, 100), ({"waba_id": NUMBER_ID}, 100)]
)
def test_a_stranger_gets_no_listing(simulator: Simulator, asked: Json, code: int):
    status, answer = listing(simulator, **asked)
    assert status >= 400
    assert answer["error"]["code"] == code


def test_a_change_is_in_the_next_listing_and_told_by_webhook(simulator: Simulator):
    before = len(simulator.receiver.came)
    wish = {"name": "operator_brief", "event": "PAUSED", "title": "FIRST_PAUSE", "at": 1763800041}
    assert simulator.post("/api/templates", wish)["status"] == "PAUSED"
    change = told(simulator.receiver, before)
    assert change["field"] == "message_template_status_update"
    assert change["value"]["event"] == "PAUSED"
    assert change["value"]["message_template_name"] == "operator_brief"
    assert change["value"]["other_info"]["title"] == "FIRST_PAUSE"
    rows = {row["name"]: row["status"] for row in listing(simulator)[1]["data"]}
    assert rows["operator_brief"] == "PAUSED"
    simulator.post("/api/templates", {"name": "operator_brief", "event": "REINSTATED"})
    assert {row["name"]: row["status"] for row in listing(simulator)[1]["data"]}["operator_brief"] == "APPROVED"


@pytest.mark.parametrize(
    ("wish", "field", "value"),
    [
        ({"quality": "RED"}, "message_template_quality_update", {"new_quality_score": "RED"}),
        ({"category": "MARKETING", "announced": True}, "template_category_update", {"correct_category": "MARKETING"}),
        ({"category": "MARKETING"}, "template_category_update", {"new_category": "MARKETING"}),
    ],
)
def test_each_kind_of_change_has_its_own_webhook(simulator: Simulator, wish: Json, field: str, value: Json):
    before = len(simulator.receiver.came)
    simulator.post("/api/templates", {"name": "made_by_hand", **wish})
    change = told(simulator.receiver, before)
    assert change["field"] == field
    assert value.items() <= change["value"].items()


@pytest.mark.parametrize(
    ("path", "wish", "field", "value"),
    [
        (
            "/api/account", {"event": "ACCOUNT_RESTRICTION", "restriction": "RESTRICTED_X"}, "account_update",
            {"restriction_info": [{"restriction_type": "RESTRICTED_X"}]},
        ),
        (
            "/api/account", {"event": "ACCOUNT_VIOLATION"}, "account_update",
            {"violation_info": {"violation_type": "SPAM"}},
        ),
        (
            "/api/platform", {"field": "security", "value": {"event": "PIN_CHANGED"}}, "security",
            {"event": "PIN_CHANGED"},
        ),
    ],
)  # fmt: skip
def test_news_of_the_account_is_told_by_webhook(simulator: Simulator, path: str, wish: Json, field: str, value: Json):
    before = len(simulator.receiver.came)
    simulator.post(path, wish)
    change = told(simulator.receiver, before)
    assert change["field"] == field
    assert value.items() <= change["value"].items()


def test_a_mistake_changes_nothing(simulator: Simulator):
    before = simulator.call("GET", "/api/templates")[1]
    status, answer = simulator.call("POST", "/api/templates", {"name": "operator_brief", "event": "not a word"})
    assert (status, "Meta's words" in answer["error"]) == (400, True)
    assert simulator.call("GET", "/api/templates")[1] == before


def template_to(wa_id: str, name: str, *values: str, language: str = "ar") -> Json:
    parameters = [{"type": "text", "text": value} for value in values]
    components = [{"type": "body", "parameters": parameters}] if values else []
    sent = {"name": name, "language": {"code": language}, "components": components}
    return {"messaging_product": "whatsapp", "to": f"+{wa_id}", "type": "template", "template": sent}


def test_an_approved_template_is_taken_outside_the_window_and_read_with_its_values(simulator: Simulator):
    simulator.open_window()
    simulator.post("/api/clock", {"advance_s": 25 * 3600})
    status, _ = simulator.send(template_to(CONTACT, "opportunity_follow_up", "مريم", "أفق"))
    assert status == 200
    on_phone = simulator.phone(CONTACT)["messages"][-1]
    assert on_phone["text"] == "أهلًا مريم، معك أفق. هل يناسبك اتصال قصير؟ لإيقاف الرسائل أرسل: إيقاف"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (template_to(CONTACT, "opportunity_follow_up", "مريم"), 132000),
        (template_to(CONTACT, "opportunity_follow_up", "مريم", "أفق", language="en"), 132001),
        (template_to(CONTACT, "no_such_template"), 132001),
        (template_to(CONTACT, "season_offer", "مريم"), 132001),
        (template_to(CONTACT, "opportunity_follow_up", "سطر\nآخر", "أفق"), 132018),
        (template_to(CONTACT, "opportunity_follow_up", "م" * 1000, "أفق"), 132005),
    ],
    ids=["values", "language", "unknown", "in review", "line break", "too long"],
)
def test_a_template_that_does_not_fit_is_refused_in_metas_words(simulator: Simulator, sent: Json, code: int):
    status, answer = simulator.send(sent)
    assert (status // 100, answer["error"]["code"]) == (4, code)


def test_a_paused_template_is_refused_until_it_is_reinstated(simulator: Simulator):
    sent = template_to(CONTACT, "meeting_reminder", "غدًا", "أفق")
    simulator.post("/api/templates", {"name": "meeting_reminder", "language": "ar", "event": "PAUSED"})
    assert simulator.send(sent)[1]["error"]["code"] == 132015
    simulator.post("/api/templates", {"name": "meeting_reminder", "language": "ar", "event": "REINSTATED"})
    assert simulator.send(sent)[0] == 200
