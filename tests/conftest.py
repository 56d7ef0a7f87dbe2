"""Hypothesis profiles: `ci` is the same on every run, `soak` looks further (`make soak`). And the test database."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak", max_examples=2000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, without the triggers that keep the consent ledger append-only.

    After a test with real transactions pytest-django empties every table, which is exactly what the triggers refuse.
    `store/test_ledger_guard.py` installs them again for itself; nothing else in the suite changes a ledger row.
    """
    from django.db import connection

    from wakeel.store import ledger_guard

    with django_db_blocker.unblock():
        ledger_guard.remove(connection)
