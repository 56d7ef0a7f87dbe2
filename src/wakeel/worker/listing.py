"""At start and once a day: read our templates and number from WhatsApp. A failure disturbs nothing."""

import asyncio
import logging

from wakeel import clock, config
from wakeel.flows.keep_listing import keep_listing
from wakeel.flows.keep_token import keep_token
from wakeel.whatsapp.account_check import check_token
from wakeel.whatsapp.client import ApiOptions
from wakeel.whatsapp.listing import CannotRead, read_account
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

DAY_S = 86_400.0
FIRST_AGAIN_S = 15.0
LONGEST_AGAIN_S = 3_600.0
BAD_TOKEN = "bad_token"  # noqa: S105 - the name of a refusal


async def keep_listed(options: ApiOptions, stop: asyncio.Event) -> None:
    """Read until told to stop; nothing at all without a token and both ids. A failure is tried again ever later.

    On a thread of its own: thousands of templates must not keep messages waiting.
    """
    settings = config.get()
    if not (settings.access_token and settings.waba_id and settings.phone_number_id):
        return
    database, again_s = DatabaseThread(), FIRST_AGAIN_S
    try:
        while not stop.is_set():
            if await read_once(database, options, settings.waba_id, settings.phone_number_id):
                again_s = FIRST_AGAIN_S
                await pause(stop, DAY_S)
            else:
                await pause(stop, again_s)
                again_s = min(4 * again_s, LONGEST_AGAIN_S)
    finally:
        await database.close()


async def read_once(database: DatabaseThread, options: ApiOptions, waba_id: str, phone_number_id: str) -> bool:
    """Read and keep what WhatsApp lists now; False if it could not be, which the log says."""
    began_at, real_now = clock.now(), clock.real_now()
    await _read_token(database, options)
    try:
        read = await read_account(options, waba_id=waba_id, phone_number_id=phone_number_id)
    except CannotRead as cannot:
        log.warning("%s", cannot)
        return False
    try:
        kept = await database.run(keep_listing, phone_number_id, read, began_at=began_at, real_now=real_now)
    except Exception as fault:
        # The class alone: a database's error may hold a row. Ending the worker would end it at every start.
        log.error("what WhatsApp lists cannot be kept (%s)", type(fault).__name__)  # noqa: TRY400
        return False
    log.info("%d templates listed, %d no longer there", kept.listed, kept.missing)
    return True


async def _read_token(database: DatabaseThread, options: ApiOptions) -> None:
    """Until when it works, for the health page; what cannot be read leaves what was known."""
    try:
        facts = await check_token(options)
    except CannotRead as cannot:
        if cannot.why != BAD_TOKEN:
            return
        facts = None
    try:
        await database.run(keep_token, facts, real_now=clock.real_now())
    except Exception as fault:
        # As for what is listed: a sign for a page ends no worker.
        log.error("what WhatsApp says of the token cannot be kept (%s)", type(fault).__name__)  # noqa: TRY400
