"""Reading what a bench request asks for."""

from typing import Any

Json = dict[str, Any]


class Mistake(Exception):
    """A request of the bench that cannot be done; the message says why."""

    def __init__(self, why: str, *, status: int = 400) -> None:
        super().__init__(why)
        self.why = why
        self.status = status


_REQUIRED: Any = object()


def given(wish: Json, name: str, kind: type, *, default: Any = _REQUIRED) -> Any:
    """A field of the right type; the default (if there is one) when it is absent or null. Raises Mistake."""
    value = wish.get(name)
    if value is None and default is not _REQUIRED:
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)) or value == "":
        raise Mistake(f"{name} must be a {kind.__name__}" + (" and not empty" if kind is str else ""))
    return value


def words(wish: Json, name: str, *, default: str = "") -> str:
    """A text that may be absent, null or empty, and is then the default. Raises Mistake."""
    return default if wish.get(name) in (None, "") else str(given(wish, name, str))


def number(wish: Json, name: str, *, default: float | None = None) -> Any:
    """A whole number or a fraction, the default when it is absent or null. Raises Mistake."""
    value = wish.get(name)
    if value is None:
        return default
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise Mistake(f"{name} must be a number")
    return value


def timestamp(wish: Json) -> float | None:
    """When the owner says they wrote or tapped; None for now."""
    value = given(wish, "timestamp", int, default=None)
    return None if value is None else float(value)
