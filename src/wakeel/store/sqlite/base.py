"""Django's SQLite engine on our driver: stock behaviour, another library below it.

Nothing here opens the standard library's `sqlite3` on our file: two copies of SQLite in one process drop each other's
locks. The stock module is imported for its code only.
"""

import datetime
import decimal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.backends.sqlite3 import base as stock
from django.db.backends.sqlite3._functions import register as register_functions  # type: ignore[import-untyped]
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from wakeel.store.sqlite.driver import Database, set_up


def _decoded(parse: Any) -> Any:
    return lambda raw: parse(raw.decode())


for _type, _parse in (
    ("date", parse_date),
    ("time", parse_time),
    ("datetime", parse_datetime),
    ("timestamp", parse_datetime),
):
    Database.register_converter(_type, _decoded(_parse))
Database.register_converter("bool", b"1".__eq__)
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, datetime.date.isoformat)
Database.register_adapter(datetime.datetime, lambda moment: moment.isoformat(" "))


class Cursor(Database.Cursor):
    """Takes Django's `%s` and `%(name)s`; the stock class derives from the other library's cursor."""

    convert_query = stock.SQLiteCursorWrapper.convert_query

    def execute(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        if params is None:
            return super().execute(query)
        names = list(params) if isinstance(params, Mapping) else None
        return super().execute(self.convert_query(query, param_names=names), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        rows = list(param_list)
        names = list(rows[0]) if rows and isinstance(rows[0], Mapping) else None
        return super().executemany(self.convert_query(query, param_names=names), rows)


class DatabaseWrapper(stock.DatabaseWrapper):
    """One connection a thread; WAL where it is safe, FULL always."""

    init_commands: list[str]  # set by the stock class
    Database = Database  # its exceptions are the ones Django wraps

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = Database.connect(**conn_params)
        register_functions(connection)
        set_up(connection)
        for command in filter(None, (part.strip() for part in self.init_commands)):
            connection.execute(command).close()
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)
