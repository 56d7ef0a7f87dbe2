"""Whoever writes says so before, and whoever works off a backlog can see it, in another process too."""

import os
import time
from pathlib import Path

import pytest

from wakeel.store.inbox_tables import SqliteTable
from wakeel.store.sqlite import wish
from wakeel.store.sqlite.wish import Wish, wish_beside


@pytest.fixture(autouse=True)
def _lately(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long enough for a machine that stands still in the middle of a test."""
    monkeypatch.setattr(wish, "COUNTS_FOR_S", 60.0)
    monkeypatch.setattr(wish, "SAID_EVERY_S", 60.0)


def test_what_was_said_counts_for_a_while(tmp_path: Path):
    file = tmp_path / "wish"
    asking, giving = Wish(file), Wish(file)
    assert not giving.was_said()
    asking.say()
    assert giving.was_said()
    at = time.time() - wish.COUNTS_FOR_S
    os.utime(file, (at, at))
    assert not giving.was_said()


def test_many_transactions_say_it_once(tmp_path: Path):
    file = tmp_path / "wish"
    asking = Wish(file)
    asking.say()
    os.utime(file, (0, 0))
    asking.say()
    assert file.stat().st_mtime == 0


def test_where_it_cannot_be_said_nothing_fails(tmp_path: Path):
    nowhere = Wish(tmp_path / "missing" / "wish")
    nowhere.say()
    assert not nowhere.was_said()


def test_the_inbox_says_it_before_a_batch(tmp_path: Path):
    path = tmp_path / "inbox.sqlite3"
    table = SqliteTable(path)
    table.insert([])
    assert wish_beside(str(path)).was_said()
    table.close()
