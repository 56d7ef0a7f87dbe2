"""One run of the worker over messages that wait: as fast as it can, or at a rate; what it cost, what became of them."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.ingest_deployment import POSTGRESQL, Deployment
from benchmarks.ingest_figures import MOST_CPU, centile, spread_ms
from benchmarks.send_fake import Fake, fake
from benchmarks.send_graph import Posted
from benchmarks.send_outcome import judged, messages
from benchmarks.send_population import beginning_of

ENDS_WITHIN_S = 900.0
LOOK_S = 0.25
STARTS_IN_S = 1.0
"""After the release: the first message is due then, and the worker idles as on a quiet day."""
CLAIM, RECORD = ("claim", "recalled", "has_due", "room", "pace"), ("record", "settle", "expire")
"""How verbs of the dispatch begin, by phase; everything else is what the worker does besides."""
AT_THE_END = frozenset({"anchor_all", "give_up"})
"""What a worker does when it is told to stop: its CPU was read before that."""


def queue(deployment: Deployment, count: int, *, mark: str, numbers: int) -> None:
    """So many approved messages, due in many hours."""
    deployment.run("-m", "benchmarks.send_population", f"--messages={count}", f"--numbers={numbers}", f"--mark={mark}")


def release(deployment: Deployment, *, rate: float = 0.0, begins_in_s: float = 0.0) -> datetime:
    """Everything that waits becomes due: at once, or in its order at so many a second. When the first one is."""
    first = datetime.now(UTC) + timedelta(seconds=begins_in_s)
    after_s = f"place / {rate}" if rate else "place * 0.0"
    if deployment.database == POSTGRESQL:
        due_at = f"'{first.isoformat()}'::timestamptz + {after_s} * interval '1 second'"
    else:
        written = first.strftime("%Y-%m-%d %H:%M:%S.%f")
        due_at = f"strftime('%Y-%m-%d %H:%M:%f', '{written}', '+' || ({after_s}) || ' seconds') || '000'"
    order = "SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM outbox WHERE state = 'pending'"
    with deployment.connected() as connection:
        connection.execute(f"UPDATE outbox SET due_at = {due_at} FROM ({order}) AS w WHERE outbox.id = w.id")
    return first


def until_gone(deployment: Deployment, *, within_s: float = ENDS_WITHIN_S) -> None:
    """Return when nothing waits and nothing is on the wire."""
    ends = time.monotonic() + within_s
    busy = "SELECT 1 FROM outbox WHERE state IN ('pending', 'sending') AND audience = 'contact' LIMIT 1"
    while deployment.query(busy):
        if time.monotonic() > ends or deployment.processes["worker"].poll() is not None:
            states = deployment.query("SELECT state, hold_code, count(*) FROM outbox GROUP BY state, hold_code")
            raise SystemExit(f"messages are left over: {states}\n{deployment.said('worker')[-2000:]}")
        time.sleep(LOOK_S)


def run(deployment: Deployment, *, count: int, mark: str, port: int, rate: float = 0.0, numbers: int) -> dict[str, Any]:
    """One run. rate: so many fall due a second; 0: all at once. `faults` is empty for a good one.

    The messages are made first; the worker is up before they fall due, so that its start costs nothing.
    """
    queue(deployment, count, mark=mark, numbers=numbers)
    costs = deployment.folder / f"costs-{mark}.json"
    deployment.commands["worker"] = ("-m", "benchmarks.send_worker", str(costs))
    with fake(port) as graph:
        deployment.start("worker")
        before = _cpu_s(deployment, graph)
        began = release(deployment, rate=rate, begins_in_s=STARTS_IN_S)
        until_gone(deployment)
        used = {name: seconds - before[name] for name, seconds in _cpu_s(deployment, graph).items()}
        seen = graph.seen()
        deployment.stop("worker")
    to = beginning_of(mark)
    found = judged(messages(deployment, to=to), seen)
    seconds = max(one.at for one in seen) - began.timestamp() if seen else 0.0
    waits = claim_to_post_s(claims(deployment, to=to), seen)
    return {
        "messages": count,
        "seconds": round(seconds, 2),
        "per_s": round(count / seconds, 1) if seconds > 0 else None,
        "messages_per_core_second": round(count / used["worker"]),
        "cpu_us": {name: round(cpu_s / count * 1e6, 1) for name, cpu_s in used.items()},
        "worker_us": by_component(json.loads(costs.read_text()), worker_s=used["worker"], count=count),
        "claim_to_post": spread_ms(waits),
        "due_to_post_p99_ms": _late_p99_ms(began, seen, rate) if rate else None,
        "graph_cores": round(used["graph"] / seconds, 2) if seconds > 0 else None,
        **found,
        "faults": faults(found, count=count),
        "invalid": busy_fake(used["graph"], seconds),
    }  # fmt: skip


def faults(found: Mapping[str, Any], *, count: int) -> list[str]:
    """What a run without any trouble must not have: here nothing is killed and everything answered."""
    accepted = found["states"].get("accepted", 0)
    words = [f"{found[name]} messages were {name}" for name in ("lost", "doubled") if found[name]]
    return [*words, *found["dishonest"], *([f"{count - accepted} are not accepted"] if accepted != count else [])]


def busy_fake(cpu_s: float, seconds: float) -> list[str]:
    """Why the run does not count: the other side took what is measured from the worker."""
    if seconds <= 0:
        return ["nothing was posted"]
    return [f"the fake took {cpu_s / seconds:.2f} of a core"] if cpu_s > MOST_CPU * seconds else []


def by_component(verbs: Mapping[str, Mapping[str, float]], *, worker_s: float, count: int) -> dict[str, Any]:
    """Microseconds of the worker's CPU for one message: claim, record, other database work, HTTP with the loop."""
    us = {name: cost["cpu_s"] / count * 1e6 for name, cost in verbs.items() if name not in AT_THE_END}
    claim = sum(cost for name, cost in us.items() if name.startswith(CLAIM))
    record = sum(cost for name, cost in us.items() if name.startswith(RECORD))
    other = sum(us.values()) - claim - record
    http = worker_s / count * 1e6 - sum(us.values())
    parts = {"claim": claim, "record": record, "other_database": other, "http_and_loop": http}
    return {name: round(cost, 1) for name, cost in parts.items()} | {
        "verbs": {name: round(cost, 1) for name, cost in sorted(us.items(), key=lambda one: -one[1]) if cost >= 1}
    }


def claim_to_post_s(claimed: Mapping[str, float], seen: Sequence[Posted]) -> list[float]:
    """Seconds from the journalled claim to the moment the request was read by the other side, by attempt."""
    return [one.at - claimed[one.attempt] for one in seen if one.attempt in claimed]


def claims(deployment: Deployment, *, to: str) -> dict[str, float]:
    """When each attempt to these people was claimed, in Unix seconds."""
    sql = "SELECT a.id, a.started_at FROM attempt a JOIN outbox o ON o.id = a.outbox_id"
    return {pk: _seconds(at) for pk, at in deployment.query(f"{sql} WHERE o.address LIKE '{to}%'")}


def _seconds(at: Any) -> float:
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _late_p99_ms(began: datetime, seen: Sequence[Posted], rate: float) -> float:
    """How long after its time a message was posted; one that overtook another counts as that one."""
    first = began.timestamp()
    late = sorted(at - first - place / rate for place, at in enumerate(sorted(one.at for one in seen)))
    return round(centile(late, 0.99) * 1000, 1)


def _cpu_s(deployment: Deployment, graph: Fake) -> dict[str, float]:
    return {
        "worker": deployment.cpu_s("worker"), "database_server": deployment.database_cpu_s(), "graph": graph.cpu_s()
    }  # fmt: skip
