"""Texts as a person compares them: which sentence of the product's catalogue, which words, in which order."""

import re

from wakeel.domain.answers import ANSWERS, AnswerCode
from wakeel.domain.cards import BETWEEN_NOTICES
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.words import Text

# Isolates and marks that steer the direction of outside words; nobody sees them.
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")


def seen(text: str) -> str:
    """The text as it is read: without direction marks, any white space one blank."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def holds(text: str, words: str) -> bool:
    """True if these words stand in the text."""
    return seen(words) in seen(text)


def says(text: str, code: AnswerCode) -> bool:
    """True if the text, or one of the notices that came in it, is exactly this answer, in either language, whatever its
    values are."""
    said, patterns = text.split(BETWEEN_NOTICES), _patterns(ANSWERS[code])
    return any(re.fullmatch(pattern, one, re.DOTALL) for pattern in patterns for one in said)


def shows(text: str, code: AnswerCode) -> bool:
    """True if this answer stands somewhere in the text."""
    return any(re.search(pattern, text, re.DOTALL) for pattern in _patterns(ANSWERS[code]))


def because(text: str, code: ReasonCode) -> bool:
    """True if this reason stands somewhere in the text."""
    return any(re.search(pattern, text, re.DOTALL) for pattern in _patterns(REASONS[code].text))


def is_like(text: str, pattern: str) -> bool:
    """True if the text is this one, where `*` stands for anything."""
    parts = (re.escape(part) for part in seen(pattern).split("*"))
    return re.fullmatch(".*".join(parts), seen(text), re.DOTALL) is not None


def _patterns(text: Text) -> list[str]:
    return [".*?".join(re.escape(part) for part in re.split(r"\{\w+\}", words)) for words in (text.ar, text.en)]
