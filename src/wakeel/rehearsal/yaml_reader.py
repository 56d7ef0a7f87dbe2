"""YAML into dataclasses, strictly: every fault is found, with its line, its field and what may stand there.

A dataclass is the schema: its annotations say what each field takes, its defaults which may be left out, and a trailing
underscore makes a Python word a field (`as_` reads `as`).
"""

import dataclasses
import functools
import types
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wakeel.rehearsal.kinds import DURATION, HOUR, Hour, Words, duration, hour

LONGEST = 1_000_000
"""Characters of one file; a recorded hour of taps has a tenth of it."""
NOTHING: Any = object()
"""What a faulty field reads as; the fault is written down already."""

_TAG = "tag:yaml.org,2002:"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a file. line: 1 is the first; 0 for the file itself. field: dotted, may be empty."""

    file: str
    line: int
    field: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.what}" if self.field else f"{place}: {self.what}"


class ScenarioFaults(Exception):
    """Files that cannot be run; every fault of all of them."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Mention:
    """A value of one of `kinds`, where it stands: whether it means anything is asked later."""

    kind: Any
    value: str
    node: Node
    path: str


@dataclass(slots=True)
class Reader:
    """Reads one file; `faults` and `mentions` grow meanwhile."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    def blame(self, node: Node | None, path: str, what: str) -> Any:
        """Write a fault down; NOTHING."""
        self.faults.append(Fault(self.file, node.start_mark.line + 1 if node else 0, path, what))
        return NOTHING

    def entries(self, node: Node, path: str, *, what: str = "a mapping (name: value)") -> list[tuple[str, Node, Node]]:
        """Key, its node and its value's node of a mapping, in order; a fault and an empty list for anything else."""
        if not isinstance(node, MappingNode):
            self.blame(node, path, f"must be {what}")
            return []
        found: dict[str, tuple[str, Node, Node]] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.blame(key, path, "a name must be one word")
            elif key.value in found:
                self.blame(key, _join(path, key.value), "stands here twice")
            else:
                found[key.value] = (key.value, key, value)
        return list(found.values())

    def read(self, node: Node, kind: Any, path: str = "") -> Any:
        """The value of a node as `kind`; NOTHING after a fault."""
        origin = get_origin(kind)
        if origin in {Union, types.UnionType}:
            inner = [part for part in get_args(kind) if part is not types.NoneType]
            return None if _is(node, "null") else self.read(node, inner[0], path)
        if dataclasses.is_dataclass(kind) and kind not in _PLAIN:
            return self.record(node, kind, path)  # type: ignore[arg-type]
        if origin in {list, tuple}:
            return self._list(node, get_args(kind)[0], path)
        if origin is dict:
            return self._dict(node, get_args(kind)[1], path)
        if origin is Literal:
            return self._one_of(node, {str(word): word for word in get_args(kind)}, path)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self._one_of(node, {str(word.value): word for word in kind}, path)
        return self._plain(node, kind, path)

    def record(self, node: Node, kind: type, path: str) -> Any:
        """A dataclass of a mapping; one that is `WHOLE` takes the value itself for its only field."""
        kinds, needed = fields_of(kind)
        if getattr(kind, "WHOLE", False):
            [(attribute, inner)] = kinds.values()
            value = self.read(node, inner, path)
            return NOTHING if value is NOTHING else kind(**{attribute: value})
        if _is(node, "null") and not needed:
            return kind()
        allowed = ", ".join(kinds) or "none"
        given: dict[str, Any] = {}
        faults = len(self.faults)
        for name, key, value in self.entries(node, path, what=f"a mapping; fields: {allowed}"):
            if name not in kinds:
                self.blame(key, _join(path, name), f"unknown field; allowed: {allowed}")
            else:
                attribute, inner = kinds[name]
                given[attribute] = self.read(value, inner, _join(path, name))
        if isinstance(node, MappingNode):
            for name in [name for name in needed if kinds[name][0] not in given]:
                self.blame(node, _join(path, name), "is missing")
        return kind(**given) if len(self.faults) == faults else NOTHING

    def _list(self, node: Node, kind: Any, path: str) -> Any:
        """A list; one value stands for a list of one."""
        if not isinstance(node, SequenceNode):
            return (self.read(node, kind, path),)
        return tuple(self.read(item, kind, f"{path}[{n}]") for n, item in enumerate(node.value, 1))

    def _dict(self, node: Node, kind: Any, path: str) -> Any:
        return {name: self.read(value, kind, _join(path, name)) for name, _, value in self.entries(node, path)}

    def _one_of(self, node: Node, words: dict[str, Any], path: str) -> Any:
        if isinstance(node, ScalarNode) and node.value in words:
            return words[node.value]
        said = f"{node.value!r} is unknown; " if isinstance(node, ScalarNode) else ""
        return self.blame(node, path, f"{said}allowed: {', '.join(words)}")

    def _plain(self, node: Node, kind: Any, path: str) -> Any:
        base = kind.__supertype__ if isinstance(kind, NewType) else kind
        if base is Any:
            return self._anything(node, path)
        if not isinstance(node, ScalarNode):
            return self.blame(node, path, f"must be {_SPELLED[base]}")
        value = _PLAIN[base](node)
        if value is None:
            return self.blame(node, path, f"must be {_SPELLED[base]}, not {node.value!r}")
        if isinstance(kind, NewType):
            self.mentions.append(Mention(kind, value, node, path))
        return value

    def _anything(self, node: Node, path: str) -> Any:
        """Whatever stands there, as JSON has it."""
        if isinstance(node, SequenceNode):
            return [self._anything(item, f"{path}[{n}]") for n, item in enumerate(node.value, 1)]
        if isinstance(node, MappingNode):
            return {name: self._anything(value, _join(path, name)) for name, _, value in self.entries(node, path)}
        if not isinstance(node, ScalarNode) or _is(node, "null"):
            return None
        for kind, word in ((int, "int"), (float, "float"), (bool, "bool")):
            if _is(node, word):
                return _PLAIN[kind](node)
        self.mentions.append(Mention(Words, node.value, node, path))
        return node.value


def compose(path: Path, *, name: str) -> tuple[Reader, Node | None]:
    """The file's nodes, and the reader for them; None after a fault that ends everything."""
    reader = Reader(name)
    try:
        return reader, _composed(path)
    except OSError as error:
        reader.blame(None, "", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        reader.blame(None, "", "is not UTF-8")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        reader.faults.append(Fault(name, line, "", f"is not YAML: {error.problem or error.context}"))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reader.blame(None, "", f"is not YAML: {error}")
    return reader, None


def _composed(path: Path) -> Node:
    text = path.read_text(encoding="utf-8")
    if len(text) > LONGEST:
        raise ValueError(f"longer than {LONGEST} characters")
    node = yaml.compose(text, Loader=_LOADER)
    if node is None:
        raise ValueError("there is nothing in it")
    if _stands_twice(node):
        raise ValueError("anchors (&) and aliases (*) are not read; write it out")
    return node


@functools.cache
def fields_of(kind: type) -> tuple[dict[str, tuple[str, Any]], list[str]]:
    """Of a dataclass: field as written -> (attribute, what it takes); and the fields that must be there."""
    hints, missing = get_type_hints(kind), dataclasses.MISSING
    entries = dataclasses.fields(kind)
    spelled = {entry.name.rstrip("_"): (entry.name, hints[entry.name]) for entry in entries}
    bare = [entry for entry in entries if entry.default is missing and entry.default_factory is missing]
    return spelled, [entry.name.rstrip("_") for entry in bare]


def _stands_twice(node: Node) -> bool:
    """True if a node is reached in two ways, also from itself: an alias."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            return True
        seen.add(id(one))
        if isinstance(one, SequenceNode):
            waiting += one.value
        elif isinstance(one, MappingNode):
            waiting += [part for pair in one.value for part in pair]
    return False


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is(node: Node, word: str) -> bool:
    return isinstance(node, ScalarNode) and node.tag == f"{_TAG}{word}"


def _text(node: ScalarNode) -> str | None:
    """As it is written: a number or `yes` is as good a text as any."""
    return None if _is(node, "null") else str(node.value)


def _whole(node: ScalarNode) -> int | None:
    try:
        return int(node.value, 0) if _is(node, "int") else None
    except ValueError:
        return None


def _number(node: ScalarNode) -> float | None:
    try:
        return float(node.value) if _is(node, "int") or _is(node, "float") else None
    except ValueError:
        return None


def _truth(node: ScalarNode) -> bool | None:
    return {"true": True, "false": False}.get(node.value.lower()) if _is(node, "bool") else None


_PLAIN: dict[Any, Callable[[ScalarNode], Any]] = {
    str: _text, int: _whole, float: _number, bool: _truth,
    timedelta: lambda node: duration(node.value), Hour: lambda node: hour(node.value),
}  # fmt: skip
_SPELLED: dict[Any, str] = {
    str: "text", int: "a whole number", float: "a number", bool: "true or false", timedelta: DURATION, Hour: HOUR,
}  # fmt: skip
