"""Templates whose submission was asked for on a page go to Meta; a failure disturbs nothing and is tried again.

An answer that got lost leaves a template that Meta has and we know nothing of: what it is, a listing says at once.
"""

import asyncio
import logging

from wakeel import clock, config
from wakeel.flows.ask_listing import take_wish
from wakeel.flows.push_templates import Waiting, keep_answer, waiting
from wakeel.whatsapp.client import ApiOptions
from wakeel.whatsapp.template_push import CannotSubmit, NotTaken, Taken, submit
from wakeel.worker.database import DatabaseThread
from wakeel.worker.listing import read_once
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

LOOK_S = 5.0
FIRST_AGAIN_S = 15.0
LONGEST_AGAIN_S = 3_600.0


async def keep_submitting(database: DatabaseThread, options: ApiOptions, stop: asyncio.Event) -> None:
    """Look until told to stop; nothing at all without a token and both ids."""
    settings = config.get()
    if not (settings.access_token and settings.waba_id and settings.phone_number_id):
        return
    again_s = FIRST_AGAIN_S
    while not stop.is_set():
        if await submit_waiting(database, options, settings.waba_id, settings.phone_number_id):
            again_s = FIRST_AGAIN_S
            await pause(stop, LOOK_S)
        else:
            await pause(stop, again_s)
            again_s = min(4 * again_s, LONGEST_AGAIN_S)


async def submit_waiting(database: DatabaseThread, options: ApiOptions, waba_id: str, phone_number_id: str) -> bool:
    """Submit what waits now, and list if somebody asked for it; False if something keeps all of it from being
    submitted."""
    were_there = await database.run(take_wish)
    try:
        for one in await database.run(waiting, phone_number_id):
            were_there |= await _submit(database, options, one, waba_id, phone_number_id)
    except CannotSubmit as cannot:
        log.warning("%s", cannot)
        return False
    finally:
        if were_there:
            await _list(options, waba_id, phone_number_id)
    return True


async def _list(options: ApiOptions, waba_id: str, phone_number_id: str) -> None:
    """On a thread of its own, as every listing. One that fails leaves it to the next one of the day."""
    database = DatabaseThread()
    try:
        await read_once(database, options, waba_id, phone_number_id)
    finally:
        await database.close()


async def _submit(
    database: DatabaseThread, options: ApiOptions, one: Waiting, waba_id: str, phone_number_id: str
) -> bool:
    """True if Meta had it already."""
    began_at, real_now = clock.now(), clock.real_now()
    answer = await submit(options, one.submission, waba_id=waba_id)
    await database.write(
        keep_answer, one.version_id, answer, phone_number_id=phone_number_id, began_at=began_at, real_now=real_now
    )
    word = "refused" if isinstance(answer, NotTaken) else "submitted"
    log.info("template %s (%s) %s", one.submission.name, one.submission.language, word)
    return isinstance(answer, Taken) and not answer.status
