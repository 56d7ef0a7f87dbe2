"""Reset: everything as at the first start, within two seconds, alone and together with the product."""

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, PERSONAS, Json, Receiver, Simulator, eventually
from wakeel.simulator import product

pytestmark = pytest.mark.processes

Start = Callable[..., Simulator]
FIRST = ("phones", "faults", "rules", "business", "scripts")


def lived_in(simulator: Simulator) -> str:
    """Chats, a new phone, faults, rules, another template, days gone by; the wamid of a message."""
    simulator.open_window()
    text = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "text", "text": {"body": "نص"}}
    wamid: str = simulator.send(text)[1]["messages"][0]["id"]
    simulator.post("/api/phones", {"wa_id": "966500000077"})
    simulator.post("/api/templates", {"name": "made_later"})
    simulator.post("/api/clock", {"advance_s": 86_400})
    simulator.post("/api/rules", {"window": False, "account": "locked"})
    simulator.post(
        "/api/faults", {"hold_webhooks": True, "rates": {"drop_webhooks": 0.5}, "next_sends": [{"kind": "slow"}]}
    )
    return wamid


def seen(simulator: Simulator) -> Json:
    state = simulator.state()
    for phone in state["phones"]:
        del phone["mark"]  # of this process
    templates: Any = simulator.call("GET", "/api/templates")[1]
    return {name: state[name] for name in FIRST if name in state} | {"templates": [row["name"] for row in templates]}


def test_everything_is_as_at_the_first_start_and_stays_so_at_the_next(tmp_path: Path, start: Start):
    first = start("--quiet-personas")
    before = seen(first)
    wamid = lived_in(first)
    revision = first.state()["revision"]
    stream = http.client.HTTPConnection("127.0.0.1", first.port, timeout=30)
    stream.request("GET", "/api/events")
    changes = stream.getresponse()
    began = time.monotonic()
    assert first.post("/api/reset", {}) == {"product": None}
    assert time.monotonic() - began < 10, "two seconds on a machine with nothing else to do"
    assert seen(first) == before
    after = first.state()
    assert after["clock"]["offset_s"] == 0
    assert (tmp_path / "practice-clock").read_text() == "0\n"
    assert after["revision"] > revision, "an open page must see that something changed"
    assert b"data:" in changes.read(), "its stream ends, so that it opens a new one"
    stream.close()
    assert first.call("GET", "/api/sent")[1] == []
    assert wamid not in json.dumps(first.call("GET", "/api/wire")[1])
    assert first.stop() == 0
    second = start("--quiet-personas")
    assert seen(second) == before
    assert second.state()["clock"]["offset_s"] == 0
    second.receiver.message(second.open_window())


def test_a_mistake_in_the_personas_file_leaves_everything_as_it_is(tmp_path: Path, start: Start):
    personas = tmp_path / "people.toml"
    personas.write_text(PERSONAS.read_text(encoding="utf-8"), encoding="utf-8")
    simulator = start("--quiet-personas", personas=personas)
    wamid = simulator.open_window()
    personas.write_text("[[phones]]\n", encoding="utf-8")
    status, answer = simulator.call("POST", "/api/reset", {})
    assert status == 409
    assert "personas" in answer["error"]
    assert simulator.phone(CONTACT)["messages"][-1]["wamid"] == wamid


def test_a_reset_that_breaks_leaves_the_way_free_for_the_next(tmp_path: Path, start: Start):
    """Else every later one would be told, until the end of the process, that a reset is under way."""
    folder = tmp_path / "supervised"
    folder.mkdir()
    simulator = start("--quiet-personas", "--reset-file", str(folder / "reset"))
    folder.rmdir()
    assert [simulator.call("POST", "/api/reset", {})[0] for _ in range(2)] == [500, 500]


class Supervisor(threading.Thread):
    """Plays who started simulator and product: answers the words in the file."""

    def __init__(self, path: Path, simulator: Simulator) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.simulator = simulator
        self.heard: list[tuple[str, int]] = []

    def run(self) -> None:
        for word, answer in (("stop", "stopped"), ("start", None)):
            eventually(lambda word=word: self.path.exists() and self.path.read_text() == word)
            self.heard.append((word, self.simulator.state()["clock"]["offset_s"]))
            time.sleep(0.1)
            if answer:
                self.path.with_name("new").write_text(answer)
                self.path.with_name("new").replace(self.path)
            else:
                self.path.unlink()


def test_the_phones_wait_until_the_product_has_gone_back_too(tmp_path: Path, receiver: Receiver, start: Start):
    """A first message to a product that still has yesterday's rows would be lost with them."""
    words = tmp_path / "reset"
    simulator = start("--reset-file", str(words))
    eventually(lambda: simulator.state()["webhook"]["waiting"] == 0 and receiver.came)
    simulator.post("/api/clock", {"advance_s": 60})
    supervisor = Supervisor(words, simulator)
    supervisor.start()
    assert simulator.post("/api/reset", {}) == {"product": "restarting"}
    receiver.came.clear()
    assert simulator.call("POST", "/api/reset", {})[0] == 409, "a second click in between is no second reset"
    supervisor.join(30)
    assert supervisor.heard == [("stop", 60), ("start", 0)]
    eventually(lambda: receiver.came)


@pytest.mark.parametrize(("word", "then"), [("stop", "go on"), ("stopped", "go on"), ("start", "start")])
def test_a_simulator_that_died_in_a_reset_lets_the_product_go_on(tmp_path: Path, word: str, then: str):
    """Nobody else would start it again; one that is being put back already is left alone."""
    (tmp_path / "reset").write_text(word)
    product.Product(tmp_path / "reset")
    assert (tmp_path / "reset").read_text() == then


def test_nobody_behind_the_file_keeps_the_simulator_from_its_reset_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The word is taken back, so that a supervisor that wakes up late does nothing."""
    monkeypatch.setattr(product, "STOPPED_WITHIN_S", 0.1)
    other_side = product.Product(tmp_path / "reset")
    assert asyncio.run(other_side.ask_to_stop()) is False
    assert not (tmp_path / "reset").exists()
