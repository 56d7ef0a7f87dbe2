"""What stands for an id that named a person, once the person is erased: a keyed token, the same for the same id.

So a late repetition of their message, and late news of one to them, are still recognised, and nobody can read from it.
"""

from typing import TypeVar

from wakeel.store.keyring import keyring

GONE = "erased"
_MARK = f"{GONE}."

Id = TypeVar("Id", str, str | None)


def token_of(value: str) -> str:
    """At most 80 characters."""
    return f"{_MARK}{keyring().occurrence(f'{_MARK}{value}')}"


def overwritten(value: Id) -> Id:
    """The token; None, '' and what is one already stay as they are."""
    return token_of(value) if value and not is_token(value) else value


def is_token(value: str | None) -> bool:
    return value is not None and value.startswith(_MARK)


def either(value: str) -> list[str]:
    """The ways in which this id may stand in a row."""
    return [value, token_of(value)]
