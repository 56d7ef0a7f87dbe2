"""Hypothesis profiles: `ci` is the same on every run, `soak` looks further (`make soak`). And the test database."""

import gc
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests import said

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile(
    "ci", max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak", max_examples=2000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_finish() -> None:
    """Thousands of collected tests are never garbage: looking through them again was a twentieth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    said.listen()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of xdist has ended."""
    said.take_over(node)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """After a run of all tests no answer to operators may be left that nothing ever caused."""
    said.hand_over(session.config)
    if never := said.silent(session):
        print(f"\nwords that nothing said in this run: {', '.join(never)}")
    if missing := said.unsaid(session):
        print(f"\nanswers that no test of this run caused: {', '.join(missing)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, without the triggers that keep consent ledger and audit log append-only.

    After a test with real transactions pytest-django empties every table, which is exactly what the triggers refuse.
    `store/test_ledger_guard.py` installs them again for itself; nothing else in the suite changes a ledger row.
    """
    from django.db import connection

    from wakeel.store import ledger_guard

    with django_db_blocker.unblock():
        ledger_guard.remove_audit(connection)
        ledger_guard.remove(connection)


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """Debian's Chromium, for every test that looks at a page."""
    path = shutil.which("chromium") or pytest.skip("no chromium: apt-get install chromium fonts-noto-core")
    from playwright.sync_api import sync_playwright  # only the few that look need it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
        yield browser
        browser.close()
