"""What is searched and what is asked, brought to one spelling: words that begin alike belong together.

Arabic letters written for one another, marks, tatweel, case and both digit sets do not matter (reference "operator
UI", section 6). A number may be asked for by its beginning, as people write it at home or abroad, or by its end.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from wakeel.domain.keywords import fold

LONGEST_WORD = 32
"""Letters of a word that are kept and asked for; no name and no number has more."""
MOST_ASKED = 6
"""Words of a question that count."""
MOST_OF_TEXT = 80
"""Different words kept of one text: a message may have 4,096 letters."""
SHORTEST_TAIL = 3
"""Digits from which on the end of a number is looked for."""
WHOLE_NUMBER = 8
"""Digits from which on a number counts as a whole one."""

_NUMBER_RUN = re.compile(r"\+?\d[\d\s().\-/]{5,}\d")
_ARTICLE = "ال"


class Place(IntEnum):
    """Where a word stands; what is found at an earlier place comes first."""

    WHO = 1  # name, organisation
    PHONE = 2  # a number from its beginning, with and without the country
    TAIL = 3  # the same digits backwards
    TITLE = 4  # of an opportunity
    SAID = 5  # a message of theirs, or a draft of ours


NUMBERS = (Place.PHONE, Place.TAIL)
WORDED = (Place.WHO, Place.TITLE, Place.SAID)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Words at this place that begin so are meant. whole: only the very word. is_of_seen: only of people whose number
    the one who asks sees.
    """

    place: Place
    letters: str
    whole: bool = False
    is_of_seen: bool = False

    def fits(self, place: Place, word: str) -> bool:
        if place is not self.place:
            return False
        return word == self.letters if self.whole else word.startswith(self.letters)


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a question: found where any of its beginnings is. word: as it was folded."""

    word: str
    beginnings: tuple[Beginning, ...]

    def fits(self, place: Place, word: str, *, is_seen: bool = True) -> bool:
        """is_seen: whether the one who asks sees the number of the person whose word this is."""
        return any(one.fits(place, word) for one in self.beginnings if is_seen or not one.is_of_seen)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The different words of a text, folded, in their order, each cut at its longest; `MOST_OF_TEXT` of them."""
    found = dict.fromkeys(word[:LONGEST_WORD] for word in fold(text).split())
    return tuple(found)[:MOST_OF_TEXT]


def number_words(digits: str, national: str) -> tuple[tuple[Place, str], ...]:
    """What a number is found by. digits: with the country's, no `+`; national: as it is written at home, or ''."""
    forwards = dict.fromkeys(form for form in (digits, national) if form)
    return (*((Place.PHONE, form) for form in forwards), (Place.TAIL, digits[::-1]))


def ask(question: str, *, sees_all: bool) -> tuple[Asked, ...]:
    """The words of a question, all of which must be found.

    sees_all: False for somebody who does not see every number: where one is masked for them they find the person by the
    whole number only, so that it cannot be guessed digit by digit.
    """
    joined = _NUMBER_RUN.sub(_as_one_word, _with_plain_digits(question))
    return tuple(_asked(word, sees_all=sees_all) for word in words(joined)[:MOST_ASKED])


def asks_whole_number(asked: Iterable[Asked]) -> bool:
    """Whether a masked number could be what is asked for."""
    return any(one.place is Place.PHONE and one.whole for word in asked for one in word.beginnings)


def _with_plain_digits(text: str) -> str:
    """Both digit sets are Unicode's `Nd`."""
    return re.sub(r"\d", lambda digit: str(int(digit[0])), text)


def _as_one_word(run: "re.Match[str]") -> str:
    """`+966 50 123 4567` is one number, not four words; of a run of small numbers each stays a word."""
    digits = re.sub(r"\D", "", run[0])
    return f" {digits} " if len(digits) >= WHOLE_NUMBER - 1 else run[0]


def _asked(word: str, *, sees_all: bool) -> Asked:
    said = [Beginning(place, letters) for place in WORDED for letters in (word, _ARTICLE + word)]
    if not (word.isascii() and word.isdigit()):
        return Asked(word, tuple(said))
    plain = [Beginning(place, word) for place in WORDED]
    return Asked(word, (*plain, *_number_beginnings(word, sees_all=sees_all)))


def _number_beginnings(digits: str, *, sees_all: bool) -> list[Beginning]:
    abroad = digits.removeprefix("00")
    found = [Beginning(Place.PHONE, abroad, is_of_seen=not sees_all)] if abroad else []
    if not digits.startswith("0"):
        # Without the zero that a number has at home.
        found.append(Beginning(Place.PHONE, f"0{digits}", is_of_seen=not sees_all))
    if len(digits) >= SHORTEST_TAIL:
        found.append(Beginning(Place.TAIL, digits[::-1], is_of_seen=not sees_all))
    if not sees_all and len(abroad) >= WHOLE_NUMBER:
        found.append(Beginning(Place.PHONE, abroad, whole=True))
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text. is_found: a word that was asked for."""

    text: str
    is_found: bool


BEFORE_FOUND = 4
"""Words of an excerpt before the first that was asked for."""
_ROOM = 90


def excerpt(text: str, asked: tuple[Asked, ...], place: Place) -> tuple[Piece, ...]:
    """A line of the text around the first word that was asked for; its beginning if there is none."""
    tokens = text.split()
    found = [any(one.fits(place, word) for one in asked for word in words(token)) for token in tokens]
    start = max(found.index(True) - BEFORE_FOUND, 0) if True in found else 0
    pieces, room = [Piece("…", is_found=False)] if start else [], _ROOM
    for token, is_found in zip(tokens[start:], found[start:], strict=True):
        if room < len(token):
            pieces.append(Piece(token[: max(room, 0)] + "…", is_found))
            break
        pieces.append(Piece(token, is_found))
        room -= len(token) + 1
    return tuple(pieces)
