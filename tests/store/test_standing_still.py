"""What a worker that was stopped in the middle of a transaction keeps from everybody else, and for how long."""

import pytest
from django.db import connection

from tests.deployment import ON_POSTGRESQL
from wakeel.store.apps import STANDS_STILL_S, let_go_of_locks

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite's lock ends with its process")
def test_postgresql_ends_the_transaction_of_a_worker_that_stands_still():
    let_go_of_locks(connection)
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == (f"{STANDS_STILL_S}s",)
