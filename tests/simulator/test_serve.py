"""The process: start, stop, restart, and a product that comes up late."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulator.conftest import CONTACT, START, Receiver, Simulator, arguments, eventually
from wakeel.rehearsal.ports import free_port

pytestmark = pytest.mark.processes


def test_personas_who_write_before_the_product_is_up_arrive_later(receiver: Receiver, start: Callable[..., Simulator]):
    receiver.stop()
    simulator = start()
    eventually(lambda: simulator.state()["webhook"]["waiting"] == 7)
    receiver.start()
    eventually(lambda: len([value for value in receiver.values() if "messages" in value]) == 7)
    eventually(lambda: simulator.state()["webhook"]["waiting"] == 0)
    texts = [value["messages"][0]["text"]["body"] for value in receiver.values()]
    assert "إيقاف" in texts
    assert simulator.phone("966500000001")["window_open_until"] is None


def test_only_200_ends_the_deliveries(receiver: Receiver, start: Callable[..., Simulator]):
    simulator = start("--quiet-personas")
    receiver.status = 202
    wamid = simulator.open_window()
    eventually(lambda: len(receiver.came) >= 2)
    assert len({body for _, body in receiver.came}) == 1
    receiver.status = 200
    eventually(lambda: simulator.state()["webhook"]["waiting"] == 0)
    assert receiver.message(wamid)["text"]["body"] == "مرحبا"


def test_the_clock_is_written_and_continues_after_a_restart(tmp_path: Path, start: Callable[..., Simulator]):
    first = start("--quiet-personas")
    assert first.post("/api/clock", {"advance_s": 5400})["offset_s"] == 5400
    assert (tmp_path / "practice-clock").read_text() == "5400\n"
    assert first.stop() == 0
    second = start("--quiet-personas")
    assert second.state()["clock"]["offset_s"] == 5400
    message = second.receiver.message(second.open_window())
    assert int(message["timestamp"]) == pytest.approx(time.time() + 5400, abs=5)


def test_a_stop_ends_open_streams_and_slow_answers_in_time(start: Callable[..., Simulator]):
    simulator = start("--quiet-personas")
    stream = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=30)
    stream.request("GET", "/api/events")
    events = stream.getresponse()
    assert events.getheader("Content-Type", "").startswith("text/event-stream")
    assert events.readline() == b"retry: 1000\n"
    began = time.monotonic()
    assert simulator.stop() == 0
    assert time.monotonic() - began < 10, "the stream ends at once, not at its next pulse"
    assert b'data: {"revision"' in events.read()


def test_a_change_reaches_an_open_page(start: Callable[..., Simulator]):
    simulator = start("--quiet-personas")
    stream = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=30)
    stream.request("GET", "/api/events")
    events = stream.getresponse()

    def next_revision() -> bytes:
        return next(line for line in iter(events.readline, b"") if line.startswith(b"data:"))

    first = next_revision()
    simulator.open_window()
    assert next_revision() != first
    stream.close()
    simulator.open_window()
    eventually(lambda: simulator.state()["webhook"]["last_status"] == 200)


def test_a_persona_answers_when_spoken_to(tmp_path: Path, start: Callable[..., Simulator]):
    personas = tmp_path / "two.toml"
    personas.write_text(
        f'[[phones]]\nwa_id = "{CONTACT}"\nreplies = [{{contains = "موعد", answer = "الأحد", after_s = 0.01}}]\n',
        encoding="utf-8",
    )
    simulator = start(personas=personas)
    simulator.open_window()
    text = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "text", "text": {"body": "هل يناسبك موعد؟"}}
    simulator.send(text)
    eventually(lambda: simulator.phone(CONTACT)["messages"][-1]["text"] == "الأحد")


def ended(tmp_path: Path, port: int) -> subprocess.CompletedProcess[str]:
    line = arguments(tmp_path, port=port, webhook_port=free_port())
    return subprocess.run([sys.executable, "-c", START, *line], check=False, capture_output=True, text=True, timeout=40)


def test_it_does_not_start_where_live_send_is_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Somebody who exported the live flag may believe that this reaches people."""
    monkeypatch.setenv("WHATSAPP_ALLOW_LIVE_SEND", "true")
    end = ended(tmp_path, free_port())
    assert end.returncode == 1
    assert end.stderr.splitlines() == [
        "simulator: WHATSAPP_ALLOW_LIVE_SEND is set: unset it, nothing here ever reaches real people"
    ]


def test_a_taken_port_is_said_and_ends_with_code_1(tmp_path: Path):
    """Granian would share the port silently."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = ended(tmp_path, port)
    assert result.returncode == 1
    assert (
        result.stderr == f"simulator: port {port} is taken by another program; stop it or choose another with --port\n"
    )


def test_a_broken_clock_file_is_said_and_ends_with_code_1(tmp_path: Path):
    (tmp_path / "practice-clock").write_text("yesterday\n")
    result = ended(tmp_path, free_port())
    assert result.returncode == 1
    assert "practice-clock" in result.stderr
    assert "Traceback" not in result.stderr
