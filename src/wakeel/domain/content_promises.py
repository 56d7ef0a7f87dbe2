"""Promises that nobody can keep, in Arabic and English: a person reads such a text before it leaves.

Our own compilation, to be read by native speakers. A promise that is denied in the same clause ("no guaranteed
returns", «أرباح غير مضمونة») is none. Patterns are written for `reading.clauses`: lower case, folded Arabic.
"""

import re
from collections.abc import Iterator

from wakeel.domain.content_secrets import Found
from wakeel.domain.reading import Reading

_GAIN = (
    r"(?:[وفبلك]?(?:ال|لل)?(?:ارباح|ربح|عايد|عوايد|عايدات|نتيجه|نتايج|نجاح|دخل|مكسب|مكاسب|فوز|قبول|توظيف|وظيفه"
    r"|موافقه|تمويل)(?:ك|كم|ه|ها|هم|نا)?)"
)
_SURE = r"(?:ال)?مضمون(?:ه|ين|ات)?"
_DENIED_BETWEEN = r"(?!غير\b|ليس|لا\b|لم\b|لن\b|not\b|never\b|no\b|t\b)"
_PROFIT = r"(?:returns?|profits?|results?|income|earnings|success|gains?|approval|wins?|winnings|yields?|outcomes?)"
_WHOLLY = r"(?:100 ?(?:%|percent|per cent|بالميه|بالمايه|في الميه)|% ?100|ميه (?:في الميه|بالميه))"
_HARM = r"(?:ال)?(?:مخاطر|مخاطره|مجازفه|خساره|خساير)"
_LATER = r"(?:س|سوف |راح )?"
_LOSE = r"(?:تخسر|تندم|تفقد)(?:ون|وا|ين|ي)?"
_NOW = r"(?:now|today|immediately|right away)"

_PROMISES: tuple[tuple[str, str], ...] = (
    ("guarantee", rf"{_GAIN}(?: {_DENIED_BETWEEN}\w+)? {_SURE}\b"),
    ("guarantee", rf"{_SURE} {_GAIN}\b"),
    ("guarantee", rf"(?:ال)?(?:ضمان|مضمون|مضمونه)(?: {_DENIED_BETWEEN}\w+)? {_WHOLLY}"),
    ("guarantee", rf"{_WHOLLY} (?:ال)?(?:ضمان|مضمون|مضمونه)\b"),
    ("guarantee", rf"[وف]?(?:نضمن|اضمن|يضمن)(?: لك| لكم)?(?: \w+)? {_GAIN}\b"),
    ("guarantee", rf"guaranteed (?:{_DENIED_BETWEEN}\w+ ){{0,2}}{_PROFIT}\b"),
    ("guarantee", rf"{_PROFIT}(?: (?:is|are|fully|always|absolutely|completely|all)){{0,3}} guaranteed\b"),
    ("guarantee", rf"{_WHOLLY} guarantee[ds]?\b|guaranteed? {_WHOLLY}"),
    ("guarantee", rf"(?:we|i)(?: can| will| do| ll| fully| always)? guarantee(?: you)?(?: \w+){{0,2}} {_PROFIT}\b"),
    ("no_risk", rf"و?(?:بدون|بلا|دون|من غير)(?: ايه?)? {_HARM}\b"),
    ("no_risk", rf"خال(?:ي|يه)?(?: تماما)? من (?:اي )?{_HARM}\b"),
    ("no_risk", rf"لا(?: توجد| يوجد)?(?: ايه?)? {_HARM}\b"),
    ("no_risk", r"(?:risk free|riskless|zero risk|no risks?|without (?:any )?risks?|(?:can t|cannot|can not) lose)\b"),
    ("cure", r"(?:ال)?(?:علاج|دوا) (?:ال)?(?:نهايي|سحري|معجزه|مضمون)\b|(?:ال)?شفا (?:ال)?(?:نهايي|تام|كامل|مضمون)\b"),
    ("cure", r"[يت]شفي(?:ك|كم)?(?: \w+)? (?:نهاييا|تماما|من)\b|[يت]عالج(?: \w+){1,3} (?:نهاييا|تماما)\b"),
    ("cure", r"(?:permanent|miracle|guaranteed|instant|definitive|complete|100%) cures?\b"),
    ("cure", r"cures? (?:any|all|every|cancer|diabetes|hiv|aids|covid|autism|asthma|arthritis)\b"),
    ("pressure", rf"\w+ {_NOW},? or (?:you(?: ll| will)? )?(?:lose|miss|regret|be sorry)\b"),
    ("pressure", r"(?:or|before) you(?: ll| will)? (?:lose|regret)\b"),
    ("pressure", rf"(?:والا|او|قبل ان),? {_LATER}{_LOSE}\b"),
    ("fast_money", r"double your (?:money|income|investment|savings)\b|get rich (?:quick|quickly|fast)\b"),
    ("fast_money", r"(?:ضاعف|تضاعف|يضاعف|مضاعفه) (?:ال)?(?:اموال|مال|راس مال|دخل|استثمار)(?:ك|كم|ه|ها)?\b"),
    ("fast_money", r"(?:ال)?ثرا (?:ال)?سريع\b"),
)
_COMPILED = tuple((kind, re.compile(rf"(?<![^\W_])(?:{pattern})")) for kind, pattern in _PROMISES)

_CLAUSE_END = re.compile(r"[.,:]")
_DENIALS = frozenset({
    "no", "not", "never", "without", "nobody", "cannot", "neither", "nor", "t",
    "غير", "ليس", "ليست", "ليسوا", "لسنا", "لا", "لم", "لن", "مو", "مش", "بدون", "بلا", "دون",
})  # fmt: skip
_NO_DENIAL = frozenset({"doubt", "only", "شك"})
_DENIES_NEXT = "ما"
"""«ما نضمن» denies; further away it asks ("what are …")."""
_REACH = 3
_FARTHEST = 80
"""Words before a promise in which a denial counts, and characters in which they are looked for."""


def promises(reading: Reading) -> Iterator[Found]:
    """Every risky promise that its own clause does not deny. reading: by `reading.clauses`."""
    for kind, pattern in _COMPILED:
        for found in pattern.finditer(reading.text):
            if not _is_denied(reading.text, found.start()):
                yield kind, *reading.span(*found.span())


def _is_denied(text: str, position: int) -> bool:
    before = _CLAUSE_END.split(text[max(0, position - _FARTHEST) : position])[-1].split()[-_REACH:]
    if before and before[-1] == _DENIES_NEXT:
        return True
    for place, word in enumerate(before):
        followed = before[place + 1] if place + 1 < len(before) else ""
        if (word in _DENIALS or word.removeprefix("و") in _DENIALS) and followed not in _NO_DENIAL:
            return True
    return False
