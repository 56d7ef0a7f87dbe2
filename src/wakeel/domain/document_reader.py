"""Reading a nested document (JSON or TOML) into types: every fault with its path, none with its value.

The functions with one `value` are parsers for `Node.read`: they raise Faulty.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
LONGEST_DURATION_S = 10 * 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """path: where, as `calendars.SA.special_periods[0].from`. problem: what is expected there."""

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


class Faulty(Exception):
    """One value that cannot be used; says what is expected, never the value."""


class Node:
    """One value of the document with its path; faults of the whole document are collected in one list."""

    def __init__(self, value: object, *, path: str = "", above: "Node | None" = None, is_strict: bool = True) -> None:
        self.value = value
        self.path = path
        self.faults: list[DocumentFault] = [] if above is None else above.faults
        self.is_strict: bool = is_strict if above is None else above.is_strict

    def fault(self, problem: str) -> None:
        """Note what is wrong here. problem: what is expected, never the value."""
        self.faults.append(DocumentFault(self.path or "document", problem))

    def read(self, parse: Callable[[object], T], default: T) -> T:
        """The parsed value; `default` where there is nothing or a fault was noted."""
        if self.value is None:
            return default
        try:
            return parse(self.value)
        except Faulty as faulty:
            self.fault(str(faulty))
            return default

    def child(self, key: str) -> "Node":
        """The value under `key`; a node without a value if there is none."""
        value = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Node(value, path=f"{self.path}.{key}" if self.path else key, above=self)

    def children(self) -> list[tuple[str, "Node"]]:
        """Every key of a table with its node."""
        table: Mapping[str, Any] = self.read(_table, {})
        return [(key, self.child(key)) for key in table]

    def items(self) -> list["Node"]:
        """Every element of a list."""
        found: list[Any] = self.read(_list, [])
        return [Node(value, path=f"{self.path}[{n}]", above=self) for n, value in enumerate(found)]

    def only(self, *known: str) -> None:
        """If strict, note every key that nothing reads: a misspelt one would change nothing, silently."""
        if not self.is_strict:
            return
        for key, node in self.children():
            if key not in known:
                node.fault("is not known here")


def merged(document: object, patch: object) -> Any:
    """`patch` applied to `document` as a JSON Merge Patch (RFC 7386); neither is changed."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(document) if isinstance(document, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def text(value: object) -> str:
    """A text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise Faulty("give a text")
    return value


def text_or_empty(value: object) -> str:
    """A text; it may be empty."""
    if not isinstance(value, str):
        raise Faulty("give a text")
    return value


def true_or_false(value: object) -> bool:
    """A yes or no, never a number or a word for one."""
    if not isinstance(value, bool):
        raise Faulty("give true or false")
    return value


def seconds(value: object) -> timedelta:
    """A duration in whole seconds."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_DURATION_S:
        raise Faulty("give whole seconds, from 0 to ten years")
    return timedelta(seconds=value)


def whole(lowest: int, highest: int) -> Callable[[object], int]:
    """A parser for whole numbers, both ends included."""

    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise Faulty(f"give a whole number from {lowest} to {highest}")
        return value

    return parse


def words(value: object) -> tuple[str, ...]:
    """A list of texts; empty ones are faults."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) and word for word in value):
        raise Faulty("give a list of texts")
    return tuple(value)


def instant(value: object) -> datetime:
    """`2026-11-22T09:00:00Z`. One without an offset is read as it stands: who decides refuses it."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else _no_instant()
    except ValueError:
        return _no_instant()


def one_of(*words: str) -> Callable[[object], str]:
    """A parser for exactly these words."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise Faulty(f"give one of {', '.join(words)}")
        return value

    return parse


def day(value: object) -> date:
    """`2027-02-08`; a TOML date is one already."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise Faulty("give a date as 2027-02-08")


def _no_instant() -> datetime:
    raise Faulty("give a time as 2026-11-22T09:00:00Z")


def _table(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Faulty("give a table")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise Faulty("give a list")
    return list(value)
