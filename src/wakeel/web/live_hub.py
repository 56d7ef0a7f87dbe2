"""The open streams of a process and their one reader: it looks for changes and hands each stream what it is to say.

All reading is done on one thread, which gives the connection back each time (`live_feed`). Only while a stream is open
is there anything to read for.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import DatabaseError, connection

from wakeel.store.screens.live_wake import Waking, waking
from wakeel.web.live_feed import Feed, Listener, Packet
from wakeel.web.live_rights import Watcher
from wakeel.web.stopping import stopping

log = logging.getLogger(__name__)

BATCH_S = 0.25
"""Changes of so long go out together."""
AFTER_FAULT_S = 2.0
MOST_STREAMS = 300
MOST_OF_A_LOGIN = 12

_T = TypeVar("_T")


class Stream:
    """One open stream. listener: how the reader knows it."""

    def __init__(self, watcher: Watcher) -> None:
        self.user_id = watcher.user_id
        self.listener = Listener(watcher)
        self.is_over = False
        self._waits: Packet | None = None
        self._woken = asyncio.Event()

    def give(self, packet: Packet) -> None:
        """To be said next; what still waits is said with it."""
        if self._waits is None:
            self._waits = Packet()
        self._waits.add(packet)
        self._woken.set()

    def end(self) -> None:
        self.is_over = True
        self._woken.set()

    async def next(self, *, within_s: float) -> Packet | None:
        """What waits; None if nothing came in time, or the stream is over."""
        try:
            async with asyncio.timeout(within_s):
                await self._woken.wait()
        except TimeoutError:
            return None
        self._woken.clear()
        packet, self._waits = self._waits, None
        return packet


class Hub:
    """Of one process and one loop."""

    def __init__(self) -> None:
        self._streams: dict[Listener, Stream] = {}
        self._reader: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
        self._feed = Feed()

    def is_full_for(self, user_id: int) -> bool:
        """Whether one more stream of this login is too many. Asked from any thread."""
        logins = Counter(stream.user_id for stream in tuple(self._streams.values()))
        return logins.total() >= MOST_STREAMS or logins[user_id] >= MOST_OF_A_LOGIN

    @contextmanager
    def listening(self, stream: Stream) -> Iterator[None]:
        """Inside, the stream is told of what happens."""
        self._streams[stream.listener] = stream
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._until_told(), name="live")
        try:
            yield
        finally:
            del self._streams[stream.listener]

    async def catch_up(self, stream: Stream, since: int | None) -> None:
        """Give what happened after that change, as it stands now. None: nothing did."""
        stream.give(await self._in_thread(lambda: self._feed.missed(stream.listener, since)))

    async def _until_told(self) -> None:
        """Read while somebody listens and the process is not to stop; then end every stream."""
        reading = asyncio.create_task(self._read(), name="live-reader")
        told = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait({reading, told}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                reading.result()
        finally:
            reading.cancel()
            told.cancel()
            self._feed = Feed()
            for stream in self._streams.values():
                stream.end()

    async def _read(self) -> None:
        while self._streams:
            try:
                async with waking() as wake:
                    while self._streams:
                        await self._turn(wake)
            except DatabaseError as fault:
                log.warning("the live stream waits for the database (%s)", type(fault).__name__)
                await asyncio.sleep(AFTER_FAULT_S)

    async def _turn(self, wake: Waking) -> None:
        began = time.monotonic()
        has_news, told = await self._in_thread(lambda: self._feed.turn(tuple(self._streams)))
        self._give(told)
        self._give(await self._in_thread(lambda: self._feed.counts(tuple(self._streams))))
        for listener, stream in self._streams.items():
            if listener.watcher is None:
                stream.end()
        if has_news:
            await asyncio.sleep(began + BATCH_S - wake.at_least_s - time.monotonic())
        await wake.wait()

    def _give(self, told: Iterable[tuple[Listener, Packet]]) -> None:
        for listener, packet in told:
            if listener in self._streams:
                self._streams[listener].give(packet)

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _with_connection, work)


def _with_connection(work: Callable[[], _T]) -> _T:
    """Nobody who waits keeps a connection."""
    try:
        return work()
    finally:
        connection.close()


hub = Hub()
"""Of this process."""
