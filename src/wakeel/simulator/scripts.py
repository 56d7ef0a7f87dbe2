"""Scripts that answer for a person: what they say or tap, and to which words. Pure, and nothing is random.

Where a script has several ways to say a thing, the seed, the phone and the number of the answer choose one.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

DEFAULT_SEED = 1
DEFAULT_AFTER_S = 4.0
ONE_LETTER = str.maketrans("أإآىة", "ااايه", "\u0640" + "".join(map(chr, range(0x064B, 0x0653))))
"""Spellings that people mix, and marks they leave out."""


class Dialect(StrEnum):
    """How a person writes when a script writes for them."""

    GULF = "gulf"
    EGYPTIAN = "egyptian"
    LEVANTINE = "levantine"
    ENGLISH = "english"


class ScriptFault(ValueError):
    """A script is not as the example file shows; the message names the field."""


Lines = dict[Dialect | None, tuple[str, ...]]
"""Ways to say one thing, by dialect; under None those for every other dialect."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One answer, given once unless `again`.

    contains: any of these words must stand in the message; empty takes any message. tap: a button or row with one of
    these words is tapped; says: written when there is none, nothing if it is empty too. after_s: seconds.
    """

    contains: tuple[str, ...] = ()
    tap: tuple[str, ...] = ()
    says: Lines = field(default_factory=dict)
    after_s: float = DEFAULT_AFTER_S
    again: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """name: what the bench calls it; ar, en: what the page calls it. first: what the person writes unasked."""

    name: str
    ar: str
    en: str
    first: Lines = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person does. choice: the `id` and `title` to tap; None to write text. rule: its place in the script."""

    rule: int
    text: str
    choice: Json | None
    after_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is to answer: all that a choice follows from. number: of this answer of the phone, from 0."""

    seed: int
    wa_id: str
    number: int
    speaks: Dialect

    def one_of(self, lines: Lines) -> str:
        """One way to say it; empty when there is none."""
        ways = lines.get(self.speaks) or lines.get(None, ())
        return ways[self._draw() % len(ways)] if ways else ""

    def _draw(self) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.seed}:{self.wa_id}:{self.number}".encode()).digest()[:8], "big")


def answer(script: Script, text: str, choices: Sequence[Json], *, spent: Iterable[int], turn: Turn) -> Answer | None:
    """What the person does on a message; the first rule that has something to do decides. None for nothing.

    text, choices: of the message, each choice with id and title. spent: rules that were used.
    """
    used = set(spent)
    for place, rule in enumerate(script.rules):
        if place in used or not _speaks_of(text, rule.contains, empty=True):
            continue
        choice = next((choice for choice in choices if _speaks_of(choice["title"], rule.tap, empty=False)), None)
        line = "" if choice else turn.one_of(rule.says)
        if choice or line:
            return Answer(rule=place, text=line, choice=choice, after_s=rule.after_s)
    return None


def script_from(row: object) -> Script:
    """A script from a table of the personas file. Raises ScriptFault."""
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"]:
        raise ScriptFault("every script needs a name")
    name = row["name"]
    _refuse_unknown(row, Script, name)
    rules = row.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise ScriptFault(f"script {name}: rules must be a list of tables")
    return Script(
        name=name,
        ar=str(row.get("ar", name)),
        en=str(row.get("en", name)),
        first=_lines(row, "first", name),
        rules=tuple(_rule(rule, name) for rule in rules),
    )


def _rule(row: Json, name: str) -> Rule:
    _refuse_unknown(row, Rule, name)
    after_s, again = row.get("after_s", DEFAULT_AFTER_S), row.get("again", False)
    if not isinstance(after_s, (int, float)) or isinstance(after_s, bool) or after_s < 0:
        raise ScriptFault(f"script {name}: after_s must be a number from 0 up")
    if not isinstance(again, bool):
        raise ScriptFault(f"script {name}: again must be true or false")
    contains, tap = _words(row, "contains", name), _words(row, "tap", name)
    says = _lines(row, "says", name)
    if not tap and not says:
        raise ScriptFault(f"script {name}: a rule must tap or say something")
    return Rule(contains=contains, tap=tap, says=says, after_s=float(after_s), again=again)


def _refuse_unknown(row: Json, kind: type[Script | Rule], name: str) -> None:
    if unknown := row.keys() - set(kind.__dataclass_fields__):
        raise ScriptFault(f"script {name}: unknown field {sorted(unknown)[0]}")


def _lines(row: Json, key: str, name: str) -> Lines:
    words = _words(row, key, name)
    return {None: words} if words else {}


def _words(row: Json, key: str, name: str) -> tuple[str, ...]:
    """A text or a list of texts."""
    value = row.get(key, [])
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise ScriptFault(f"script {name}: {key} must be a text or a list of texts")
    return tuple(words)


def _speaks_of(text: str, words: Sequence[str], *, empty: bool) -> bool:
    """Whether any of the words stands in the text. empty: the answer when there are no words."""
    plain = _plain(text)
    return any(_plain(word) in plain for word in words) if words else empty


def _plain(text: str) -> str:
    return text.translate(ONE_LETTER).casefold()
