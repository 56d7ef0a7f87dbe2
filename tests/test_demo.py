"""`wakeel demo` as a person runs it: started, used, stopped, started again."""

import contextlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deployment import ON_POSTGRESQL, end

pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(400),
    pytest.mark.skipif(ON_POSTGRESQL, reason="the demo is one SQLite file"),
]

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    return tmp_path


class Running:
    """A demo that said it is up. url: by the word its lines begin with; password: the one it printed."""

    def __init__(self, process: subprocess.Popen[bytes], told: str) -> None:
        self.process = process
        self.url = dict(re.findall(r"^  (\w+) +(http\S+?)/?$", told, flags=re.MULTILINE))
        self.password = re.findall(r"^  log in +\S+ +(\S+)$", told, flags=re.MULTILINE)[0]

    def bench(self, path: str, wish: dict[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url["phones"] + path, json.dumps(wish).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def operator(self) -> str:
        """The number of the operator's phone."""
        with urllib.request.urlopen(f"{self.url['phones']}/api/state", timeout=5) as answer:
            return next(phone["wa_id"] for phone in json.load(answer)["phones"] if phone["role"] == "operator")

    def operators_phone(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url['phones']}/api/state", timeout=5) as answer:
            state = json.load(answer)
        return next(phone["messages"] for phone in state["phones"] if phone["role"] == "operator")


@contextlib.contextmanager
def demo(checkout: Path, **more: str) -> Iterator[Running]:
    out = checkout / "out.log"
    with out.open("wb") as log:
        argv = [sys.executable, "-m", "wakeel.cli", "demo"]
        process = subprocess.Popen(argv, cwd=checkout, env={**os.environ, **more}, stdout=log, stderr=log)
    try:
        wait_for(lambda: "Ctrl-C" in out.read_text() or process.poll() is not None)
        assert process.poll() is None, out.read_text()
        yield Running(process, out.read_text())
    finally:
        if process.poll() is None:
            end(process)


def wait_for(true: Callable[[], object], *, within_s: float = 150) -> None:
    end_at = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_at, "it did not happen in time"
        time.sleep(0.1)


def cards(running: Running) -> list[dict[str, Any]]:
    return [message for message in running.operators_phone() if message["type"] == "interactive"]


def test_the_demo_brings_cards_resets_stops_on_ctrl_c_and_goes_on_the_next_time(checkout: Path):
    foreign = {"DATABASE_URL": "postgresql://real@127.0.0.1:1/real", "WHATSAPP_ACCESS_TOKEN": "a-real-token"}
    with demo(checkout, **foreign) as first:
        only_its_owner_reads(checkout / ".demo")
        wait_for(lambda: len(cards(first)) == 3)
        reset_after_a_decision(first, checkout)
        pids = children(first.process.pid)
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(timeout=30) == 0
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    opportunities = count(checkout)
    assert opportunities >= 12
    with demo(checkout) as second:
        assert second.password != first.password
        assert count(checkout) == opportunities
        wait_for(lambda: any(message["direction"] == "sent" for message in second.operators_phone()))


def only_its_owner_reads(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    secrets = list((folder / "secrets").iterdir())
    assert len(secrets) == 5
    assert {stat.S_IMODE(file.stat().st_mode) for file in secrets} == {0o600}


@pytest.mark.parametrize("flag", ["true", "True", "1"])
def test_the_live_flag_is_refused_whatever_word_it_was_set_with(checkout: Path, flag: str):
    argv = [sys.executable, "-m", "wakeel.cli", "demo"]
    environ = {**os.environ, "WHATSAPP_ALLOW_LIVE_SEND": flag}
    ended = subprocess.run(argv, cwd=checkout, env=environ, check=False, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert "WHATSAPP_ALLOW_LIVE_SEND" in ended.stderr
    assert not (checkout / ".demo").exists()


def test_without_the_samples_the_demo_says_where_to_run_it(tmp_path: Path):
    argv = [sys.executable, "-m", "wakeel.cli", "demo"]
    ended = subprocess.run(argv, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert "checkout" in ended.stderr


def reset_after_a_decision(running: Running, checkout: Path) -> None:
    """Neither side may remember what the other forgot: a tap on a card of another life, a message nobody approved."""
    pids = children(running.process.pid)
    running.bench("/api/clock", {"advance_s": 3600})
    card = cards(running)[0]
    skip = next(button for button in card["buttons"] if "skip" in button["id"])
    running.bench(f"/api/phones/{running.operator()}/tap", {"wamid": card["wamid"], "id": skip["id"]})
    wait_for(lambda: decided(checkout))
    assert running.bench("/api/reset", {}) == {"product": "restarting"}
    wait_for(lambda: not (checkout / ".demo" / "reset").exists())
    wait_for(lambda: len(cards(running)) == 3)
    assert not decided(checkout)
    assert card["wamid"] not in {again["wamid"] for again in cards(running)}
    assert (checkout / ".demo" / "practice-clock").read_text() == "0\n"
    assert len(set(pids) & set(children(running.process.pid))) == 1, "only the simulator went on"


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def count(checkout: Path, table: str = "opportunity") -> int:
    from wakeel.store.sqlite.driver import Database

    with contextlib.closing(Database.connect(str(checkout / ".demo" / "wakeel.sqlite3"), timeout=5)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def decided(checkout: Path) -> int:
    """How many cards were decided on."""
    return count(checkout, "card WHERE closed_at IS NOT NULL")
