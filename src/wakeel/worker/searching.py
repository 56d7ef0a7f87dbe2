"""Read what changed into the words that people are found by, behind everything else."""

import asyncio

from wakeel.flows.keep_search import read_some
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

EVERY_S = 1.0
BETWEEN_SLICES_S = 0.1


async def keep_searchable(stop: asyncio.Event) -> None:
    """Read until told to stop, on a thread of its own: no message waits for its words."""
    database = DatabaseThread()
    try:
        while not stop.is_set():
            more = await database.run(read_some)
            await pause(stop, BETWEEN_SLICES_S if more else EVERY_S)
    finally:
        await database.close()
