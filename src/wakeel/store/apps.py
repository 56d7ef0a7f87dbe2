"""The one Django app with models."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created

STANDS_STILL_S = 15
"""Longer than any step between two statements of one transaction takes."""


class StoreConfig(AppConfig):
    name = "wakeel.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.ROLE == "worker":
            connection_created.connect(let_go_of_locks)


def let_go_of_locks(connection: Any, **_: object) -> None:
    """A worker that stands still or is cut off in the middle of a transaction would keep its locks from the others, and
    from the stop switch: PostgreSQL ends that transaction. SQLite's lock is of one machine and one worker.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET idle_in_transaction_session_timeout = '{STANDS_STILL_S}s'")
