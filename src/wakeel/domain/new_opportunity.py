"""An opportunity that an operator types in one message: «فرصة: name, number, title». Issue 7, paragraph 11."""

import re
from dataclasses import dataclass

from wakeel.domain.keywords import fold
from wakeel.domain.words import Text

EXAMPLE = Text(
    "فرصة: سعد العتيبي، 0501234567، تجديد عقد الصيانة",
    "opportunity: Saad Alotaibi, +966501234567, maintenance contract",
)

_HEADS = frozenset(map(fold, ("فرصة", "فرصة جديدة", "opportunity", "new opportunity")))
_COLON = re.compile("[:\uff1a]|\n")
_PART = re.compile("[^,،;؛|\n]+")
_EDGES = re.compile(r"^[\s,،;؛|]+|[\s,،;؛|]+$")
_SHORTEST_NUMBER = 7


@dataclass(frozen=True, slots=True)
class TypedOpportunity:
    """As typed; '' for a part that is missing. A number stands between name and title, whatever separates them."""

    name: str = ""
    phone: str = ""
    title: str = ""

    @property
    def is_whole(self) -> bool:
        """Every part is there: nobody means anything else by it."""
        return bool(self.name and self.title and _is_number(self.phone))


def read_typed(text: str) -> TypedOpportunity | None:
    """What stands after the word; without any number, the parts in their order. None if the text does not begin so."""
    if fold(text) in _HEADS:
        return TypedOpportunity()
    colon = _COLON.search(text)
    if colon is None or fold(text[: colon.start()]) not in _HEADS:
        return None
    rest = text[colon.end() :]
    parts = list(_PART.finditer(rest))
    phone = next((part for part in parts if _is_number(part[0])), parts[1] if len(parts) > 1 else None)
    if phone is None:
        return TypedOpportunity(name=_bare(rest))
    name, title = rest[: phone.start()], rest[phone.end() :]
    return TypedOpportunity(_bare(name), _bare(phone[0]), _bare(title))


def _bare(part: str) -> str:
    return _EDGES.sub("", part)


def _is_number(part: str) -> bool:
    digits = sum(character.isdigit() for character in part)
    return digits >= _SHORTEST_NUMBER and not any(character.isalpha() for character in part)
