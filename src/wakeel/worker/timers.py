"""What happens by the clock: signs of life, leases that ended, cards that may be brought."""

import asyncio
import os
from datetime import datetime

from wakeel import clock
from wakeel.flows import pending_import
from wakeel.flows.dispatch_outbox import expire_leases
from wakeel.flows.show_card import expire_opportunities, fill_every_phone
from wakeel.store import heartbeat
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

BEAT_S = 2.0
ROLE = "worker"


async def keep_time(database: DatabaseThread, stop: asyncio.Event) -> None:
    """Every two seconds: beat, end leases and opportunities whose time is over, top up cards; put old uploads away."""
    started_at = clock.real_now()
    while not stop.is_set():
        await database.write(_tick, started_at)
        await pause(stop, BEAT_S)


def _tick(started_at: datetime) -> None:
    heartbeat.beat(ROLE, pid=os.getpid(), started_at=started_at, real_now=clock.real_now())
    expire_leases(now=clock.now())
    expire_opportunities(now=clock.now())
    fill_every_phone(now=clock.now())
    pending_import.drop_old(real_now=clock.real_now())
