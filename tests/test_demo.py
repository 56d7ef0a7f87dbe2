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


def wait_for(true: Callable[[], object], *, within_s: float = 80) -> None:
    end_at = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_at, "it did not happen in time"
        time.sleep(0.1)


def cards(running: Running) -> list[dict[str, Any]]:
    return [message for message in running.operators_phone() if message["type"] == "interactive"]


def test_the_demo_brings_cards_stops_on_ctrl_c_and_goes_on_the_next_time(checkout: Path):
    foreign = {"DATABASE_URL": "postgresql://real@127.0.0.1:1/real", "WHATSAPP_ACCESS_TOKEN": "a-real-token"}
    with demo(checkout, **foreign) as first:
        wait_for(lambda: len(cards(first)) == 3)
        pids = children(first.process.pid)
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(timeout=12) == 0
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    opportunities = count(checkout)
    assert opportunities >= 12
    with demo(checkout) as second:
        assert second.password != first.password
        assert count(checkout) == opportunities
        wait_for(lambda: any(message["direction"] == "sent" for message in second.operators_phone()))


def test_what_the_demo_keeps_secret_only_its_owner_reads(checkout: Path):
    with demo(checkout):
        folder = checkout / ".demo"
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


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def count(checkout: Path) -> int:
    from wakeel.store.sqlite.driver import Database

    with contextlib.closing(Database.connect(str(checkout / ".demo" / "wakeel.sqlite3"), timeout=5)) as connection:
        return connection.execute("SELECT count(*) FROM opportunity").fetchone()[0]
