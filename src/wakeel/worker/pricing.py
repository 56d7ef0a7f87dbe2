"""Count what messages are charged as and what happened on each day, behind all else, with a pause after each slice."""

import asyncio

from wakeel import clock, config
from wakeel.flows.count_days import count_a_day
from wakeel.flows.count_prices import count_some
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

EVERY_S = 15.0
BETWEEN_SLICES_S = 0.1


async def keep_counted(stop: asyncio.Event) -> None:
    """Count until told to stop, on a thread of its own: no message waits for it."""
    zone, database = config.get().time_zone, DatabaseThread()
    try:
        while not stop.is_set():
            more = await database.run(count_some, zone=zone, now=clock.now())
            more |= await database.run(count_a_day, zone=zone, now=clock.now())
            await pause(stop, BETWEEN_SLICES_S if more else EVERY_S)
    finally:
        await database.close()
