"""How soon ticks come by themselves, set on the bench."""

from collections.abc import Iterator

import pytest

from tests.simulator.conftest import CONTACT, Simulator, eventually

FAST = {"sent_s": 0.02, "delivered_s": 0.05, "read_s": 0.1}


@pytest.fixture(autouse=True)
def fast_again(simulator: Simulator) -> Iterator[None]:
    simulator.open_window()
    yield
    simulator.post("/api/ladder", FAST)


def sent(simulator: Simulator) -> str:
    payload = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "text", "text": {"body": "مرحبا"}}
    return simulator.send(payload)[1]["messages"][0]["id"]


def ticks(simulator: Simulator, wamid: str) -> str:
    return next(row["status"] for row in simulator.phone(CONTACT)["messages"] if row["wamid"] == wamid)


def test_a_step_of_zero_seconds_waits_for_the_hand(simulator: Simulator):
    assert simulator.post("/api/ladder", {"read_s": 0}) == FAST | {"read_s": 0}
    first = sent(simulator)
    eventually(lambda: ticks(simulator, first) == "delivered")
    simulator.post("/api/ladder", FAST)
    later = sent(simulator)
    eventually(lambda: ticks(simulator, later) == "read")
    assert ticks(simulator, first) == "delivered"
    simulator.post("/api/statuses", {"wamid": first, "status": "read"})
    assert ticks(simulator, first) == "read"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"read_s": -1}, "read_s must be seconds"),
        ({"sent_s": True}, "sent_s must be seconds"),
        ({"sent_s": 5}, "one after the other"),
        ({"played_s": 1}, "played_s is no step"),
    ],
)
def test_what_is_no_ladder_is_refused_and_nothing_changes(simulator: Simulator, wish: dict[str, object], said: str):
    status, answer = simulator.call("POST", "/api/ladder", wish)
    assert status == 400
    assert said in answer["error"]
    assert simulator.state()["ladder"] == FAST
