"""Tell WhatsApp what an operator turned to: read, and writing. Best effort; what fails is not told again."""

import asyncio

from wakeel import clock
from wakeel.store import read_marks
from wakeel.whatsapp.client import CloudApi
from wakeel.whatsapp.mode import Mode
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

EVERY_S = 1.0
"""The contact sees it about as soon as the operator turned to it; the sign of writing lasts 25 s (reference WA 1.5)."""


async def keep_receipts(api: CloudApi, database: DatabaseThread, stop: asyncio.Event) -> None:
    """Until told to stop; nothing at all in dry mode, where nothing is posted."""
    if api.mode is Mode.DRY:
        return
    while not stop.is_set():
        await tell(api, database)
        await pause(stop, EVERY_S)


async def tell(api: CloudApi, database: DatabaseThread) -> None:
    """One round."""
    marks = await database.run(read_marks.wanted, now=clock.now())
    for mark in marks:
        await api.mark_read(mark.number_id, mark.wamid, is_writing=mark.is_writing)
    if marks:
        await database.write(read_marks.told, marks, now=clock.now())
