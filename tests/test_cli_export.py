"""`wakeel ledger-export` and `wakeel compact`: what they write, to whom it can be read, and how they end."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment import Deployment, make_deployment
from tests.test_cli import wakeel

pytestmark = pytest.mark.processes

CONSENTS = (
    "phone,name,categories,purpose,happened_at,wording,evidence,collected_directly\n"
    "+966501110001,ليلى,marketing,offers,2026-06-01T10:00,أوافق على أن يراسلني مكتب وكيل على واتساب,نموذج 17,yes\n"
)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("export")
    with make_deployment(folder) as made:
        (folder / "consents.csv").write_text(CONSENTS, encoding="utf-8")
        ended = wakeel(made, "import-consents", str(folder / "consents.csv"))
        assert ended.returncode == 0, ended.stderr
        yield made


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_a_pack_is_written_for_its_owner_only_and_verifies(deployment: Deployment, tmp_path: Path, name: str):
    path = tmp_path / name
    ended = wakeel(deployment, "ledger-export", "0501110001", "--output", str(path))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert path.stat().st_mode & 0o077 == 0
    folder = path
    if name.endswith(".zip"):
        folder = tmp_path / "unpacked"
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
    checked = subprocess.run(
        [sys.executable, str(folder / "verify_pack.py")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert "1 entries, 0 faults" in checked.stdout
    again = wakeel(deployment, "ledger-export", "0501110001", "--output", str(path))
    assert (again.returncode, "cannot be written" in again.stderr) == (1, True), "nothing is written over"


@pytest.mark.parametrize("who", ["con_nobody", "0501119999", "123", ""])
def test_nobody_gets_a_sentence_and_no_pack(deployment: Deployment, tmp_path: Path, who: str):
    ended = wakeel(deployment, "ledger-export", who, "--output", str(tmp_path / "pack"))
    assert ended.returncode == 1
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "pack").exists()


def test_compact_says_that_it_is_done(deployment: Deployment):
    ended = wakeel(deployment, "compact")
    assert (ended.returncode, ended.stdout) == (0, "done\n")


def test_a_ledger_that_does_not_verify_gives_a_sentence_and_no_pack_and_no_anchor(tmp_path: Path):
    """Whatever stands in it could not be opened, let alone proven; and damage is not signed."""
    with make_deployment(tmp_path / "damaged") as made:
        (tmp_path / "consents.csv").write_text(CONSENTS, encoding="utf-8")
        assert wakeel(made, "import-consents", str(tmp_path / "consents.csv")).returncode == 0
        made.change("DELETE FROM subject_key")
        ended = wakeel(made, "ledger-export", "0501110001", "--output", str(tmp_path / "pack"))
        assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
        assert "the ledger does not verify" in ended.stderr
        assert not (tmp_path / "pack").exists()
        assert not list((tmp_path / "damaged").rglob("*.jsonl"))
