"""Which stop switch is meant: of a business, of one of its numbers, or of everything here. Design section 7."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    EVERYWHERE = "global"  # every business of this database
    BUSINESS = "business"
    NUMBER = "number"  # one sending number; the only one that silences answers to operators too


@dataclass(frozen=True, slots=True)
class Stop:
    """One switch, on or off. target: business id, phone_number_id, '' for everywhere."""

    scope: Scope
    target: str = ""

    @classmethod
    def of_business(cls, business_id: str) -> "Stop":
        return cls(Scope.BUSINESS, business_id)

    @classmethod
    def of_number(cls, phone_number_id: str) -> "Stop":
        return cls(Scope.NUMBER, phone_number_id)


EVERYWHERE = Stop(Scope.EVERYWHERE)
