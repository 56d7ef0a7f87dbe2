"""`kill -9` of random workers at random moments with messages on their way out. `make soak-send`.

    python -m benchmarks.soak_send [--kills 200] [--seed N] [--database sqlite|postgresql|both]

Approved messages fall due at 500 a second; a fake Graph server, in this process, takes all of them and loses one answer
in five: it cuts the connection, or says 500. A third of those whose answer was lost are told by a status webhook a
little later. One worker on SQLite, three on PostgreSQL, and `wakeel ingest` for the webhooks. At a random moment, with
rows in `sending`, a random worker is frozen (SIGSTOP), looked at, killed while frozen and started again. What a kill
interrupted is found out like this:

- `in a transaction`: frozen, it stood inside one (a claim or a record; on SQLite it held the write lock);
- `posted`: attempts that the fake has seen were not recorded yet;
- `claimed`: attempts were journalled, and the fake had seen none of them.

At the end, when nothing waits and every lease is over, three lists are held against each other: what was approved, what
the fake saw, and the rows (`send_outcome`). One line of JSON a database; the command fails (1) if a message is lost or
was posted twice, or if a state is not honest. The seed is printed; given again it draws the same victims and pauses and
loses the same share of answers, not the same scheduling.
"""

import argparse
import asyncio
import contextlib
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from benchmarks.ingest import commit
from benchmarks.ingest_bodies import Person, Sent, signature, status_body
from benchmarks.ingest_deployment import (
    POSTGRESQL,
    SQLITE,
    Deployment,
    deployed,
    end_cleanly_when_told,
    free_port,
)
from benchmarks.send_graph import CUT, Graph, Posted, accepted, http, serve, wamid_of
from benchmarks.send_outcome import judged, messages
from benchmarks.send_population import beginning_of, settings
from benchmarks.send_runs import LOOK_S, queue, release
from benchmarks.soak_ingest import is_inside
from wakeel.domain.outbox import LEASE

T = TypeVar("T")

RATE, LATENCY_S = 500.0, 0.05
LOST, TOLD = 0.2, 1 / 3
STATUS_AFTER_S = 1.0
WORKERS = {SQLITE: ("worker",), POSTGRESQL: ("worker", "worker-2", "worker-3")}
NUMBERS = 20
"""Five unanswered sends in a row stop a number for a while, as they should: with one number alone little would flow."""
EACH = 1200
"""Messages for every kill: with its restart it takes about two seconds."""
LONGEST_WAIT_S = 0.6
HAS_WORK_WITHIN_S = 60.0
DRAINS_WITHIN_S = 1800.0
MARK = "s"


class Meta:
    """The fake's wishes: which answers are lost, which of those are told by a status."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.graph = Graph(answer=self._answer, latency_s=LATENCY_S)
        self.to_be_told: asyncio.Queue[tuple[float, Posted]] = asyncio.Queue()
        self.lost = 0

    def _answer(self, posted: Posted) -> bytes | None:
        if self._dice.random() >= LOST:
            return accepted(posted)
        self.lost += 1
        if self._dice.random() < TOLD:
            self.to_be_told.put_nowait((time.monotonic() + STATUS_AFTER_S, posted))
        return CUT if self._dice.random() < 0.5 else http(500, b'{"error": {"code": 2}}')


class Soak:
    """One database, all its kills."""

    def __init__(self, deployment: Deployment, meta: Meta, *, seed: int) -> None:
        self._deployment, self._meta = deployment, meta
        self._dice = random.Random(seed)
        # One thread starts every process: their death signal follows it.
        self._thread = ThreadPoolExecutor(1)
        self._workers = WORKERS[deployment.database]
        self.kills: Counter[str] = Counter()
        self.told: list[str] = []
        self.ran_out = False
        self._orphans: set[str] = set()

    async def run(self, kills: int, *, port: int) -> None:
        """Kill, start again, go on; return when nothing waits and no lease runs."""
        server = await serve(self._meta.graph, port)
        await self._aside(self._deployment.start, "ingest", *self._workers)
        teller = asyncio.create_task(self._tell())
        try:
            await self._aside(release, self._deployment, rate=RATE, begins_in_s=1.0)
            for _ in range(kills):
                if not await self._kill(self._dice.choice(self._workers)):
                    self.ran_out = True
                    break
            await self._aside(self._until_gone)
            await self._meta.to_be_told.join()
            await self._aside(self._until_decoded)
        finally:
            teller.cancel()
            await asyncio.gather(teller, return_exceptions=True)
        await self._aside(self._deployment.stop, "ingest", *self._workers)
        server.close()

    async def _kill(self, name: str) -> bool:
        """False if nothing was on its way out any more."""
        await asyncio.sleep(self._dice.uniform(0, LONGEST_WAIT_S))
        ends, process = time.monotonic() + HAS_WORK_WITHIN_S, self._deployment.processes[name]
        while not (leaving := await self._aside(self._freeze, name)):
            process.send_signal(signal.SIGCONT)
            if time.monotonic() > ends:
                return False
            await asyncio.sleep(self._dice.uniform(0, 0.02))
        inside = await self._aside(is_inside, self._deployment, name)
        await self._aside(self._deployment.kill, name)
        posted = {one.attempt for one in self._meta.graph.seen} & leaving
        self.kills["in a transaction" if inside else "posted" if posted else "claimed"] += 1
        self._orphans |= leaving
        await self._aside(self._deployment.start, name)
        return True

    def _freeze(self, name: str) -> set[str]:
        """Stop it where it stands; the attempts that are leaving just now.

        Those of workers that were killed before stay in `sending` until their leases end: they are nobody's.
        """
        self._deployment.processes[name].send_signal(signal.SIGSTOP)
        return {
            pk for (pk,) in self._deployment.query("SELECT id FROM attempt WHERE outcome = 'sending'")
        } - self._orphans

    async def _tell(self) -> None:
        """Statuses of messages whose answer was lost, each posted until it is answered with 200."""
        port = self._deployment.ports["ingest"]
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            while True:
                at, posted = await self._meta.to_be_told.get()
                await asyncio.sleep(max(0.0, at - time.monotonic()))
                sent = Sent(wamid_of(posted.attempt), posted.attempt, Person("", posted.to.removeprefix("+"), "SA.x"))
                body = status_body(sent, "delivered", at=int(time.time()))
                headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body)}
                async with session.post("/webhook", data=body, headers=headers) as answer:
                    if answer.status == 200:
                        self.told.append(posted.attempt)
                    else:
                        self._meta.to_be_told.put_nowait((time.monotonic() + LOOK_S, posted))
                self._meta.to_be_told.task_done()

    def _until_gone(self) -> None:
        """Nothing waits or is leaving any more, or the time is over: then the judgement says what is left."""
        ends = time.monotonic() + DRAINS_WITHIN_S
        busy = "SELECT 1 FROM outbox WHERE state IN ('pending', 'sending') AND audience = 'contact' LIMIT 1"
        while self._deployment.query(busy) and time.monotonic() < ends:
            time.sleep(LOOK_S)

    def _until_decoded(self) -> None:
        ends = time.monotonic() + DRAINS_WITHIN_S
        while self._deployment.waiting() and time.monotonic() < ends:
            time.sleep(LOOK_S)

    async def _aside(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: verb(*arguments, **named))


def soak(database: str, *, kills: int, seed: int, each: int) -> dict[str, Any]:
    """One line of figures; `lost`, `doubled` and `faults` are empty if every message left at most once, honestly."""
    started, port = time.monotonic(), free_port()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wakeel-soak-")))
        deployment = stack.enter_context(deployed(database, **settings(folder, port=port)))
        for name in WORKERS[database]:
            deployment.commands[name] = deployment.commands["worker"]
        queue(deployment, each * (kills + 1), mark=MARK, numbers=NUMBERS)
        meta = Meta(seed)
        run = Soak(deployment, meta, seed=seed)
        asyncio.run(run.run(kills, port=port))
        found = judged(messages(deployment, to=beginning_of(MARK)), meta.graph.seen, told=run.told)
        faults = list(found.pop("dishonest"))
        if run.ran_out:
            faults.append(f"the messages ran out after {run.kills.total()} kills: more for each with --each")
        if left := sum(found["states"].get(state, 0) for state in ("pending", "sending")):
            faults.append(f"{left} messages are neither final nor in doubt")
        return {
            "benchmark": "soak-send", "commit": commit(), "database": database, "seed": seed,
            "kills": run.kills.total(), "by_moment": dict(sorted(run.kills.items())), "answers_lost": meta.lost,
            "told_by_status": len(run.told), **found, "faults": faults, "lease_s": LEASE.total_seconds(),
            "seconds": round(time.monotonic() - started),
        }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 of workers with messages on their way out.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default=SQLITE)
    parser.add_argument("--each", type=int, default=EACH, help="messages a kill")
    given = parser.parse_args()
    end_cleanly_when_told()
    print(f"seed {given.seed}", flush=True)
    failed = False
    for database in (SQLITE, POSTGRESQL) if given.database == "both" else (given.database,):
        told = soak(database, kills=given.kills, seed=given.seed, each=given.each)
        print(json.dumps(told, ensure_ascii=False), flush=True)
        failed |= bool(told["lost"] or told["doubled"] or told["faults"])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
