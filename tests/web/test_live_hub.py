"""The streams of one process, with a feed that says what the test wants; what a feed finds is in test_live."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import pytest
from django.db import DatabaseError

from wakeel.domain.digits import Digits
from wakeel.web import live_hub
from wakeel.web.live_feed import Listener, Packet
from wakeel.web.live_hub import Hub, Stream
from wakeel.web.live_places import View
from wakeel.web.live_rights import Watcher

WATCHER = Watcher(1, "", View("biz_1", "ar", Digits.LATIN, ""), None)


class Wake:
    at_least_s = live_hub.BATCH_S

    async def wait(self) -> None:
        await asyncio.sleep(0)


class ScriptedFeed:
    """Each turn gives the next packet to everybody; then nothing happens any more."""

    def __init__(self, *packets: Packet) -> None:
        self.packets = list(packets)
        self.is_gone = False
        self.fails = 0

    def turn(self, listeners: tuple[Listener, ...]) -> tuple[bool, list[tuple[Listener, Packet]]]:
        if self.fails:
            self.fails -= 1
            raise DatabaseError
        for listener in listeners if self.is_gone else ():
            listener.watcher = None
        told = self.packets.pop(0) if self.packets else None
        return told is not None, [(listener, told) for listener in listeners if told is not None]

    def counts(self, listeners: tuple[Listener, ...]) -> list[tuple[Listener, Packet]]:
        return []


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    @asynccontextmanager
    async def waking() -> AsyncIterator[Wake]:
        yield Wake()

    monkeypatch.setattr(live_hub, "waking", waking)
    monkeypatch.setattr(live_hub, "AFTER_FAULT_S", 0.0)
    monkeypatch.setattr(live_hub, "_with_connection", lambda work: work())
    # An event belongs to the loop that first waits on it; each test has its own.
    monkeypatch.setattr(live_hub, "stopping", asyncio.Event())
    return Hub()


def run(scenario: Any) -> None:
    asyncio.run(asyncio.wait_for(scenario, 5.0))


async def until_over(stream: Stream) -> None:
    while not stream.is_over:
        await stream.next(within_s=1.0)


def test_what_a_slow_browser_missed_is_said_at_once_and_only_its_last_state(hub):
    async def scenario() -> None:
        hub._feed = ScriptedFeed(
            Packet(id=1, put={"message:1": "جارٍ الإرسال", "queue": "3"}, on={"message:1"}),
            Packet(id=2, put={"message:1": "أُرسلت"}, on={"contact:1"}, new={"opp_1"}),
        )
        stream = Stream(WATCHER)
        with hub.listening(stream):
            while hub._feed.packets:
                await asyncio.sleep(0)
            await asyncio.sleep(0.05)
            assert await stream.next(within_s=1.0) == Packet(
                2, {"message:1": "أُرسلت", "queue": "3"}, {"message:1", "contact:1"}, {"opp_1"}
            )
            assert await stream.next(within_s=0.01) is None

    run(scenario())


def test_every_stream_ends_when_the_process_stops(hub):
    async def scenario() -> None:
        hub._feed = ScriptedFeed()
        streams = [Stream(WATCHER), Stream(WATCHER)]
        with hub.listening(streams[0]), hub.listening(streams[1]):
            await asyncio.sleep(0.01)
            live_hub.stopping.set()
            await asyncio.gather(*map(until_over, streams))

    run(scenario())


def test_a_stream_ends_with_its_right_and_others_go_on_after_a_fault(hub):
    async def scenario() -> None:
        hub._feed = feed = ScriptedFeed(Packet(id=1))
        feed.fails = 2
        stream = Stream(WATCHER)
        with hub.listening(stream):
            assert await stream.next(within_s=2.0) == Packet(id=1)
            feed.is_gone = True
            await until_over(stream)

    run(scenario())


def test_one_login_has_so_many_streams_and_no_more(hub):
    async def scenario() -> None:
        hub._feed = ScriptedFeed()
        with ExitStack() as open_ones:
            for number in range(live_hub.MOST_OF_A_LOGIN):
                assert not hub.is_full_for(1), number
                open_ones.enter_context(hub.listening(Stream(WATCHER)))
            assert hub.is_full_for(1)
            assert not hub.is_full_for(2)
        assert not hub.is_full_for(1)

    run(scenario())
