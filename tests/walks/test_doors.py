"""What must not come in, and what must not go out: signatures, modes, settings."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import Deal, House, open_house
from tests.machine import HERE
from tests.words import shows
from wakeel.domain.answers import AnswerCode

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]


@pytest.mark.parametrize("sign", ["wrong", False])
def test_a_webhook_without_the_right_signature_is_401_and_not_stored(house: House, sign: object):
    body = f'{{"entry": [], "sign": "{sign}"}}'
    assert house.bench("POST", "/api/raw", {"body": body, "sign": sign})["status"] == 401
    house.until_quiet()
    assert not house.has_stored(body)
    assert house.bench("POST", "/api/raw", {"body": body})["status"] == 200
    assert house.has_stored(body)


def test_a_missing_signature_is_refused_before_the_body_comes(house: House):
    head = (
        f"POST /webhook HTTP/1.1\r\nHost: localhost:{house.deployment.port}\r\n"
        "Content-Type: application/json\r\nContent-Length: 2000000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", house.deployment.port), timeout=5) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 401")


@pytest.fixture(scope="module")
def dry_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The flag is off and Graph is not on this machine."""
    folder = tmp_path_factory.mktemp("dry")
    with open_house(folder, WHATSAPP_GRAPH_URL="https://graph.example", WAKEEL_UNDO_SECONDS="0") as house:
        yield house


def approved_by_click(house: House) -> Deal:
    """On the screens: no card reaches a phone in dry mode."""
    deal = house.deal()
    page = house.screens.send(house.item_page(deal).form("/draft/"))
    page = house.screens.send(page.form("/approve/"))
    assert shows(page.text, AnswerCode.APPROVED_DRY)
    return deal


def test_with_the_flag_off_the_client_refuses_another_host_even_if_every_caller_is_wrong(dry_house: House):
    """A worker whose gate believes that it is live, on a machine where every name leads to a listener of ours."""
    dry_house.stop("worker")
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        somebody.setblocking(False)
        port = str(somebody.getsockname()[1])
        dry_house.start_worker(str(HERE / "walks" / "blind_worker.py"), port, name="blind")
        try:
            deal = approved_by_click(dry_house)
            dry_house.until_left(deal.phone, state="failed")
        finally:
            dry_house.stop("blind")
            dry_house.start_worker()
        with pytest.raises(BlockingIOError):
            somebody.accept()
    details = dry_house.rows(f"SELECT failure_details FROM outbox WHERE address = '+{deal.phone.wa_id}'")
    assert details == [("live_send_off",)]
    assert dry_house.posts() == 0


@pytest.mark.parametrize("argv", [("-m", "wakeel.cli", "serve"), ("-m", "wakeel.web.serve")])
def test_every_bad_setting_is_told_at_once_and_the_exit_code_is_2(tmp_path: Path, argv: tuple[str, ...]):
    bad = {
        "WHATSAPP_ALLOW_LIVE_SEND": "yes please", "WAKEEL_PORT": "99999", "WAKEEL_TIME_ZONE": "Mars/Base",
        "WHATSAPP_GRAPH_URL": "ftp://graph", "WAKEEL_UNDO_SECONDS": "-1", "WHATSAPP_APP_SECRET": "",
        "WAKEEL_SECRET_KEY": "short", "WAKEEL_DATA_DIR": str(tmp_path),
    }  # fmt: skip
    environ = {**os.environ, **bad}
    environ.pop("WAKEEL_ROLE", None)
    ended = subprocess.run(
        [sys.executable, *argv], env=environ, capture_output=True, text=True, check=False, timeout=30
    )
    assert ended.returncode == 2
    assert [name for name in bad if name not in ended.stderr] == ["WAKEEL_DATA_DIR"]
    assert "yes please" not in ended.stderr
