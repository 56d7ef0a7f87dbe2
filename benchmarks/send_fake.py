"""Driving the fake Graph server from the benchmark: start it, ask what it saw and what it cost, end it."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.send_graph import LATENCY_S, Posted
from wakeel.processes import bind_to_parent

ROOT = Path(__file__).parents[1]


class Fake:
    """A fake that listens; everything it saw since it began."""

    def __init__(self, port: int) -> None:
        self._port = port

    def seen(self) -> list[Posted]:
        return [Posted(**one) for one in self._get("/seen")]

    def cpu_s(self) -> float:
        return float(self._get("/cost")["cpu_s"])

    def _get(self, path: str) -> Any:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)) as connection:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())


@contextlib.contextmanager
def fake(port: int, *, latency_s: float = LATENCY_S) -> Iterator[Fake]:
    """A fresh one in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.send_graph", f"--port={port}", f"--latency-ms={latency_s * 1000}"],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        preexec_fn=partial(bind_to_parent, os.getpid()),  # noqa: PLW1509 - this process has one thread
    )  # fmt: skip
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise SystemExit("the fake did not come up")
        yield Fake(port)
    finally:
        process.kill()
        process.wait()
