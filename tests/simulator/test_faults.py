"""Every fault of the list in operator-ui section 10, through real HTTP: what the product sees of it."""

import hashlib
import hmac
import http.client
import json
import time
from collections import Counter
from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, NUMBER_ID, OPERATOR, SECRET, Json, Receiver, Simulator, eventually
from wakeel.simulator.chance import Chance
from wakeel.simulator.fault_kinds import Kind, WebhookKind
from wakeel.simulator.faults import Faults
from wakeel.simulator.wishes import Mistake

pytestmark = pytest.mark.processes

Post = tuple[dict[str, str], bytes]


@pytest.fixture
def calm(simulator: Simulator) -> Simulator:
    """The simulator with nothing under way, and a receiver that has seen nothing."""
    eventually(lambda: is_settled(simulator))
    simulator.receiver.came.clear()
    return simulator


def is_settled(simulator: Simulator) -> bool:
    """True when no webhook is on its way and every message on the two phones had its last status."""
    state = simulator.state()
    phones = [phone for phone in state["phones"] if phone["wa_id"] in {CONTACT, OPERATOR}]
    received = [m for phone in phones for m in phone["messages"] if m["direction"] == "received"]
    return not state["webhook"]["waiting"] and all(m["status"] in {"read", "failed"} for m in received)


def text_to(wa_id: str, **more: Any) -> Json:
    return {"messaging_product": "whatsapp", "to": f"+{wa_id}", "type": "text", "text": {"body": "نص"}, **more}


def next_webhook(simulator: Simulator, **wish: object) -> None:
    simulator.post("/api/faults", {"next_webhooks": [wish]})


def next_send(simulator: Simulator, **wish: object) -> None:
    simulator.post("/api/faults", {"next_sends": [wish]})


def with_wamid(receiver: Receiver, wamid: str) -> list[Post]:
    """The webhooks that carry this id, oldest first, also altered or unsigned ones."""
    return [post for post in list(receiver.came) if wamid[-20:].encode() in post[1]]


def is_signed(post: Post) -> bool:
    headers, body = post
    right = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(headers.get("x-hub-signature-256", ""), right)


def wamids_in(body: bytes) -> list[str]:
    values = [change["value"] for entry in json.loads(body)["entry"] for change in entry["changes"]]
    return [row["id"] for value in values for row in value.get("messages", [])]


# Webhooks


def test_a_dropped_webhook_comes_at_the_next_try(calm: Simulator):
    next_webhook(calm, kind="drop", only="messages")
    wamid = calm.open_window()
    calm.receiver.message(wamid)
    eventually(lambda: calm.state()["webhook"]["waiting"] == 0)
    row, again = [row for row in calm.call("GET", "/api/wire")[1] if wamid in row["body"]]
    assert (row["fault"], row["status"], row["answer"]) == ("drop", None, "lost on the way")
    assert (again["fault"], again["status"]) == ("", 200)
    assert len(with_wamid(calm.receiver, wamid)) == 1


def test_a_lost_webhook_never_comes(calm: Simulator):
    next_webhook(calm, kind="lose", to=CONTACT)
    other, lost = calm.open_window(OPERATOR), calm.open_window(CONTACT)
    calm.receiver.message(other)
    eventually(lambda: calm.state()["webhook"]["waiting"] == 0)
    assert with_wamid(calm.receiver, lost) == []


def test_a_duplicate_is_the_same_byte_for_byte_and_can_come_days_later(calm: Simulator):
    """Meta goes on retrying what was taken when its 200 was lost."""
    next_webhook(calm, kind="duplicate", seconds=6 * 86_400)
    wamid = calm.open_window()
    calm.receiver.message(wamid)
    assert len(with_wamid(calm.receiver, wamid)) == 1
    calm.post("/api/clock", {"advance_s": 6 * 86_400})
    eventually(lambda: len(with_wamid(calm.receiver, wamid)) == 2)
    first, second = with_wamid(calm.receiver, wamid)
    assert first == second


def test_three_webhooks_are_held_and_released_backwards(calm: Simulator):
    next_webhook(calm, kind="reorder")
    wamids = [calm.open_window() for _ in range(2)]
    time.sleep(0.1)
    assert calm.receiver.came == []
    wamids.append(calm.open_window())
    eventually(lambda: len(calm.receiver.came) == 3)
    assert [wamid for _, body in calm.receiver.came for wamid in wamids_in(body)] == wamids[::-1]


def test_fewer_than_three_are_released_all_the_same(calm: Simulator):
    next_webhook(calm, kind="reorder", seconds=2)
    wamids = [calm.open_window() for _ in range(2)]
    eventually(lambda: len(calm.receiver.came) == 2)
    assert [wamid for _, body in calm.receiver.came for wamid in wamids_in(body)] == wamids[::-1]


def test_a_delayed_webhook_comes_after_younger_ones(calm: Simulator):
    next_webhook(calm, kind="delay", seconds=2)
    delayed, younger = calm.open_window(), calm.open_window()
    calm.receiver.message(delayed)
    assert [wamid for _, body in calm.receiver.came for wamid in wamids_in(body)] == [younger, delayed]


def test_a_late_webhook_waits_six_days_of_business_time(calm: Simulator):
    next_webhook(calm, kind="late")
    wamid = calm.open_window()
    calm.post("/api/clock", {"advance_s": 5 * 86_400})
    time.sleep(0.1)
    assert with_wamid(calm.receiver, wamid) == []
    calm.post("/api/clock", {"advance_s": 86_400})
    message = calm.receiver.message(wamid)
    assert calm.state()["clock"]["now"] - int(message["timestamp"]) >= 6 * 86_400


def test_many_updates_come_in_one_post_signed_over_its_bytes(calm: Simulator):
    next_webhook(calm, kind="batch", count=4)
    wamids = [calm.open_window(wa_id) for wa_id in (CONTACT, CONTACT, OPERATOR, CONTACT)]
    eventually(lambda: calm.receiver.came)
    [(headers, body)] = calm.receiver.came
    assert is_signed((headers, body))
    assert wamids_in(body) == wamids
    [entry] = json.loads(body)["entry"]
    assert [len(change["value"]["messages"]) for change in entry["changes"]] == [2, 1, 1]
    eventually(lambda: calm.state()["webhook"]["waiting"] == 0)


@pytest.mark.parametrize("kind", ["wrong_signature", "no_signature", "altered"])
def test_a_spoilt_webhook_is_followed_by_the_right_one(calm: Simulator, kind: str):
    """The first one must be refused; what it stands for must not be lost."""
    next_webhook(calm, kind=kind)
    wamid = calm.open_window()
    eventually(lambda: len(with_wamid(calm.receiver, wamid)) == 2)
    spoilt, right = with_wamid(calm.receiver, wamid)
    assert not is_signed(spoilt)
    assert ("x-hub-signature-256" in spoilt[0]) is (kind != "no_signature")
    assert (spoilt[1] == right[1]) is (kind != "altered")
    assert is_signed(right)
    assert wamids_in(right[1]) == [wamid]


def test_unknown_fields_stand_on_every_level(calm: Simulator):
    next_webhook(calm, kind="unknown_fields")
    wamid = calm.open_window()
    assert calm.receiver.message(wamid)["unheard_of"]
    body = json.loads(with_wamid(calm.receiver, wamid)[0][1])
    entry = body["entry"][0]
    change = entry["changes"][0]
    levels = [body, entry, change, change["value"], change["value"]["contacts"][0]]
    assert all("unheard_of" in level for level in levels)


def test_a_very_large_webhook_is_just_below_metas_limit(calm: Simulator):
    next_webhook(calm, kind="very_large")
    wamid = calm.open_window()
    calm.receiver.message(wamid)
    [(_, body)] = with_wamid(calm.receiver, wamid)
    assert 2_990_000 < len(body) <= 3_000_000
    [row] = [row for row in calm.call("GET", "/api/wire?last=5")[1] if row["size"] == len(body)]
    assert (row["cut"], len(row["body"]), row["curl"]) == (True, 100_000, None)
    assert len(calm.call("GET", f"/api/wire/{row['n']}")[1]["body"]) == len(body)


def test_what_was_held_comes_in_one_batch(calm: Simulator):
    """As Meta's backlog does when the product was away."""
    calm.post("/api/faults", {"hold_webhooks": True})
    wamids = [calm.open_window() for _ in range(5)]
    calm.post("/api/faults", {"hold_webhooks": False})
    eventually(lambda: calm.state()["webhook"]["waiting"] == 0)
    [(_, body)] = calm.receiver.came
    assert wamids_in(body) == wamids
    phone = calm.phone(CONTACT)
    assert {message["status"] for message in phone["messages"] if message["wamid"] in wamids} == {"delivered"}


def test_a_batch_that_is_refused_is_tried_again_as_it_was(calm: Simulator):
    calm.receiver.status = 500
    next_webhook(calm, kind="batch", count=2)
    wamids = [calm.open_window() for _ in range(2)]
    eventually(lambda: len(calm.receiver.came) >= 2)
    calm.receiver.status = 200
    eventually(lambda: calm.state()["webhook"]["waiting"] == 0)
    assert len({body for _, body in calm.receiver.came}) == 1
    assert wamids_in(calm.receiver.came[0][1]) == wamids


# Sends


REFUSALS = [
    (130429, 429), (131056, 400), (131047, 400), (131048, 400), (131049, 400), (131026, 400), (132000, 400),
    (132001, 404), (132015, 400), (190, 401), (368, 403),
]  # fmt: skip


def test_every_listed_refusal_comes_with_its_code_and_status(calm: Simulator):
    calm.open_window()
    calm.post("/api/faults", {"next_sends": [{"kind": "refuse", "code": code} for code, _ in REFUSALS]})
    answers = [calm.send(text_to(CONTACT)) for _ in REFUSALS]
    assert [(answer["error"]["code"], status) for status, answer in answers] == REFUSALS
    assert all(answer["error"]["fbtrace_id"] for _, answer in answers)
    assert calm.send(text_to(CONTACT))[0] == 200


@pytest.mark.parametrize("kind", ["http_500", "http_503"])
def test_a_server_error_is_not_accepted_unless_asked_for(calm: Simulator, kind: str):
    calm.open_window()
    calm.post("/api/faults", {"next_sends": [{"kind": kind}, {"kind": kind, "accepted": True}]})
    statuses = [calm.send(text_to(CONTACT, biz_opaque_callback_data=f"{kind}-{n}"))[0] for n in (0, 1)]
    assert statuses == [int(kind.removeprefix("http_"))] * 2
    callbacks = {row["callback"] for row in calm.call("GET", "/api/sent")[1]}
    assert f"{kind}-0" not in callbacks
    assert f"{kind}-1" in callbacks


def test_an_accepted_message_can_fail_afterwards(calm: Simulator):
    """131049 and 131026 come as a status after a 200 (whatsapp-cloud-api.md section 6)."""
    calm.open_window()
    next_send(calm, kind="fail", code=131049)
    status, answer = calm.send(text_to(CONTACT, biz_opaque_callback_data="fails"))
    assert status == 200
    [row] = eventually(lambda: calm.receiver.statuses(answer["messages"][0]["id"]))
    assert (row["status"], row["errors"][0]["code"]) == ("failed", 131049)
    assert calm.phone(CONTACT)["messages"][-1]["error"] == 131049


@pytest.mark.parametrize(("accepted", "lies_there"), [(None, True), (False, False)])
def test_an_answer_that_is_no_json_says_nothing_about_acceptance(
    calm: Simulator, accepted: bool | None, *, lies_there: bool
):
    calm.open_window()
    next_send(calm, kind="invalid_json", accepted=accepted)
    connection = http.client.HTTPConnection("127.0.0.1", calm.port, timeout=30)
    callback = f"torn-{accepted}"
    headers = {"Content-Type": "application/json", "Authorization": "Bearer practice"}
    body = json.dumps(text_to(CONTACT, biz_opaque_callback_data=callback))
    connection.request("POST", f"/v25.0/{NUMBER_ID}/messages", body, headers)
    answer = connection.getresponse()
    half = answer.read()
    connection.close()
    assert answer.status == 200
    assert half.startswith(b"{")
    with pytest.raises(json.JSONDecodeError):
        json.loads(half)
    assert any(row["callback"] == callback for row in calm.call("GET", "/api/sent")[1]) is lies_there


@pytest.mark.parametrize(("kind", "accepted"), [("timeout_before", False), ("timeout_after", True)])
def test_a_time_out_before_or_after_accepting_looks_the_same_to_the_caller(
    calm: Simulator, kind: str, *, accepted: bool
):
    calm.open_window()
    next_send(calm, kind=kind, seconds=0.2)
    began = time.monotonic()
    with pytest.raises(http.client.RemoteDisconnected):
        calm.send(text_to(CONTACT, biz_opaque_callback_data=kind))
    assert time.monotonic() - began >= 0.2
    rows = [row for row in calm.call("GET", "/api/sent")[1] if row["callback"] == kind]
    assert bool(rows) is accepted
    if accepted:
        eventually(lambda: len(calm.receiver.statuses(rows[0]["wamid"])) == 3)


def test_the_statuses_can_come_before_the_answer(calm: Simulator):
    calm.open_window()
    next_send(calm, kind="status_first")
    _, answer = calm.send(text_to(CONTACT))
    came = {row["status"] for row in calm.receiver.statuses(answer["messages"][0]["id"])}
    assert came >= {"sent", "delivered"}


def test_a_fault_can_be_wished_several_times_and_all_of_them_be_ended(calm: Simulator):
    calm.open_window()
    next_send(calm, kind="refuse", code=131056, times=3)
    assert len(calm.state()["faults"]["next_sends"]) == 3
    assert calm.send(text_to(CONTACT))[0] == 400
    left = calm.post("/api/faults", {"reset": True})
    assert (left["next_sends"], left["rates"]) == ([], {})
    assert calm.send(text_to(CONTACT))[0] == 200


# Rates


def test_a_rate_of_one_meets_everything_and_the_seed_is_shown(calm: Simulator):
    state = calm.post("/api/faults", {"rates": {"duplicate_webhooks": 1, "refuse_131056_sends": 1}})
    assert state["seed"] == 1
    wamid = calm.open_window()
    eventually(lambda: len(with_wamid(calm.receiver, wamid)) == 2)
    assert calm.send(text_to(CONTACT))[1]["error"]["code"] == 131056
    hits = calm.state()["faults"]["hits"]
    assert hits["duplicate_webhooks"] >= 1
    assert hits["refuse_131056_sends"] >= 1


def choices(seed: int, **rates: float) -> list[str]:
    """The fault of each of a hundred sends and updates."""
    chance = Chance()
    chance.change(rates=rates, seed=seed)
    drawn = [draw() for _ in range(100) for draw in (chance.send, chance.webhook)]
    return [f"{found[0]}:{getattr(found[1], 'code', '')}" if found else "" for found in drawn]


def test_the_same_seed_makes_the_same_choices_and_another_one_others():
    rates = {"drop_webhooks": 0.2, "duplicate_webhooks": 0.2, "refuse_sends": 0.3, "slow_sends": 0.1}
    assert choices(7, **rates) == choices(7, **rates)
    assert choices(7, **rates) != choices(8, **rates)
    counted = Counter(choice.partition(":")[0] for choice in choices(7, **rates))
    assert {"drop_webhooks", "duplicate_webhooks", "refuse_sends", "slow_sends"} <= counted.keys()


def test_how_many_webhooks_there_are_does_not_decide_what_happens_to_the_sends():
    few, many = Chance(), Chance()
    for chance in (few, many):
        chance.change(rates={"drop_webhooks": 0.5, "refuse_sends": 0.5}, seed=3)
    for _ in range(10):
        many.webhook()
    assert [few.send() for _ in range(20)] == [many.send() for _ in range(20)]


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"rates": {"drop_webhooks": 2}}, "drop_webhooks"),
        ({"rates": {"drop_webhooks": True}}, "drop_webhooks"),
        ({"rates": {"explode_sends": 0.1}}, "explode_sends"),
        ({"rates": {"slow_7_sends": 0.1}}, "slow_7_sends"),
        ({"rates": {"drop_webhooks": 0.6, "lose_webhooks": 0.6}}, "more than 1"),
        ({"seed": "seven"}, "seed"),
        ({"next_webhooks": [{"kind": "explode"}]}, "kind"),
        ({"next_webhooks": [{"kind": "drop", "only": "letters"}]}, "only"),
        ({"next_webhooks": [{"kind": "batch", "count": 0}]}, "count"),
        ({"next_webhooks": {"kind": "drop"}}, "list"),
        ({"next_sends": [{"kind": "slow", "seconds": -1}]}, "seconds"),
        ({"next_sends": [{"kind": "refuse", "code": True}]}, "code"),
        ({"next_sends": [{"kind": "refuse", "times": 0}]}, "times"),
        ({"hold_webhooks": 1}, "hold_webhooks"),
        ({"weather": True}, "weather"),
    ],
)
def test_a_mistaken_wish_names_its_field_and_changes_nothing(wish: Json, word: str):
    faults = Faults()
    faults.change({"next_sends": [{"kind": "slow"}], "rates": {"drop_webhooks": 0.1}, "seed": 5})
    before = faults.row()
    with pytest.raises(Mistake, match=word):
        faults.change({"duplicate_webhooks": True, **wish})
    assert faults.row() == before


def test_what_was_read_can_be_wished_again():
    """The page adds to the list it was shown."""
    faults = Faults()
    sends = [{"kind": kind} for kind in Kind]
    webhooks = [{"kind": kind} for kind in WebhookKind]
    faults.change({"next_sends": sends, "next_webhooks": webhooks})
    before = faults.row()
    faults.change({name: before[name] for name in ("next_sends", "next_webhooks", "rates", "seed")})
    assert faults.row() == before
