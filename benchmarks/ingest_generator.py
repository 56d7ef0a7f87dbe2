"""Driving the load generator from the benchmark: prepare, start, read what it measured."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import TracebackType

from benchmarks.ingest_bodies import write_bodies
from benchmarks.ingest_figures import LoadRun
from wakeel.processes import bind_to_parent

ROOT = Path(__file__).parents[1]
CONNECTIONS = 256


class Generator:
    """One run in a process of its own: signed when made, started by `start`, told by `finish`."""

    def __init__(
        self, folder: Path, bodies: list[bytes], *, port: int, rate: float = 0.0, closed_s: float = 0.0, seed: int = 1
    ) -> None:
        """rate: an open loop of so many a second; closed_s: else a closed loop for so long."""
        self._answers = folder / f"answers-{port}.bin"
        path = folder / f"bodies-{port}.txt"
        write_bodies(path, bodies)
        how = f"--rate={rate}" if rate else f"--closed={closed_s}"
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "benchmarks.ingest_load", f"--port={port}", f"--bodies={path}", how,
                f"--answers={self._answers}", f"--connections={CONNECTIONS}", f"--seed={seed}",
            ],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=partial(bind_to_parent, os.getpid()),  # noqa: PLW1509 - this process has one thread
        )  # fmt: skip
        self.bodies = bodies

    def __enter__(self) -> "Generator":
        """Everything is signed and may begin."""
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise SystemExit("the load generator did not come up")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def finish(self) -> LoadRun:
        """Wait for the end of the run; what was measured."""
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        self._process.wait()
        if not told:
            raise SystemExit("the load generator died")
        return LoadRun.of(json.loads(told))

    def acknowledged(self) -> list[bytes]:
        """The bodies that were answered with 200; after `finish`."""
        return [body for body, answer in zip(self.bodies, self._answers.read_bytes(), strict=True) if answer == 1]
