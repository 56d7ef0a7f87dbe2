"""Durable ingest against pywa's built-in server, which stores nothing: 256 connections, closed loop, rounds in turns.

A round is: ours on SQLite, pywa, ours on PostgreSQL, pywa. Ours is the process `wakeel ingest`: signature, sealing, one
fsynced commit for everything that came meanwhile, then 200. No worker runs: only receiving is compared.
"""

import os
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.ingest_bodies import strangers
from benchmarks.ingest_deployment import POSTGRESQL, SQLITE, Deployment, answers, free_port, tree_cpu_s
from benchmarks.ingest_figures import Round, medians, ratio
from benchmarks.ingest_generator import Generator
from benchmarks.ingest_load import WARM_UP_S
from benchmarks.peers.environment import PEER, Peer
from wakeel.processes import bind_to_parent

MOST_PER_S = 30_000
"""So many bodies are signed for each second of a closed run; a run that uses them up ends early."""
PLACE = b"@RUN@"


def compare(
    deployments: list[Deployment], peer: Peer | None, folder: Path, *, rounds: int, seconds: float,
    say: Callable[[str], None],
) -> dict[str, Any]:  # fmt: skip
    """ratio_sqlite, ratio_postgres (None without a peer or a valid round) and the figures they come from."""
    found: list[Round] = []
    pattern = strangers(int(MOST_PER_S * (seconds + WARM_UP_S)), run=PLACE.decode(), at=int(time.time()))
    for number in range(rounds):
        for deployment in deployments:
            # No two runs say the same: a repeated body costs less than a new one.
            mark = f"{number:02d}{deployment.database[:2]}".encode()
            made = [body.replace(PLACE, mark) for body in pattern]
            found.append(_ours(deployment, made, seconds=seconds))
            say(_line(found[-1]))
            if peer is not None:
                found.append(_peer(peer, folder, made, seconds=seconds))
                say(_line(found[-1]))
    servers = {one: medians(found, one) for one in (SQLITE, POSTGRESQL, PEER)}
    return {
        "ratio_sqlite": ratio(servers[SQLITE], servers[PEER]),
        "ratio_postgres": ratio(servers[POSTGRESQL], servers[PEER]),
        "closed": servers,
        "invalid_rounds": sum(bool(one.run.faults) for one in found),
    }


def _ours(deployment: Deployment, bodies: list[bytes], *, seconds: float) -> Round:
    with Generator(deployment.folder, bodies, port=deployment.ports["ingest"], closed_s=seconds) as generator:
        deployment.start("ingest")
        before = deployment.cpu_s("ingest") + deployment.database_cpu_s()
        generator.start()
        told = generator.finish()
        used = deployment.cpu_s("ingest") + deployment.database_cpu_s() - before
        deployment.stop("ingest")
    stored = len(generator.acknowledged())
    return Round(deployment.database, told, used / max(1, stored) * 1e6)


def _peer(peer: Peer, folder: Path, bodies: list[bytes], *, seconds: float) -> Round:
    port = free_port()
    process = subprocess.Popen(
        [peer.python, peer.server, str(port)], stdin=subprocess.DEVNULL,
        preexec_fn=partial(bind_to_parent, os.getpid()),  # noqa: PLW1509 - this process has one thread
    )  # fmt: skip
    try:
        with Generator(folder, bodies, port=port, closed_s=seconds) as generator:
            while not answers(port):
                if process.poll() is not None:
                    raise SystemExit(f"{PEER} ended with {process.returncode}")
                time.sleep(0.05)
            before = tree_cpu_s(process.pid)
            generator.start()
            told = generator.finish()
            used = tree_cpu_s(process.pid) - before
        return Round(PEER, told, used / max(1, len(generator.acknowledged())) * 1e6)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _line(one: Round) -> str:
    run = one.run
    invalid = f"  INVALID: {'; '.join(run.faults)}" if run.faults else ""
    return (
        f"  {one.server:<11}{run.per_s:>8.0f}/s  p50 {run.latency['p50_ms']:.1f}  p99 {run.latency['p99_ms']:.1f}  "
        f"p99.9 {run.latency['p999_ms']:.1f} ms  {one.cpu_us:.0f} µs CPU an event  "
        f"refused {run.refused} broken {run.broken}  generator {run.cores:.2f} core{invalid}"
    )
