"""Files that somebody said yes to are taken in small parts, on a thread of its own: no message waits for them."""

import asyncio

from wakeel import clock
from wakeel.flows.run_import import Imports
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

LOOK_S = 1.0
BETWEEN_PARTS_S = 0.005


async def keep_importing(stop: asyncio.Event) -> None:
    """Take what waits until told to stop; a file in the middle goes on at the next start."""
    imports, database = Imports(), DatabaseThread()
    try:
        while not stop.is_set():
            more = await database.run(imports.advance, now=clock.now(), real_now=clock.real_now())
            await pause(stop, BETWEEN_PARTS_S if more else LOOK_S)
    finally:
        await database.close()
