"""One thread for the database: flows are synchronous, the loop never touches a row."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import InternalError, OperationalError, close_old_connections, connections

from wakeel.store.give_way import taking_turns

T = TypeVar("T")
log = logging.getLogger(__name__)

BUSY_PAUSE_S = 0.2
PATIENCE_S = 60.0


class DatabaseThread:
    """Runs flows one after the other. A transaction begins and ends inside one call: no request can be in one."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="db")

    async def run(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Call `verb` on the database thread and return what it returns."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: _call(verb, arguments, named))

    async def write(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """As `run`, once SQLite's one write lock was free for as long as we held it last: others need it too."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: _call_politely(verb, arguments, named))

    async def close(self) -> None:
        """Finish what is queued, close the connection and end the thread."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._executor, connections.close_all)
        self._executor.shutdown(wait=True)


def _call(verb: Callable[..., T], arguments: tuple[Any, ...], named: dict[str, Any]) -> T:
    """Try until it is done: a lock not had in time, a deadlock's victim and a lost server leave nothing half done.

    So does a transaction that PostgreSQL ended because we stood still in it (InternalError, see `store.apps`). An
    answer of WhatsApp must not get lost to a busy database. After PATIENCE_S the process ends instead.
    """
    ends = time.monotonic() + PATIENCE_S
    while True:
        # A connection that the server dropped would otherwise fail for ever.
        close_old_connections()
        try:
            return verb(*arguments, **named)
        except (OperationalError, InternalError) as fault:
            if time.monotonic() > ends:
                raise
            log.warning("the database is busy or away (%s); trying again", type(fault).__name__)
            time.sleep(BUSY_PAUSE_S)


def _call_politely(verb: Callable[..., T], arguments: tuple[Any, ...], named: dict[str, Any]) -> T:
    with taking_turns():
        return _call(verb, arguments, named)
