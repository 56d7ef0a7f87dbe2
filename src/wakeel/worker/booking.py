"""Write meetings into the calendar that is configured: what is due, one after the other. Nothing without one."""

import asyncio
import logging

from wakeel import clock, config
from wakeel.flows import write_calendar
from wakeel.flows.write_calendar import Written
from wakeel.worker.calendar import CalendarClient, CalendarOptions
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

EVERY_S = 2.0


async def keep_booked(stop: asyncio.Event) -> None:
    """Until told to stop, on a thread of its own: no message waits for a calendar."""
    settings = config.get()
    if not settings.caldav_url:
        return
    database = DatabaseThread()
    options = CalendarOptions(settings.caldav_url, settings.caldav_user, settings.caldav_password)
    try:
        async with CalendarClient(options) as client:
            while not stop.is_set():
                await book_due(database, client)
                await pause(stop, EVERY_S)
    finally:
        await database.close()


async def book_due(database: DatabaseThread, client: CalendarClient) -> None:
    """One round: ask the calendar for what is due, and write down what it answered."""
    for event in await database.run(write_calendar.due, now=clock.now()):
        outcome = await client.carry_out(event)
        if outcome.written in {Written.REFUSED, Written.NO_ANSWER}:
            log.warning("the calendar did not take %s (%s)", event.meeting_id, outcome.why)
        await database.write(write_calendar.note, event, outcome, now=clock.now())
