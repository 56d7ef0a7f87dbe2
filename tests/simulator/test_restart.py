"""A second start goes on where the first one was, through real processes."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulator.conftest import (
    CONTACT,
    HIDDEN,
    OPERATOR,
    PERSONAS,
    START,
    Receiver,
    Simulator,
    arguments,
    eventually,
    first_line,
)
from wakeel.rehearsal.ports import free_port

pytestmark = pytest.mark.processes

Start = Callable[..., Simulator]
STOPPER = "966501110009"
SILENT = "966501110010"
DAY_S = 24 * 3600


def send_text(simulator: Simulator, text: str = "نص", *, to: str = CONTACT) -> str:
    payload = {"messaging_product": "whatsapp", "to": f"+{to}", "type": "text", "text": {"body": text}}
    payload["biz_opaque_callback_data"] = "attempt-7"
    status, answer = simulator.send(payload)
    assert status == 200, answer
    return answer["messages"][0]["id"]


def send_card(simulator: Simulator) -> str:
    """A card on the operator's phone, whose window is opened for it."""
    simulator.open_window(OPERATOR)
    button = {"type": "reply", "reply": {"id": "opp:1:accept", "title": "قبول"}}
    interactive = {"type": "button", "body": {"text": "فرصة"}, "action": {"buttons": [button]}}
    payload = {"messaging_product": "whatsapp", "to": f"+{OPERATOR}", "type": "interactive", "interactive": interactive}
    status, answer = simulator.send(payload)
    assert status == 200, answer
    return answer["messages"][0]["id"]


def told(receiver: Receiver, wamid: str) -> list[str]:
    return [row["status"] for row in receiver.statuses(wamid)]


def until_told(receiver: Receiver, wamid: str, *statuses: str) -> None:
    eventually(lambda: set(statuses) <= set(told(receiver, wamid)))


def unmarked(phones: list[dict]) -> list[dict]:
    """Rows of phones without the mark, which means something within one process only."""
    return [{name: value for name, value in row.items() if name != "mark"} for row in phones]


def until_saved(folder: Path, simulator: Simulator) -> None:
    """Return when a kill would lose nothing of what the product was told until now."""
    eventually(lambda: simulator.state()["webhook"]["waiting"] == 0)
    until_names(folder, simulator.open_window(HIDDEN))  # what is kept is kept together


def until_names(folder: Path, wamid: str) -> None:
    file = folder / "phones.json"
    eventually(lambda: file.exists() and wamid in file.read_text(encoding="ascii"))


def texts_of(simulator: Simulator, wa_id: str) -> list[str]:
    return [message["text"] for message in simulator.phone(wa_id)["messages"]]


@pytest.mark.parametrize("crash", [False, True], ids=["stopped", "killed"])
def test_an_open_card_can_be_tapped_after_a_restart(tmp_path: Path, start: Start, *, crash: bool):
    """The product still waits for this tap; a phone without the card could never give it."""
    first = start("--quiet-personas")
    card = send_card(first)
    until_told(first.receiver, card, "read")
    before = first.phone(OPERATOR)
    if crash:
        until_saved(tmp_path, first)
        before = first.phone(OPERATOR)
        first.kill()
    else:
        assert first.stop() == 0
    second = start("--quiet-personas")
    assert unmarked([second.phone(OPERATOR)]) == unmarked([before])
    tap = second.post(f"/api/phones/{OPERATOR}/tap", {"wamid": card, "id": "opp:1:accept"})["wamid"]
    message = second.receiver.message(tap)
    assert message["context"] == {"from": "966110000001", "id": card}
    assert message["interactive"]["button_reply"] == {"id": "opp:1:accept", "title": "قبول"}
    until_told(second.receiver, send_text(second, to=OPERATOR), "read")
    assert told(second.receiver, card).count("read") == 1


def test_the_windows_the_sent_log_and_the_people_are_still_there(tmp_path: Path, start: Start):
    first = start("--quiet-personas")
    first.open_window()
    wamid = send_text(first)
    first.post("/api/phones", {"wa_id": "966500000077", "name": "هدى", "role": "operator", "says": ["نعم"]})
    first.post(f"/api/phones/{OPERATOR}/bsuid", {"bsuid": "SA.SWAPPED"})
    until_told(first.receiver, wamid, "read")
    phones, sent = first.state()["phones"], first.call("GET", "/api/sent")[1]
    assert first.stop() == 0
    assert stat.S_IMODE((tmp_path / "phones.json").stat().st_mode) == 0o600
    assert not (tmp_path / "phones.json.new").exists()
    second = start("--quiet-personas")
    assert unmarked(second.state()["phones"]) == unmarked(phones)
    assert second.call("GET", "/api/sent")[1] == sent
    assert [row["wamid"] for row in sent] == [wamid]
    assert second.receiver.message(second.open_window(OPERATOR))["from_user_id"] == "SA.SWAPPED"
    assert second.phone("966500000077")["role"] == "operator"
    send_text(second)


@pytest.mark.parametrize("crash", [False, True], ids=["stopped", "killed"])
def test_a_message_the_product_did_not_take_is_brought_again(
    tmp_path: Path, receiver: Receiver, start: Start, *, crash: bool
):
    first = start("--quiet-personas")
    receiver.status = 503
    wamid = first.open_window()
    eventually(lambda: receiver.came)
    if crash:
        until_names(tmp_path, wamid)
        first.kill()
    else:
        assert first.stop() == 0
    refused = [body for _, body in receiver.came]
    receiver.came.clear()
    receiver.status = 200
    second = start("--quiet-personas")
    assert receiver.message(wamid)["text"]["body"] == "مرحبا"
    assert {body for _, body in receiver.came} == set(refused)
    eventually(lambda: second.phone(CONTACT)["messages"][-1]["status"] == "delivered")
    assert second.stop() == 0
    receiver.came.clear()
    third = start("--quiet-personas")
    eventually(lambda: third.state()["webhook"]["waiting"] == 0)
    assert receiver.came == []


def test_the_statuses_still_owed_are_told_after_a_restart(receiver: Receiver, start: Start):
    first = start("--quiet-personas")
    first.open_window()
    first.open_window(SILENT)
    failed = send_text(first)
    first.post("/api/statuses", {"wamid": failed, "status": "failed", "code": 131026})
    first.post("/api/faults", {"hold_statuses": True})
    fresh, begun = send_text(first), send_text(first, to=SILENT)
    stranger = send_text(first, to="966599999999")
    first.post("/api/statuses", {"wamid": begun, "status": "sent"})
    eventually(lambda: first.state()["webhook"]["waiting"] == 0)
    assert first.stop() == 0
    assert told(receiver, fresh) == []
    before = told(receiver, failed)
    second = start("--quiet-personas")
    for wamid in (fresh, begun):
        until_told(receiver, wamid, "sent", "delivered", "read")
        assert len(told(receiver, wamid)) == 3
    until_told(receiver, stranger, "failed")
    [row] = receiver.statuses(stranger)
    assert (row["recipient_id"], row["biz_opaque_callback_data"]) == ("966599999999", "attempt-7")
    assert told(receiver, failed) == before
    assert second.stop() == 0
    third = start("--quiet-personas")
    until_told(receiver, send_text(third), "read")
    assert len(told(receiver, stranger)) == 1
    assert len(told(receiver, fresh)) == 3


def test_first_messages_are_not_repeated_while_the_window_is_open(start: Start):
    first = start()
    hello = texts_of(first, CONTACT)
    assert len(hello) == 1
    assert first.stop() == 0
    second = start()
    assert texts_of(second, CONTACT) == hello
    second.post("/api/clock", {"advance_s": DAY_S + 60})
    assert second.stop() == 0
    third = start()
    assert texts_of(third, CONTACT) == hello * 2
    assert third.phone(CONTACT)["window_open_until"] > third.state()["clock"]["now"]
    assert texts_of(third, STOPPER) == ["إيقاف"]


def test_the_texts_follow_the_personas_file_and_the_chat_stays(tmp_path: Path, start: Start):
    file = tmp_path / "people.toml"
    file.write_text(f'[[phones]]\nwa_id = "{CONTACT}"\nsays = ["قديم"]\n', encoding="utf-8")
    first = start(personas=file)
    first.open_window()
    assert first.stop() == 0
    replies = 'replies = [{contains = "موعد", answer = "الأحد", after_s = 0.01}]'
    file.write_text(
        f'[[phones]]\nwa_id = "{SILENT}"\nwrites_first = "السلام عليكم"\n'
        f'[[phones]]\nwa_id = "{CONTACT}"\nsays = ["جديد"]\n{replies}\n',
        encoding="utf-8",
    )
    second = start(personas=file)
    assert [phone["wa_id"] for phone in second.state()["phones"]] == [SILENT, CONTACT]
    assert texts_of(second, SILENT) == ["السلام عليكم"]
    assert second.phone(CONTACT)["says"] == ["جديد"]
    assert texts_of(second, CONTACT) == ["مرحبا"]
    send_text(second, "هل يناسبك موعد؟")
    eventually(lambda: texts_of(second, CONTACT)[-1] == "الأحد")


def test_half_a_surrogate_pair_breaks_neither_page_nor_file(start: Start):
    """One such text would else make every later page, and every later start, fail."""
    first = start("--quiet-personas")
    first.open_window()
    first.post(f"/api/phones/{CONTACT}/text", {"text": "نصف \ud83d"})
    send_text(first, "نصف \ud83d")
    assert texts_of(first, CONTACT)[1:] == ["نصف \ud83d"] * 2
    assert first.stop() == 0
    second = start("--quiet-personas")
    assert texts_of(second, CONTACT)[1:] == ["نصف \ud83d"] * 2
    assert second.call("GET", "/api/sent")[1][0]["payload"]["text"]["body"] == "نصف \ud83d"


def ended(tmp_path: Path, *, personas: Path = PERSONAS, **environ: str) -> subprocess.CompletedProcess[str]:
    """A start that must fail by itself."""
    line = arguments(tmp_path, port=free_port(), webhook_port=free_port(), personas=personas)
    environment = {**os.environ, **environ}
    return subprocess.run(
        [sys.executable, "-c", START, *line], check=False, capture_output=True, text=True, timeout=40, env=environment
    )


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 5000, b"{}", b'{"version": 99}', b'{"version": 1}'])
def test_a_file_that_is_not_ours_is_said_kept_and_ends_with_code_1(tmp_path: Path, content: bytes):
    path = tmp_path / "phones.json"
    path.write_bytes(content)
    result = ended(tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith(f"simulator: {path} cannot be used: ")
    assert result.stderr.endswith("; move it away to start with empty phones\n")
    assert result.stderr.count("\n") == 1
    assert path.read_bytes() == content


def test_a_new_persona_with_the_bsuid_of_a_kept_phone_is_said_and_ends_with_code_1(tmp_path: Path, start: Start):
    first = start("--quiet-personas")
    first.post("/api/phones", {"wa_id": "966500000077", "bsuid": "SA.77"})
    assert first.stop() == 0
    file = tmp_path / "people.toml"
    file.write_text('[[phones]]\nwa_id = "966500000078"\nbsuid = "SA.77"\n', encoding="utf-8")
    result = ended(tmp_path, personas=file)
    assert result.returncode == 1
    for word in ("966500000077", "SA.77", "personas file", "phones.json"):
        assert word in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_cannot_be_written_is_said_once_and_the_phones_go_on(tmp_path: Path, receiver: Receiver):
    (tmp_path / "phones.json.new").mkdir()  # root may write into any folder, but not over this one
    port = free_port()
    line = [*arguments(tmp_path, port=port, webhook_port=receiver.port), "--quiet-personas"]
    said = tmp_path / "stderr.log"
    with said.open("w") as log:
        argv = [sys.executable, "-c", START, *line]
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=log, text=True)
    first_line(process)
    simulator = Simulator(port=port, receiver=receiver, process=process)
    simulator.open_window()
    eventually(lambda: "phones.json cannot be written" in said.read_text())
    simulator.open_window()
    assert simulator.stop() == 0, "it tries again at its end"
    assert said.read_text().count("phones.json cannot be written") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's end")
def test_the_simulator_ends_with_its_supervisor_and_keeps_the_chats(tmp_path: Path, receiver: Receiver, start: Start):
    port = free_port()
    line = [*arguments(tmp_path, port=port, webhook_port=receiver.port), "--quiet-personas"]
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, sys.executable, "-c", START, *line], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    assert supervisor.stdout.readline().startswith("simulator ready")
    Simulator(port=port, receiver=receiver, process=supervisor).open_window()
    supervisor.kill()
    supervisor.wait(30)
    try:
        eventually(lambda: has_ended(pid))
    except pytest.fail.Exception:
        os.kill(pid, signal.SIGKILL)
        raise
    assert texts_of(start("--quiet-personas"), CONTACT) == ["مرحبا"]


def has_ended(pid: int) -> bool:
    """Also true for one that nobody has waited for yet: it has no command line any more."""
    command_line = Path(f"/proc/{pid}/cmdline")
    return not command_line.exists() or not command_line.read_bytes()


SUPERVISE = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], env={**os.environ, "WAKEEL_SUPERVISOR_PID": str(os.getpid())})
print(child.pid, flush=True)
child.wait()
"""


def test_a_simulator_whose_supervisor_is_gone_does_not_start(tmp_path: Path):
    result = ended(tmp_path, WAKEEL_SUPERVISOR_PID="1")
    assert result.returncode == 1
    assert "WAKEEL_SUPERVISOR_PID" in result.stderr
    assert not (tmp_path / "phones.json").exists()
