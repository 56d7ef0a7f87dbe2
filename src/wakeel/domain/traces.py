"""By what one person is recognised in stored text: numbers in their spellings, BSUIDs, ids of messages with them."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from wakeel.domain.addresses import match_keys

_BITS_A_CHARACTER = 6
_SHORTEST_NEEDLE = 8
"""Shorter digits stand in every timestamp; masking them would harm other people's items."""


@dataclass(frozen=True, kw_only=True)
class Traces:
    """addresses: `+digits` and BSUIDs that are this person's alone. spellings: other ways to write their numbers, such
    as the national one. wamids: ids of messages from and to them. quoted: ids of other people's messages whose words
    are about them.
    """

    addresses: frozenset[str]
    spellings: frozenset[str] = frozenset()
    wamids: frozenset[str] = frozenset()
    quoted: frozenset[str] = frozenset()

    @cached_property
    def ids(self) -> frozenset[str]:
        """What an item of a webhook says when it is theirs: digits with and without `+`, twins, BSUIDs, wamids."""
        return self._digits | {f"+{digits}" for digits in self._digits} | self._bsuids | self.wamids

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """Texts that name them wherever they stand, the longest first."""
        hidden = {text for digits in self._digits for text in in_base64(digits)}
        return tuple(sorted({*self.spelled, *hidden, *self.wamids}, key=lambda text: (-len(text), text)))

    @cached_property
    def spelled(self) -> frozenset[str]:
        """How people write their numbers, and their BSUIDs."""
        found = {text.removeprefix("+") for text in self.spellings} | self._digits | self._bsuids
        return frozenset(text for text in found if len(text) >= _SHORTEST_NEEDLE)

    @cached_property
    def search(self) -> tuple[str, ...]:
        """Fewer texts that find the same raw bodies: a message of theirs never comes without an address."""
        return tuple(text for text in self.needles if text not in self.wamids) + tuple(sorted(self.quoted))

    def mask(self, text: str) -> str:
        """`text` without anything that names them."""
        for needle in self.needles:
            text = text.replace(needle, "•")
        return text

    def name_in(self, text: str) -> bool:
        return any(needle in text for needle in self.needles)

    @property
    def _digits(self) -> frozenset[str]:
        phones = (value[1:] for value in self.addresses if value.startswith("+"))
        return frozenset(key for digits in phones for key in match_keys(digits))

    @property
    def _bsuids(self) -> frozenset[str]:
        return frozenset(value for value in self.addresses if not value.startswith("+"))


def in_base64(text: str) -> Iterator[str]:
    """How `text` looks inside base64, at each of the three places where it can begin: a wamid holds the number so."""
    raw = text.encode()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode()
        first = -(-before * 8 // _BITS_A_CHARACTER)
        last = (before + len(raw)) * 8 // _BITS_A_CHARACTER
        yield encoded[first:last]
