"""The one SQLite library of every process, and how each connection to our file is set up. No Django here."""

from typing import Any

try:
    from pysqlite3 import dbapi2 as Database
except ImportError:  # no wheel for this platform: the standard library's, and then no WAL
    from sqlite3 import dbapi2 as Database  # noqa: TID251

# Below 3.51.3 two connections that reset the WAL at once can lose committed rows (SQLite release notes, 3.51.3).
WAL_IS_SAFE: bool = tuple(Database.sqlite_version_info) >= (3, 51, 3)
JOURNAL_MODE = "WAL" if WAL_IS_SAFE else "DELETE"
CACHE_KB = 16_000
"""A batch of webhooks touches more pages than SQLite's own 2 MB hold, and would write some of them twice."""
WAL_PAGES = 4000
"""16 MB until the WAL is copied into the file; with SQLite's own 1,000 a backlog would wait for the disk four times."""


def set_up(connection: Any) -> None:
    """Journal and durability of one fresh connection; a commit that returned is on the disk.

    The answer of journal_mode is read because SQLite refuses WAL silently where it cannot have it (memory, network
    disks); the rollback journal it then keeps is as durable.
    """
    connection.execute("PRAGMA foreign_keys = ON").close()
    connection.execute("PRAGMA legacy_alter_table = OFF").close()
    connection.execute(f"PRAGMA journal_mode = {JOURNAL_MODE}").fetchone()
    connection.execute("PRAGMA synchronous = FULL").close()
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}").close()
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}").close()
    # What is deleted is overwritten in its page at once; `store.compact` clears the rest after an erasure.
    connection.execute("PRAGMA secure_delete = ON").close()
