"""Reading what a bench request asks for."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from starlette.requests import Request

from wakeel.simulator.world import Phone, World

Json = dict[str, Any]
_Word = TypeVar("_Word", bound=str)


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


def one_of(
    wish: Mapping[str, Any], name: str, known: Iterable[_Word], *, default: Any = _REQUIRED, where: str = ""
) -> _Word:
    """A word of a list; the default (if there is one) when it is absent or null. Raises Mistake, which begins with
    `where`.
    """
    value = wish.get(name)
    if value is None and default is not _REQUIRED:
        return default
    for word in known:
        if word == value:
            return word
    raise Mistake(f"{where}{name} must be one of {', '.join(known)}")


def phone_of(request: Request, world: World) -> Phone:
    """The phone that the path of a request names. Raises Mistake."""
    phone = world.phones.get(request.path_params["wa_id"])
    if phone is None:
        raise Mistake("no phone has this wa_id", status=404)
    return phone


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
