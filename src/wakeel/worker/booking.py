"""Write meetings into the calendar that is configured: what is due, one after the other. Nothing without one."""

import asyncio
import logging

from wakeel import clock, config
from wakeel.flows import write_calendar
from wakeel.flows.write_calendar import Event, Outcome, Written
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
        outcome = await _carried_out(client, event)
        if outcome.written in {Written.REFUSED, Written.NO_ANSWER}:
            log.warning("the calendar did not take %s (%s)", event.meeting_id, outcome.why)
        await database.write(write_calendar.note, event, outcome, now=clock.now())


async def _carried_out(client: CalendarClient, event: Event) -> Outcome:
    try:
        return await client.carry_out(event)
    except Exception as fault:
        # Whatever the calendar sends to be read must not end the worker, at every start.
        log.error("the calendar's answer about %s cannot be read (%s)", event.meeting_id, type(fault).__name__)  # noqa: TRY400
        return Outcome(Written.NO_ANSWER, "unreachable")
