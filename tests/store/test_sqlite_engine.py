"""Our SQLite engine: the right library, the right journal, Django's ways."""

import datetime
import decimal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections, models, transaction
from django.db.utils import ConnectionHandler

from wakeel.store.sqlite import driver, wish
from wakeel.store.sqlite.base import DatabaseWrapper
from wakeel.store.sqlite.wish import wish_beside


@pytest.fixture(autouse=True)
def _files_of_our_own(django_db_blocker: Any) -> Iterator[None]:
    """These tests never touch the run's database, so they run whichever it is."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    """A connection to a file of its own, set up as the product's."""
    handler = ConnectionHandler({"default": settings_for(tmp_path / "engine.sqlite3")})
    made = handler["default"]
    yield made
    made.close()


def settings_for(path: Path) -> dict[str, Any]:
    options = {"transaction_mode": "IMMEDIATE", "timeout": 5}
    return {"ENGINE": "wakeel.store.sqlite", "NAME": str(path), "OPTIONS": options, "TIME_ZONE": None}


def test_a_connection_is_handed_to_the_next_thread_but_never_with_an_open_transaction(tmp_path: Path):
    """In the web process each request has a thread of its own; opening anew would cost more than most pages."""
    settings = settings_for(tmp_path / "engine.sqlite3")
    settings["OPTIONS"]["idle_connections"] = 1
    used: list[Any] = []

    def request(*, leaves_open: bool = False) -> None:
        made = DatabaseWrapper(ConnectionHandler({"default": settings}).settings["default"])
        with made.cursor() as cursor:
            cursor.execute("BEGIN" if leaves_open else "SELECT 1")
        used.append(made.connection)
        made.close()

    for leaves_open in (False, True, False):
        thread = threading.Thread(target=request, kwargs={"leaves_open": leaves_open})
        thread.start()
        thread.join()
    assert used[0] is used[1]
    assert used[2] is not used[1]
    DatabaseWrapper(settings).close_pool()
    with pytest.raises(driver.Database.ProgrammingError):
        used[2].execute("SELECT 1")


def pragma(connection: Any, name: str) -> Any:
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


def test_the_connection_is_of_the_library_that_ships_its_own_sqlite(connection: Any):
    """Two libraries in one process would drop each other's locks."""
    connection.ensure_connection()
    assert isinstance(connection.connection, driver.Database.Connection)
    assert connection.Database is driver.Database
    assert connection.vendor == "sqlite"


def test_the_journal_is_wal_exactly_where_wal_is_safe_and_commits_are_flushed(connection: Any):
    expected = "wal" if driver.Database.sqlite_version_info >= (3, 51, 3) else "delete"
    assert pragma(connection, "journal_mode") == expected
    assert pragma(connection, "synchronous") == 2
    assert pragma(connection, "foreign_keys") == 1


def test_wal_is_refused_when_the_library_is_old(connection: Any, monkeypatch: pytest.MonkeyPatch):
    """The distribution's SQLite may lose committed rows in WAL."""
    monkeypatch.setattr(driver, "JOURNAL_MODE", "DELETE")
    assert pragma(connection, "journal_mode") == "delete"


def test_values_come_back_as_the_types_they_went_in_as(connection: Any):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a bool, b date, c time, d datetime, e decimal, f text)")
        given = [True, datetime.date(2026, 11, 22), "10:30:00", datetime.datetime(2026, 11, 22, 10, 30), "نعم 100%"]
        cursor.execute("INSERT INTO t (a, b, c, d, f) VALUES (%s, %s, %s, %s, %s)", given)
        cursor.execute("UPDATE t SET e = %(e)s", {"e": decimal.Decimal("1.50")})
        row = cursor.execute("SELECT a, b, c, d, e, f FROM t WHERE f LIKE '%%100%%' OR f = %s", ["x"]).fetchone()
    assert row[:2] == (True, datetime.date(2026, 11, 22))
    assert row[2:4] == (datetime.time(10, 30), datetime.datetime(2026, 11, 22, 10, 30))
    assert row[5] == "نعم 100%"


def test_executemany_takes_lists_and_mappings(connection: Any):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE m (a integer)")
        cursor.executemany("INSERT INTO m VALUES (%s)", ([number] for number in range(3)))
        cursor.executemany("INSERT INTO m VALUES (%(a)s)", [{"a": 3}, {"a": 4}])
        assert cursor.execute("SELECT sum(a) FROM m").fetchone() == (10,)


def test_errors_of_the_library_are_djangos_errors(connection: Any):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE u (a integer UNIQUE)")
        cursor.execute("INSERT INTO u VALUES (1)")
        with pytest.raises(IntegrityError):
            cursor.execute("INSERT INTO u VALUES (1)")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT * FROM nowhere")


def test_transactions_that_read_before_they_write_do_not_fail_each_other(tmp_path: Path):
    """Without IMMEDIATE three of four such transactions meet "database is locked" at once."""
    path = tmp_path / "race.sqlite3"
    name = "engine-race"
    connections.settings[name] = {**connections.settings["default"], **settings_for(path)}
    with connections[name].cursor() as cursor:
        cursor.execute("CREATE TABLE counter (n integer)")
        cursor.execute("INSERT INTO counter VALUES (0)")
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(25):
                with transaction.atomic(using=name), connections[name].cursor() as cursor:
                    seen = cursor.execute("SELECT n FROM counter").fetchone()[0]
                    cursor.execute("UPDATE counter SET n = %s", [seen + 1])
        except BaseException as error:
            failures.append(error)
        finally:
            connections[name].close()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with connections[name].cursor() as cursor:
            total = cursor.execute("SELECT n FROM counter").fetchone()[0]
    finally:
        connections[name].close()
        del connections[name]
        del connections.settings[name]
    assert failures == []
    assert total == 100


def test_schema_changes_and_savepoints_work_inside_one_transaction(connection: Any):
    class Note(models.Model):
        text = models.TextField()
        extra = models.JSONField(default=dict)

        class Meta:
            app_label = "engine_test"
            constraints = (models.CheckConstraint(condition=~models.Q(text=""), name="note_has_text"),)

    with connection.schema_editor() as editor:
        editor.create_model(Note)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO engine_test_note (text, extra) VALUES ('a', '{\"مفتاح\": 1}')")
        with pytest.raises(IntegrityError):
            cursor.execute("INSERT INTO engine_test_note (text, extra) VALUES ('', '{}')")


@pytest.mark.parametrize("gives_way", [False, True])
def test_a_write_transaction_says_that_it_comes_unless_its_process_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gives_way: bool
):
    monkeypatch.setattr(wish, "COUNTS_FOR_S", 60.0)
    path = tmp_path / "engine.sqlite3"
    settings = settings_for(path)
    settings["OPTIONS"]["gives_way"] = gives_way
    made = ConnectionHandler({"default": settings})["default"]
    with made.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert not wish_beside(str(path)).was_said(), "reading needs no lock"
    made.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    made.rollback()
    assert wish_beside(str(path)).was_said() is not gives_way
    made.close()


def test_the_engine_is_the_stock_one_with_another_library():
    """What is not overridden is Django's own, and stays so with its upgrades."""
    own = {name for name in vars(DatabaseWrapper) if not name.startswith("__")}
    pooled = {"get_connection_params", "_close", "close_pool"}
    polite = {"wish", "_start_transaction_under_autocommit"}
    assert own == {"Database", "ops_class", "get_new_connection", "create_cursor"} | pooled | polite
