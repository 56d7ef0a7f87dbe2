"""`wakeel templates pull`, `push` and `status` against the simulator, over HTTP."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import Deployment, make_deployment
from tests.simulator.conftest import Receiver, Simulator, launch
from wakeel.rehearsal.ports import free_port

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    receiver = Receiver(free_port())
    receiver.start()
    started = launch(tmp_path_factory.mktemp("simulator"), "--quiet-personas", receiver=receiver)
    yield started
    started.stop()
    receiver.stop()


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Deployment]:
    url = f"http://127.0.0.1:{simulator.port}"
    with make_deployment(tmp_path_factory.mktemp("templates"), WHATSAPP_GRAPH_URL=url) as made:
        yield made


def wakeel(deployment: Deployment, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "wakeel.cli", "templates", *arguments]
    env = {**deployment.environ, **environ}
    return subprocess.run(argv, env=env, check=False, capture_output=True, text=True, timeout=60)


def test_what_whatsapp_has_is_read_shown_and_followed(deployment: Deployment, simulator: Simulator):
    empty = wakeel(deployment, "status")
    assert (empty.returncode, "wakeel templates pull" in empty.stdout) == (0, True)
    first = wakeel(deployment, "pull")
    assert (first.returncode, first.stdout, first.stderr) == (0, "6 templates listed, 0 no longer there\n", "")
    simulator.post("/api/templates", {"name": "season_offer", "event": "DELETED"})
    assert wakeel(deployment, "pull").stdout == "5 templates listed, 1 no longer there\n"
    shown = wakeel(deployment, "status").stdout.splitlines()
    assert "quality GREEN, 250 people a day, 80 messages a second" in shown[0]
    assert any(line.startswith("prize_draw (ar)  rejected [REJECTED]  MARKETING") for line in shown)
    assert any(line.startswith("season_offer (ar)  deleted [DELETED]") for line in shown)
    arabic = wakeel(deployment, "status", "--language", "ar").stdout
    assert "مرفوض [REJECTED]" in arabic


@pytest.mark.parametrize(
    ("environ", "code", "words"),
    [
        ({"WHATSAPP_WABA_ID": "1"}, 1, "see WHATSAPP_WABA_ID"),
        ({"WHATSAPP_PHONE_NUMBER_ID": "1"}, 1, "see WHATSAPP_WABA_ID and WHATSAPP_PHONE_NUMBER_ID"),
        ({"WHATSAPP_ACCESS_TOKEN": ""}, 2, "not set: WHATSAPP_ACCESS_TOKEN"),
        ({"WHATSAPP_GRAPH_URL": "http://127.0.0.1:9"}, 1, "no connection"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_with_what_to_do(
    deployment: Deployment, environ: dict[str, str], code: int, words: str
):
    before = deployment.query("SELECT count(*), max(status) FROM template")
    ended = wakeel(deployment, "pull", **environ)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "test-access-token" not in ended.stderr
    assert deployment.query("SELECT count(*), max(status) FROM template") == before


def test_an_unknown_verb_is_refused(deployment: Deployment):
    assert wakeel(deployment, "destroy").returncode == 2


def test_what_ships_and_what_a_file_says_is_written_and_submitted_once(deployment: Deployment, tmp_path: Path):
    ready = "operator_brief_v1 (ar)"
    planned = wakeel(deployment, "push", "--dry-run")
    assert f"{ready}: would be written and submitted" in planned.stdout.splitlines()
    assert deployment.query("SELECT count(*) FROM template_text") == [(0,)]
    pushed = wakeel(deployment, "push")
    assert (pushed.returncode, pushed.stderr) == (0, "")
    assert f"{ready}: submitted as UTILITY, PENDING" in pushed.stdout.splitlines()
    assert deployment.query("SELECT count(*) FROM template_text WHERE submitted_at IS NOT NULL") == [(10,)]
    own = {
        "name": "sale", "category": "UTILITY",
        "languages": {"ar": {"body": "لدينا عروض كثيرة لكم هذا الأسبوع في المتجر."}},
    }  # fmt: skip
    (tmp_path / "sale.json").write_text(json.dumps(own), encoding="utf-8")
    mine = wakeel(deployment, "push", str(tmp_path / "sale.json"))
    assert mine.stdout.splitlines() == [
        "sale_v1 (ar): written",
        "sale_v1 (ar): submitted as MARKETING, PENDING",  # WhatsApp made marketing of it
    ], "nothing is submitted twice"


def test_a_file_that_cannot_be_submitted_is_told_whole_and_writes_nothing(deployment: Deployment, tmp_path: Path):
    own = {"name": "Sale", "category": "UTILITY", "languages": {"ar": {"body": "{{name}}"}}}
    (tmp_path / "own.json").write_text(json.dumps(own), encoding="utf-8")
    (tmp_path / "no.json").write_text("{", encoding="utf-8")
    before = deployment.query("SELECT count(*) FROM template_text")
    ended = wakeel(deployment, "push", str(tmp_path / "own.json"), str(tmp_path / "no.json"))
    assert (ended.returncode, ended.stdout) == (1, "")
    for words in (
        "ar.name: lowercase",
        "ar.body: the text neither begins",
        "ar.samples: a sample",
        "no.json: write JSON",
    ):
        assert words in ended.stderr
    assert deployment.query("SELECT count(*) FROM template_text") == before
