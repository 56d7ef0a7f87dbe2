"""`wakeel templates pull` and `status` against the simulator, over HTTP."""

import subprocess
import sys
from collections.abc import Iterator

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
