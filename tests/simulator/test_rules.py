"""Every rule of Meta's that refuses, holds or drops a well-formed message; each can be switched off."""

import pytest

from tests.simulator.conftest import CONTACT, OPERATOR, Json, Simulator, eventually
from wakeel.simulator.personas import Persona
from wakeel.simulator.rules.book import RuleMistake, Rules, wish_of
from wakeel.simulator.rules.judge import Judge, Send
from wakeel.simulator.rules.ledger import Bucket, Ledger
from wakeel.simulator.templates import Template
from wakeel.simulator.world import Phone

NOW = 1_800_000_000.0
DAY_S = 86_400
MARKETING, UTILITY = "opportunity_follow_up", "meeting_reminder"


def text_to(wa_id: str) -> Json:
    return {"messaging_product": "whatsapp", "to": f"+{wa_id}", "type": "text", "text": {"body": "نص"}}


def template_to(wa_id: str, name: str = MARKETING, *, language: str = "ar", values: int = 2) -> Json:
    parameters = [{"type": "text", "text": "قيمة"}] * values
    template = {"name": name, "language": {"code": language}}
    template["components"] = [{"type": "body", "parameters": parameters}]
    return {"messaging_product": "whatsapp", "to": f"+{wa_id}", "type": "template", "template": template}


def code_of(simulator: Simulator, payload: Json) -> int | None:
    return simulator.send(payload)[1].get("error", {}).get("code")


def failure_of(simulator: Simulator, payload: Json) -> int:
    """The code of the failed status that follows a 200."""
    status, answer = simulator.send(payload)
    assert status == 200, answer
    [row] = eventually(lambda: simulator.receiver.statuses(answer["messages"][0]["id"]))
    assert row["status"] == "failed"
    code: int = row["errors"][0]["code"]
    return code


def fresh_person(simulator: Simulator, serial: int) -> str:
    wa_id = f"96655{serial:07d}"
    simulator.post("/api/phones", {"wa_id": wa_id})
    return wa_id


# Through HTTP


@pytest.mark.processes
def test_the_window_can_be_left_open_for_good(simulator: Simulator):
    person = fresh_person(simulator, 1)
    assert code_of(simulator, text_to(person)) == 131047
    simulator.post("/api/rules", {"window": False})
    assert code_of(simulator, text_to(person)) is None


@pytest.mark.processes
def test_a_template_that_is_not_there_is_refused_unless_templates_are_off(simulator: Simulator):
    person = fresh_person(simulator, 2)
    assert code_of(simulator, template_to(person, "unheard_of")) == 132001
    assert code_of(simulator, template_to(person, values=1)) == 132000
    simulator.post("/api/rules", {"templates": False})
    assert code_of(simulator, template_to(person, "unheard_of")) is None
    assert code_of(simulator, template_to(person, values=1)) is None


@pytest.mark.processes
def test_after_a_burst_one_person_gets_one_message_every_so_often_and_others_are_free(simulator: Simulator):
    """Meta's 45 and 6 s stand in the defaults; here they are such that a slow machine cannot pay a message back."""
    person, other = fresh_person(simulator, 3), fresh_person(simulator, 4)
    for wa_id in (person, other):
        simulator.open_window(wa_id)
    simulator.post("/api/rules", {"pair_rate": True, "pair_burst": 3, "pair_every_s": 600})
    assert [code_of(simulator, text_to(person)) for _ in range(4)] == [None, None, None, 131056]
    assert code_of(simulator, text_to(other)) is None
    simulator.post("/api/clock", {"advance_s": 600})
    assert [code_of(simulator, text_to(person)) for _ in range(2)] == [None, 131056]


@pytest.mark.processes
def test_the_throughput_of_the_number_is_shared_by_everybody(simulator: Simulator):
    simulator.open_window(CONTACT)
    simulator.open_window(OPERATOR)
    simulator.post("/api/rules", {"throughput_per_s": 1})
    codes = (code_of(simulator, text_to(wa_id)) for wa_id in [CONTACT, OPERATOR] * 50)
    assert 130429 in codes
    simulator.post("/api/clock", {"advance_s": 100})
    assert code_of(simulator, text_to(CONTACT)) is None
    simulator.post("/api/clock", {"advance_s": 100})  # the later tests begin with nothing owed


@pytest.mark.processes
def test_a_new_account_reaches_so_many_people_outside_their_windows_a_day(simulator: Simulator):
    people = [fresh_person(simulator, serial) for serial in range(10, 14)]
    simulator.open_window(people[3])
    reached = simulator.call("GET", "/api/rules")[1]["people_reached"]
    simulator.post("/api/rules", {"messaging_limit": True, "messaging_limit_people": reached + 2})
    codes = [code_of(simulator, template_to(person, UTILITY)) for person in (*people[:2], people[0], people[2])]
    assert codes == [None, None, None, 131048]
    assert code_of(simulator, template_to(people[3], UTILITY)) is None, "inside the window it does not count"
    simulator.post("/api/clock", {"advance_s": DAY_S})
    assert code_of(simulator, template_to(people[2], UTILITY)) is None


@pytest.mark.processes
def test_marketing_a_person_does_not_answer_is_dropped_from_the_third_of_a_day_on(simulator: Simulator):
    """131049 is a status, not a refusal; an answer of the person begins anew."""
    person = fresh_person(simulator, 20)
    simulator.post("/api/rules", {"marketing_cap": True})
    assert [code_of(simulator, template_to(person)) for _ in range(2)] == [None, None]
    assert failure_of(simulator, template_to(person)) == 131049
    assert code_of(simulator, template_to(person, UTILITY)) is None
    simulator.open_window(person)
    status, answer = simulator.send(template_to(person))
    assert status == 200
    eventually(lambda: len(simulator.receiver.statuses(answer["messages"][0]["id"])) == 3)


@pytest.mark.processes
def test_who_stopped_marketing_gets_no_more_of_it_but_everything_else(simulator: Simulator):
    person = fresh_person(simulator, 21)
    simulator.post(f"/api/phones/{person}/preferences", {"marketing": "stop"})
    assert failure_of(simulator, template_to(person)) == 131050
    assert code_of(simulator, template_to(person, UTILITY)) is None
    simulator.post("/api/rules", {"opt_out": False})
    status, answer = simulator.send(template_to(person))
    assert status == 200
    eventually(lambda: len(simulator.receiver.statuses(answer["messages"][0]["id"])) == 3)


@pytest.mark.processes
def test_a_test_number_writes_to_its_list_only(simulator: Simulator):
    simulator.open_window(CONTACT)
    simulator.open_window(OPERATOR)
    simulator.post("/api/rules", {"test_numbers": True, "test_number_list": [f"+{OPERATOR}"]})
    assert code_of(simulator, text_to(CONTACT)) == 131030
    assert code_of(simulator, text_to(OPERATOR)) is None


@pytest.mark.processes
@pytest.mark.parametrize(("state", "code", "http_status"), [("restricted", 368, 403), ("locked", 131031, 403)])
def test_an_account_in_trouble_sends_nothing(simulator: Simulator, state: str, code: int, http_status: int):
    simulator.open_window(CONTACT)
    simulator.post("/api/rules", {"account": state})
    status, answer = simulator.send(text_to(CONTACT))
    assert (status, answer["error"]["code"]) == (http_status, code)


@pytest.mark.processes
def test_an_expired_token_is_good_for_nothing(simulator: Simulator):
    simulator.post("/api/rules", {"account": "token_expired"})
    for path in ("/v25.0/105500000000002", "/v25.0/215500000000001/message_templates"):
        status, answer = simulator.call("GET", path, Authorization="Bearer practice")
        assert (status, answer["error"]["code"]) == (401, 190)
    assert simulator.send(text_to(CONTACT))[0] == 401


@pytest.mark.processes
def test_without_a_way_to_pay_templates_fail_after_they_were_accepted(simulator: Simulator):
    simulator.post("/api/rules", {"account": "unpaid"})
    assert failure_of(simulator, template_to(fresh_person(simulator, 22), UTILITY)) == 131042


@pytest.mark.processes
def test_a_paced_message_reaches_nobody_until_its_verdict(simulator: Simulator):
    person = fresh_person(simulator, 30)
    simulator.post("/api/templates", {"name": MARKETING, "quality": "YELLOW"})
    simulator.post("/api/rules", {"pacing_after": 1})
    assert "message_status" not in simulator.send(template_to(person))[1]["messages"][0]
    first, second = (simulator.send(template_to(person))[1]["messages"][0] for _ in range(2))
    assert first["message_status"] == second["message_status"] == "held_for_quality_assessment"
    assert simulator.call("GET", "/api/rules")[1]["held"] == 2
    assert simulator.receiver.statuses(first["id"]) == []
    simulator.post("/api/clock", {"advance_s": 1_800})
    for held in (first, second):
        eventually(lambda held=held: len(simulator.receiver.statuses(held["id"])) == 3)
    assert [m["wamid"] for m in simulator.phone(person)["messages"]][-2:] == [first["id"], second["id"]]
    simulator.post("/api/templates", {"name": MARKETING, "quality": "GREEN"})
    assert "message_status" not in simulator.send(template_to(person))[1]["messages"][0]


@pytest.mark.processes
@pytest.mark.parametrize("by_hand", [True, False])
def test_a_paced_message_of_a_disliked_template_is_dropped(simulator: Simulator, *, by_hand: bool):
    person = fresh_person(simulator, 31 + by_hand)
    simulator.post("/api/templates", {"name": MARKETING, "quality": "RED"})
    simulator.post("/api/rules", {"pacing_after": 0})
    held = simulator.send(template_to(person))[1]["messages"][0]
    assert held["message_status"] == "held_for_quality_assessment"
    if by_hand:
        told = simulator.post("/api/rules/held", {"verdict": "drop", "template": MARKETING})
        assert told == {"messages": 1}
    else:
        simulator.post("/api/clock", {"advance_s": 1_800})
    [row] = eventually(lambda: simulator.receiver.statuses(held["id"]))
    assert (row["status"], row["errors"][0]["code"]) == ("failed", 132015)
    simulator.post("/api/templates", {"name": MARKETING, "quality": "GREEN"})


@pytest.mark.processes
@pytest.mark.parametrize("wish", [{"window": "no"}, {"weather": True}, {"account": "rich"}, {"pair_burst": 0}])
def test_a_mistaken_rule_is_answered_in_words(simulator: Simulator, wish: Json):
    before = simulator.call("GET", "/api/rules")[1]
    status, answer = simulator.call("POST", "/api/rules", wish)
    assert status == 400
    assert next(iter(wish)) in answer["error"]
    assert simulator.call("GET", "/api/rules")[1] == before


# Without a process


def test_the_defaults_are_those_of_a_new_business_account():
    rules = Rules()
    switched_off = [name for name, value in rules.row().items() if value is False]
    assert switched_off == ["test_numbers"]
    assert (rules.pair_burst, rules.pair_every_s, rules.throughput_per_s) == (45, 6.0, 80)
    assert rules.messaging_limit_people == 250


def test_a_burst_is_paid_back_before_the_next_one():
    bucket = Bucket()
    for _ in range(45):
        assert not bucket.is_full("منى", every_s=6, burst=45, now=NOW)
        bucket.add("منى", every_s=6, now=NOW)
    assert bucket.is_full("منى", every_s=6, burst=45, now=NOW + 5.9)
    assert not bucket.is_full("منى", every_s=6, burst=45, now=NOW + 6)
    assert not bucket.is_full("غيرها", every_s=6, burst=45, now=NOW)


def test_what_people_write_uses_up_the_throughput_too():
    judge = Judge(Rules(throughput_per_s=2), Ledger())
    assert judge.limit(a_send(), now=NOW) is None
    for _ in range(2):
        judge.heard(now=NOW)
    assert judge.limit(a_send(), now=NOW).code == 130429


def a_send(serial: int = 1, *, template: Template | None = None, **more: object) -> Send:
    phone = Phone(persona=Persona(wa_id=f"96650{serial}", bsuid=f"SA.{serial}", name="منى"), bsuid=f"SA.{serial}")
    return Send(f"SA.{serial}", phone.wa_id, phone, is_template=template is not None, template=template, **more)


def a_template(**more: object) -> Template:
    return Template(1, "offer", "ar", "MARKETING", [], **more)


def test_who_was_reached_more_than_a_day_ago_makes_room_again():
    judge = Judge(Rules(messaging_limit_people=1), Ledger())
    first, second = (a_send(serial, template=a_template()) for serial in (1, 2))
    judge.took(first, now=NOW)
    assert judge.limit(first, now=NOW + 60) is None
    assert judge.limit(second, now=NOW + DAY_S - 1).code == 131048
    assert judge.limit(second, now=NOW + DAY_S) is None


def test_a_stop_weighs_more_than_the_cap():
    judge = Judge(Rules(marketing_cap_per_day=0), Ledger())
    send = a_send(template=a_template())
    assert judge.doom(send, now=NOW) == 131049
    send.phone.marketing_stopped = True
    assert judge.doom(send, now=NOW) == 131050


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        (["pair_rate=off", "pacing=on"], {"pair_rate": False, "pacing": True}),
        (["messaging_limit_people=2000"], {"messaging_limit_people": 2000}),
        (["test_number_list=966500000001,+966500000002"], {"test_number_list": ["966500000001", "+966500000002"]}),
        (["account=locked"], {"account": "locked"}),
    ],
)
def test_rules_can_be_set_on_the_command_line(words: list[str], wish: Json):
    assert wish_of(words) == wish


@pytest.mark.parametrize("word", ["pair_rate", "pair_rate=perhaps", "weather=on", "pair_burst=many"])
def test_a_mistaken_word_on_the_command_line_is_refused(word: str):
    with pytest.raises(RuleMistake, match=word.partition("=")[0]):
        wish_of([word])
