"""Rows that are kept once: nearly every one is new, so that looking for it first would only cost a query."""

from typing import Any

from django.db import IntegrityError, models, transaction


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
