"""The group commit, on the database the run was started for."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psycopg
import pytest
from django.db import models

from tests.deployment import ON_POSTGRESQL, Deployment, make_deployment
from wakeel.config import load
from wakeel.store import inbox_writer
from wakeel.store.inbox_writer import COLUMNS, InboxWriter, QueueFull, StoreFailed, open_inbox
from wakeel.store.models.inbox import InboxRow
from wakeel.store.sqlite.driver import Database

pytestmark = pytest.mark.processes

NOON = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("inbox")) as made:
        yield made


@asynccontextmanager
async def started(deployment: Deployment) -> AsyncIterator[InboxWriter]:
    writer = open_inbox(load(deployment.environ))
    await writer.start()
    try:
        yield writer
    finally:
        await writer.stop()


def bodies(deployment: Deployment) -> list[bytes]:
    return [bytes(row[0]) for row in deployment.query("SELECT body FROM inbox ORDER BY id")]


def test_the_raw_sql_names_every_column_that_the_model_requires():
    """A new column without a database default must come here too."""
    required = {
        field.column
        for field in InboxRow._meta.local_concrete_fields
        if not field.null and not isinstance(field, models.AutoField)
    }
    assert set(COLUMNS) == required
    assert InboxRow._meta.db_table == "inbox"


async def test_a_stored_row_reads_back_through_the_model_with_its_defaults(deployment: Deployment):
    async with started(deployment) as writer:
        await writer.put(b"read \x00 back", NOON)
    columns = "body, state, errors, attempts, next_try_at, processed_at, received_at"
    row = deployment.query(f"SELECT {columns} FROM inbox ORDER BY id DESC LIMIT 1")[0]
    fresh = InboxRow()
    assert bytes(row[0]) == b"read \x00 back"
    assert (row[1], row[3], row[4], row[5]) == (fresh.state, fresh.attempts, fresh.next_try_at, fresh.processed_at)
    assert row[2] == ([] if ON_POSTGRESQL else "[]")
    assert row[6] == (NOON if ON_POSTGRESQL else "2026-11-22 09:00:00.123456")


async def test_a_body_is_committed_when_its_future_is_done(deployment: Deployment):
    async with started(deployment) as writer:
        await writer.put(b"done means kept", NOON)
        assert b"done means kept" in bodies(deployment)


async def test_the_same_body_twice_is_one_row_even_within_one_batch(deployment: Deployment):
    async with started(deployment) as writer:
        await asyncio.gather(*(writer.put(b"twice", NOON) for _ in range(5)))
        await writer.put(b"twice", NOON)
    assert bodies(deployment).count(b"twice") == 1


async def test_what_arrives_together_is_committed_together_and_in_order(deployment: Deployment):
    """More than two statements' worth; one commit each would take seconds."""
    arrived = [f"together {number}".encode() for number in range(900)]
    async with started(deployment) as writer:
        began = time.monotonic()
        await asyncio.gather(*(writer.put(body, NOON) for body in arrived))
        assert time.monotonic() - began < 2
    assert [body for body in bodies(deployment) if body.startswith(b"together")] == arrived


async def test_stop_commits_what_is_queued(deployment: Deployment):
    writer = open_inbox(load(deployment.environ))
    await writer.start()
    waiting = [writer.put(f"queued {number}".encode(), NOON) for number in range(50)]
    await writer.stop()
    await asyncio.gather(*waiting)
    assert sum(body.startswith(b"queued") for body in bodies(deployment)) == 50


async def test_a_full_queue_refuses_at_once(deployment: Deployment):
    kind = inbox_writer.PostgresInbox if ON_POSTGRESQL else inbox_writer.SqliteInbox
    writer = kind(deployment.database_url if ON_POSTGRESQL else deployment.sqlite_path, queue_limit=10)
    await writer.start()
    waiting = []

    def crowd() -> None:
        for number in range(1000):
            waiting.append(writer.put(f"crowd {number}".encode(), NOON))

    with pytest.raises(QueueFull):
        crowd()
    await asyncio.gather(*waiting)
    await writer.stop()
    assert 10 <= len(waiting) < 1000


async def test_a_sender_that_left_harms_nobody_and_its_body_is_kept(deployment: Deployment):
    async with started(deployment) as writer:
        gone, there = writer.put(b"gone", NOON), writer.put(b"still there", NOON)
        gone.cancel()
        await there
    assert {b"gone", b"still there"} <= set(bodies(deployment))


async def test_a_database_that_is_away_fails_the_waiters_and_comes_back(deployment: Deployment):
    async with started(deployment) as writer:
        await writer.put(b"before", NOON)
        alter(deployment, "ALTER TABLE inbox RENAME TO away")
        with pytest.raises(StoreFailed):
            await writer.put(b"meanwhile", NOON)
        alter(deployment, "ALTER TABLE away RENAME TO inbox")
        await writer.put(b"afterwards", NOON)
    kept = bodies(deployment)
    assert b"afterwards" in kept
    assert b"meanwhile" not in kept


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a server connection to lose")
async def test_a_lost_server_connection_is_opened_again_and_the_batch_repeated(deployment: Deployment):
    async with started(deployment) as writer:
        await writer.put(b"on the first connection", NOON)
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
        alter(deployment, kill + "current_database()")
        await writer.put(b"on the second connection", NOON)
    assert b"on the second connection" in bodies(deployment)


@pytest.mark.skipif(ON_POSTGRESQL, reason="one writer at a time is SQLite's")
async def test_a_neighbour_that_holds_the_write_lock_for_a_moment_is_waited_for(deployment: Deployment):
    async with started(deployment) as writer:
        with closing(
            Database.connect(str(deployment.sqlite_path), isolation_level=None, check_same_thread=False)
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
            release.start()
            await writer.put(b"behind a neighbour", NOON)
            release.join()
    assert b"behind a neighbour" in bodies(deployment)


DRIVER = """
import asyncio, sys
from datetime import UTC, datetime
from wakeel import config
from wakeel.store.inbox_writer import open_inbox

async def sender(writer, number, run):
    for count in range(10**6):
        body = f"{run}:{number}:{count}"
        await writer.put(body.encode(), datetime.now(UTC))
        sys.stdout.write(body + "\\n")
        sys.stdout.flush()

async def main(run):
    writer = open_inbox(config.get())
    await writer.start()
    await asyncio.gather(*(sender(writer, number, run) for number in range(32)))

asyncio.run(main(*sys.argv[1:]))
"""


def test_kill_9_under_load_loses_nothing_that_was_acknowledged(tmp_path: Path):
    """Several times, at moments that differ; what was said to be stored is there, and the file is sound."""
    moments = Random(20261122)
    with make_deployment(tmp_path) as deployment:
        acknowledged: set[bytes] = set()
        for run in range(5):
            argv = [sys.executable, "-c", DRIVER, str(run)]
            process = subprocess.Popen(argv, env=deployment.environ, stdout=subprocess.PIPE)
            time.sleep(0.6 + moments.random() * 0.5)
            process.kill()
            told, _ = process.communicate()
            # The last line may have been cut: only whole lines were told.
            acknowledged |= set(told[: told.rfind(b"\n") + 1].splitlines())
        assert len(acknowledged) > 200
        assert acknowledged <= set(bodies(deployment))
        if not ON_POSTGRESQL:
            assert deployment.query("PRAGMA quick_check") == [("ok",)]


def test_the_writer_can_be_imported_without_setting_django_up(tmp_path: Path):
    """The webhook must not wait for Django; nor may a settings fault reach it."""
    code = "import sys, wakeel.store.inbox_writer; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=tmp_path).returncode == 0


def alter(deployment: Deployment, sql: str) -> None:
    if ON_POSTGRESQL:
        with psycopg.connect(deployment.database_url, autocommit=True) as connection:
            connection.execute(sql)
    else:
        with closing(Database.connect(str(deployment.sqlite_path), timeout=5, isolation_level=None)) as connection:
            connection.execute(sql)
