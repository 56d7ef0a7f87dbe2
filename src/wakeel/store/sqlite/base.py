"""Django's SQLite engine on our driver: stock behaviour, another library below it.

Nothing here opens the standard library's `sqlite3` on our file: two copies of SQLite in one process drop each other's
locks. The stock module is imported for its code only.
"""

import datetime
import decimal
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base as stock
from django.db.backends.sqlite3._functions import register as register_functions  # type: ignore[import-untyped]
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from wakeel.store.sqlite.driver import Database, set_up
from wakeel.store.sqlite.wish import Wish, wish_beside


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


_convert = stock.SQLiteCursorWrapper.convert_query


class Cursor(Database.Cursor):
    """Takes Django's `%s` and `%(name)s`; the stock class derives from the other library's cursor."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        return _with_marks(query) if param_names is None else _convert(self, query, param_names=param_names)

    def execute(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        if params is None:
            return super().execute(query)
        names = list(params) if isinstance(params, Mapping) else None
        return super().execute(self.convert_query(query, param_names=names), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        rows = list(param_list)
        names = list(rows[0]) if rows and isinstance(rows[0], Mapping) else None
        return super().executemany(self.convert_query(query, param_names=names), rows)


@lru_cache(maxsize=512)
def _with_marks(query: str) -> str:
    """The same statements come again and again, and some name hundreds of values."""
    return str(_convert(None, query))  # type: ignore[arg-type]  # it asks nothing of the cursor


_idle: deque[tuple[dict[str, Any], Any]] = deque()
"""Connections of threads that ended, the latest last; see the option `idle_connections`."""


class Operations(DatabaseOperations):
    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The stock answer, for less: what the driver gives is UTC without saying so, and a page has hundreds."""
        if type(value) is datetime.datetime and value.tzinfo is None and connection.timezone is datetime.UTC:
            return value.replace(tzinfo=datetime.UTC)
        return super().convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(stock.DatabaseWrapper):
    """One connection a thread; WAL where it is safe, FULL always.

    Option `idle_connections`: how many connections that a thread closes are kept for the next one. Opening, setting up
    and learning the schema takes longer than most requests, and in `web` each request has a thread of its own.
    Option `gives_way`: whether this process leaves the write lock to others (`store.give_way`) and does not ask for it.
    """

    init_commands: list[str]  # set by the stock class
    Database = Database  # its exceptions are the ones Django wraps
    ops_class = Operations

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        self._idle_connections: int = params.pop("idle_connections", 0)
        self._gives_way: bool = params.pop("gives_way", False)
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        with suppress(IndexError):
            opened_with, connection = _idle.pop()
            if opened_with == conn_params:
                return connection
            connection.close()
        connection = Database.connect(**conn_params)
        register_functions(connection)
        set_up(connection)
        for command in filter(None, (part.strip() for part in self.init_commands)):
            connection.execute(command).close()
        return connection

    @property
    def wish(self) -> Wish | None:
        """Where others say that they are about to write; None in memory, where there is no beside."""
        return None if self.is_in_memory_db() else wish_beside(str(self.settings_dict["NAME"]))

    def _start_transaction_under_autocommit(self) -> None:
        if not self._gives_way and self.wish is not None:
            self.wish.say()
        super()._start_transaction_under_autocommit()  # type: ignore[misc]

    def _close(self) -> None:
        connection = self.connection
        # What is in doubt is not handed on: a transaction that is still open ends with its connection.
        if connection is None or connection.in_transaction or len(_idle) >= self._idle_connections:
            super()._close()  # type: ignore[misc]
        else:
            _idle.append((self.get_connection_params(), connection))

    def close_pool(self) -> None:
        """Let go of what nobody uses now; named as PostgreSQL's."""
        with suppress(IndexError):
            while True:
                _idle.pop()[1].close()

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)
