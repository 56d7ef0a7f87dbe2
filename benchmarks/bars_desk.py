"""The desk that the bars look at: practice data, the web process and the worker of the built wheel, and people signed
in before it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.bars_population import Practice
from benchmarks.ingest_deployment import SQLITE, Deployment, deployed
from wakeel.rehearsal.screens import Screens
from wakeel.simulator.practice_clock import PracticeClock

NOWHERE = "http://127.0.0.1:9"
"""Practice: what leaves goes to a port of this machine where nobody listens."""
UNDO_S = 5
ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
SUNDAY_TO_THURSDAY = {6, 0, 1, 2, 3}


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk under measure."""

    deployment: Deployment
    practice: Practice

    @property
    def base(self) -> str:
        return f"http://localhost:{self.deployment.ports['web']}"

    def somebody(self, number: int = 0) -> Screens:
        """One of the two people, signed in."""
        return Screens(self.deployment.ports["web"], dict(self.practice.cookies[number]))

    def pages(self) -> list[str]:
        """The addresses that answer with a page of their own."""
        screens, found = self.somebody(), []
        for _, path in self.practice.places:
            page = screens.get(path)
            if page.status == 200 and page.url == path and page.raw.startswith("<!doctype html>"):
                found.append(path)
        return found


@contextmanager
def open_desk(database: str = SQLITE) -> Iterator[Desk]:
    """On SQLite, as a newcomer has it, unless said otherwise."""
    settings = {
        "WHATSAPP_GRAPH_URL": NOWHERE, "WAKEEL_SIMULATOR_URL": NOWHERE, "WAKEEL_UNDO_SECONDS": str(UNDO_S),
        "WHATSAPP_ACCESS_TOKEN": "practice", "PYTHONPATH": f"{_wheel().name}{os.pathsep}{ROOT}",
    }  # fmt: skip
    with deployed(database, **settings) as deployment:
        PracticeClock(deployment.folder).advance(_until_morning_s(datetime.now(UTC)))
        filled = deployment.run("-m", "benchmarks.bars_population")
        deployment.start("web", "worker")
        yield Desk(deployment, Practice(**json.loads(filled.splitlines()[-1])))


@cache
def _wheel() -> tempfile.TemporaryDirectory[str]:
    """A folder with what the wheel of this checkout installs; removed at the end of the process."""
    folder = tempfile.TemporaryDirectory(prefix="wakeel-wheel-")
    built = f"{folder.name}/built"
    subprocess.run([UV, "build", "-q", "--wheel", "--no-build-isolation", "-o", built, ROOT], check=True)
    [wheel] = Path(built).glob("*.whl")
    subprocess.run(
        [UV, "pip", "install", "-q", "--no-deps", "--compile-bytecode", "--target", folder.name, wheel], check=True
    )
    return folder


def _until_morning_s(now: datetime) -> int:
    """Until ten in the morning of a working day in Riyadh: at night the gate holds what the bars approve."""
    morning = now.astimezone(ZoneInfo("Asia/Riyadh")).replace(hour=10, minute=0, second=0, microsecond=0)
    while morning <= now or morning.weekday() not in SUNDAY_TO_THURSDAY:
        morning += timedelta(days=1)
    return int((morning - now).total_seconds())
