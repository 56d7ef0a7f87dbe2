"""Hands, batches and tries: what of a backlog goes out when, without a network."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.simulator.conftest import Simulator, eventually
from tests.simulator.test_batches import body
from wakeel.simulator.backoff import REAL
from wakeel.simulator.bell import Bell
from wakeel.simulator.carrier import AT_ONCE, Carrier, Parcel
from wakeel.simulator.practice_clock import PracticeClock
from wakeel.simulator.wire import Exchange, WireLog


class Network(Carrier):
    """A carrier whose tries go nowhere: each waits for `answer` and then has that status."""

    def __init__(self) -> None:
        super().__init__(
            url="http://127.0.0.1:1/webhook",
            secret=b"secret",
            wire=WireLog(),
            clock=PracticeClock(None),
            bell=Bell(),
            taken=self._note_taken,
        )
        self.posts: list[bytes] = []
        self.taken: list[str] = []
        self.status = 200
        self.answer = asyncio.Event()

    def _note_taken(self, wamid: str) -> None:
        self.taken.append(wamid)

    async def _try(self, content: bytes, signature: str | None, **_: object) -> Exchange:
        self.posts.append(content)
        await self.answer.wait()
        return Exchange(1, 0.0, "product", "POST", "/", content, status=self.status)


def run(scene: Callable[[Network], Awaitable[None]]) -> None:
    async def play() -> None:
        network = Network()
        await scene(network)
        await network.close()

    asyncio.run(play())


def letters(number: int) -> list[Parcel]:
    return [Parcel(body(messages=[{"id": f"wamid.{n}"}]), f"wamid.{n}") for n in range(number)]


def test_updates_beyond_the_free_hands_wait_and_go_out_as_one():
    async def scene(network: Network) -> None:
        for letter in letters(AT_ONCE + 30):
            network.bring(letter)
        await asyncio.sleep(0)
        assert len(network.posts) == AT_ONCE
        assert network.waiting == AT_ONCE + 30
        network.answer.set()
        await asyncio.sleep(0.05)
        assert len(network.posts) == AT_ONCE + 1
        assert network.posts[-1].count(b'"id":"wamid.') == 30
        assert (network.waiting, network.undelivered) == (0, [])
        assert len(network.taken) == AT_ONCE + 30

    run(scene)


def test_what_waited_for_a_hand_is_still_owed_after_the_end():
    """The next process brings it."""

    async def scene(network: Network) -> None:
        for letter in letters(AT_ONCE + 5):
            network.bring(letter)
        await asyncio.sleep(0)
        await network.close()
        await asyncio.sleep(0)
        assert len(network.undelivered) == AT_ONCE + 5
        assert len(network.posts) == AT_ONCE

    run(scene)


def test_a_refused_update_frees_its_hand_while_it_waits_for_its_next_try():
    async def scene(network: Network) -> None:
        network.status = 500
        network.answer.set()
        for letter in letters(AT_ONCE):
            network.bring(letter)
        await asyncio.sleep(0.05)
        network.status = 200
        network.bring(Parcel(body(messages=[{"id": "wamid.young"}]), "wamid.young"))
        await asyncio.sleep(0.05)
        assert "wamid.young" in network.taken

    run(scene)


@pytest.mark.processes
def test_with_the_real_back_off_the_tries_follow_the_business_clock(start: Callable[..., Simulator]):
    simulator = start("--quiet-personas", "--real-backoff")
    simulator.receiver.status = 500
    wamid = simulator.open_window()
    eventually(lambda: len(simulator.receiver.came) == 2)  # at once, and at once again
    for tries, wait_s in enumerate(REAL.waits_s[1:4], start=3):
        simulator.post("/api/clock", {"advance_s": int(wait_s) + 1})
        eventually(lambda tries=tries: len(simulator.receiver.came) == tries)
    simulator.receiver.status = 200
    simulator.post("/api/clock", {"advance_s": 3_600})
    simulator.receiver.message(wamid)
    eventually(lambda: simulator.state()["webhook"]["waiting"] == 0)
