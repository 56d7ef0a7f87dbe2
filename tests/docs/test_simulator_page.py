"""The page for other projects is followed as a stranger would: its commands and its Python program, on free ports."""

import http.client
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.docs.pages import blocks, text_of
from tests.simulator.conftest import Receiver, eventually
from wakeel.rehearsal.ports import free_port

PAGE = text_of("docs/how-to/simulator.md")
PROGRAM = Path(sys.executable).with_name("wakeel")


@pytest.fixture
def ports() -> tuple[int, int]:
    """Of the simulator and of the webhook."""
    return free_port(), free_port()


@pytest.fixture
def followed(ports: tuple[int, int]) -> Callable[[str], str]:
    """A part of the page with its ports exchanged for free ones."""
    return lambda text: text.replace("8001", str(ports[0])).replace("9000", str(ports[1]))


@pytest.fixture
def folder(tmp_path: Path, ports: tuple[int, int], followed: Callable[[str], str]) -> Iterator[Path]:
    """A folder in which the first block of the page was run, and its simulator still runs."""
    start = followed(blocks(PAGE, "sh")[0]).replace("wakeel simulator", f"exec {PROGRAM} simulator --port {ports[0]}")
    process = subprocess.Popen(["bash", "-euc", start], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == followed("simulator ready: http://localhost:8001/\n")
    yield tmp_path
    process.terminate()
    assert process.wait(10) == 0


def test_the_commands_answer_as_meta_would(folder: Path, ports: tuple[int, int], followed: Callable[[str], str]):
    receiver = Receiver(ports[1])
    receiver.start()
    try:
        answers = []
        for block in blocks(PAGE, "sh")[1:]:
            run = subprocess.run(
                ["bash", "-euc", followed(block)], cwd=folder, capture_output=True, text=True, check=False
            )
            assert run.returncode == 0, run.stderr
            answers += [json.loads(part) for part in run.stdout.replace("}{", "}\n{").splitlines()]
        person, said, sent, file, template = answers
        assert person["wa_id"] == "966500000001"
        assert receiver.message(said["wamid"])["text"] == {"body": "السلام عليكم"}
        assert sent["messages"][0]["id"].startswith("wamid.")
        assert file["id"].isdecimal()
        assert (template["status"], template["category"]) == ("PENDING", "UTILITY")
        approved = {"event": "APPROVED", "message_template_name": "visit"}
        eventually(lambda: any(approved.items() <= value.items() for value in receiver.values()))
    finally:
        receiver.stop()


def test_the_programs_run_to_their_end(folder: Path, followed: Callable[[str], str]):
    """Node's only where there is one."""
    [program], [script] = blocks(PAGE, "python"), blocks(PAGE, "js")
    lines = {"tapped: yes": [sys.executable, "-c", followed(program)]}
    if shutil.which("node"):
        (folder / "practice.mjs").write_text(followed(script), encoding="utf-8")
        lines["read"] = ["node", "practice.mjs"]
    for last, line in lines.items():
        run = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False, timeout=30)
        assert (run.stdout.splitlines()[-1:], run.returncode) == ([last], 0), run.stderr


def test_every_call_and_option_that_the_page_names_is_there(folder: Path, ports: tuple[int, int]):
    calls = set(re.findall(r"/api/[a-z]+(?=[`,/ ]|$)", PAGE))
    assert {"/api/phones", "/api/faults", "/api/reset"} <= calls
    connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=5)
    for path in calls:
        connection.request("POST", path, body="[]", headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert (path, "no such path" in answer.read().decode() and answer.status == 404) == (
            path, path in {"/api/state", "/api/sent", "/api/wire"}
        )  # fmt: skip
    connection.close()
    help_text = subprocess.run([PROGRAM, "simulator", "--help"], capture_output=True, text=True, check=True).stdout
    for option in re.findall(r"`(--[a-z-]+)", PAGE.partition("## curl")[0]):
        assert option in help_text
    rooms = Path(__file__).parents[2] / "src" / "wakeel" / "simulator"
    for file in re.findall(r"`([a-z_]+\.py)`", PAGE):
        assert (rooms / file).is_file(), file
