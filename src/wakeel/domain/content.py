"""What a text says before anybody approves it: findings to look at, and what a marketing text must not lack.

Source: reference "consent and contactability", checks 13 and 14 of section 5.2, read 2026-11-22. A finding is a
suspicion for a person to judge; nothing is ever changed in the text by itself.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from wakeel.domain.content_personal import personal
from wakeel.domain.content_promises import promises
from wakeel.domain.content_secrets import Found, secrets
from wakeel.domain.keywords import fold, match
from wakeel.domain.reading import Reading, clauses, letters
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.words import Text

KIND_WORDS: dict[str, Text] = {
    "access_key": Text("مفتاح وصول", "access key"),
    "private_key": Text("مفتاح خاص", "private key"),
    "password": Text("كلمة مرور", "password"),
    "one_time_code": Text("رمز تحقق", "one-time code"),
    "national_id": Text("رقم هوية أو إقامة", "national ID or residence number"),
    "iban": Text("رقم آيبان", "IBAN"),
    "payment_card": Text("رقم بطاقة دفع", "payment card number"),
    "passport": Text("رقم جواز سفر", "passport number"),
    "guarantee": Text("وعد بنتيجة مضمونة", "promise of a sure result"),
    "no_risk": Text("وعد بغياب المخاطر", "promise of no risk"),
    "cure": Text("وعد بالشفاء", "promise of a cure"),
    "pressure": Text("ضغط بالتخويف من الخسارة", "pressure by fear of loss"),
    "fast_money": Text("وعد بكسب سريع", "promise of fast money"),
}
"""What each kind of finding is called."""


@dataclass(frozen=True, slots=True)
class Finding:
    """code: CONTENT_SECRET, CONTENT_PII or CONTENT_RISKY_CLAIM; kind: a key of KIND_WORDS; `text[start:end]` is it."""

    code: ReasonCode
    kind: str
    start: int
    end: int


_CHECKS: tuple[tuple[ReasonCode, Callable[[str], Reading], Callable[[Reading], Iterator[Found]]], ...] = (
    (ReasonCode.CONTENT_SECRET, letters, secrets),
    (ReasonCode.CONTENT_PII, letters, personal),
    (ReasonCode.CONTENT_RISKY_CLAIM, clauses, promises),
)
"""The gravest first: of two findings in one place its name stays."""


def findings(text: str) -> tuple[Finding, ...]:
    """What a person must look at, from left to right, none overlapping another; never raises.

    Offsets are code points of `text` itself. Pieces that overlap are one finding under the gravest of their names.
    """
    readings: dict[object, Reading] = {letters: letters(text), clauses: clauses(text)}
    found = [
        (grave, Finding(code, kind, start, end))
        for grave, (code, read, check) in enumerate(_CHECKS)
        for kind, start, end in check(readings[read])
    ]
    merged: list[tuple[int, Finding]] = []
    for grave, finding in sorted(found, key=lambda each: (each[1].start, each[0], -each[1].end)):
        if merged and finding.start < merged[-1][1].end:
            merged[-1] = _joined(merged[-1], (grave, finding))
        else:
            merged.append((grave, finding))
    return tuple(finding for _, finding in merged)


def _joined(one: tuple[int, Finding], other: tuple[int, Finding]) -> tuple[int, Finding]:
    """Two that overlap, `one` the first to begin: both pieces under the graver name."""
    grave, named = min(one, other, key=lambda each: each[0])
    return grave, replace(named, start=one[1].start, end=max(one[1].end, other[1].end))


OPT_OUT_LINE = Text("لإيقاف الرسائل أرسل: إيقاف", "To stop these messages, reply STOP")
_SENDER_LINE = Text("المرسل: {name}", "From: {name}")


class Added(StrEnum):
    """A line that a marketing text lacked."""

    SENDER = "sender"
    OPT_OUT = "opt_out"


def names_sender(text: str, business_name: str) -> bool:
    """Whether the text names the business in whole words, with or without the Arabic prefixes و ف ب ل ك and ال.

    A blank name names nobody.
    """
    named = _naming(business_name)
    return named is not None and named.search(fold(text)) is not None


@lru_cache(256)
def _naming(business_name: str) -> re.Pattern[str] | None:
    name = fold(business_name)
    if not name:
        return None
    bare = name[2:] if name.startswith("ال") and name[2:3].isalpha() else name
    return re.compile(rf"(?<!\S)[وف]?(?:لل|[بلك]?(?:ال)?)(?:{re.escape(bare)})(?!\S)")


def completed(text: str, *, business_name: str) -> tuple[str, tuple[Added, ...]]:
    """The text with the lines a marketing text lacks, and which ones were added; the text itself if it lacks none.

    In Arabic if the text holds an Arabic letter. The result may be longer than a message can be; the caller looks.
    """
    language = "ar" if any(_is_arabic(character) for character in text) else "en"
    lines = []
    name = " ".join(business_name.split())
    if fold(name) and not names_sender(text, name):
        lines.append((Added.SENDER, _SENDER_LINE.say(language, name=name)))
    if not has_opt_out(text):
        lines.append((Added.OPT_OUT, OPT_OUT_LINE.say(language)))
    if not lines:
        return text, ()
    added = "\n".join(line for _, line in lines)
    return (f"{text.rstrip()}\n\n{added}" if text.strip() else added), tuple(part for part, _ in lines)


def _is_arabic(character: str) -> bool:
    return character.isalpha() and ("\u0600" <= character <= "\u08ff" or "\ufb50" <= character <= "\ufefc")


_TELLS = re.compile(
    r"(?<![^\W_])(?:"
    r"(?:reply|respond|answer|send|text|type|write|message)"
    r"(?: (?:to )?(?:us|back|this message|this number|this chat|me))*"
    r"(?: (?:with|by|just|only|sending|typing|saying|the word|the keyword|a message|word))*"
    r"|[وف]?(?:ارسل|ارسلي|ارسلوا|(?:ب|ال|بال)?ارسال|اكتب|اكتبي|اكتبوا|(?:ب)?كتابه|رد|ردي|ردوا|(?:ال|بال|لل)رد|اجب"
    r"|راسلنا|ابعث|ابعت)"
    r"(?: (?:الينا|لنا|لي|هنا|فقط|علي|هذه|هذا|الرساله|الرقم|رساله|برساله|نصها|فيها|ب?كلمه|الكلمه|ب?عباره|ب))*"
    r") ?[,:]? ?"
)
_SAYS_WHAT_FOR = re.compile(
    r"(?<![^\W_])(?:opt out|unsubscribe|stop (?:receiving )?(?:\w+ )?(?:messages|texts|offers|ads)"
    r"|لايقاف(?: \w+)?|لالغا(?: \w+)?|لوقف(?: \w+)?|للتوقف|للايقاف|للالغا|الغا الاشتراك)(?: \w+){0,2} ?: ?"
)
_OPENS_CLAUSE = re.compile(r"(?:^|[.,:]) ?")
_FOR_OPTING_OUT = re.compile(
    r"(?:to|for) (?:opt|opting|unsubscribe|stop|end|cancel)\b|(?:لايقاف|لالغا|لوقف|للتوقف|للايقاف|للالغا|لعدم)\b"
)
_MAY_FOLLOW = (
    " to if and at anytime any for whenever or in now here then via on when 2 "
    "في الي او علي متي اذا ان عند وقت الان هنا من كي حتي ثم باي "
)
_REACH = 80
"""Characters on either side of an instruction that belong to it."""
_LONGEST_WORD = 4
"""Words in the longest way to say STOP that we look for ("لا عاد ترسلون" has three)."""


def has_opt_out(text: str) -> bool:
    """Whether the text tells how to stop: it asks for a word that `match` takes as a withdrawal, as "Reply STOP" does.

    A stop word that nobody is told to send ("the bus stop") is none.
    """
    read = clauses(text).text
    for place in _TELLS.finditer(read):
        if not _is_forbidden(read, place.start()) and _asks_for_stop_word(_words_at(read, place.end())):
            return True
    if any(_asks_for_stop_word(_words_at(read, place.end())) for place in _SAYS_WHAT_FOR.finditer(read)):
        return True
    return any(_is_stop_word_for(_words_at(read, place.end())) for place in _OPENS_CLAUSE.finditer(read))


def _words_at(read: str, position: int) -> list[str]:
    """The words from `position` to the end of their clause, as far as an instruction can reach."""
    return re.split(r"[.,:]", read[position : position + _REACH], maxsplit=1)[0].split()


def _asks_for_stop_word(words: list[str]) -> bool:
    """Whether `words` begin with a stop word after which the instruction is over or goes on to say when or why."""
    for length in range(min(_LONGEST_WORD, len(words)), 0, -1):
        asked = " ".join(words[:length])
        if match(asked).withdraws or match(asked.removeprefix("ب")).withdraws:
            following = words[length] if length < len(words) else ""
            return not following or f" {following} " in _MAY_FOLLOW or following.startswith(("ل", "و"))
    return False


def _is_stop_word_for(words: list[str]) -> bool:
    """ "STOP to unsubscribe": a stop word at the beginning of a clause, and what it is for."""
    return any(
        _FOR_OPTING_OUT.match(" ".join(words[length:])) is not None and match(" ".join(words[:length])).withdraws
        for length in range(1, min(_LONGEST_WORD, len(words)) + 1)
    )


def _is_forbidden(read: str, position: int) -> bool:
    words = re.split(r"[.,:]", read[max(0, position - _REACH) : position])[-1].split()[-2:]
    return any(word in {"not", "never", "t", "dont", "لا"} for word in words)
