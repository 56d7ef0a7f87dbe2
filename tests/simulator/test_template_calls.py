"""Templates made, reviewed, changed and deleted over real HTTP, each decision told by its webhook."""

from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, Simulator, eventually
from wakeel.simulator.graph.template_calls import MOST

WABA_ID = "215500000000001"
PATH = f"{WABA_ID}/message_templates"
STATUS = "message_template_status_update"
Json = dict[str, Any]


@pytest.fixture
def simulator(shared: Simulator) -> Simulator:
    """Decisions only by hand, unless a test says otherwise."""
    shared.post("/api/review", {"seconds": None})
    return shared


def graph(simulator: Simulator, method: str, path: str, body: object = None) -> tuple[int, Json]:
    return simulator.call(method, f"/v26.0/{path}", body, Authorization="Bearer x")


def wish(name: str, text: str = "موعدك غدًا معنا.", **more: object) -> Json:
    components = [{"type": "BODY", "text": text}]
    return {"name": name, "language": "ar", "category": "UTILITY", "components": components} | more


def create(simulator: Simulator, name: str, text: str = "موعدك غدًا معنا.", **more: object) -> Json:
    status, answer = graph(simulator, "POST", PATH, wish(name, text, **more))
    assert status == 200, answer
    return answer


def show(simulator: Simulator, template_id: str, query: str = "") -> Json:
    return graph(simulator, "GET", f"{template_id}{query}")[1]


def event(simulator: Simulator, name: str, **part: object) -> Json:
    """The newest webhook about a template that has these fields."""

    def look() -> Json | None:
        for value in reversed(simulator.receiver.values()):
            if value.get("message_template_name") == name and part.items() <= value.items():
                return value
        return None

    found: Json = eventually(look)
    return found


def names(simulator: Simulator, query: str) -> set[str]:
    return {row["name"] for row in graph(simulator, "GET", f"{PATH}?{query}")[1]["data"]}


def test_a_template_is_made_reviewed_sent_and_deleted(simulator: Simulator):
    simulator.post("/api/review", {"seconds": 0.3})
    body = {"type": "body", "text": "موعدك {{1}} معنا إن شاء الله.", "example": {"body_text": [["غدًا"]]}}
    buttons = {"type": "BUTTONS", "buttons": [{"type": "quick_reply", "text": "تأكيد"}]}
    answer = create(simulator, "visit", components=[body, buttons])
    assert answer | {"id": ""} == {"id": "", "status": "PENDING", "category": "UTILITY"}
    sent = {"name": "visit", "language": {"code": "ar"}}
    sent |= {"components": [{"type": "body", "parameters": [{"type": "text", "text": "الأحد"}]}]}
    message = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "template", "template": sent}
    assert simulator.send(message)[1]["error"]["code"] == 132001
    approved = event(simulator, "visit", event="APPROVED")
    assert (str(approved["message_template_id"]), approved["message_template_language"]) == (answer["id"], "ar")
    assert show(simulator, answer["id"])["status"] == "APPROVED"
    assert simulator.send(message)[0] == 200
    assert simulator.phone(CONTACT)["messages"][-1]["text"] == "موعدك الأحد معنا إن شاء الله."
    assert graph(simulator, "DELETE", f"{PATH}?name=visit") == (200, {"success": True})
    event(simulator, "visit", event="DELETED")
    assert simulator.send(message)[1]["error"]["code"] == 132001
    status, again = graph(simulator, "POST", PATH, wish("visit"))
    assert (status, again["error"]["error_subcode"]) == (400, 2388023)
    simulator.post("/api/clock", {"advance_s": 30 * 24 * 3600})
    create(simulator, "visit")


def test_what_was_given_is_what_is_shown(simulator: Simulator):
    parts = [
        {"type": "HEADER", "format": "TEXT", "text": "موعد"},
        {"type": "BODY", "text": "أهلًا {{name}} وسهلًا بك.",
         "example": {"body_text_named_params": [{"param_name": "name", "example": "منى"}]}},
        {"type": "FOOTER", "text": "مكتب وكيل"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "الموقع", "url": "https://a.example/{{1}}",
                                         "example": ["x"]}]},
    ]  # fmt: skip
    made = create(simulator, "whole", components=parts, parameter_format="named", message_send_ttl_seconds=60)
    fields = "?fields=components,parameter_format,message_send_ttl_seconds,rejected_reason,correct_category"
    assert show(simulator, made["id"], fields) == {
        "components": parts,
        "parameter_format": "NAMED",
        "message_send_ttl_seconds": 60,
        "rejected_reason": "NONE",
        "id": made["id"],
    }


def test_a_listing_is_filtered_summed_up_and_paged(simulator: Simulator):
    create(simulator, "find_me", "رسالة نادرة جدًا هنا.")
    create(simulator, "find_me_too", "رسالة أخرى هنا.", category="MARKETING")
    simulator.post("/api/templates", {"name": "find_me", "event": "REJECTED", "reason": "SCAM"})
    assert names(simulator, "name=find_me") == {"find_me", "find_me_too"}
    assert names(simulator, "name=find_me&status=REJECTED,PAUSED") == {"find_me"}
    assert names(simulator, "name=find_me&category=MARKETING") == {"find_me_too"}
    assert names(simulator, "name=find_me&language=en") == set()
    assert names(simulator, "content=%D9%86%D8%A7%D8%AF%D8%B1%D8%A9") == {"find_me"}
    assert names(simulator, "name_or_content=me_too") == {"find_me_too"}
    assert "operator_brief" in names(simulator, "quality_score=GREEN")
    path = f"{PATH}?name=find_me&limit=1&fields=id,name&summary=total_count"
    first = graph(simulator, "GET", path)[1]
    assert first["summary"]["total_count"] == 2
    assert [row["name"] for row in first["data"]] == ["find_me"]
    following = first["paging"]["next"].split("/v26.0/")[1]
    second = graph(simulator, "GET", following)[1]
    assert [row["name"] for row in second["data"]] == ["find_me_too"]
    assert "next" not in second["paging"]
    back = graph(simulator, "GET", second["paging"]["previous"].split("/v26.0/")[1])[1]
    assert back["data"] == first["data"]


def test_a_page_goes_on_where_it_ended_after_a_row_is_gone(simulator: Simulator):
    for name in ("page_a", "page_b", "page_c"):
        create(simulator, name)
    page = graph(simulator, "GET", f"{PATH}?name=page_&limit=2")[1]
    graph(simulator, "DELETE", f"{PATH}?name=page_a")
    after = page["paging"]["cursors"]["after"]
    assert names(simulator, f"name=page_&limit=2&after={after}") == {"page_c"}
    assert graph(simulator, "GET", f"{PATH}?name=nothing_like_it")[1]["data"] == []
    assert graph(simulator, "GET", f"{PATH}?after=%FF%FE")[0] == 200


def test_a_utility_template_that_sells_is_made_as_marketing(simulator: Simulator):
    assert create(simulator, "sells", "خصم كبير على كل شيء.")["category"] == "MARKETING"


def test_an_edit_is_reviewed_again_and_an_approved_template_is_edited_once_a_day(simulator: Simulator):
    made = create(simulator, "edited")
    edit = {"components": [{"type": "BODY", "text": "نص جديد بعد التعديل."}]}
    assert "error" in graph(simulator, "POST", made["id"], edit)[1]  # in review
    simulator.post("/api/templates", {"name": "edited", "event": "APPROVED"})
    status, answer = graph(simulator, "POST", made["id"], edit)
    assert (status, answer["success"]) == (200, True)
    assert show(simulator, made["id"])["status"] == "PENDING"
    assert event(simulator, "edited", message_template_element="نص جديد بعد التعديل.")
    simulator.post("/api/templates", {"name": "edited", "event": "APPROVED"})
    assert "once in 24 hours" in graph(simulator, "POST", made["id"], edit)[1]["error"]["error_user_msg"]
    simulator.post("/api/clock", {"advance_s": 24 * 3600})
    assert "stays" in graph(simulator, "POST", made["id"], {"category": "MARKETING"})[1]["error"]["error_user_msg"]
    assert (
        graph(simulator, "POST", made["id"], {})[1]["error"]["message"]
        == "(#100) The parameter components is required."
    )
    assert graph(simulator, "POST", made["id"], edit)[0] == 200
    simulator.post("/api/templates", {"name": "edited", "event": "REJECTED"})
    assert graph(simulator, "POST", made["id"], {"category": "MARKETING"})[0] == 200
    assert show(simulator, made["id"])["category"] == "MARKETING"


def test_a_first_pause_ends_by_itself_and_another_by_hand(simulator: Simulator):
    made = create(simulator, "pausing")
    simulator.post("/api/templates", {"name": "pausing", "event": "PAUSED", "title": "FIRST_PAUSE"})
    assert graph(simulator, "POST", f"{made['id']}/unpause")[1]["success"] is False
    simulator.post("/api/clock", {"advance_s": 3 * 3600})
    told = event(simulator, "pausing", event="APPROVED")
    assert told["other_info"]["title"] == "UNPAUSE"
    simulator.post("/api/templates", {"name": "pausing", "event": "PAUSED", "title": "RATE_LIMITING_PAUSE"})
    simulator.post("/api/clock", {"advance_s": 24 * 3600})
    assert show(simulator, made["id"])["status"] == "PAUSED"
    assert graph(simulator, "POST", f"{made['id']}/unpause") == (200, {"success": True})
    assert show(simulator, made["id"])["status"] == "APPROVED"
    assert graph(simulator, "POST", f"{made['id']}/unpause")[1]["success"] is False


@pytest.mark.parametrize("how", ["hsm_id", "hsm_ids", "id"])
def test_one_template_is_deleted_and_its_sister_stays(simulator: Simulator, how: str):
    name = f"sister_{how}"
    made, sister = create(simulator, name), create(simulator, name, language="en")
    paths = {
        "hsm_id": f"{PATH}?name={name}&hsm_id={made['id']}",
        "hsm_ids": f"{PATH}?hsm_ids=[{made['id']}]",
        "id": made["id"],
    }
    assert graph(simulator, "DELETE", paths[how])[0] == 200
    assert graph(simulator, "GET", made["id"])[0] == 400
    assert show(simulator, sister["id"])["name"] == name


def test_what_is_not_there_or_disabled_is_not_deleted(simulator: Simulator):
    assert graph(simulator, "DELETE", f"{PATH}?name=no_such")[1]["error"]["error_subcode"] == 2593002
    assert graph(simulator, "DELETE", PATH)[1]["error"]["code"] == 100
    ids = ",".join(str(number) for number in range(101))
    assert graph(simulator, "DELETE", f"{PATH}?hsm_ids={ids}")[1]["error"]["code"] == 100
    create(simulator, "disabled_one")
    simulator.post("/api/templates", {"name": "disabled_one", "event": "DISABLED"})
    assert "disabled" in graph(simulator, "DELETE", f"{PATH}?name=disabled_one")[1]["error"]["error_user_msg"]


@pytest.mark.parametrize(
    ("more", "subcode"),
    [
        ({"name": "Bad Name"}, None),
        ({"name": ""}, None),
        ({"language": "Arabic"}, None),
        ({"category": "FUN"}, None),
        ({"parameter_format": "ODD"}, None),
        ({"message_send_ttl_seconds": 10}, None),
        ({"components": []}, None),
        ({"name": "operator_brief"}, 2388024),
        ({"components": [{"type": "BODY", "text": "م" * 1025}]}, 2388040),
    ],
    ids=["name", "no name", "language", "category", "format", "ttl", "empty", "exists", "long"],
)
def test_a_template_that_breaks_a_rule_is_not_made(simulator: Simulator, more: Json, subcode: int | None):
    status, answer = graph(simulator, "POST", PATH, wish("refused_one") | more)
    assert (status, answer["error"]["code"], answer["error"].get("error_subcode")) == (400, 100, subcode)
    assert "refused_one" not in names(simulator, "limit=1000")


def test_an_account_makes_a_hundred_templates_an_hour(simulator: Simulator):
    simulator.post("/api/clock", {"advance_s": 3600})
    answers = [graph(simulator, "POST", PATH, wish(f"many_{number}"))[0] for number in range(101)]
    assert answers == [200] * 100 + [400]
    assert graph(simulator, "POST", PATH, wish("one_more"))[1]["error"]["code"] == 80007
    simulator.post("/api/clock", {"advance_s": 3600})
    create(simulator, "one_more")
    for hour in range(2):
        simulator.post("/api/clock", {"advance_s": 3600 * (hour + 1)})
        for number in range(100):
            status, answer = graph(simulator, "POST", PATH, wish(f"most_{hour}_{number}"))
            if status != 200:
                assert answer["error"]["error_subcode"] == 2388019
                assert len(names(simulator, "limit=1000")) <= MOST
                return
    pytest.fail(f"more than {MOST} templates were made")
