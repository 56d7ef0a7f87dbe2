"""The decode loop: stored webhooks become their effects, in order of arrival."""

import asyncio
import logging

from wakeel import clock
from wakeel.flows.route_inbound import route_inbound
from wakeel.store import inbox
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

BATCH = 50
IDLE_S = 0.05


async def decode_inbox(database: DatabaseThread, stop: asyncio.Event) -> None:
    """Run until told to stop; a row that is being processed is finished first."""
    while not stop.is_set():
        waiting = await database.run(inbox.waiting, real_now=clock.real_now(), limit=BATCH)
        for row_id in waiting:
            if stop.is_set():
                return
            if not await database.write(route_inbound, row_id, now=clock.now()):
                log.debug("inbox row %d waits for a later try", row_id)
        if not waiting:
            await pause(stop, IDLE_S)
