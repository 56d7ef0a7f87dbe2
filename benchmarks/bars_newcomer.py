"""The bar of the newcomer: from `wakeel demo` in a fresh folder to the first approved message on the phones page."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.test_demo import Running, demo, wait_for

EXAMPLES = Path(__file__).parents[1] / "examples"
DRAFT, APPROVE, APPROVED = "رسالة", "اعتماد", "اعتُمدت"


def first_approved_s() -> float:
    """Seconds; the environment is there, the network is not asked for anything."""
    with tempfile.TemporaryDirectory(prefix="wakeel-newcomer-") as folder:
        shutil.copytree(EXAMPLES, Path(folder) / "examples")
        started = time.monotonic()
        with demo(Path(folder)) as running:
            for title in (DRAFT, APPROVE):
                _tap(running, title)
            wait_for(lambda: any(APPROVED in message["text"] for message in running.operators_phone()))
            return time.monotonic() - started


def _tap(running: Running, title: str) -> None:
    """The newest button of this name, once there is one."""
    wait_for(lambda: any(_buttons(running, title)))
    wamid, button = list(_buttons(running, title))[-1]
    running.bench(f"/api/phones/{running.operator()}/tap", {"wamid": wamid, "id": button})


def _buttons(running: Running, title: str) -> Iterator[tuple[str, Any]]:
    for message in running.operators_phone():
        for button in message["buttons"]:
            if message["direction"] == "received" and button["title"] == title:
                yield message["wamid"], button["id"]
