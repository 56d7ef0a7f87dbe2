"""A real CalDAV server for tests: Radicale on 127.0.0.1, in a folder of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

USER, PASSWORD = "sara", "تقويم-17"
_STARTS_WITHIN_S = 20.0
_CONFIG = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {users}
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}
[logging]
level = error
"""


@dataclass(frozen=True)
class Server:
    """url: of one calendar, made and empty."""

    url: str

    def files(self) -> list[str]:
        """What is in the calendar, one iCalendar text an event."""
        listing = httpx.get(self.url, auth=(USER, PASSWORD))
        return [] if "BEGIN:VEVENT" not in listing.text else listing.text.split("BEGIN:VEVENT")[1:]


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Up once the calendar is made; gone afterwards."""
    port = _free_port()
    users, config = folder / "users", folder / "config"
    users.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    config.write_text(_CONFIG.format(port=port, users=users, folder=folder / "collections"), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--config", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}/{USER}/meetings/"
        _make_calendar(url, process)
        yield Server(url)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _make_calendar(url: str, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _STARTS_WITHIN_S
    while True:
        try:
            made = httpx.request("MKCALENDAR", url, auth=(USER, PASSWORD))
        except httpx.TransportError:
            assert process.poll() is None, "radicale ended"
            assert time.monotonic() < ends, "radicale does not answer"
            time.sleep(0.05)
            continue
        assert made.status_code == 201, made.status_code
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
