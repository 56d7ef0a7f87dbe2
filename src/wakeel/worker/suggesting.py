"""Ask a language model for first texts of what is on the phones. Off unless WAKEEL_LLM_URL is set.

The endpoint gets the facts and the key and nothing else; what it answers is data (`domain.model_texts`).
"""

import asyncio
import json
import logging

import aiohttp
from yarl import URL

from wakeel import clock, config
from wakeel.config import Config
from wakeel.domain.model_texts import chat_url, headers_for, request_body
from wakeel.environment import host_of
from wakeel.flows import suggest
from wakeel.flows.suggest import Wanted
from wakeel.whatsapp.answer_body import body_of
from wakeel.whatsapp.loopback import loopback_socket
from wakeel.whatsapp.mode import is_loopback_host
from wakeel.worker.database import DatabaseThread
from wakeel.worker.pause import pause

log = logging.getLogger(__name__)

EVERY_S = 2.0
ANSWER_WITHIN_S = 30.0
ANSWER_LIMIT = 256 * 1024
"""Bytes; a text of ours is a few kilobytes with everything around it."""
_OK = 200


async def keep_suggesting(stop: asyncio.Event) -> None:
    """Write ahead until told to stop; nothing at all without an endpoint. On a thread of its own: a slow model must not
    keep messages waiting."""
    settings = config.get()
    if not settings.llm_url:
        return
    database = DatabaseThread()
    try:
        async with _session(settings) as session:
            while not stop.is_set():
                found = await database.write(suggest.wanted, now=clock.now())
                for one in found:
                    if stop.is_set():
                        return
                    await _write(session, settings, database, one)
                if not found:
                    await pause(stop, EVERY_S)
    finally:
        await database.close()


def _session(settings: Config) -> aiohttp.ClientSession:
    is_here = is_loopback_host(host_of(settings.llm_url))
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1, socket_factory=loopback_socket if is_here else None),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S),
        trust_env=False,
    )


async def _write(session: aiohttp.ClientSession, settings: Config, database: DatabaseThread, one: Wanted) -> None:
    """Neither the text nor the address reaches the log: both may hold what is not ours to write there."""
    answer, why = await _asked(session, settings, one)
    if answer is None:
        await database.write(suggest.note_failure, one, why)
        log.warning("the model gave no text (%s); the template stands until it does", why)
        return
    refused = await database.write(suggest.keep_answer, one, answer, model=settings.llm_model)
    if refused:
        log.info("a text of the model is not used (%s)", refused)


async def _asked(session: aiohttp.ClientSession, settings: Config, one: Wanted) -> tuple[bytes | None, str]:
    """The body of a 200, or None and why there is none."""
    body = json.dumps(request_body(one.facts, model=settings.llm_model), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", **headers_for(settings.llm_key)}
    url = URL(chat_url(settings.llm_url), encoded=True)
    try:
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            if answer.status != _OK:
                return None, f"status {answer.status}"
            return await body_of(answer, limit=ANSWER_LIMIT), ""
    except TimeoutError:
        return None, "timeout"
    except (aiohttp.ClientError, OSError) as fault:
        return None, type(fault).__name__[:40]
