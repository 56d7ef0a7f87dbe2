"""kill -9 before and after every commit of a message's way out, and around its POST, whatever Meta answers.

0 lost, 0 doubled, every state as the tables say: `unknown` wherever it may have left, never a second POST of it.
"""

import asyncio
import itertools
import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.send_graph import CUT, Graph, Posted, accepted, refused, serve, wamid_of
from tests.deployment import Deployment, make_deployment
from tests.rows import NUMBER_ID, WABA_ID
from wakeel.rehearsal.ports import free_port

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]

DRIVER = str(Path(__file__).parent / "send_cells.py")
LATER_S = 120
"""Longer than a lease, and than the longest back-off these cells meet."""
PATIENCE_S = 30.0
STOPPED = 4
"""What the driver says of a worker that stands still."""
UNREADABLE, NOT_NOW = 131008, 131056
"""Meta's codes: refused for good; too many to this person for now."""

POINTS: dict[str, dict[str, str]] = {
    "before the claim's commit": {"when": "before", "from": "pending", "to": "sending"},
    "after the claim's commit": {"when": "after", "from": "pending", "to": "sending"},
    "before the POST": {"post": "before"},
    "on the wire": {},
    "after the POST": {"post": "after"},
    "before the record's commit": {"when": "before", "from": "sending"},
    "after the record's commit": {"when": "after", "from": "sending"},
}
ANSWERED, LOST, REFUSED, PUT_OFF, UNREACHED, RECALLED = (
    "answered",
    "lost",
    "refused",
    "put off",
    "unreached",
    "recalled",
)

# State after restart and end of the lease; how many POSTs arrived; state after a status of what Meta took.
End = tuple[str, int, str]
_GONE: End = ("unknown", 0, "unknown")  # nobody saw it leave, nobody can know
_TAKEN: End = ("unknown", 1, "accepted")  # Meta has it, we learn it from the status
_DOUBTED: End = ("unknown", 1, "unknown")  # Meta refused it, and nobody heard
_SENT: End = ("accepted", 1, "accepted")
_NEVER_CLAIMED: dict[str, End] = {
    ANSWERED: _SENT, LOST: _TAKEN, REFUSED: ("failed", 1, "failed"), PUT_OFF: ("accepted", 2, "accepted"),
    UNREACHED: _SENT,
}  # fmt: skip
_CLAIMED: dict[str, End] = {ANSWERED: _GONE}  # nothing is posted, whatever Meta would have answered
_POSTED: dict[str, End] = {ANSWERED: _TAKEN, LOST: _TAKEN, REFUSED: _DOUBTED, PUT_OFF: _DOUBTED, UNREACHED: _GONE}
EXPECTED: dict[str, dict[str, End]] = {
    "before the claim's commit": _NEVER_CLAIMED,
    "after the claim's commit": _CLAIMED,
    "before the POST": _CLAIMED,
    "on the wire": {outcome: end for outcome, end in _POSTED.items() if outcome != UNREACHED},
    "after the POST": _POSTED,
    "before the record's commit": {**_POSTED, RECALLED: _GONE},
    # What was written down counts; a refusal for now and a stop that is over put it back into the queue.
    "after the record's commit": {**_NEVER_CLAIMED, RECALLED: _SENT},
}
CELLS = [(point, outcome) for point, ends in EXPECTED.items() for outcome in ends]
FIRST = "before the claim's commit"
"""One process has the messages of all outcomes in hand there, and none of them is claimed."""
LEAVE_IT_QUEUED = set(itertools.product(["after the record's commit"], [PUT_OFF, UNREACHED, RECALLED]))
"""The next worker would send it; it must not be the one of another cell."""


@dataclass
class Meta:
    """The fake in this process, and how it treats whom."""

    port: int = field(default_factory=free_port)
    plans: dict[str, str] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.graph = Graph(answer=self._answer, latency_s=0.005)
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(serve(self.graph, self.port))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _answer(self, posted: Posted) -> bytes | None:
        if posted.to in self.held:
            return None
        plan, is_first = self.plans.get(posted.to, ANSWERED), self.posts(posted.to) == 1
        if plan == REFUSED:
            return refused(UNREADABLE)
        if plan == PUT_OFF and is_first:
            return refused(NOT_NOW)
        return CUT if plan == LOST else accepted(posted)

    def posts(self, address: str) -> int:
        return sum(one.to == address for one in self.graph.seen)

    def taken(self, address: str) -> list[Posted]:
        """What Meta took: the contact has it, whether or not we heard."""
        found = [one for one in self.graph.seen if one.to == address]
        if self.plans.get(address) == REFUSED:
            return []
        return found[1:] if self.plans.get(address) == PUT_OFF else found


@dataclass
class Bench:
    """The forking worker, one database, the fake."""

    deployment: Deployment
    process: subprocess.Popen[bytes]
    meta: Meta
    shift: int = 0
    last_pid: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def people(self, count: int) -> list[str]:
        """New addresses, to each of which a message was approved."""
        made = [f"+9665066{next(self.numbers):05d}" for _ in range(count)]
        self._do("prepare", addresses=made)
        return made

    def ask(self, wishes: dict[str, Any], *, kill_when: Any = None) -> int:
        """The exit code of one fork. kill_when: kills it as soon as this says so. Its clock is ahead of the last."""
        assert self.process.stdin is not None
        self.shift += LATER_S
        self.process.stdin.write(json.dumps({**wishes, "shift": self.shift}).encode() + b"\n")
        self.process.stdin.flush()
        pid = self.last_pid = self._told("pid")
        if kill_when is not None:
            ends = time.monotonic() + PATIENCE_S
            while not kill_when() and time.monotonic() < ends:
                time.sleep(0.002)
            os.kill(pid, signal.SIGKILL)
        return self._told("code")

    def _told(self, name: str) -> int:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self._said()
        return int(json.loads(line)[name])

    def kill(self, *addresses: str, **point: Any) -> None:
        """One cell: the worker dies at this point."""
        code = self.ask({"do": "cell", "addresses": addresses, **point})
        assert code == -signal.SIGKILL, f"{point} was not reached\n{self._said()}"

    def paused(self, address: str, **point: Any) -> int:
        """The id of a worker that stands still at this point of its message."""
        wishes = {"do": "pause", "addresses": [address], "stood_s": 4 * LATER_S, **point}
        assert self.ask(wishes) == STOPPED, self._said()
        return self.last_pid

    def resume(self, pid: int) -> None:
        """It goes on, and ends when nothing is left to do."""
        self._do("resume", pid=pid)

    def send_again(self, address: str) -> None:
        """A person says that it did not arrive, and a new worker sends it."""
        self._do("send_again", addresses=[address])
        self.recover()

    def recover(self, **wishes: Any) -> None:
        """A new worker, until nothing is left to do."""
        self._do("recover", **wishes)

    def _do(self, verb: str, **wishes: Any) -> None:
        assert self.ask({"do": verb, **wishes}) == 0, self._said()

    def _said(self) -> str:
        return self.deployment.log.read_text()[-3000:]

    def statuses(self, addresses: list[str]) -> list[str]:
        """What Meta posts about the messages it took."""
        return [_delivered(one) for address in addresses for one in self.meta.taken(address)]

    def states(self) -> dict[str, str]:
        return dict(self.deployment.query("SELECT address, state FROM outbox WHERE audience = 'contact'"))

    def attempts(self, address: str) -> list[str]:
        """Outcomes, the oldest first."""
        sql = f"SELECT a.outcome FROM attempt a JOIN outbox o ON o.id = a.outbox_id WHERE o.address = '{address}'"
        return [outcome for (outcome,) in self.deployment.query(f"{sql} ORDER BY a.number")]

    def journalled(self) -> Counter[str]:
        """Attempts by address."""
        sql = "SELECT o.address, a.id FROM attempt a JOIN outbox o ON o.id = a.outbox_id"
        return Counter(address for address, _ in self.deployment.query(sql))


def _delivered(posted: Posted) -> str:
    status = {
        "id": wamid_of(posted.attempt), "status": "delivered", "timestamp": str(int(time.time())),
        "recipient_id": posted.to.removeprefix("+"), "biz_opaque_callback_data": posted.attempt,
    }  # fmt: skip
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": NUMBER_ID}, "statuses": [status]}
    entry = {"id": WABA_ID, "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]})


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    meta = Meta()
    settings = {
        "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{meta.port}", "WAKEEL_UNDO_SECONDS": "0", "WAKEEL_LOG_LEVEL": "ERROR",
        "WHATSAPP_ACCESS_TOKEN": "", "WAKEEL_BUSINESS_NAME": "أفق",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]),
    }  # fmt: skip
    with make_deployment(tmp_path_factory.mktemp("matrix"), **settings) as deployment:
        process = deployment.run(DRIVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n", deployment.log.read_text()[-3000:]
            yield Bench(deployment, process, meta)
        finally:
            process.kill()
            process.wait()
            meta.close()


def run_cell(bench: Bench, point: str, outcome: str, address: str) -> None:
    nobody = {"graph": f"http://127.0.0.1:{free_port()}"} if outcome == UNREACHED else {}
    if point == "on the wire":
        bench.meta.held.add(address)
        arrived = partial(bench.meta.posts, address)
        assert bench.ask({"do": "cell", "addresses": [address]}, kill_when=arrived) == -signal.SIGKILL
        bench.meta.held.clear()
    else:
        bench.kill(address, **POINTS[point], **nobody, stop=outcome == RECALLED)
    if (point, outcome) in LEAVE_IT_QUEUED:
        bench.recover()


def test_killed_anywhere_nothing_is_lost_nothing_doubled_and_every_state_is_the_specified_one(bench: Bench):
    addresses = dict(zip(CELLS, bench.people(len(CELLS)), strict=True))
    bench.meta.plans |= {address: outcome for (_, outcome), address in addresses.items()}
    bench.kill(*(address for (point, _), address in addresses.items() if point == FIRST), **POINTS[FIRST])
    bench.recover()
    bench.recover()  # what was refused for now leaves when its back-off is over
    for (point, outcome), address in addresses.items():
        if point != FIRST:
            run_cell(bench, point, outcome, address)
    bench.recover()
    first = bench.states()
    bench.recover(webhooks=bench.statuses(list(addresses.values())))
    last = bench.states()
    found = {cell: (first[one], bench.meta.posts(one), last[one]) for cell, one in addresses.items()}
    assert found == {(point, outcome): EXPECTED[point][outcome] for point, outcome in CELLS}
    assert [cell for cell, one in addresses.items() if len(bench.meta.taken(one)) > 1] == []
    assert len({one.attempt for one in bench.meta.graph.seen}) == len(bench.meta.graph.seen)


def test_killed_again_while_it_cleans_up_it_ends_the_same(bench: Bench):
    """The end of a lease and the status that settles an unknown are commits too."""
    [address] = bench.people(1)
    bench.kill(address, post="after")
    for old, new in (("sending", "unknown"), ("unknown", "accepted")):
        came = bench.statuses([address]) if new == "accepted" else []
        for when, left in (("before", old), ("after", new)):
            point = {"addresses": [address], "from": old, "to": new, "when": when, "webhooks": came}
            assert bench.ask({"do": "recover", **point}) == -signal.SIGKILL
            assert bench.states()[address] == left
            came = []
    bench.recover()
    assert bench.states()[address] == "accepted"
    assert bench.meta.posts(address) == 1


@pytest.mark.parametrize("point", [POINTS["after the claim's commit"], {"looked": "after"}], ids=["claimed", "looked"])
def test_a_worker_that_stood_still_longer_than_its_lease_does_not_post_any_more(bench: Bench, point: dict[str, str]):
    """Before the last look the rows tell it; after it, a clock that goes on while it stands still."""
    [address] = bench.people(1)
    pid = bench.paused(address, **point)
    bench.recover()
    assert bench.states()[address] == "unknown"
    bench.send_again(address)
    assert (bench.states()[address], bench.meta.posts(address)) == ("accepted", 1)
    bench.resume(pid)
    assert (bench.states()[address], bench.meta.posts(address)) == ("accepted", 1)
    assert bench.attempts(address) == ["failed", "accepted"]


def test_a_worker_that_stood_still_longer_than_its_lease_records_nothing_over_its_successor(bench: Bench):
    """The first was accepted and nobody heard; a person let a second one go, whose answer was lost: that is in doubt,
    whatever comes to light of the first."""
    [address] = bench.people(1)
    pid = bench.paused(address, **POINTS["after the POST"])
    bench.recover()
    bench.meta.plans[address] = LOST
    bench.send_again(address)
    bench.resume(pid)
    assert bench.meta.posts(address) == 2  # the second by a person's word
    sql = f"SELECT state, wamid, fence FROM outbox WHERE address = '{address}'"
    assert bench.deployment.query(sql) == [("unknown", None, 2)]


def test_a_batch_of_many_outcomes_killed_at_its_commits_ends_honestly(bench: Bench):
    """One commit may claim or record several: none of them may be written down for another message."""
    outcomes = [ANSWERED, LOST, REFUSED, PUT_OFF, ANSWERED, REFUSED]
    points = [("after", 2), ("before", 2), ("after", 1), ("before", 1)]
    everyone = bench.people(len(outcomes) * len(points))
    bench.meta.plans |= dict(zip(everyone, outcomes * len(points), strict=True))
    for place, (when, nth) in enumerate(points):
        bench.kill(*everyone[place * len(outcomes) :][: len(outcomes)], when=when, nth=nth)
    bench.recover()
    bench.recover()
    bench.recover(webhooks=bench.statuses(everyone))
    states, journalled = bench.states(), bench.journalled()
    for address in everyone:
        plan, taken = bench.meta.plans[address], bench.meta.taken(address)
        assert len(taken) <= 1
        assert journalled[address] >= bench.meta.posts(address)
        if taken:
            assert states[address] == "accepted"
        else:
            assert states[address] in {"unknown", "failed"} if plan == REFUSED else {"unknown"}
