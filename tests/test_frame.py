"""The frame of the project: pins, contracts and rooms that no other check would miss."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=;! ]", requirement)[0].replace("-", "_")


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt", "uv.txt"])
def test_locks_name_versions_and_hashes_and_no_address(lock: str):
    text = (ROOT / "requirements" / lock).read_text()
    assert not re.search(r"://|--find-links|--index-url|--extra-index-url|--trusted-host", text)
    pins = re.findall(r"^[a-z][^\n ]*==", text, re.MULTILINE)
    assert pins
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(pins)


def test_every_runtime_dependency_is_locked():
    locked = (ROOT / "requirements" / "run.txt").read_text().replace("-", "_")
    assert all(f"\n{_name(wanted)}==" in f"\n{locked}" for wanted in PYPROJECT["project"]["dependencies"])


def test_domain_is_kept_from_every_dependency_by_name():
    """Import-linter has no word for "standard library only": the list must follow the dependencies."""
    contracts = {contract["name"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
    forbidden = set(contracts["domain is standard library only"]["forbidden_modules"])
    assert {_name(wanted) for wanted in PYPROJECT["project"]["dependencies"]} <= forbidden


def test_ci_calls_make_test_and_nothing_cleverer():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "exec make test"
