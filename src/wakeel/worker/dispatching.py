"""The dispatch loop: claim and commit, then POST, then record. The only place that sends."""

import asyncio
import logging

from wakeel import clock
from wakeel.domain.outbox import LEASE
from wakeel.flows import dispatch_outbox
from wakeel.flows.dispatch_outbox import BATCH, Claimed
from wakeel.store import outbox
from wakeel.whatsapp.client import CloudApi, NoAnswer, Outcome
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

IN_THE_AIR = 128
IDLE_S = 0.05
STOP_WITHIN_S = 8.0


class Dispatcher:
    """Sends what may leave, until told to stop; then waits for the answers that are still to come."""

    def __init__(self, api: CloudApi, database: DatabaseThread) -> None:
        self._api = api
        self._database = database
        self._in_the_air: set[asyncio.Task[None]] = set()
        self._fault: BaseException | None = None

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if self._fault is not None:
                raise self._fault
            room = min(BATCH, IN_THE_AIR - len(self._in_the_air))
            if room <= 0 or not await self._database.run(outbox.has_due, now=clock.now()):
                await pause(stop, IDLE_S)
                continue
            claimed_at = clock.boottime()
            claimed = await self._database.write(dispatch_outbox.claim, lease=LEASE, now=clock.now(), limit=room)
            if not claimed:
                await pause(stop, IDLE_S)
                continue
            await self._start(claimed, claimed_at=claimed_at)
        await self._finish()

    async def _start(self, claimed: list[Claimed], *, claimed_at: float) -> None:
        """Immediately before the first byte: is enough of the lease left, and did nobody recall the message?"""
        recalled = await self._database.run(dispatch_outbox.recalled, claimed)
        too_late = clock.boottime() - claimed_at > LEASE.total_seconds() / 2
        kept_back = [one.attempt_id for one in claimed if too_late or one.attempt_id in recalled]
        if kept_back:
            await self._database.write(dispatch_outbox.record_not_sent, kept_back, now=clock.now())
        for one in claimed:
            if one.attempt_id not in kept_back:
                task = asyncio.create_task(self._send(one))
                self._in_the_air.add(task)
                task.add_done_callback(self._landed)

    async def _send(self, one: Claimed) -> None:
        outcome: Outcome
        try:
            outcome = await self._api.send(one.phone_number_id, one.body, attempt_id=one.attempt_id)
        except asyncio.CancelledError:
            # We stopped before the answer came: it may have left.
            outcome = NoAnswer("stopped")
        await self._database.write(dispatch_outbox.record, one.attempt_id, outcome, now=clock.now())

    def _landed(self, task: "asyncio.Task[None]") -> None:
        """An answer that could not be recorded ends the process: nothing is swallowed, the lease tells the rest."""
        self._in_the_air.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._fault = task.exception()

    async def _finish(self) -> None:
        if not self._in_the_air:
            return
        _, unanswered = await asyncio.wait(set(self._in_the_air), timeout=STOP_WITHIN_S)
        for task in unanswered:
            task.cancel()
        await asyncio.gather(*unanswered, return_exceptions=True)
