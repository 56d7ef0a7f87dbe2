"""The empty database that every household of these tests copies: made once a test run, as for the other processes."""

import os

import pytest

from tests.deployment import ON_POSTGRESQL, SQLITE_FILE, TEMPLATE, migrated_once
from wakeel.rehearsal.databases import Blank


@pytest.fixture(scope="session")
def empty() -> Blank:
    folder = migrated_once(dict(os.environ))
    if ON_POSTGRESQL:
        return Blank(server=os.environ["DATABASE_URL"], name=TEMPLATE)
    return Blank(sqlite=folder / SQLITE_FILE)
