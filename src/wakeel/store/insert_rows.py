"""Rows of one table written together, without the ORM's making of the statement, which takes longer than writing them.

Columns and values are those of the models; `bulk_create` is for what is written rarely.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, models

from wakeel.store.stored_times import as_kept

_AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
"""Kept as the attribute is; every other field says itself what the database gets."""


def insert_rows(rows: Sequence[models.Model], *, once: str = "") -> int:
    """Insert rows of one model; how many were written. Their primary keys are ours, or not needed afterwards.

    once: the columns of a unique key; a row that has the key of another one is left out then. Raises IntegrityError
    for whatever else the database objects to.
    """
    if not rows:
        return 0
    table, vendor = _table(type(rows[0])), connection.vendor
    bound = [_bound(row, table.columns) for row in rows]
    conflict = f" ON CONFLICT ({once}) DO NOTHING" if once else ""
    with connection.cursor() as cursor:
        if vendor == "sqlite":
            # Prepared once, whatever the number of rows.
            cursor.executemany(f"{table.into} VALUES {table.places}{conflict}", bound)
        else:
            places = ", ".join([table.places] * len(rows))
            cursor.execute(f"{table.into} VALUES {places}{conflict}", [value for row in bound for value in row])
        written = int(cursor.rowcount)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return written


_Columns = tuple[tuple[str, Callable[[Any], Any] | None], ...]
"""Attributes, each with what makes the driver's value of it; None for the attribute itself."""


def _bound(row: models.Model, columns: _Columns) -> list[Any]:
    return [getattr(row, name) if bind is None else bind(getattr(row, name)) for name, bind in columns]


class _Table(NamedTuple):
    into: str
    places: str
    columns: _Columns


@lru_cache(maxsize=64)
def _table(model: type[models.Model]) -> _Table:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    return _Table(
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names})",
        f"({', '.join(['%s'] * len(fields))})",
        tuple((field.attname, _binding(field)) for field in fields),
    )


def _binding(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    if isinstance(field, models.DateTimeField):
        return _time
    if isinstance(field, _AS_IT_IS):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _time(at: Any) -> Any:
    return None if at is None else as_kept(at)
