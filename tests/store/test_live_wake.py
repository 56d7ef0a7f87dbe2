"""On PostgreSQL a commit with news wakes whoever listens, at once and each time."""

import asyncio
import time

import psycopg
import pytest
from django.db import connection

from wakeel.store.live_triggers import CHANNEL
from wakeel.store.screens import live_wake

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is looked at often instead"),
]


def test_each_commit_with_news_wakes_the_reader():
    address = live_wake._address()

    async def scenario() -> list[float]:
        took = []
        async with (
            live_wake.waking() as wake,
            await psycopg.AsyncConnection.connect(**address, autocommit=True) as other,
        ):
            for _ in range(3):
                waiting = asyncio.create_task(wake.wait())
                await asyncio.sleep(0.05)
                began = time.monotonic()
                await other.execute(f"NOTIFY {CHANNEL}")
                await waiting
                took.append(time.monotonic() - began)
        return took

    assert max(asyncio.run(scenario())) < live_wake.LOOK_ANYWAY_S / 2
