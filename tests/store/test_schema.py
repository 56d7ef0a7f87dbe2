"""A database of before is noticed, and nothing of it is changed."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.deployment import make_deployment
from wakeel.flows.set_up import DatabaseTooOld, migrate
from wakeel.store import schema


@pytest.mark.django_db
def test_todays_database_is_not_too_old():
    assert not schema.is_older_than_the_chain()


@pytest.mark.django_db
def test_a_ledger_without_a_chain_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consent_event RENAME COLUMN mac TO something_else")
    assert schema.is_older_than_the_chain()
    with pytest.raises(DatabaseTooOld, match="cannot be carried over"):
        migrate(verbosity=0)


@pytest.mark.processes
def test_the_command_line_says_what_to_do(tmp_path: Path):
    with make_deployment(tmp_path) as deployment:
        rename = (
            "import django; django.setup()\n"
            "from django.db import connection\n"
            "connection.cursor().execute('ALTER TABLE consent_event RENAME COLUMN mac TO something_else')"
        )
        environ = deployment.environ | {"DJANGO_SETTINGS_MODULE": "wakeel.settings"}
        subprocess.run([sys.executable, "-c", rename], env=environ, check=True)
        done = subprocess.run(
            [sys.executable, "-m", "wakeel.cli", "migrate"], env=environ, capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert "set DATABASE_URL or WAKEEL_DATA_DIR" in done.stderr
