"""Secrets that are rotated while the process runs."""

import logging
import os
import time
from pathlib import Path

import pytest

from tests.deployment import make_deployment, web_process
from tests.web.test_webhook import signed
from wakeel.config import load
from wakeel.web.secret_files import LOOK_EVERY_S, SecretFiles
from wakeel.whatsapp.signature import expected_digest, sign


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("the first secret")
    return path


def files(path: Path) -> SecretFiles:
    return SecretFiles(load({"WHATSAPP_APP_SECRET_FILE": str(path)}))


def counts(found: SecretFiles, secret: str) -> bool:
    expected = expected_digest(sign(b"{}", secret))
    assert expected is not None
    check = found.secrets.app.begin(expected)
    check.update(b"{}")
    return check.matches()


def look(found: SecretFiles, *, times: int = 2) -> None:
    for _ in range(times):
        found.look()


def test_a_file_that_changed_is_read_again(path: Path):
    found = files(path)
    path.write_text("the second secret,the first secret\n")
    look(found)
    assert counts(found, "the second secret")
    assert counts(found, "the first secret")
    path.write_text("the second secret\n")
    look(found)
    assert not counts(found, "the first secret")


def test_a_file_that_is_replaced_by_another_is_read_again(path: Path):
    """As secret managers do it; the same length and the same moment of writing must not hide it."""
    found, before = files(path), path.stat()
    fresh = path.with_name("fresh")
    fresh.write_text("the other secre1")
    os.utime(fresh, ns=(before.st_atime_ns, before.st_mtime_ns))
    fresh.replace(path)
    look(found)
    assert counts(found, "the other secre1")


def test_a_file_that_is_still_being_written_is_left_alone(path: Path):
    """Half a secret would refuse every webhook."""
    found = files(path)
    path.write_text("the sec")
    look(found, times=1)
    path.write_text("the second secret")
    look(found, times=1)
    assert counts(found, "the first secret")
    assert not counts(found, "the sec")
    look(found, times=1)
    assert counts(found, "the second secret")


@pytest.mark.parametrize("spoil", ["empty", "commas", "gone", "binary"])
def test_a_file_that_cannot_be_used_changes_nothing_and_is_told(
    path: Path, spoil: str, caplog: pytest.LogCaptureFixture
):
    found = files(path)
    {
        "empty": lambda: path.write_text(" \n"),
        "commas": lambda: path.write_text(", ,"),
        "gone": path.unlink,
        "binary": lambda: path.write_bytes(b"\xff\xfe\x00"),
    }[spoil]()
    look(found, times=5)
    assert counts(found, "the first secret")
    assert found.unusable == ["WHATSAPP_APP_SECRET_FILE"]
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    path.write_text("a good secret again")
    look(found)
    assert found.unusable == []
    assert counts(found, "a good secret again")
    assert "secret again" not in caplog.text


def test_the_verify_token_is_read_again_too(path: Path):
    found = SecretFiles(load({"WHATSAPP_VERIFY_TOKEN_FILE": str(path)}))
    path.write_text("another token")
    look(found)
    assert found.secrets.verify_token == b"another token"


def test_secrets_from_the_environment_itself_are_never_looked_for():
    found = SecretFiles(load({"WHATSAPP_APP_SECRET": "from the environment"}))
    look(found)
    assert counts(found, "from the environment")
    assert found.unusable == []


@pytest.mark.processes
def test_a_running_process_takes_a_new_secret_without_a_restart(tmp_path: Path):
    path = tmp_path / "secret"
    path.write_text("old")
    body = b'{"signed": "anew"}'
    settings = {"WHATSAPP_APP_SECRET": "", "WHATSAPP_APP_SECRET_FILE": str(path)}
    with make_deployment(tmp_path, **settings) as deployment, web_process(deployment):

        def status(secret: str) -> int:
            return deployment.request("POST", "/webhook", body=body, headers=signed(body, secret=secret))[0]

        assert (status("old"), status("new")) == (200, 401)
        path.write_text("new,old")
        ends = time.monotonic() + 5 * LOOK_EVERY_S
        while status("new") == 401:
            assert time.monotonic() < ends
            time.sleep(0.2)
        assert (status("old"), status("new")) == (200, 200)
        log = deployment.log.read_text()
    assert "WHATSAPP_APP_SECRET_FILE has changed" in log
    assert "new,old" not in log


def test_a_file_that_changed_while_the_process_was_starting_is_read_again(path: Path):
    """Between the settings and the first look lie seconds; a secret written then would be refused for ever."""
    config = load({"WHATSAPP_APP_SECRET_FILE": str(path)})
    path.write_text("the second secret,the first secret")
    found = SecretFiles(config)
    look(found)
    assert counts(found, "the second secret")
