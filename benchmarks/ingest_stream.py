"""The whole product at Meta's rate: webhooks at their times, the worker processing them, a person at the screens.

Three processes as in production (`wakeel ingest`, web, worker) beside the load generator and the person at the screens,
all on this machine. A webhook counts as lost if it was answered with 200 and is not carried out at the end.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.ingest_bodies import Amounts, Population, bodies, mixed
from benchmarks.ingest_deployment import Deployment
from benchmarks.ingest_effects import Expected, decided_on_screen, faults, marks, not_stored
from benchmarks.ingest_generator import ROOT, Generator
from benchmarks.ingest_processing import put_away, until_empty
from wakeel.processes import bind_to_parent

DRAINS_WITHIN_S = 600.0
PROCESSES = ("ingest", "web", "worker")


def amounts_of(rate: float, seconds: float) -> Amounts:
    return mixed(round(rate * seconds))


def stream(
    deployment: Deployment, population: Population, *, run: str, rate: float, seconds: float, pages: float = 0.0,
    decisions: float = 0.0, at_start: Callable[[], object] = lambda: None,
) -> dict[str, Any]:  # fmt: skip
    """One run. pages: of the queue, a second; decisions: instead, on the screen, a second. at_start: called when all
    processes are up, before the first webhook.

    `invalid` says why the run does not count, `lost` and `faults` what went wrong; `p50_ms` … are of the webhooks.
    """
    before = marks(deployment)
    made = bodies(population, amounts_of(rate, seconds), run=run, at=int(time.time()))
    with ExitStack() as stack:
        port = deployment.ports["ingest"]
        generator = stack.enter_context(Generator(deployment.folder, made, port=port, rate=rate))
        deployment.start(*PROCESSES)
        person = stack.enter_context(_Person(deployment, population, pages=pages, decisions=decisions, seconds=seconds))
        at_start()
        cpu = _cpu_s(deployment)
        generator.start()
        person.start()
        told = generator.finish()
        backlog = deployment.waiting()
        drain_s = until_empty(deployment, within_s=DRAINS_WITHIN_S)
        used = {name: seconds - cpu[name] for name, seconds in _cpu_s(deployment).items()}
        seen = person.finish()
        deployment.stop(*PROCESSES)
    acknowledged = generator.acknowledged()
    wrong = faults(deployment, Expected.of(acknowledged, population=population), after=before)
    if seen["failed"]:
        wrong.append(f"{seen['failed']} of {seen['count']} requests at the screens failed")
    if decisions and (kept := decided_on_screen(deployment, after=before)) != seen["count"] - seen["failed"]:
        wrong.append(f"{kept} decisions are there of {seen['count'] - seen['failed']} that were answered")
    put_away(deployment)
    return {
        "rate": rate, "seconds": seconds, "offered": told.offered, "acknowledged": len(acknowledged),
        "refused": told.refused, "broken": told.broken,
        "lost": not_stored(deployment, acknowledged, after=before), "faults": wrong, **told.latency,
        "over_1s": told.over_1s, "backlog": backlog, "drain_s": round(drain_s, 2),
        "cpu_us": {name: round(one / max(1, len(acknowledged)) * 1e6, 1) for name, one in used.items()},
        "screens": seen, "generator_cores": told.cores, "late_p99_ms": told.late_p99_ms, "invalid": told.faults,
    }  # fmt: skip


def _cpu_s(deployment: Deployment) -> dict[str, float]:
    return {name: deployment.cpu_s(name) for name in PROCESSES} | {"database": deployment.database_cpu_s()}


class _Person:
    """`ingest_screens` as a process."""

    def __init__(
        self, deployment: Deployment, population: Population, *, pages: float, decisions: float, seconds: float
    ) -> None:
        path = Path(deployment.folder) / "population-now.json"
        population.save(path)
        how = [f"--decide={path}", f"--per-s={decisions}"] if decisions else [f"--pages={pages}"]
        port = deployment.ports["web"]
        argv = [sys.executable, "-m", "benchmarks.ingest_screens", f"--port={port}", f"--seconds={seconds}", *how]
        self._process = subprocess.Popen(
            argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=partial(bind_to_parent, os.getpid()),  # noqa: PLW1509 - this process has one thread
        )  # fmt: skip

    def __enter__(self) -> "_Person":
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise SystemExit("the person at the screens did not get in")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def start(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def finish(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told
