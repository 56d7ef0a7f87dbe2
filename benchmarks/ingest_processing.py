"""Processing alone: the inbox is filled, receiving stops, the real worker process carries everything out.

Filling goes through the real ingest process. The clock runs from the worker's "ready" to the last row that is carried
out; its dispatch and timers run as always and are paid for: answers are claimed, pass the gate and are marked simulated
(dry mode). Afterwards every effect is looked for. What the dispatch had not reached is put away by hand, so that it is
not paid for in the next measurement.
"""

import time
from typing import Any

from benchmarks.ingest_bodies import Amounts, Population, bodies
from benchmarks.ingest_deployment import Deployment
from benchmarks.ingest_effects import Expected, faults, marks, not_stored
from benchmarks.ingest_generator import Generator

ARRIVALS_PER_S = 3300
FILLS_WITHIN_S = 600.0
WORKS_WITHIN_S = 900.0
POLL_S = 0.02


def processing(deployment: Deployment, population: Population, amounts: Amounts, *, run: str) -> dict[str, Any]:
    """items_per_s, µs for one item, times the arrival rate, and `faults`, empty if every effect happened once.

    cards_brought: new cards for operators; about one a tap, and the worker's timer brings some of its own.

    population: as `Population.take` gave it for these amounts.
    """
    before = marks(deployment)
    made = bodies(population, amounts, run=run, at=int(time.time()))
    fill(deployment, made)
    deployment.start("worker")
    started, cpu = time.perf_counter(), deployment.cpu_s("worker") + deployment.database_cpu_s()
    until_empty(deployment, within_s=WORKS_WITHIN_S)
    taken, cpu = time.perf_counter() - started, deployment.cpu_s("worker") + deployment.database_cpu_s() - cpu
    deployment.stop("worker")
    lost = not_stored(deployment, made, after=before)
    wrong = faults(deployment, Expected.of(made, population=population), after=before) + (
        [f"{lost} not carried out"] if lost else []
    )
    put_away(deployment)
    per_s = amounts.total / taken
    return {
        "items": amounts.total,
        "items_per_s": round(per_s),
        "us_per_item": round(1e6 / per_s, 1),
        "cpu_us_per_item": round(cpu / amounts.total * 1e6, 1),
        "times_arrival": round(per_s / ARRIVALS_PER_S, 2),
        "cards_brought": deployment.count("showing", f"id > {before.showing}"),
        "faults": wrong,
    }


def fill(deployment: Deployment, made: list[bytes]) -> None:
    """Every body through the ingest process into the inbox."""
    port = deployment.ports["ingest"]
    with Generator(deployment.folder, made, port=port, closed_s=FILLS_WITHIN_S) as generator:
        deployment.start("ingest")
        generator.start()
        generator.finish()
        deployment.stop("ingest")
    if len(generator.acknowledged()) != len(made):
        raise SystemExit(f"of {len(made)} webhooks {len(generator.acknowledged())} were taken")


def until_empty(deployment: Deployment, *, within_s: float) -> float:
    """Seconds until nothing waits for the worker. Fails with its log if that takes longer."""
    started = time.perf_counter()
    with deployment.connected() as connection:
        while connection.execute("SELECT 1 FROM inbox WHERE state = 'received' LIMIT 1").fetchone():
            if time.perf_counter() - started > within_s:
                raise SystemExit(f"the inbox did not become empty\n{deployment.said('worker')[-4000:]}")
            # A transaction left open would show the same rows for ever, and hold PostgreSQL's cleaning back.
            connection.rollback()
            time.sleep(POLL_S)
    return time.perf_counter() - started


def put_away(deployment: Deployment) -> None:
    with deployment.connected() as connection:
        connection.execute("UPDATE outbox SET state = 'suppressed' WHERE state = 'pending'")
