"""The supervisor with real processes: started, restarted, stopped, refused."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deployment import Deployment, end, make_deployment
from wakeel.processes import FolderInUse, FolderLock, port_is_free
from wakeel.rehearsal.ports import free_port
from wakeel.worker.supervisor import FIRST_BACKOFF_S

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]

# Two children that write down what happens to them; each takes its behaviour as an argument.
CHILD = """
import os, signal, sys, time
from pathlib import Path
folder, name, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def note(word):
    with (folder / name).open("a") as book:
        book.write(f"{word} {os.getpid()}\\n")
def asked(number, frame):
    note(signal.Signals(number).name)
    if how != "stubborn":
        sys.exit(0)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, asked)
note("up")
if how in {"unfit", "once-well", "once-failing"}:
    while not (folder / "child0").exists():  # the first one has come up, whatever is made of us
        time.sleep(0.01)
    sys.exit({"unfit": 2, "once-well": 0, "once-failing": 1}[how])
while True:
    time.sleep(0.05)
"""

SUPERVISOR = """
import sys
from wakeel.worker import supervisor
from wakeel.worker.supervisor import Command, Supervisor, log_to_stderr
folder, child, stop_within, *hows = sys.argv[1:]
supervisor.STOP_WITHIN_S = float(stop_within)
log_to_stderr("INFO")
commands = [
    Command(f"child{n}", [sys.executable, child, folder, f"child{n}", how], once=how.startswith("once"))
    for n, how in enumerate(hows)
]
sys.exit(Supervisor(commands).run())
"""

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a supervisor over children with the given behaviours; everything is gone afterwards."""
    (tmp_path / "child.py").write_text(CHILD)
    started: list[subprocess.Popen[bytes]] = []

    def run(*hows: str, stop_within_s: float = 5) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-c", SUPERVISOR, str(tmp_path), str(tmp_path / "child.py"), str(stop_within_s), *hows]
        started.append(subprocess.Popen(argv, stderr=subprocess.DEVNULL))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()
    for book in tmp_path.glob("child?"):
        for _, pid in notes(book):
            wait_for(lambda pid=pid: not alive(pid))


def notes(book: Path) -> list[tuple[str, int]]:
    """What a child wrote down: word and pid, in order."""
    lines = book.read_text().splitlines() if book.exists() else []
    return [(word, int(pid)) for word, pid in (line.split() for line in lines)]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie still has a pid until somebody waits for it.
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def wait_for(true: Callable[[], object], *, within_s: float = 30) -> None:
    end_at = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end_at, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_both_children_once_and_ends_with_0(start: Start, tmp_path: Path, number: int):
    supervisor = start("good", "good")
    wait_for(lambda: notes(tmp_path / "child0") and notes(tmp_path / "child1"))
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=20) == 0
    for name in ("child0", "child1"):
        assert [word for word, _ in notes(tmp_path / name)] == ["up", "SIGTERM"]


def test_a_dead_child_is_started_again_and_the_other_is_left_alone(start: Start, tmp_path: Path):
    supervisor = start("good", "good")
    wait_for(lambda: notes(tmp_path / "child0") and notes(tmp_path / "child1"))
    os.kill(notes(tmp_path / "child0")[0][1], signal.SIGKILL)
    wait_for(lambda: len(notes(tmp_path / "child0")) == 2)
    assert len(notes(tmp_path / "child1")) == 1
    assert end(supervisor) == 0


def test_a_child_that_keeps_dying_is_started_less_and_less_often(start: Start, tmp_path: Path):
    """A loop of starts would take the machine from the child that works."""
    start("good")
    away = []
    wait_for(lambda: notes(tmp_path / "child0"))
    for count in (2, 3):
        killed = time.monotonic()
        os.kill(notes(tmp_path / "child0")[-1][1], signal.SIGKILL)
        wait_for(lambda count=count: len(notes(tmp_path / "child0")) == count)
        away.append(time.monotonic() - killed)
    # A busy machine makes each longer, nothing makes one shorter.
    assert away[0] >= FIRST_BACKOFF_S
    assert away[1] >= 2 * FIRST_BACKOFF_S


def test_a_child_that_cannot_run_as_it_is_set_up_stops_everything_with_2(start: Start, tmp_path: Path):
    """Starting it again would change nothing."""
    supervisor = start("good", "unfit")
    assert supervisor.wait(timeout=20) == 2
    assert len(notes(tmp_path / "child1")) == 1
    wait_for(lambda: not alive(notes(tmp_path / "child0")[0][1]))


def test_a_child_that_runs_once_is_not_started_again(start: Start, tmp_path: Path):
    supervisor = start("good", "once-well")
    wait_for(lambda: notes(tmp_path / "child0") and notes(tmp_path / "child1"))
    time.sleep(1.2)
    assert len(notes(tmp_path / "child1")) == 1
    assert end(supervisor) == 0


def test_a_child_that_runs_once_and_fails_stops_everything_with_1(start: Start, tmp_path: Path):
    supervisor = start("good", "once-failing")
    assert supervisor.wait(timeout=20) == 1
    wait_for(lambda: not alive(notes(tmp_path / "child0")[0][1]))


def test_a_child_that_does_not_stop_is_killed_and_the_exit_code_says_so(start: Start, tmp_path: Path):
    supervisor = start("stubborn", "good", stop_within_s=1)
    wait_for(lambda: notes(tmp_path / "child0") and notes(tmp_path / "child1"))
    began = time.monotonic()
    assert end(supervisor) == 1
    assert time.monotonic() - began < 8, "it waits as long as it was told, not ten seconds"
    assert not alive(notes(tmp_path / "child0")[0][1])


def test_children_stop_when_the_supervisor_is_killed(start: Start, tmp_path: Path):
    """Orphans would go on serving and sending behind the next start's back."""
    supervisor = start("good", "good")
    wait_for(lambda: notes(tmp_path / "child0") and notes(tmp_path / "child1"))
    supervisor.kill()
    supervisor.wait()
    for name in ("child0", "child1"):
        wait_for(lambda name=name: not alive(notes(tmp_path / name)[0][1]))
        assert notes(tmp_path / name)[-1][0] == "SIGTERM"


def test_children_have_a_session_of_their_own_so_that_ctrl_c_reaches_the_supervisor_only(start: Start, tmp_path: Path):
    supervisor = start("good")
    wait_for(lambda: notes(tmp_path / "child0"))
    child = notes(tmp_path / "child0")[0][1]
    assert os.getsid(child) == child != os.getsid(supervisor.pid)
    assert end(supervisor) == 0


def test_a_folder_has_one_owner_and_the_second_is_told_the_first_ones_pid(tmp_path: Path):
    with FolderLock(tmp_path):
        code = f"""
from pathlib import Path
from wakeel.processes import FolderInUse, FolderLock
try:
    FolderLock(Path({str(tmp_path)!r})).__enter__()
except FolderInUse as in_use:
    print(in_use.pid)
"""
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
        assert told.strip() == str(os.getpid())
    with FolderLock(tmp_path):
        pass


def test_a_lock_file_left_by_a_killed_owner_blocks_nobody(tmp_path: Path):
    (tmp_path / "wakeel.lock").write_text("1\n")
    with FolderLock(tmp_path), pytest.raises(FolderInUse), FolderLock(tmp_path):
        pass


def test_a_port_that_shares_itself_is_seen_as_taken():
    """Granian binds with SO_REUSEPORT and would share a taken port without a word."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        port = free_port()
        listener.bind(("127.0.0.1", port))
        listener.listen()
        assert port_is_free("127.0.0.1", port) is False
    assert port_is_free("127.0.0.1", port) is True


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("serve")) as made:
        yield made


def test_serve_runs_web_and_worker_refuses_a_second_and_stops_cleanly(deployment: Deployment):
    first = deployment.run("-m", "wakeel.cli", "serve")
    try:
        deployment.wait_until_up()
        if deployment.sqlite_path is not None:
            for command in ("serve", "worker"):
                second = deployment.run("-m", "wakeel.cli", command)
                assert second.wait(timeout=40) == 1
            assert deployment.log.read_text().count(f"is in use by process {first.pid}") == 2
        web = json.loads(deployment.request("GET", "/healthz")[1])["pid"]
        os.kill(web, signal.SIGKILL)
        wait_for(lambda: not alive(web))
        deployment.wait_until_up()
        assert json.loads(deployment.request("GET", "/healthz")[1])["pid"] != web
    finally:
        assert end(first) == 0


def test_a_second_web_process_on_the_same_port_is_refused(deployment: Deployment):
    first = deployment.run("-m", "wakeel.web.serve")
    try:
        deployment.wait_until_up()
        second = deployment.run("-m", "wakeel.web.serve")
        assert second.wait(timeout=40) == 2
        assert f"port {deployment.port} is taken" in deployment.log.read_text()
    finally:
        assert end(first) == 0


def test_a_database_without_its_tables_is_named_and_stops_the_start(tmp_path: Path):
    """A page of errors later is worse than a sentence now."""
    environ = {name: value for name, value in os.environ.items() if name not in {"WAKEEL_TEST_DB", "DATABASE_URL"}}
    environ |= {"WAKEEL_DATA_DIR": str(tmp_path), "WAKEEL_PORT": str(free_port())}
    argv = [sys.executable, "-m", "wakeel.cli", "serve"]
    ended = subprocess.run(argv, check=False, env=environ, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert "wakeel migrate" in ended.stderr
