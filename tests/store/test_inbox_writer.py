"""The group commit, on the database the run was started for."""

import asyncio
import hashlib
import os
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
from wakeel.store import inbox_tables
from wakeel.store.body_seal import BodySeal, DoesNotOpen
from wakeel.store.inbox_tables import COLUMNS, PostgresTable, SqliteTable
from wakeel.store.inbox_writer import BATCH_LIMIT, InboxWriter, QueueFull, StoreFailed, open_inbox
from wakeel.store.models.inbox import InboxRow
from wakeel.store.sqlite.driver import Database

pytestmark = pytest.mark.processes

SEAL = BodySeal({1: b"an older key, 32 bytes long too!", 2: b"the newest key, 32 bytes long!!!"})
NOON = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with make_deployment(tmp_path_factory.mktemp("inbox")) as made:
        yield made


@asynccontextmanager
async def started(deployment: Deployment) -> AsyncIterator[InboxWriter]:
    writer = open_inbox(load(deployment.environ), SEAL)
    await writer.start()
    try:
        yield writer
    finally:
        await writer.stop()


def put(writer: InboxWriter, body: bytes) -> "asyncio.Future[None]":
    """Done when the body is on the disk, failed with StoreFailed if it is not. Raises QueueFull."""
    kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settled(failure: StoreFailed | None) -> None:
        kept.set_result(None) if failure is None else kept.set_exception(failure)

    writer.put(body, NOON, settled)
    return kept


def bodies(deployment: Deployment) -> list[bytes]:
    rows = deployment.query("SELECT body, digest, key_epoch FROM inbox ORDER BY id")
    return [SEAL.open(bytes(sealed), bytes(digest), epoch=epoch) for sealed, digest, epoch in rows]


def test_the_raw_sql_names_every_column_that_the_model_requires():
    """A new column without a database default must come here too."""
    required = {
        field.column
        for field in InboxRow._meta.local_concrete_fields
        if not field.null and not isinstance(field, models.AutoField)
    }
    assert set(COLUMNS) == required | {"key_epoch"}
    assert InboxRow._meta.db_table == "inbox"


async def test_a_stored_row_reads_back_through_the_model_with_its_defaults(deployment: Deployment):
    async with started(deployment) as writer:
        await put(writer, b"read \x00 back")
    columns = "digest, body, key_epoch, state, errors, attempts, next_try_at, processed_at, received_at"
    row = deployment.query(f"SELECT {columns} FROM inbox ORDER BY id DESC LIMIT 1")[0]
    fresh, digest = InboxRow(), hashlib.sha256(b"read \x00 back").digest()
    assert bytes(row[0]) == digest
    assert SEAL.open(bytes(row[1]), digest, epoch=row[2]) == b"read \x00 back"
    assert (row[3], row[5], row[6], row[7]) == (fresh.state, fresh.attempts, fresh.next_try_at, fresh.processed_at)
    assert row[4] == ([] if ON_POSTGRESQL else "[]")
    assert row[8] == (NOON if ON_POSTGRESQL else "2026-11-22 09:00:00.123456")


async def test_a_body_lies_sealed_with_the_newest_key_and_opens_in_its_own_row_only(deployment: Deployment):
    """Whoever has the database without the keys reads nobody's messages; nor can bodies be put to other rows."""
    async with started(deployment) as writer:
        await asyncio.gather(put(writer, b"a private word"), put(writer, b"another one"))
    rows = deployment.query("SELECT body, digest, key_epoch FROM inbox ORDER BY id DESC LIMIT 2")
    assert [epoch for _, _, epoch in rows] == [2, 2]
    assert not any(b"private" in bytes(sealed) for sealed, _, _ in rows)
    with pytest.raises(DoesNotOpen):
        SEAL.open(bytes(rows[0][0]), bytes(rows[1][1]), epoch=2)
    with pytest.raises(DoesNotOpen):
        SEAL.open(bytes(rows[0][0]), bytes(rows[0][1]), epoch=1)


async def test_a_body_is_committed_when_its_sender_is_told(deployment: Deployment):
    async with started(deployment) as writer:
        await put(writer, b"done means kept")
        assert b"done means kept" in bodies(deployment)


async def test_the_same_body_twice_is_one_row_even_within_one_batch(deployment: Deployment):
    async with started(deployment) as writer:
        await asyncio.gather(*(put(writer, b"twice") for _ in range(5)))
        await put(writer, b"twice")
    assert bodies(deployment).count(b"twice") == 1


async def test_what_arrives_together_is_committed_together_and_in_order(deployment: Deployment):
    """More than two statements' worth; one commit each would take seconds."""
    arrived = [f"together {number}".encode() for number in range(900)]
    async with started(deployment) as writer:
        began = time.monotonic()
        await asyncio.gather(*(put(writer, body) for body in arrived))
        assert time.monotonic() - began < 2
    assert [body for body in bodies(deployment) if body.startswith(b"together")] == arrived


async def test_more_than_one_transaction_s_worth_is_taken_in_several(deployment: Deployment):
    """SQLite's one lock is not held for thousands of bodies at a time."""
    arrived = [f"crowded {number}".encode() for number in range(2 * BATCH_LIMIT + 10)]
    async with started(deployment) as writer:
        await asyncio.gather(*(put(writer, body) for body in arrived))
    assert [body for body in bodies(deployment) if body.startswith(b"crowded")] == arrived


async def test_a_store_that_fails_again_and_again_is_one_line_in_the_log(
    deployment: Deployment, caplog: pytest.LogCaptureFixture
):
    alter(deployment, "ALTER TABLE inbox RENAME TO away")
    try:
        async with started(deployment) as writer:
            for number in range(5):
                with pytest.raises(StoreFailed):
                    await put(writer, f"secret words {number}".encode())
    finally:
        alter(deployment, "ALTER TABLE away RENAME TO inbox")
    assert len(caplog.records) == 1
    assert "secret words" not in caplog.text


async def test_stop_commits_what_is_queued(deployment: Deployment):
    writer = open_inbox(load(deployment.environ), SEAL)
    await writer.start()
    waiting = [put(writer, f"queued {number}".encode()) for number in range(50)]
    await writer.stop()
    await asyncio.gather(*waiting)
    assert sum(body.startswith(b"queued") for body in bodies(deployment)) == 50


async def test_a_full_queue_refuses_at_once(deployment: Deployment):
    table = SqliteTable(deployment.sqlite_path) if deployment.sqlite_path else PostgresTable(deployment.database_url)
    writer = InboxWriter(table, SEAL, queue_limit=10)
    await writer.start()
    waiting = []

    def crowd() -> None:
        for number in range(1000):
            waiting.append(put(writer, f"crowd {number}".encode()))

    with pytest.raises(QueueFull):
        crowd()
    await asyncio.gather(*waiting)
    assert len(waiting) == 10
    await put(writer, b"there is room again")
    await writer.stop()


async def test_a_database_that_is_away_fails_the_waiters_and_comes_back(deployment: Deployment):
    async with started(deployment) as writer:
        await put(writer, b"before")
        alter(deployment, "ALTER TABLE inbox RENAME TO away")
        with pytest.raises(StoreFailed):
            await put(writer, b"meanwhile")
        alter(deployment, "ALTER TABLE away RENAME TO inbox")
        await put(writer, b"afterwards")
    kept = bodies(deployment)
    assert b"afterwards" in kept
    assert b"meanwhile" not in kept


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a server connection to lose")
async def test_a_lost_server_connection_is_opened_again_and_the_batch_repeated(deployment: Deployment):
    async with started(deployment) as writer:
        await put(writer, b"on the first connection")
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
        alter(deployment, kill + "current_database()")
        await put(writer, b"on the second connection")
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
            await put(writer, b"behind a neighbour")
            release.join()
    assert b"behind a neighbour" in bodies(deployment)


@pytest.mark.skipif(ON_POSTGRESQL, reason="one writer at a time is SQLite's")
async def test_a_lock_that_is_held_too_long_fails_the_waiters_and_the_next_are_stored(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(inbox_tables, "SQLITE_BUSY_TIMEOUT_S", 0.1)
    async with started(deployment) as writer:
        with closing(Database.connect(str(deployment.sqlite_path), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreFailed):
                await put(writer, b"behind a lock")
            other.execute("ROLLBACK")
        await put(writer, b"after the lock")
    kept = bodies(deployment)
    assert b"after the lock" in kept
    assert b"behind a lock" not in kept


@pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite says itself that the disk is full")
async def test_a_full_disk_keeps_nothing_of_a_batch_and_is_over_when_there_is_room(deployment: Deployment):
    table = SqliteTable(deployment.sqlite_path)
    writer = InboxWriter(table, SEAL)
    await writer.start()
    await put(writer, b"before the disk was full")
    table._connection.execute("PRAGMA max_page_count = 1")
    large = [bytes([number]) * 100_000 for number in range(5)]
    for waiting in [put(writer, body) for body in large]:
        with pytest.raises(StoreFailed):
            await waiting
    await put(writer, b"with room again")
    await writer.stop()
    kept = bodies(deployment)
    assert b"with room again" in kept
    assert not set(large) & set(kept)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a server that can be away")
async def test_a_server_that_is_away_fails_the_waiters_and_is_found_again(deployment: Deployment):
    name = deployment.query("SELECT current_database()")[0][0]

    def server(sql: str) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(sql)

    async with started(deployment) as writer:
        await put(writer, b"while it is there")
        server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        with pytest.raises(StoreFailed):
            await put(writer, b"while it is away")
        server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await put(writer, b"when it is back")
    kept = bodies(deployment)
    assert b"when it is back" in kept
    assert b"while it is away" not in kept


DRIVER = """
import asyncio, sys
from datetime import UTC, datetime
from wakeel import config
from wakeel.store.body_seal import BodySeal
from wakeel.store.inbox_writer import open_inbox

async def sender(writer, number, run):
    for count in range(10**6):
        body = f"{run}:{number}:{count}"
        kept = asyncio.get_running_loop().create_future()
        writer.put(body.encode(), datetime.now(UTC), kept.set_result)
        assert await kept is None
        sys.stdout.write(body + "\\n")
        sys.stdout.flush()

async def main(run):
    seal = BodySeal({2: b"the newest key, 32 bytes long!!!"})
    writer = open_inbox(config.get(), seal)
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
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(0.1 + moments.random() * 0.5)
            process.kill()
            told = first + process.communicate()[0]
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
