"""Queries and updates of the ORM whose SQL is made once. With many small statements, making it was most of the time."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Expression, ExpressionList, IntegerField, QuerySet, Subquery, Value
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

from wakeel.store.stored_times import as_kept

LONGEST = 512
"""Values of one collection whose text is kept; for longer ones it is put together each time."""

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
        self._once = _Once(lambda given: _select(build(**given)))

    def __call__(self, **given: Any) -> list[Any]:
        statement = self._once.statement(given)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.params)
            return list(statement.read(cursor.fetchall()))

    def sql(self, **given: Any) -> tuple[str, list[Any]]:
        """The text and its parameters, for rows that are read as the driver gives them."""
        statement = self._once.statement(given)
        return statement.sql, statement.params

    def first(self, **given: Any) -> Any:
        """The first row, None without one; the query itself says how many it reads."""
        return next(iter(self(**given)), None)


class CompiledUpdate:
    """The same for `update`: what builds it gives the rows and what is set. Called, it says how many rows there were.

    _CLOSE = CompiledUpdate(lambda ids, now: (Card.objects.filter(pk__in=ids), {"closed_at": now}))
    closed = _CLOSE(ids=card_ids, now=now)
    """

    def __init__(self, build: "Callable[..., tuple[QuerySet[Any, Any], Mapping[str, Any]]]") -> None:
        self._once = _Once(lambda given: _update(*build(**given)))

    def __call__(self, **given: Any) -> int:
        statement = self._once.statement(given)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.params)
            return int(cursor.rowcount)

    def each(self, given: Sequence[Mapping[str, Any]]) -> None:
        """Once for each of these, none of them with a collection; the statement is prepared once."""
        if given:
            statements = [self._once.statement(one) for one in given]
            with connection.cursor() as cursor:
                cursor.executemany(statements[0].sql, [statement.params for statement in statements])


class _Once:
    """A statement that is made when it is asked for the first time; where collections go, its text grows with them."""

    def __init__(self, make: "Callable[[Mapping[str, Any]], _Statement]") -> None:
        self._make = make
        self._made: dict[tuple[str, ...], _Statement] = {}

    def statement(self, given: Mapping[str, Any]) -> "_Filled":
        """The text with its parameters."""
        values = {name: _padded(value) if _is_many(value) else value for name, value in given.items()}
        many = tuple(name for name, value in values.items() if isinstance(value, list))
        made = self._made.get(many)
        if made is None:
            made = self._made[many] = self._make({name: _place(name, value) for name, value in values.items()})
        lengths = tuple(len(values[name]) for name in made.many)
        text = made.texts.get(lengths)
        if text is None:
            text = made.text(lengths)
            if max(lengths, default=0) <= LONGEST:
                made.texts[lengths] = text
        return _Filled(text, made.filled(values), made.read)


class _Filled(NamedTuple):
    """A statement as it is executed. read: makes rows of what the driver gives."""

    sql: str
    params: list[Any]
    read: Callable[[Iterable[Any]], Iterable[Any]]


class _Place(Value):
    """Stands where a value will be."""

    def __init__(self, name: str) -> None:
        super().__init__(None)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


_MANY = "\0"
"""In the text, where the values of a collection will be."""


class _Places(_Place):
    """Stands where those of a collection will be."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return _MANY, [self]


def _is_many(value: object) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def _padded(values: Iterable[Any]) -> list[Any]:
    """As long as the next power of two, so that few texts serve every length; the last value is repeated."""
    known = list(values) or [None]
    wanted = 1 << (len(known) - 1).bit_length() if len(known) <= LONGEST else len(known)
    return known + [known[-1]] * (wanted - len(known))


def _place(name: str, value: object) -> Expression:
    # A plain list of expressions is turned into words where a foreign key is compared with it.
    return ExpressionList(_Places(name)) if isinstance(value, list) else _Place(name)


def _kept(value: Any) -> Any:
    return as_kept(value) if isinstance(value, datetime) else value


class _Statement:
    """One SQL text as it was made, with its places. many: the name at each place for a collection; texts: by how many
    values each of them has.
    """

    def __init__(self, sql: str, params: Iterable[Any], read: Callable[[Iterable[Any]], Iterable[Any]]) -> None:
        self._parts = sql.split(_MANY)
        self._params = tuple(params)
        self.read = read
        self.many = [param.name for param in self._params if isinstance(param, _Places)]
        self.texts: dict[tuple[int, ...], str] = {}

    def text(self, lengths: Iterable[int]) -> str:
        first, *rest = self._parts
        return first + "".join(", ".join(["%s"] * length) + part for length, part in zip(lengths, rest, strict=True))

    def filled(self, given: Mapping[str, Any]) -> list[Any]:
        found: list[Any] = []
        for param in self._params:
            if isinstance(param, _Places):
                found += map(_kept, given[param.name])
            else:
                found.append(_kept(given[param.name]) if isinstance(param, _Place) else param)
        return found


def _update(queryset: "QuerySet[Any, Any]", values: Mapping[str, Any]) -> _Statement:
    query: Any = queryset.query.chain(UpdateQuery)
    query.add_update_values(values)
    sql, params = query.get_compiler(queryset.db).as_sql()
    return _Statement(sql, params, iter)


def _select(queryset: "QuerySet[Any, Any]") -> _Statement:
    compiler = queryset.query.get_compiler(queryset.db)
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])

    def values(rows: Iterable[Any]) -> Iterable[Any]:
        return map(tuple, compiler.apply_converters(rows, converters)) if converters else rows

    if queryset._fields is not None:  # type: ignore[attr-defined]
        return _Statement(sql, params, values)
    to_models = _to_models(compiler, queryset.db)
    return _Statement(sql, params, lambda rows: to_models(values(rows)))


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
