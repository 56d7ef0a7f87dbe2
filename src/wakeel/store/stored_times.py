"""Times in raw statements: as each database keeps them, and back. The ORM does this by itself."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection

At = TypeVar("At", datetime, datetime | None)


def as_kept(at: datetime) -> Any:
    """A parameter, as this database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(at)


def as_utc(at: At) -> At:
    """A column's value with its zone: SQLite keeps UTC without saying so. None stays None."""
    return at if at is None or at.tzinfo is not None else at.replace(tzinfo=UTC)
