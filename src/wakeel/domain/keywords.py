"""Stop and start words: matched on the whole message after folding, so that "إلغاء الموعد" never opts anybody out.

Sentences that ask to stop are found as well, but only hold marketing back until a person looked. Source: reference
"consent and contactability", sections 6.1 to 6.3 (normative), read 2026-11-22. Folded text is for matching only; it is
never stored or shown.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from wakeel.domain.keyword_lists import POLITE, STOP_ALL_WORDS, STOP_SIGNS, WORDS, WordList


class KeywordAction(StrEnum):
    NONE = "none"
    WITHDRAW_ALL = "withdraw_all"
    WITHDRAW_MARKETING = "withdraw_marketing"
    SUPPRESS_AND_REVIEW = "suppress_and_review"  # a sentence that asks to stop: marketing now, a person does the rest
    REVIEW = "review"  # may be a wish to stop: a person looks, nothing changes by itself
    START_PENDING = "start_pending"  # wants to hear from us: send the wording and ask; no grant yet
    CONFIRM_OPTIN = "confirm_optin"  # yes to that question
    HELP = "help"

    @property
    def withdraws(self) -> bool:
        """True for a withdrawal in the person's own words; False also for what is only a guess of ours."""
        return self in {KeywordAction.WITHDRAW_ALL, KeywordAction.WITHDRAW_MARKETING}


OPTIN_CONFIRM = "optin_confirm"
"""What we wait for after a START: the answer to "do you agree to hear from us?"."""

_LONGEST_REQUEST = 20
"""Words up to which a sentence is read as a request to stop."""
_LONGEST_DOUBT = 4
"""Words up to which a stop word inside a message is worth a person's look."""

_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
FOLDED_LETTERS = str.maketrans({
    **dict.fromkeys("أإآٱ", "ا"), **dict.fromkeys("ىیےئ", "ي"), "ؤ": "و", **dict.fromkeys("ةۃہھۀ", "ه"), "ک": "ك",
    "ء": None,
})  # fmt: skip
"""Letters that are written for one another (step 5 of section 6.1), for `str.translate`."""
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_LATIN = re.compile("[A-Za-z\u00aa-\u024f]")
_AFTER_LATIN = "\u0250"
"""Every Latin letter that carries a mark once NFD took it apart stands before this one."""


def fold(text: str) -> str:
    """The text with spelling differences removed: one string for every way to write the same words."""
    text = unicodedata.normalize("NFKC", text).translate(_WITHOUT_FORMATS).casefold()
    text = _without_latin_marks(_MARKS.sub("", text)).translate(FOLDED_LETTERS)
    text = text.translate(_FOLDED_CHARACTERS)
    return " ".join(_STRETCHED.sub(r"\1", text).split())


def _without_latin_marks(text: str) -> str:
    """arrêt → arret; marks of other scripts carry vowels and stay."""
    apart = unicodedata.normalize("NFD", text)
    if _LATIN.search(apart) is None:
        return unicodedata.normalize("NFC", apart)
    kept: list[str] = []
    after_latin = False
    for c in apart:
        if unicodedata.combining(c):
            if not after_latin:
                kept.append(c)
            continue
        after_latin = c < _AFTER_LATIN and c.isalpha()
        kept.append(c)
    return unicodedata.normalize("NFC", "".join(kept))


def _folded_character(c: str) -> str:
    category = unicodedata.category(c)
    if category == "Nd":
        return str(unicodedata.digit(c))
    return " " if category[0] in "PSCZ" else c


class _Learnt(dict[int, str]):
    """A table for `str.translate` that asks `found` once about every character it meets, as long as they are few."""

    def __init__(self, found: Callable[[str], str]) -> None:
        super().__init__()
        self._found = found

    def __missing__(self, code: int) -> str:
        if len(self) >= _FEW:
            self.clear()
        self[code] = found = self._found(chr(code))
        return found


_FEW = 8192
_WITHOUT_FORMATS = _Learnt(lambda c: "" if unicodedata.category(c) == "Cf" else c)
_FOLDED_CHARACTERS = _Learnt(_folded_character)


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(entry) for entry in words.split("·"))


@dataclass(frozen=True, slots=True)
class WordLists:
    """The lists `match` compares with, folded. A business may shift words: `DEFAULT.moved({"وقف": WordList.SOFT})`."""

    entries: Mapping[WordList, frozenset[str]]

    def moved(self, words: Mapping[str, WordList]) -> "WordLists":
        """The same lists with each of these words in the one list named and in no other."""
        into = {fold(word): name for word, name in words.items()}
        return WordLists(
            {
                name: entries.difference(into).union(word for word, target in into.items() if target is name)
                for name, entries in self.entries.items()
            }
        )

    def __getitem__(self, name: WordList) -> frozenset[str]:
        return self.entries[name]


DEFAULT = WordLists({name: _folded(words) for name, words in WORDS.items()})
STOP_ALL = _folded(STOP_ALL_WORDS)
"""An operator's kill switch, typed."""

_POLITE = _folded(POLITE)
_POLITE_STARTS, _POLITE_ENDS = tuple(f"{polite} " for polite in _POLITE), tuple(f" {polite}" for polite in _POLITE)
_STOP_THESE = re.compile(
    r"\bstop (?:these|the|your|all|this) (?:\w+ )?(?:message|text|msg|spam|offer|promotion|ad)s?\b", re.ASCII
)
_PAYLOADS = {
    "OPT_OUT_ALL": KeywordAction.WITHDRAW_ALL,
    "OPT_OUT_MARKETING": KeywordAction.WITHDRAW_MARKETING,
    "OPT_IN_START": KeywordAction.START_PENDING,
    "OPT_IN_CONFIRM": KeywordAction.CONFIRM_OPTIN,
}


def match_payload(payload: str) -> KeywordAction:
    """What a button's payload says about being written to; its label counts for nothing, an unknown one is NONE."""
    return _PAYLOADS.get(payload, KeywordAction.NONE)


def match(
    text: str, *, expecting: str | None = None, last_outbound_marketing: bool = False, words: WordLists = DEFAULT
) -> KeywordAction:
    """What a contact's typed message says about being written to; the first rule of section 6.2 that fits decides.

    expecting: the question of a flow that waits for this person's answer, OPTIN_CONFIRM for the opt-in question; None
    without one. last_outbound_marketing: the last message to them was an offer of the last 72 hours.
    """
    whole = fold(text)
    if not whole:
        return KeywordAction.REVIEW if STOP_SIGNS.intersection(text) else KeywordAction.NONE
    asked = _without_courtesy(whole)
    if asked in words[WordList.SCOPED]:
        return KeywordAction.WITHDRAW_MARKETING
    if asked in words[WordList.HARD]:
        return KeywordAction.WITHDRAW_ALL
    if _holds(asked, words[WordList.NEGATION]):
        return KeywordAction.REVIEW
    answer = _as_answer(whole, asked, expecting, words=words, last_outbound_marketing=last_outbound_marketing)
    return answer or _as_sentence(asked, words)


def _as_answer(
    whole: str, asked: str, expecting: str | None, *, words: WordLists, last_outbound_marketing: bool
) -> KeywordAction | None:
    """Whole messages that mean one thing after a question or an offer and another without; None for any other."""
    if expecting == OPTIN_CONFIRM and asked in words[WordList.YES]:
        return KeywordAction.CONFIRM_OPTIN
    if asked in words[WordList.SOFT]:
        if expecting is not None:
            return KeywordAction.NONE
        return KeywordAction.WITHDRAW_MARKETING if last_outbound_marketing else KeywordAction.REVIEW
    if asked in words[WordList.DECLINE]:
        # The thanks that courtesy took off tell "لا شكرا" from a bare no.
        return KeywordAction.REVIEW if " " in whole and expecting is None else KeywordAction.NONE
    if asked in words[WordList.START]:
        return KeywordAction.START_PENDING
    return KeywordAction.HELP if asked in words[WordList.HELP] else None


def _as_sentence(asked: str, words: WordLists) -> KeywordAction:
    present = asked.split()
    if len(present) <= _LONGEST_REQUEST and _asks_to_stop(asked, frozenset(present), words):
        return KeywordAction.SUPPRESS_AND_REVIEW
    if len(present) <= _LONGEST_DOUBT and _holds(asked, words[WordList.HARD]):
        return KeywordAction.REVIEW
    return KeywordAction.NONE


def _asks_to_stop(asked: str, present: frozenset[str], words: WordLists) -> bool:
    verb_and_noun = present & words[WordList.STOP_VERB] and present & words[WordList.MESSAGE_NOUN]
    return bool(verb_and_noun) or _holds(asked, words[WordList.PHRASE]) or _STOP_THESE.search(asked) is not None


def _holds(message: str, entries: frozenset[str]) -> bool:
    """Whether one of the entries stands in the message, on word boundaries."""
    bounded, beginning = f" {message} ", _by_first_word(entries)
    return any(f" {entry} " in bounded for word in message.split() for entry in beginning.get(word, ()))


@lru_cache(maxsize=64)
def _by_first_word(entries: frozenset[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(entry.partition(" ")[0], []).append(entry)
    return found


def _without_courtesy(folded: str) -> str:
    shorter = folded.startswith(_POLITE_STARTS) or folded.endswith(_POLITE_ENDS)
    while shorter:
        shorter = False
        for polite in _POLITE:
            stripped = folded.removeprefix(polite + " ").removesuffix(" " + polite)
            if stripped != folded:
                folded, shorter = stripped, True
    return folded
