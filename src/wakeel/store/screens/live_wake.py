"""When to look for changes again: on PostgreSQL a commit with news wakes its listeners, on SQLite we look often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import psycopg
from django.db import DatabaseError, connection

from wakeel.store.live_triggers import CHANNEL

POLL_S = 0.2
LOOK_ANYWAY_S = 2.0


class Waking(Protocol):
    """at_least_s: how long `wait` always takes."""

    at_least_s: float

    async def wait(self) -> None:
        """Until there may be news."""


@asynccontextmanager
async def waking() -> AsyncIterator[Waking]:
    """Raises Django's DatabaseError if PostgreSQL cannot be listened to."""
    if connection.vendor == "sqlite":
        yield _Poll()
        return
    try:
        async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as listening:
            await listening.execute(f"LISTEN {CHANNEL}")
            yield _Told(listening)
    except psycopg.Error as fault:
        raise DatabaseError(*fault.args) from fault


def _address() -> dict[str, Any]:
    """How to reach the database, without what only Django's own connections understand."""
    known = {"dbname", "user", "password", "host", "port", "service", "sslmode", "sslrootcert", "sslcert", "sslkey"}
    return {name: value for name, value in connection.get_connection_params().items() if name in known}


class _Poll:
    at_least_s = POLL_S

    async def wait(self) -> None:
        await asyncio.sleep(POLL_S)


class _Told:
    at_least_s = 0.0

    def __init__(self, listening: "psycopg.AsyncConnection[Any]") -> None:
        self._listening = listening

    async def wait(self) -> None:
        """Also after a while without a word: a connection can be dead without saying so."""
        async for _word in self._listening.notifies(timeout=LOOK_ANYWAY_S, stop_after=1):
            return
