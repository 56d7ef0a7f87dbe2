"""Once a day: anchor the ledger, post the anchors to an address outside, verify everything. On threads of their own.

A ledger may be long; neither of these may keep messages waiting. Verifying runs as a process beside this one.
"""

import asyncio
import logging
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from wakeel import clock, config
from wakeel.flows import anchor_ledger
from wakeel.flows.anchor_ledger import Unposted
from wakeel.flows.verify_ledger import is_check_due
from wakeel.store.key_files import KeyRefused
from wakeel.whatsapp.loopback import loopback_socket
from wakeel.whatsapp.mode import is_loopback_host
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

FIRST_ROUND_S = 30.0
ROUND_S = 300.0
POST_WITHIN_S = 10.0
_ACCEPTED = range(200, 300)


async def keep_anchored(stop: asyncio.Event) -> None:
    """A round every five minutes until told to stop; then one last anchor."""
    database = DatabaseThread()
    try:
        await pause(stop, FIRST_ROUND_S)
        while not stop.is_set():
            await _anchor(database, anchor_ledger.anchor_daily)
            await _post(database)
            if await database.run(is_check_due, real_now=clock.real_now()):
                await _verify(stop)
            await pause(stop, ROUND_S)
        await _anchor(database, anchor_ledger.anchor_all)
    finally:
        await database.close()


async def _anchor(database: DatabaseThread, verb: Callable[..., None]) -> None:
    """A full disk or a lost key must not stop messages; the next round tries again."""
    try:
        await database.run(verb, real_now=clock.real_now())
    except (KeyRefused, OSError):
        log.exception("the ledger could not be anchored; trying again later")


async def _post(database: DatabaseThread) -> None:
    """What the outside address has not accepted yet, one after the other; the first refusal ends the round."""
    url = config.get().anchor_url
    if not url:
        return
    waiting = await database.run(lambda: list(anchor_ledger.unposted()))
    if not waiting:
        return
    host = urlsplit(url).hostname or ""
    connector = aiohttp.TCPConnector(socket_factory=loopback_socket if is_loopback_host(host) else None)
    timeout = aiohttp.ClientTimeout(total=POST_WITHIN_S)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        for anchor in waiting:
            if not await _accepted(session, url, anchor):
                return
            await database.run(anchor_ledger.note_posted, anchor)


async def _accepted(session: aiohttp.ClientSession, url: str, anchor: Unposted) -> bool:
    """The address may carry a token of its owner: it stays out of the log."""
    headers = {"Content-Type": "application/json"}
    try:
        async with session.post(
            URL(url, encoded=True), data=anchor.line, headers=headers, allow_redirects=False
        ) as answer:
            if answer.status in _ACCEPTED:
                return True
            log.warning("the address of the anchors answered %d; trying again later", answer.status)
    except (aiohttp.ClientError, OSError, TimeoutError) as fault:
        log.warning("the address of the anchors cannot be reached (%s); trying again later", type(fault).__name__)
    return False


async def _verify(stop: asyncio.Event) -> None:
    """`wakeel ledger-verify`; its outcome stands on the health page and here."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wakeel.cli", "ledger-verify",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    ended, asked = asyncio.create_task(process.wait()), asyncio.create_task(stop.wait())
    await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if not ended.done():
        process.terminate()
        await ended
        return
    if process.returncode == 0:
        log.info("the consent ledger is intact")
    else:
        log.error("ledger-verify ended with %d: run `wakeel ledger-verify` and see what it names", process.returncode)
