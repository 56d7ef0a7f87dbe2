"""While a worker runs, database and file count on together; a copy put back beneath it stops sending at once."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import OperationalError, connections

from wakeel import clock
from wakeel.domain.runs import Mark
from wakeel.flows import note_run
from wakeel.store import run_file
from wakeel.store.models import DatabaseRun, StopSwitch
from wakeel.worker import marking
from wakeel.worker.database import DatabaseThread

T = TypeVar("T")


def begin(path: Path) -> Mark:
    return note_run.begin(path, now=clock.now(), real_now=clock.real_now())[0]


async def elsewhere(act: Callable[[], T]) -> T:
    """On a thread, whose connection is closed again: the test's database is dropped at the end."""

    def closing() -> T:
        try:
            return act()
        finally:
            connections.close_all()

    return await asyncio.to_thread(closing)


def seen(true: Callable[[], bool]) -> bool:
    """SQLite in memory is one database for both threads: while one writes the other cannot look."""
    try:
        return true()
    except OperationalError:
        return False


async def run_until(true: Callable[[], bool], path: Path, first: Mark) -> None:
    stop, database = asyncio.Event(), DatabaseThread()
    running = asyncio.create_task(marking.keep_marked(database, stop, path, first))
    async with asyncio.timeout(20):
        while not await elsewhere(lambda: seen(true)):
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 5)
    await database.close()


@pytest.fixture(autouse=True)
def _quickly(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "EVERY_S", 0.01)


async def test_the_file_follows_the_database_and_a_copy_beneath_is_noticed(tmp_path: Path):
    path = tmp_path / "run"
    first = await elsewhere(lambda: begin(path))

    def has_moved() -> bool:
        mark = run_file.read(path).mark
        return mark is not None and mark.number > first.number + 2

    await run_until(has_moved, path, first)
    mark = run_file.read(path).mark
    assert mark is not None

    def went_back() -> int:
        return DatabaseRun.objects.update(number=1)

    await elsewhere(went_back)
    await run_until(lambda: StopSwitch.objects.filter(scope="global", reason="behind").exists(), path, mark)


async def test_a_file_that_cannot_be_written_is_noted_and_the_worker_goes_on(tmp_path: Path):
    (tmp_path / "no folder").touch()
    path = tmp_path / "no folder" / "run"
    first = await elsewhere(lambda: begin(tmp_path / "run"))
    await run_until(lambda: DatabaseRun.objects.get().finding == "unwritable", path, first)
    assert not await elsewhere(StopSwitch.objects.exists)
