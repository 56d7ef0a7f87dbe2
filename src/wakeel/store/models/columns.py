"""Column kinds used by more than one table."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from wakeel.store.ids import new_id

ID_LENGTH = 64


def id_column(prefix: str) -> "models.CharField[str, str]":
    """A primary key of our own making; see store.ids."""
    return models.CharField(primary_key=True, max_length=ID_LENGTH, default=IdMaker(prefix), editable=False)


class IdMaker:
    """A default that migrations can write down."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __call__(self) -> str:
        return new_id(self.prefix)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IdMaker) and other.prefix == self.prefix

    def __hash__(self) -> int:
        return hash(self.prefix)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return "wakeel.store.models.columns.IdMaker", [self.prefix], {}


def business_key(*, db_index: bool = True) -> "models.ForeignKey[Any, Any]":
    """db_index: False where an index of the table begins with it, and rows come by the thousand."""
    return models.ForeignKey("store.Business", on_delete=models.PROTECT, related_name="+", db_index=db_index)


def one_of(column: str, values: Iterable[str], *, name: str) -> models.CheckConstraint:
    """The database refuses any other word in `column`."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": sorted(values)}), name=name)
