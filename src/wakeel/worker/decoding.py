"""The decode loop: stored webhooks become their effects, in order of arrival per conversation."""

import asyncio
from datetime import datetime
from functools import partial

from django.db import connection

from wakeel import clock
from wakeel.flows.arrange_batch import Queue
from wakeel.flows.inbox_batch import still_blocked, together
from wakeel.flows.read_ahead import ReadAhead
from wakeel.flows.route_batch import Paces, RouteBatch
from wakeel.store.decoder_seat import DecoderSeat
from wakeel.store.give_way import until_my_turn
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

ROWS_AT_ONCE = 2000
IDLE_S = 0.1
SIDE_BY_SIDE = 3
"""Conversations in hand at the same moment on PostgreSQL; SQLite has one writer."""


async def decode_inbox(database: DatabaseThread, stop: asyncio.Event) -> None:
    """Run until told to stop; a commit that has begun is finished first, the rest waits for the next start."""
    threads = [database] if connection.vendor == "sqlite" else [DatabaseThread() for _ in range(SIDE_BY_SIDE)]
    decoder = _Decoder(threads)
    try:
        while not stop.is_set():
            if not await decoder.next_batch(stop):
                # Nothing to do, or another worker does it, or only what waits for a wamid.
                await pause(stop, IDLE_S)
    finally:
        for thread in threads:
            if thread is not database:
                await thread.close()


class _Decoder:
    """threads: the first one reads and does what is quiet; all of them do what goes one by one.

    Until when which conversations wait is kept from batch to batch, and read anew when another worker may have decoded.
    """

    def __init__(self, threads: list[DatabaseThread]) -> None:
        self._threads = threads
        self._seat = DecoderSeat()
        self._paces = Paces()
        self._ahead = ReadAhead(limit=ROWS_AT_ONCE)
        self._blocked: dict[str, datetime] | None = None

    async def next_batch(self, stop: asyncio.Event) -> bool:
        """True if webhooks were finished."""
        first = self._threads[0]
        batch = await first.run(self._begin)
        if batch is None:
            return False
        while not stop.is_set() and await first.run(self._quiet_step, batch):
            pass
        queues = batch.queues(len(self._threads))
        pairs = zip(self._threads, queues, strict=False)
        await asyncio.gather(*(_work_off(thread, batch, queue, stop) for thread, queue in pairs))
        self._blocked = (self._blocked or {}) | await first.run(batch.end)
        return batch.finished > 0

    def _begin(self) -> RouteBatch | None:
        if not self._seat.take():
            self._blocked = None
            return None
        if self._seat.is_new:
            self._blocked = None
            self._ahead.forget()
        real_now = clock.real_now()
        known = still_blocked(real_now=real_now) if self._blocked is None else self._blocked
        self._blocked = {address: until for address, until in known.items() if until > real_now}
        found = self._ahead.take(real_now=real_now)
        return RouteBatch(together(found), blocked=self._blocked, paces=self._paces) if found else None

    def _quiet_step(self, batch: RouteBatch) -> bool:
        until_my_turn(partial(self._ahead.read_on, real_now=clock.real_now()))
        return batch.quiet_step(now=clock.now())


async def _work_off(thread: DatabaseThread, batch: RouteBatch, queue: Queue, stop: asyncio.Event) -> None:
    while not stop.is_set() and await thread.run(_step, batch, queue):
        pass


def _step(batch: RouteBatch, queue: Queue) -> bool:
    return batch.step(queue, now=clock.now())
