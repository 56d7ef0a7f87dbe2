"""Fetch the files that contacts sent, one after the other. Best effort: nothing waits for them, and a message without
its file is shown with the reason."""

import asyncio
import logging

from wakeel import clock, config
from wakeel.flows import keep_media
from wakeel.flows.keep_media import MAX_BYTES, Next
from wakeel.whatsapp import media
from wakeel.whatsapp.client import ApiOptions
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

EVERY_S = 1.0


async def keep_fetching(options: ApiOptions, stop: asyncio.Event) -> None:
    """Until told to stop; nothing at all without a token. On a thread of its own: files are large."""
    if not options.token:
        return
    database = DatabaseThread()
    try:
        while not stop.is_set():
            found = await database.run(keep_media.next_file, now=clock.now())
            if found is None:
                await pause(stop, EVERY_S)
            else:
                await fetch_one(options, database, found)
    finally:
        await database.close()


async def fetch_one(options: ApiOptions, database: DatabaseThread, one: Next) -> None:
    """Fetch one file and write down what became of it."""
    hosts = config.get().media_hosts
    found = await media.fetch(
        options, one.wanted.media_id, phone_number_id=one.phone_number_id, hosts=hosts, limit=MAX_BYTES
    )
    why = await database.run(keep_media.keep, one.wanted, found, now=clock.now())
    if why:
        log.info("a file was not kept (%s)", why)
