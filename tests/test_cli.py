"""The console script: what each command tells and how it ends."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import Deployment, make_deployment
from wakeel.cli import main

pytestmark = pytest.mark.processes

HEADER = "key,title,phone,name\n"
GOOD = "a-1,عقد صيانة,+966501110001,ليلى\n"
BAD = "a-2,عقد توريد,not a number,مريم\n"


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("cli")) as made:
        yield made


def wakeel(deployment: Deployment, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "wakeel.cli", *arguments]
    return subprocess.run(
        argv, env=deployment.environ, check=False, capture_output=True, text=True, input=typed, timeout=60
    )


def test_help_and_the_simulator_start_without_django():
    """Half a second that nobody needs to wait for."""
    code = (
        "import sys, wakeel.cli\n"
        "try: wakeel.cli.main(['simulator', '--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, stdout=subprocess.DEVNULL).returncode == 0


def test_a_log_in_is_created_with_a_password_from_stdin_and_may_be_renewed(deployment: Deployment):
    for password in ("a long enough password", "another long password"):
        ended = wakeel(deployment, "createoperator", "saud", "--name", "سعود", typed=f"{password}\n")
        assert (ended.returncode, ended.stderr) == (0, "")
        assert password not in ended.stdout
    rows = deployment.query("SELECT first_name, password FROM auth_user WHERE username = 'saud'")
    assert len(rows) == 1
    assert rows[0][0] == "سعود"
    assert "password" not in rows[0][1]


def test_a_password_may_come_from_a_file(deployment: Deployment, tmp_path: Path):
    (tmp_path / "password").write_text("a long enough password\n")
    environ = {**deployment.environ, "WAKEEL_PASSWORD_FILE": str(tmp_path / "password")}
    from_file = Deployment(deployment.folder, environ, deployment.port)
    assert wakeel(from_file, "createoperator", "layla").returncode == 0


@pytest.mark.parametrize("typed", ["\n", "short\n", "password1234\n"])
def test_a_weak_password_is_refused_with_the_reason_and_creates_nobody(deployment: Deployment, typed: str):
    ended = wakeel(deployment, "createoperator", "weak", typed=typed)
    assert ended.returncode == 1
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
    assert deployment.query("SELECT count(*) FROM auth_user WHERE username = 'weak'") == [(0,)]


def test_a_password_is_never_an_argument(capsys: pytest.CaptureFixture[str]):
    """Arguments are seen by everybody on the machine."""
    with pytest.raises(SystemExit) as ended:
        main(["createoperator", "saud", "--password", "x"])
    assert ended.value.code == 2


def test_a_file_with_a_bad_row_imports_nothing_and_names_line_column_and_reason(deployment: Deployment, tmp_path: Path):
    file = tmp_path / "opportunities.csv"
    file.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    ended = wakeel(deployment, "import-opportunities", str(file))
    assert ended.returncode == 1
    assert "line 3, column phone: " in ended.stderr
    assert "--accept-valid" in ended.stderr
    assert deployment.query("SELECT count(*) FROM opportunity") == [(0,)]


def test_good_rows_are_imported_when_that_was_asked_for(deployment: Deployment, tmp_path: Path):
    file = tmp_path / "opportunities.csv"
    file.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    ended = wakeel(deployment, "import-opportunities", str(file), "--accept-valid")
    assert ended.returncode == 0
    assert ended.stdout.startswith("1 imported, 0 updated")
    assert "line 3" in ended.stderr
    assert deployment.query("SELECT count(*) FROM opportunity") == [(1,)]


def test_may_contact_answers_for_a_person_a_number_and_a_program(deployment: Deployment, tmp_path: Path):
    """A row of a file makes Layla known by name only: it never makes anybody contactable."""
    (tmp_path / "layla.csv").write_text(HEADER + GOOD, encoding="utf-8")
    assert wakeel(deployment, "import-opportunities", str(tmp_path / "layla.csv")).returncode == 0
    ended = wakeel(deployment, "may-contact", "050 111 0001")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [line.split(":")[0] for line in ended.stdout.splitlines()] == [
        "Answer to them", "Updates (order updates)", "Marketing (offers)", "Last ledger entry",
    ]  # fmt: skip
    assert ended.stdout.count("[UNKNOWN_CONTACT] What would change it: Ask them to write first (chat link).") == 3
    assert "501110001" not in ended.stdout
    stranger = wakeel(deployment, "may-contact", "+966502229999", "--json", "--purpose", "meetings")
    found = json.loads(stranger.stdout)
    assert (stranger.returncode, found["contact"]) == (0, None)
    assert {(line["answer"], line["code"], line["purpose"]) for line in found["lines"]} == {
        ("block", "UNKNOWN_CONTACT", "meetings")
    }
    arabic = wakeel(deployment, "may-contact", "+966502229999", "--language", "ar", "--at", "2026-11-22T22:30+03:00")
    assert arabic.stdout.startswith("لا أحد مسجّلًا بهذا الرقم.")
    assert "22 نوفمبر 2026، 10:30 م" in arabic.stdout


@pytest.mark.parametrize("asked", [["12"], ["0501110001 / 0502220001"], ["+966501110001", "--at", "2026-11-22T22:30"]])
def test_may_contact_refuses_what_it_cannot_read_without_repeating_it(deployment: Deployment, asked: list[str]):
    ended = wakeel(deployment, "may-contact", *asked)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    assert not any(word in ended.stderr for word in ("501110001", "502220001"))


@pytest.mark.parametrize("command", ["import-opportunities", "import-consents"])
def test_a_file_that_cannot_be_read_is_a_sentence_not_a_trace(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([command, str(tmp_path / "absent.csv")]) == 1
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    assert main([command, str(big)]) == 1
    told = capsys.readouterr().err
    assert "cannot be read" in told
    assert "larger than 10 MB" in told


def test_an_empty_password_is_refused_before_anything_is_asked_of_the_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert main(["createoperator", "nobody"]) == 1
    assert "empty" in capsys.readouterr().err
