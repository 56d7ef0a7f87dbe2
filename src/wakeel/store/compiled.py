"""Queries of the ORM whose SQL is made once. On a page of many small statements, making it was most of the time."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Expression, ExpressionList, IntegerField, QuerySet, Subquery, Value
from django.db.models.query import get_related_populators

from wakeel.store.stored_times import as_kept

LONGEST = 512
"""Values of one collection; for longer ones the ORM makes its SQL each time."""

Build = Callable[..., "QuerySet[Any, Any]"]


class HowMany(Subquery):
    """How many rows a query has, as a column: `HowMany(Draft.objects.filter(…).values("pk")[:1000])`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


class Compiled:
    """A query with named places, to be called with their values.

        _OF_CONTACT = Compiled(lambda contact, kinds: ContactAlias.objects.filter(contact=contact, kind__in=kinds))
        rows = _OF_CONTACT(contact=contact_id, kinds=["phone"])

    The rows are what the query gives: tuples after `values_list`, else models with what `select_related` names.
    Values are strings, numbers and times, or collections of them for `__in`; an empty one matches nothing. Fixed
    values, None and booleans are written into the query itself; lookups that change their value do not work.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._made: dict[tuple[tuple[str, int], ...], _Statement] = {}

    def __call__(self, **given: Any) -> list[Any]:
        statement, values = self._statement(given)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.filled(values))
            return list(statement.read(cursor.fetchall()))

    def sql(self, **given: Any) -> tuple[str, list[Any]]:
        """The text and its parameters, for rows that are read as the driver gives them."""
        statement, values = self._statement(given)
        return statement.sql, statement.filled(values)

    def first(self, **given: Any) -> Any:
        """The first row, None without one; the query itself says how many it reads."""
        return next(iter(self(**given)), None)

    def _statement(self, given: Mapping[str, Any]) -> tuple["_Statement", dict[str, Any]]:
        values = {name: _filled(value) if _is_many(value) else value for name, value in given.items()}
        lengths = {name: len(value) for name, value in values.items() if isinstance(value, list)}
        if any(length > LONGEST for length in lengths.values()):
            return _made(self._build(**values)), values
        shape = tuple(lengths.items())
        statement = self._made.get(shape)
        if statement is None:
            statement = _made(self._build(**{name: _place(name, value) for name, value in values.items()}))
            self._made[shape] = statement
        return statement, values


class _Place(Value):
    """Stands where a value will be. index: among those of a collection, None for a single one."""

    def __init__(self, name: str, index: int | None = None) -> None:
        super().__init__(None)
        self.name, self.index = name, index

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def taken_from(self, given: Mapping[str, Any]) -> Any:
        value = given[self.name] if self.index is None else given[self.name][self.index]
        return as_kept(value) if isinstance(value, datetime) else value


def _is_many(value: object) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def _filled(values: Iterable[Any]) -> list[Any]:
    """As long as the next power of two, so that few statements serve every length; the last value is repeated."""
    known = list(values) or [None]
    wanted = 1 << (len(known) - 1).bit_length() if len(known) <= LONGEST else len(known)
    return known + [known[-1]] * (wanted - len(known))


def _place(name: str, value: object) -> Expression:
    if not isinstance(value, list):
        return _Place(name)
    # A plain list of expressions is turned into words where a foreign key is compared with it.
    return ExpressionList(*(_Place(name, index) for index in range(len(value))))


class _Statement(NamedTuple):
    """One SQL text. read: makes rows of what the driver gives."""

    sql: str
    params: tuple[Any, ...]
    read: Callable[[Iterable[Any]], Iterable[Any]]

    def filled(self, given: Mapping[str, Any]) -> list[Any]:
        return [param.taken_from(given) if isinstance(param, _Place) else param for param in self.params]


def _made(queryset: "QuerySet[Any, Any]") -> _Statement:
    compiler = queryset.query.get_compiler(queryset.db)
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])

    def values(rows: Iterable[Any]) -> Iterable[Any]:
        return map(tuple, compiler.apply_converters(rows, converters)) if converters else rows

    if queryset._fields is not None:  # type: ignore[attr-defined]
        return _Statement(sql, tuple(params), values)
    to_models = _to_models(compiler, queryset.db)
    return _Statement(sql, tuple(params), lambda rows: to_models(values(rows)))


def _to_models(compiler: Any, using: str) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """As the ORM's own iteration does it."""
    klass = compiler.klass_info
    first, last = klass["select_fields"][0], klass["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in compiler.select[first:last]]
    # The stubs are of a later Django.
    related = get_related_populators(klass, compiler.select, using)  # type: ignore[call-arg]

    def models(rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            model = klass["model"].from_db(using, names, row[first:last])
            for populator in related:
                populator.populate(row, model)
            for name, position in compiler.annotation_col_map.items():
                setattr(model, name, row[position])
            yield model

    return models
