"""Go on with the messages of a released stop switch, slice by slice, behind everything else."""

import asyncio

from wakeel import clock
from wakeel.flows.release_stop import go_on_releasing
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

EVERY_S = 2.0
BETWEEN_SLICES_S = 0.02


async def keep_releasing(stop: asyncio.Event) -> None:
    """Look for releases until told to stop, on a thread of its own: no answer to an operator waits for thousands."""
    database = DatabaseThread()
    try:
        while not stop.is_set():
            more = await database.run(go_on_releasing, now=clock.now())
            await pause(stop, BETWEEN_SLICES_S if more else EVERY_S)
    finally:
        await database.close()
