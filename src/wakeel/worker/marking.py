"""While the worker runs, the database and the file `run` count on together, so that a copy of it is recognised."""

import asyncio
import logging
from pathlib import Path

from wakeel import clock
from wakeel.domain.runs import Mark
from wakeel.flows import note_run
from wakeel.store import run_file, runs
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""A copy that is older than this is recognised."""


async def keep_marked(database: DatabaseThread, stop: asyncio.Event, path: Path, first: Mark) -> None:
    """Count on until told to stop; the database is never behind the file. first: of this start."""
    mark, told = first, False
    while not await _stopped(stop):
        mark = await database.write(note_run.go_on, path, mark, now=clock.now(), real_now=clock.real_now())
        try:
            await asyncio.to_thread(run_file.write, path, mark)
        except OSError as fault:
            if not told:
                log.warning("the file run cannot be written (%s): see the health page", fault.strerror)
            told = True
            await database.write(runs.note_unwritable)


async def _stopped(stop: asyncio.Event) -> bool:
    await pause(stop, EVERY_S)
    return stop.is_set()
