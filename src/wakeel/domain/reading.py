"""A text as a checker reads it, with the way back to the very characters that were written.

Checks look through spelling: Arabic digits, marks, stretched letters and invisible characters hide nothing. What they
find is told in offsets of the text as it stands, so that a screen can mark it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from wakeel.domain.keywords import FOLDED_LETTERS

_TATWEEL = "\u0640"
_CLAUSE_MARKS = {
    **dict.fromkeys(".!?؟;؛…\n\r\u2028\u2029", "."),
    **dict.fromkeys(",،", ","),
    ":": ":",
    **dict.fromkeys("%٪", "%"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """text: what patterns are written for; parts: what each character of `source` has become in it."""

    source: str
    text: str
    parts: Sequence[str]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of `source` behind a non-empty piece of `text`, with the marks of its last letter."""
        # Counted only now: in nearly every text nothing is found.
        at = [position for position, part in enumerate(self.parts) for _ in part]
        first, last = at[start], at[end - 1] + 1
        while last < len(self.source) and unicodedata.category(self.source[last]) == "Mn":
            last += 1
        return first, last


def letters(source: str) -> Reading:
    """Digits in ASCII, Arabic letters folded, marks and invisible characters gone; case and punctuation stay."""
    return _read(source, [*map(_letter, source)])


def clauses(source: str) -> Reading:
    """Lower-case words one space apart; of punctuation only what ends a clause is left: `.` `,` `:` – and `%`."""
    found = [*map(_word_part, source)]
    after_space = True
    for position, part in enumerate(found):
        if part == " " and after_space:
            found[position] = ""
        elif part:
            after_space = part == " "
    return _read(source, found)


def _read(source: str, parts: list[str]) -> Reading:
    return Reading(source, "".join(parts), parts)


@lru_cache(4096)
def _letter(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    plain = unicodedata.normalize("NFKC", character).translate(FOLDED_LETTERS)
    return "".join(c for c in plain if c != _TATWEEL and unicodedata.category(c) not in {"Mn", "Cf"})


@lru_cache(4096)
def _word_part(character: str) -> str:
    if character in _CLAUSE_MARKS:
        return _CLAUSE_MARKS[character]
    folded = _letter(character).casefold()
    # What one character falls apart into may hold a space; only whole blanks separate words.
    return " " if folded and all(unicodedata.category(c)[0] in "PSCZ" for c in folded) else folded
