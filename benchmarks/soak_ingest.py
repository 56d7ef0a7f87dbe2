"""`kill -9` of ingest and worker at random moments with work in flight. `make soak-ingest`.

    python -m benchmarks.soak_ingest [--kills 200] [--seed N] [--database sqlite|postgresql|both]

Webhooks are posted as Meta does it: each until it is answered with 200, one in ten of them again later. At a random
moment one of the two processes is frozen (SIGSTOP), looked at, and killed while frozen; it starts again and the next
moment is drawn. It is killed only when it has work: ingest while posts are unanswered, the worker while webhooks wait.
What a kill interrupted is found out like this:

- ingest, `before commit`: none of the posts that its death left unanswered is in the inbox;
- ingest, `after commit`: at least one of them is, so it died between the commit and the answer;
- worker, `while processing`: frozen, it stood inside a transaction – on SQLite it held the one write lock while nobody
  else could get it, on PostgreSQL `pg_stat_activity` shows its transaction open;
- worker, `between commits`: webhooks waited, and it was reading, decoding or giving way.

At the end everything is posted and carried out, and the rows are held against what was acknowledged: each stored, each
effect there once (`ingest_effects`). One line of JSON a database; the command fails (1) if anything is missing or
doubled. The seed is printed; given again it draws the same victims, pauses and bodies, not the same scheduling.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from benchmarks.ingest import commit, populate
from benchmarks.ingest_bodies import Amounts, Population, bodies, signature
from benchmarks.ingest_deployment import POSTGRESQL, SQLITE, Deployment, deployed, end_cleanly_when_told
from benchmarks.ingest_effects import Expected, faults, marks, not_stored, stored
from benchmarks.ingest_processing import until_empty
from wakeel.store.sqlite.driver import Database

T = TypeVar("T")

PORTION, MORE = 60, 10
"""New webhooks for every kill, and each time a process to be killed turns out to have no work."""
KEPT_READY = 150
"""So many are made for each kill."""
POSTERS = 32
LONGEST_WAIT_S = 0.4
AGAIN = 0.1
LOCK_LOOKS, LOCK_PAUSE_S = 8, 0.01
EMPTY_WITHIN_S = 600.0


@dataclass
class Post:
    """The sender's side. unanswered: posts whose connection ended before an answer came, since the last kill."""

    port: int
    queue: "asyncio.Queue[bytes]" = field(default_factory=asyncio.Queue)
    in_flight: int = 0
    acknowledged: list[bytes] = field(default_factory=list)
    unanswered: list[bytes] = field(default_factory=list)
    repeated: int = 0

    async def run(self, dice: random.Random) -> None:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{self.port}") as session:
            while True:
                body = await self.queue.get()
                if not await self._once(session, body):
                    await asyncio.sleep(0.05)
                    self.queue.put_nowait(body)
                    self.queue.task_done()
                    continue
                self.acknowledged.append(body)
                if dice.random() < AGAIN:
                    self.repeated += 1
                    self.queue.put_nowait(body)
                self.queue.task_done()

    async def _once(self, session: aiohttp.ClientSession, body: bytes) -> bool:
        """True if it was answered with 200."""
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body)}
        self.in_flight += 1
        try:
            async with session.post("/webhook", data=body, headers=headers) as answer:
                return answer.status == 200
        except aiohttp.ClientConnectorError:
            return False
        except (aiohttp.ClientError, OSError):
            self.unanswered.append(body)
            return False
        finally:
            self.in_flight -= 1


class Soak:
    """One database, all its kills."""

    def __init__(self, deployment: Deployment, made: list[bytes], *, seed: int) -> None:
        self._deployment, self._made = deployment, iter(made)
        self._dice = random.Random(seed)
        self._post = Post(deployment.ports["ingest"])
        # One thread starts every process: their death signal follows it.
        self._thread = ThreadPoolExecutor(1)
        self.kills: Counter[str] = Counter()

    @property
    def post(self) -> Post:
        return self._post

    async def run(self, kills: int) -> None:
        """Kill, start again, go on; return when everything is acknowledged and carried out."""
        await self._aside(self._deployment.start, "ingest", "worker")
        posters = [asyncio.create_task(self._post.run(random.Random(self._dice.random()))) for _ in range(POSTERS)]
        try:
            for _ in range(kills):
                self._more(PORTION)
                await self._kill(self._dice.choice(["ingest", "worker"]))
            await self._post.queue.join()
            await self._aside(until_empty, self._deployment, within_s=EMPTY_WITHIN_S)
        finally:
            for poster in posters:
                poster.cancel()
            await asyncio.gather(*posters, return_exceptions=True)
        await self._aside(self._deployment.stop, "ingest", "worker")

    def _more(self, count: int) -> None:
        for _ in range(count):
            body = next(self._made, None)
            if body is None:
                raise SystemExit("the webhooks ran out before the kills did")
            self._post.queue.put_nowait(body)

    async def _kill(self, name: str) -> None:
        await asyncio.sleep(self._dice.uniform(0, LONGEST_WAIT_S))
        process = self._deployment.processes[name]
        while not self._freeze(name):
            process.send_signal(signal.SIGCONT)
            self._more(MORE)
            await asyncio.sleep(self._dice.uniform(0, 0.02))
        inside = name == "worker" and await self._aside(is_inside, self._deployment, "worker")
        self._post.unanswered.clear()
        await self._aside(self._deployment.kill, name)
        # The senders learn of it when their connections end.
        await asyncio.sleep(0.05)
        self.kills[f"{name} {self._what(name, inside=inside)}"] += 1
        await self._aside(self._deployment.start, name)

    def _freeze(self, name: str) -> bool:
        """Stop it where it stands; True if it has work."""
        self._deployment.processes[name].send_signal(signal.SIGSTOP)
        return self._post.in_flight > 0 if name == "ingest" else self._deployment.waiting() > 0

    def _what(self, name: str, *, inside: bool) -> str:
        if name == "worker":
            return "while processing" if inside else "between commits"
        return "after commit" if stored(self._deployment, self._post.unanswered) else "before commit"

    async def _aside(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: verb(*arguments, **named))


def is_inside(deployment: Deployment, name: str) -> bool:
    """True if the frozen worker of this name stands inside a transaction that writes."""
    if deployment.database == POSTGRESQL:
        sql = f"SELECT 1 FROM pg_stat_activity WHERE application_name = '{name}' AND xact_start IS NOT NULL"
        return bool(deployment.query(sql))
    for _ in range(LOCK_LOOKS):
        if not _is_locked(deployment):
            return False
        time.sleep(LOCK_PAUSE_S)
    # Ingest holds the lock for a few milliseconds only.
    return True


def _is_locked(deployment: Deployment) -> bool:
    connection = Database.connect(str(deployment.folder / "wakeel.sqlite3"), timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except Database.OperationalError:
        return True
    finally:
        connection.close()
    return False


def amounts_of(kills: int) -> Amounts:
    """More of what people do than Meta's mix has: those are the effects that must not happen twice."""
    total = KEPT_READY * (kills + 1)
    of_a_hundred = {"statuses": 76, "texts": 8, "replies": 8, "taps": 8}
    return Amounts(**{kind: total * share // 100 for kind, share in of_a_hundred.items()})


def soak(database: str, *, kills: int, seed: int) -> dict[str, Any]:
    """One line of figures; `faults` is empty if nothing is missing and nothing there twice."""
    started, amounts = time.monotonic(), amounts_of(kills)
    with deployed(database) as deployment:
        needs = {"messages": amounts.messages, "cards": amounts.taps, "on-screen": 0, "people": 300, "replying": 100}
        population: Population = populate(deployment, needs)
        before = marks(deployment)
        made = bodies(population, amounts, run="K", at=int(time.time()), seed=seed)
        run = Soak(deployment, made, seed=seed)
        asyncio.run(run.run(kills))
        acknowledged = set(run.post.acknowledged)
        missing = not_stored(deployment, acknowledged, after=before)
        return {
            "benchmark": "soak-ingest", "commit": commit(), "database": database, "seed": seed, "kills": kills,
            "by_moment": dict(sorted(run.kills.items())), "acknowledged": len(acknowledged),
            "posted_again": run.post.repeated, "missing": missing,
            "faults": faults(deployment, Expected.of(acknowledged, population=population), after=before),
            "seconds": round(time.monotonic() - started),
        }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 of ingest and worker with work in flight.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default=SQLITE)
    given = parser.parse_args()
    end_cleanly_when_told()
    print(f"seed {given.seed}", flush=True)
    failed = False
    for database in (SQLITE, POSTGRESQL) if given.database == "both" else (given.database,):
        told = soak(database, kills=given.kills, seed=given.seed)
        print(json.dumps(told, ensure_ascii=False), flush=True)
        failed |= bool(told["missing"] or told["faults"])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
