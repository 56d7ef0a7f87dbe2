"""The small questions all checks ask. Each raises Wrong with the first fault it finds.

Lengths count UTF-16 units: Meta does not say how it counts, and this is the strictest plausible way.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from wakeel.simulator.errors import MetaError, invalid, malformed, missing

Json = dict[str, Any]

DIGITS = 20
"""More than any number here has; Python refuses to read thousands."""
LINK_SCHEMES = frozenset({"http", "https"})


class Wrong(Exception):
    """Carries the first fault out of the nested checks."""

    def __init__(self, error: MetaError) -> None:
        super().__init__(error.details)
        self.error = error


def length(text: str) -> int:
    """How long Meta may find a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def present(holder: Json, key: str, name: str) -> Any:
    """The value of a key; null counts as absent. name: the whole way to it, as the error writes it."""
    value = holder.get(key)
    if value is None:
        raise Wrong(missing(name))
    return value


def an_object(value: object, name: str) -> Json:
    """A JSON object."""
    if not isinstance(value, dict):
        raise Wrong(malformed(f"{name} must be an object"))
    return value


def part(holder: Json, key: str, name: str) -> Json:
    """A required object."""
    return an_object(present(holder, key, name), name)


def a_list(holder: Json, key: str, name: str) -> list[Any]:
    """A required array."""
    value = present(holder, key, name)
    if not isinstance(value, list):
        raise Wrong(malformed(f"{name} must be an array"))
    return value


def a_text(holder: Json, key: str, name: str) -> str:
    """A required text that is not empty."""
    value = present(holder, key, name)
    if not isinstance(value, str):
        raise Wrong(malformed(f"{name} must be a string"))
    if not value:
        raise Wrong(missing(name))
    return value


def text_if_any(holder: Json, key: str, name: str) -> None:
    """A text, perhaps empty, or nothing."""
    if not isinstance(holder.get(key) or "", str):
        raise Wrong(malformed(f"{name} must be a string"))


def sized(holder: Json, key: str, name: str, limit: int) -> None:
    """A text of 1 to limit units that is more than blanks."""
    value = present(holder, key, name)
    if not isinstance(value, str):
        raise Wrong(malformed(f"{name} must be a string"))
    if not value.strip() or length(value) > limit:
        raise Wrong(invalid(f"{name} length invalid. Min length: 1, Max length: {limit}"))


def an_id(holder: Json, name: str, limit: int) -> None:
    """An id of the caller's own: sized, without blanks at its ends."""
    sized(holder, "id", f"{name}.id", limit)
    if holder["id"] != holder["id"].strip():
        raise Wrong(invalid(f"{name}.id must not begin or end with a space"))


def one_of(holder: Json, key: str, name: str, allowed: Iterable[str]) -> str:
    """A required word of a list."""
    word, known = a_text(holder, key, name), sorted(allowed)
    if word not in known:
        raise Wrong(malformed(f"Param {name} must be one of {{{', '.join(known).upper()}}} - got {word!r}."))
    return word


def flag(holder: Json, key: str, name: str) -> None:
    """True, false or nothing."""
    if not isinstance(holder.get(key) or False, bool):
        raise Wrong(malformed(f"{name} must be a boolean"))


def whole(holder: Json, key: str, name: str, *, least: int, most: int) -> int:
    """A required whole number, perhaps written as text or as 5.0."""
    value = present(holder, key, name)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal()) or len(text) > DIGITS:
        raise Wrong(malformed(f"{name} must be an integer"))
    if not least <= int(text) <= most:
        raise Wrong(invalid(f"{name} must be between {least} and {most}"))
    return int(text)


def degrees(holder: Json, key: str, name: str, *, most: int) -> None:
    """A required part of a position, perhaps written as text."""
    value = present(holder, key, name)
    try:
        number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None:
        raise Wrong(malformed(f"{name} must be a number"))
    if not -most <= number <= most:
        raise Wrong(invalid(f"{name} must be between -{most} and {most}"))


def web_address(holder: Json, key: str, name: str) -> None:
    """A required http or https address."""
    value = a_text(holder, key, name)
    try:
        parts = urlsplit(value)
        good = parts.scheme.lower() in LINK_SCHEMES and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(letter.isspace() for letter in value):
        raise Wrong(malformed(f"Param {name} is not a valid URI."))


def counted(values: list[Any], name: str, *, least: int = 1, most: int) -> None:
    """So many items."""
    if not least <= len(values) <= most:
        raise Wrong(invalid(f"Invalid {name} count. Min allowed {name}: {least}, Max allowed {name}: {most}"))


def distinct(values: Iterable[str], name: str) -> None:
    """No value twice."""
    given = list(values)
    if len(set(given)) < len(given):
        raise Wrong(invalid(f"Duplicated {name}"))


def known_keys(holder: Json, known: Iterable[str], name: str) -> None:
    """No key that Meta does not know."""
    unknown = sorted(holder.keys() - set(known))
    if unknown:
        raise Wrong(malformed(f'Unexpected key "{unknown[0]}" on param "{name}".'))
