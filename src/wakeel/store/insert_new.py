"""Rows that are kept once: nearly every one is new, so that looking for it first would only cost a query."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

Row = TypeVar("Row", bound=models.Model)


def insert_new(row: models.Model, *, same: "models.QuerySet[Any]") -> bool:
    """Insert one row under a savepoint; False if it was there before. same: rows with its unique key.

    Raises IntegrityError for whatever else the database objects to.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not same.exists():
            raise
        return False
    return True


def insert_all_new(rows: Sequence[Row], *, same: "Callable[[Row], models.QuerySet[Any]]") -> list[Row]:
    """Insert rows of one table with one statement; those that were not there before, in their order.

    One by one if some row was. same: rows with the unique key of one. Raises as `insert_new`.
    """
    if not rows:
        return []
    try:
        with transaction.atomic():
            type(rows[0])._base_manager.bulk_create(rows)
    except IntegrityError:
        return [row for row in rows if insert_new(row, same=same(row))]
    return list(rows)
