"""What sending costs: claim, gate, journal, POST, record. `make bench-send`, `make bench-send QUICK=1`.

    python -m benchmarks.send [--quick] [--database sqlite|postgresql|both] [--only PART …] [--messages N] [--rows N]

A worker process of the product posts approved messages to a fake Graph server of 50 ms latency, a process of its own;
every message is to another person and passes the real gate with a consent, an open window and its own approval. Parts:

- `unpaced` (`send_runs`): everything due at once, over twenty numbers of 1,000 a second, so that no bucket holds back;
- `client` (`send_client`): the same HTTP client posting the same bodies with no database; `ratio_to_client` is unpaced
  over this, both in messages for a second of the process's CPU;
- `dbos` (`peers/dbos_queue`): a queue of DBOS whose workflows do nothing, on the same database; `ratio_to_dbos` is
  unpaced messages a second over its workflows a second, by the clock, putting them into the queue included;
  `…_per_core` the same by CPU, `…_run_only` by the clock without the queueing, as our messages are queued before;
- `paced`: 1,000 fall due a second; from the journalled claim to the request's arrival at the other side;
- `flat` (`send_flat`): unpaced again beside five million messages that left long ago;
- `together` (`send_together`): 3,300 webhooks a second in and 1,000 messages a second out.

A run whose fake took more than half a core counts for nothing: its figures are null. Everything runs on this one
machine. The last line is JSON: figures, targets, what was missed. The command fails (1) if a message was lost, doubled
or told dishonestly, if a run was invalid, or if a ratio is missing; a missed target alone is printed and does not fail.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.ingest import commit, machine, say, timed
from benchmarks.ingest_deployment import POSTGRESQL, SQLITE, Deployment, deployed, end_cleanly_when_told, free_port
from benchmarks.peers.environment import QUEUE_PEER, Peer, installed
from benchmarks.send_fake import ROOT, fake
from benchmarks.send_flat import ROWS, fill_finished, too_small
from benchmarks.send_population import settings
from benchmarks.send_runs import busy_fake, run
from benchmarks.send_targets import PACED_PER_S, missed, targets
from benchmarks.send_together import together

PARTS = ("unpaced", "client", "dbos", "paced", "flat", "together")
RATIOS = {"client": "ratio_to_client", "dbos": "ratio_to_dbos"}
NUMBERS = 20
"""Of a thousand a second each: together more than one worker can do."""


class Plan:
    """How much of everything; `--quick` is sized for less than a minute."""

    def __init__(self, given: argparse.Namespace) -> None:
        quick = given.quick
        self.databases = [SQLITE, POSTGRESQL] if given.database == "both" else [given.database]
        self.parts = given.only or (["unpaced", "client", "dbos"] if quick else list(PARTS))
        self.messages = given.messages or (2_000 if quick else 25_000)
        self.workflows = 300 if quick else 2_000
        self.paced_s, self.rate = given.seconds or (5.0 if quick else 60.0), given.rate
        self.rows = given.rows


def main() -> int:
    plan = Plan(_arguments())
    end_cleanly_when_told()
    say(json.dumps(machine(), ensure_ascii=False))
    peer = _peer() if "dbos" in plan.parts else None
    found = {}
    for name in plan.databases:
        with practising(name) as (deployment, port):
            found[name] = _measure(deployment, plan, peer, port=port)
        if "together" in plan.parts:
            # Its webhooks speak of a business with one number only.
            with practising(name) as (deployment, port):
                told = together(deployment, port=port, seconds=plan.paced_s, rate=plan.rate)
            _say(deployment, "together", told)
            found[name]["together"] = told
    return _tell(found, plan, peer)


@contextmanager
def practising(database: str) -> Iterator[tuple[Deployment, int]]:
    """A fresh deployment whose messages go to this port of this machine; nobody listens there yet."""
    with tempfile.TemporaryDirectory(prefix="wakeel-send-") as folder:
        port = free_port()
        with deployed(database, **settings(Path(folder), port=port)) as deployment:
            yield deployment, port


def _say(deployment: Deployment, part: str, told: dict[str, Any]) -> None:
    say(f"{deployment.database}: {part}: {json.dumps(told, ensure_ascii=False)}")


def _measure(deployment: Deployment, plan: Plan, peer: Peer | None, *, port: int) -> dict[str, Any]:
    """Every part that one deployment can do after the other."""
    figures: dict[str, Any] = {}

    def part(name: str, told: dict[str, Any]) -> None:
        figures[name] = told
        _say(deployment, name, told)

    if {"unpaced", "flat"} & set(plan.parts):
        part("unpaced", run(deployment, count=plan.messages, mark="a", port=port, numbers=NUMBERS))
    if "client" in plan.parts:
        part("client", client_alone(port, plan.messages))
    if peer is not None:
        part("dbos", queue_peer(deployment, peer, plan.workflows))
    if "paced" in plan.parts:
        count = round(plan.rate * plan.paced_s)
        paced = run(deployment, count=count, mark="b", port=port, rate=plan.rate, numbers=2)
        part("paced", {"offered_per_s": plan.rate, **paced})
    if "flat" in plan.parts:
        part("flat", _flat(deployment, plan, port=port))
    return figures | ratios(figures)


def _flat(deployment: Deployment, plan: Plan, *, port: int) -> dict[str, Any]:
    """Last: the rows stay. `skipped` says why there are no figures."""
    if reason := too_small(deployment, plan.rows):
        say(f"{deployment.database}: flat cost is left out: {reason}")
        return {"skipped": reason}
    with timed(f"{deployment.database}: {plan.rows:,} finished messages"):
        fill_s = fill_finished(deployment, plan.rows)
    told = run(deployment, count=plan.messages, mark="f", port=port, numbers=NUMBERS)
    return {"rows": plan.rows, "fill_s": round(fill_s), **told}


def client_alone(port: int, count: int) -> dict[str, Any]:
    """The HTTP client with no database, for as many messages."""
    argv = [sys.executable, "-m", "benchmarks.send_client", f"--port={port}", f"--messages={count}"]
    with fake(port) as graph:
        before = graph.cpu_s()
        done = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)
        fake_s = graph.cpu_s() - before
    told = json.loads(done.stdout)
    return {
        "per_s": round(count / told["seconds"], 1), "messages_per_core_second": round(count / told["cpu_s"]),
        "invalid": busy_fake(fake_s, told["seconds"]),
    }  # fmt: skip


def queue_peer(deployment: Deployment, peer: Peer, workflows: int) -> dict[str, Any]:
    """DBOS on a database of its own beside ours: the same server, or another file in the same folder."""
    url = f"sqlite:///{deployment.folder}/dbos.sqlite"
    if deployment.database == POSTGRESQL:
        url = deployment.environ["DATABASE_URL"].replace("/postgres?", "/benchmark_dbos_sys?")
    argv = [str(peer.python), str(peer.server), url, str(workflows)]
    done = subprocess.run(argv, cwd=deployment.folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{QUEUE_PEER} ended with {done.returncode}\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return {
        "workflows": workflows, **told,
        "per_s": round(workflows / (told["enqueue_s"] + told["run_s"]), 1),
        "per_core_second": round(workflows / (told["enqueue_cpu_s"] + told["run_cpu_s"]), 1),
        "run_only_per_s": round(workflows / told["run_s"], 1),
        "run_only_per_core_second": round(workflows / told["run_cpu_s"], 1),
    }  # fmt: skip


def ratios(figures: dict[str, Any]) -> dict[str, float | None]:
    """Every ratio whose two runs were made and are valid; null for the others."""
    unpaced, full = _valid(figures.get("unpaced")), _valid(figures.get("flat"))
    alone, peer = _valid(figures.get("client")), _valid(figures.get("dbos"))
    a_core = "messages_per_core_second"
    return {
        "ratio_to_client": _over(unpaced.get(a_core), alone.get(a_core)),
        "ratio_to_dbos": _over(unpaced.get("per_s"), peer.get("per_s")),
        "ratio_to_dbos_per_core": _over(unpaced.get(a_core), peer.get("per_core_second")),
        "ratio_to_dbos_run_only": _over(unpaced.get("per_s"), peer.get("run_only_per_s")),
        "flat_ratio": _over(full.get(a_core), unpaced.get(a_core)),
    }


def _valid(part: dict[str, Any] | None) -> dict[str, Any]:
    return {} if part is None or part.get("invalid") else part


def _over(ours: float | None, theirs: float | None) -> float | None:
    return round(ours / theirs, 2) if ours and theirs else None


def _peer() -> Peer | None:
    """None, with the reason told, if it cannot be installed here."""
    try:
        return installed(QUEUE_PEER)
    except (subprocess.CalledProcessError, OSError) as fault:
        say(f"{QUEUE_PEER} cannot be installed ({fault}): no ratio")
        return None


def _tell(found: dict[str, dict[str, Any]], plan: Plan, peer: Peer | None) -> int:
    """The last line, and the exit code."""
    runs = [
        (f"{name}, {part}", one)
        for name, figures in found.items()
        for part, one in figures.items()
        if isinstance(one, dict)
    ]
    problems = [f"{where}: {word}" for where, one in runs for word in [*one.get("faults", []), *one.get("invalid", [])]]
    problems += [
        f"{name}: no {ratio}"
        for name, figures in found.items()
        for part, ratio in RATIOS.items()
        if part in plan.parts and figures[ratio] is None
    ]
    first = found.get(SQLITE) or next(iter(found.values()))
    line = {
        "benchmark": "send", "commit": commit(),
        "messages_per_core_second": _valid(first.get("unpaced")).get("messages_per_core_second"),
        "ratio_to_client": first["ratio_to_client"], "ratio_to_dbos": first["ratio_to_dbos"],
        "lost": sum(one.get("lost", 0) for _, one in runs), "doubled": sum(one.get("doubled", 0) for _, one in runs),
        "targets": targets(), "missed": missed(found), "problems": problems,
        "peer": f"{QUEUE_PEER} {peer.version}" if peer else None, "databases": found,
    }  # fmt: skip
    for problem in problems:
        say(f"FAULT: {problem}")
    for miss in line["missed"]:
        say(f"missed: {miss}")
    say(json.dumps(line, ensure_ascii=False))
    return 1 if problems else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What sending costs.")
    parser.add_argument("--quick", action="store_true", help="the ratios alone, in under a minute")
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default="both")
    parser.add_argument("--only", choices=PARTS, nargs="+", help="these parts alone")
    parser.add_argument("--messages", type=int, default=0, help="of the runs that are not paced")
    parser.add_argument("--seconds", type=float, default=0.0, help="of paced and together; 60 unless quick")
    parser.add_argument("--rate", type=float, default=PACED_PER_S, help="messages a second, paced")
    parser.add_argument("--rows", type=int, default=ROWS, help="finished messages of flat")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
