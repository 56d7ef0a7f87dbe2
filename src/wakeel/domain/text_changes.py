"""What a new text changed in the one before it, in a few words: an operator reads it before approving. Issue 7."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from wakeel.domain.text import one_line
from wakeel.domain.words import Text

SHOWN = 3
"""Changes that are told; of more, that there are more."""
PIECE_LIMIT = 40
"""Characters of each quoted piece, its marks and a … counted."""
_COMPARED = 120
"""Words between the first and the last difference that are compared one by one. Comparing takes the square of it, and a
text may have 1,700 words: a longer piece counts as written anew."""

_ADDED = Text("أُضيف «{after}»", "added “{after}”")
_REMOVED = Text("حُذف «{before}»", "removed “{before}”")
_REPLACED = Text("صار «{before}»: «{after}»", "“{before}” became “{after}”")
_MORE = Text("وغير ذلك", "and more")
_CHANGED = Text("ما تغيّر: {changes}.", "Changed: {changes}.")
_SAME = Text("لم يتغيّر في النص شيء.", "The text is the same as before.")
_BETWEEN = Text("، ", ", ")


@dataclass(frozen=True, slots=True)
class Change:
    """Words in one place, before and after; '' where there were none, never both."""

    before: str
    after: str

    def say(self, language: str) -> str:
        words = _REPLACED if self.before and self.after else _ADDED if self.after else _REMOVED
        pieces = {"before": _piece(self.before), "after": _piece(self.after)}
        return words.say(language, **pieces)


def changes(old: str, new: str) -> list[Change]:
    """Every place where the words differ, in the order of the text; spaces and line breaks count for nothing."""
    before, after = old.split(), new.split()
    first = _alike(zip(before, after, strict=False))
    last = _alike(zip(reversed(before[first:]), reversed(after[first:]), strict=False))
    before, after = before[first : len(before) - last], after[first : len(after) - last]
    if not before and not after:
        return []
    if max(len(before), len(after)) > _COMPARED:
        return [Change(" ".join(before), " ".join(after))]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Change(" ".join(before[i:j]), " ".join(after[k:n]))
        for kind, i, j, k, n in matcher.get_opcodes()
        if kind != "equal"
    ]


class Kept(StrEnum):
    """What became of a piece of the old text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"  # was not in it


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole words of two texts that were compared, with what stands between them; never empty."""

    kept: Kept
    text: str


def pieces(old: str, new: str) -> list[Piece]:
    """The new text with what went from the old one, in reading order; put together without the gone it is `new`.

    A long text counts as written anew between its first and last difference, as in `changes`.
    """
    before, after = _with_spaces(old), _with_spaces(new)
    first = _alike(zip(before, after, strict=False))
    last = _alike(zip(reversed(before[first:]), reversed(after[first:]), strict=False))
    middle_before, middle_after = before[first : len(before) - last], after[first : len(after) - last]
    if max(len(middle_before), len(middle_after)) > 2 * _COMPARED:
        between = [Piece(Kept.GONE, "".join(middle_before)), Piece(Kept.NEW, "".join(middle_after))]
    else:
        between = _between(middle_before, middle_after)
    found = [Piece(Kept.SAME, "".join(after[:first])), *between, Piece(Kept.SAME, "".join(after[len(after) - last :]))]
    return [piece for piece in found if piece.text]


def _between(before: list[str], after: list[str]) -> list[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found: list[Piece] = []
    gone = new = ""
    for kind, i, j, k, n in matcher.get_opcodes():
        same = "".join(after[k:n]) if kind == "equal" else ""
        if same.strip() or "\n" in same:
            found += [Piece(Kept.GONE, gone), Piece(Kept.NEW, new), Piece(Kept.SAME, same)]
            gone = new = ""
        else:
            # A space between two changed words is part of the change: phrases are compared, not word by word.
            gone, new = gone + (same or "".join(before[i:j])), new + (same or "".join(after[k:n]))
    return [*found, Piece(Kept.GONE, gone), Piece(Kept.NEW, new)]


def _with_spaces(text: str) -> list[str]:
    """Words and what stands between them, so that nothing of the text is lost."""
    return re.findall(r"\s+|\S+", text)


def changed_words(old: str, new: str, language: str) -> str:
    """One line that says what changed, at most SHOWN pieces of at most PIECE_LIMIT characters."""
    found = changes(old, new)
    if not found:
        return _SAME.say(language)
    said: Sequence[str] = [change.say(language) for change in found[:SHOWN]]
    rest = [_MORE.say(language)] if len(found) > SHOWN else []
    return _CHANGED.say(language, changes=_BETWEEN.say(language).join([*said, *rest]))


def _alike(pairs: Iterator[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _piece(words: str) -> str:
    return one_line(words, limit=PIECE_LIMIT) if words else ""
