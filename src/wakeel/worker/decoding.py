"""The decode loop: stored webhooks become their effects, in order of arrival."""

import asyncio

from wakeel import clock
from wakeel.flows.route_inbound import route_inbound
from wakeel.store import inbox
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

BATCH = 50
IDLE_S = 0.05


async def decode_inbox(database: DatabaseThread, stop: asyncio.Event) -> None:
    """Run until told to stop; a row that is being processed is finished first."""
    while not stop.is_set():
        waiting = await database.run(inbox.waiting, real_now=clock.real_now(), limit=BATCH)
        finished = 0
        for row_id in waiting:
            if stop.is_set():
                return
            finished += await database.write(route_inbound, row_id, now=clock.now())
        if not finished:
            # Nothing to do, or only rows that another worker has or that wait for a wamid.
            await pause(stop, IDLE_S)
