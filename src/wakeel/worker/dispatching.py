"""The dispatch loop: claim and commit, then POST, then record. The only place that sends.

Three things go on at once: one batch is claimed, up to 256 requests are in the air, and what landed while the last
commit ran is written down by the next one.
"""

import asyncio
import logging
from dataclasses import dataclass

from django.db import connection

from wakeel import clock
from wakeel.domain.outbox import CONNECTIONS, LEASE
from wakeel.flows import dispatch_outbox
from wakeel.flows.dispatch_outbox import BATCH, Claimed
from wakeel.flows.sending_pace import SendingPace
from wakeel.store import outbox
from wakeel.store.ids import new_id
from wakeel.store.sender_seat import SenderSeats
from wakeel.whatsapp.client import CloudApi, NoAnswer, Outcome, Refused
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

IDLE_S = 0.1
GATHER_S = 0.02
"""Between two claims when the last one did not fill its batch."""
RENEW_S = LEASE.total_seconds() / 4
STOP_WITHIN_S = 8.0


@dataclass(frozen=True, slots=True)
class _Flight:
    """One message on its way. claimed_at: on a clock that also counts while the machine sleeps."""

    claimed: Claimed
    claimed_at: float

    @property
    def is_too_late(self) -> bool:
        """Less than half the lease is left: somebody else may soon take it for the work of a dead worker."""
        return clock.boottime() - self.claimed_at > LEASE.total_seconds() / 2


class Dispatcher:
    """Sends what may leave, until told to stop; then waits for the answers that are still to come.

    On PostgreSQL it claims and writes down on threads of their own; SQLite has one writer.
    """

    def __init__(self, api: CloudApi, database: DatabaseThread) -> None:
        self._api = api
        is_sqlite = connection.vendor == "sqlite"
        self._own = [] if is_sqlite else [DatabaseThread(), DatabaseThread()]
        self._database, self._records = [database, database] if is_sqlite else self._own
        self._seats = SenderSeats(new_id("wrk"))
        self._pace = SendingPace(self._seats)
        self._in_the_air: dict[str, asyncio.Task[None]] = {}
        self._landed: list[tuple[str, Outcome]] = []
        self._not_sent: list[str] = []
        self._something_landed = asyncio.Event()
        self._writing = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        """Raises what ended one of its parts: nothing is swallowed, the leases tell the rest."""
        helpers = [asyncio.create_task(self._write_down()), asyncio.create_task(self._keep_leases())]
        claiming = asyncio.create_task(self._claim_until(stop))
        try:
            await asyncio.wait([claiming, *helpers], return_when=asyncio.FIRST_COMPLETED)
            for task in (claiming, *helpers):
                if task.done():
                    task.result()
            await self._finish()
        finally:
            for task in (claiming, *helpers):
                task.cancel()
            await asyncio.gather(claiming, *helpers, return_exceptions=True)
            for thread in self._own:
                await thread.close()

    async def _claim_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            room = min(BATCH, CONNECTIONS - len(self._in_the_air))
            if room <= 0 or not await self._database.run(outbox.has_due, now=clock.now()):
                await pause(stop, IDLE_S)
                continue
            claimed_at = clock.boottime()
            claimed = await self._database.write(
                dispatch_outbox.claim, lease=LEASE, now=clock.now(), limit=room, pace=self._pace,
                in_the_air=len(self._in_the_air),
            )  # fmt: skip
            await self._start([_Flight(one, claimed_at) for one in claimed])
            if len(claimed) < room:
                # Tokens come one by one: a commit for each of them would cost more than the message.
                await pause(stop, GATHER_S if claimed else IDLE_S)

    async def _start(self, flights: list[_Flight]) -> None:
        """Shortly before the first byte: did nobody recall the message since the claim?"""
        if not flights:
            return
        recalled = await self._database.run(dispatch_outbox.recalled, [flight.claimed for flight in flights])
        for flight in flights:
            attempt_id = flight.claimed.attempt_id
            if attempt_id in recalled:
                self._keep_back(attempt_id)
            else:
                self._in_the_air[attempt_id] = asyncio.create_task(self._send(flight))

    async def _send(self, flight: _Flight) -> None:
        one = flight.claimed
        try:
            # Asked last, and by a clock that goes on while we stand still: not a byte was written yet.
            if flight.is_too_late:
                self._keep_back(one.attempt_id)
                return
            outcome = await self._api.send(one.phone_number_id, one.body, attempt_id=one.attempt_id)
        except asyncio.CancelledError:
            # We stopped before the answer came: it may have left.
            outcome = NoAnswer("stopped")
        finally:
            del self._in_the_air[one.attempt_id]
        if isinstance(outcome, Refused):
            self._pace.refused(outcome.failure.code, number_id=one.phone_number_id, address=_address(one))
        self._landed.append((one.attempt_id, outcome))
        self._something_landed.set()

    def _keep_back(self, attempt_id: str) -> None:
        self._not_sent.append(attempt_id)
        self._something_landed.set()

    async def _write_down(self) -> None:
        """Record what landed, again and again."""
        while True:
            await self._something_landed.wait()
            self._something_landed.clear()
            await self._flush()

    async def _flush(self) -> None:
        """All that landed while the last commit ran goes into the next one."""
        async with self._writing:
            not_sent, self._not_sent = self._not_sent, []
            landed, self._landed = self._landed, []
            if not_sent:
                await self._records.write(dispatch_outbox.record_not_sent, not_sent, now=clock.now())
            if landed:
                await self._records.write(dispatch_outbox.record_all, landed, now=clock.now())

    async def _keep_leases(self) -> None:
        """What is in the air, or waits to be written down, is not the work of a dead worker."""
        while True:
            await asyncio.sleep(RENEW_S)
            ours = [*self._in_the_air, *(attempt_id for attempt_id, _ in self._landed)]
            if ours:
                await self._records.write(dispatch_outbox.renew, ours, lease=LEASE)

    async def _finish(self) -> None:
        """Wait for the answers of what is in the air and write them down; the seats are free for others then."""
        flying = set(self._in_the_air.values())
        if flying:
            _, unanswered = await asyncio.wait(flying, timeout=STOP_WITHIN_S)
            for task in unanswered:
                task.cancel()
            await asyncio.gather(*unanswered, return_exceptions=True)
        await self._flush()
        await self._database.write(self._seats.give_up)


def _address(one: Claimed) -> str:
    return str(one.body.get("to") or one.body.get("recipient") or "")
