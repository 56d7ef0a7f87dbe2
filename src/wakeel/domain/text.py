"""Text that came from outside, made safe to stand in a line of ours; and the one way we count characters.

Counting: no Meta page says whether "character" is a code point or a UTF-16 unit, so the stricter one counts, after
NFC (reference of the Cloud API 1.1 and of contactability 8, read 2026-11-22). Never bytes: they would halve Arabic.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

FSI = "\u2068"
PDI = "\u2069"
ELLIPSIS = "…"
OUTSIDE_LINE_LIMIT = 60
"""One line of outside text in a card (design section 4)."""

_ZWJ, _ZWNJ = "\u200d", "\u200c"
_REPLACEMENT = "\ufffd"
_BLANK_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_MASK = "•" * 5
_SHORTEST_PHONE = 9


@dataclass(frozen=True, slots=True)
class Lengths:
    """One text counted in the three ways there are, after NFC; graphemes are what a reader sees as one character."""

    code_points: int
    utf16_units: int
    graphemes: int

    @property
    def counted(self) -> int:
        """What limits are compared with: the strictest reading."""
        return max(self.code_points, self.utf16_units)


def lengths(text: str) -> Lengths:
    """How long `text` is, for showing why it does not fit; `measure` alone says whether it does."""
    normal = unicodedata.normalize("NFC", text)
    return Lengths(len(normal), _utf16_units(normal), sum(1 for _ in graphemes(normal)))


def measure(text: str) -> int:
    """How many characters Meta may count: UTF-16 units after NFC, which are never fewer than the code points."""
    return _utf16_units(unicodedata.normalize("NFC", text))


def _utf16_units(normal: str) -> int:
    return len(normal.encode("utf-16-le", "surrogatepass")) // 2


def fits(text: str, *, limit: int) -> bool:
    """Whether `text` stays within `limit`, counted by `measure`."""
    return measure(text) <= limit


def plain(text: str, *, keep_newlines: bool = False) -> str:
    """`text` in NFC without control, bidi and format characters; lone surrogates become U+FFFD.

    Line breaks, tabs and invisible fillers become spaces; line breaks stay (as `\\n`) if asked. ZWJ and ZWNJ stay
    between two visible characters: emoji families and Persian words are made of them.
    """
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if normal.isprintable() and _BLANK_FILLERS.isdisjoint(normal):
        # Nearly every text: nothing to be taken out, and no space but the common one.
        return normal
    kept = "".join(_plain_character(character, keep_newlines=keep_newlines) for character in normal)
    return unicodedata.normalize("NFC", "".join(_without_stray_joiners(kept)))


def isolate(text: str) -> str:
    """`text` without marks of its own, between FSI and PDI, so that it cannot turn its neighbours around."""
    return f"{FSI}{plain(text)}{PDI}"


def bare_line(text: str, *, limit: int | None = None) -> str:
    """Outside text as one line without isolates: for what is stored, named in a header, filled into a template, or read
    by a contact, where some apps would show them as odd marks.

    limit: cut at a word; None for all of it.
    """
    words = " ".join(plain(text).split())
    return words if limit is None else shorten(words, limit=limit)


def one_line(text: str, *, limit: int = OUTSIDE_LINE_LIMIT) -> str:
    """Outside text as one isolated line; empty if nothing visible is left.

    The isolates and the … of a cut are counted: `measure(one_line(x, limit=n)) <= n` for every text and n >= 3.
    """
    words = bare_line(text)
    if not words:
        return ""
    return f"{FSI}{_cut(words, limit - len(FSI + PDI))}{PDI}"


def name_line(name: str, *, limit: int = OUTSIDE_LINE_LIMIT) -> str:
    """A person's name as `one_line`; a dash for somebody whose name nobody knows."""
    return one_line(name, limit=limit) or "—"


def shorten(text: str, *, limit: int) -> str:
    """`text` itself if it fits, else its beginning up to a word and …, counted; an isolate cut open is closed again.

    For bodies whose whole text can be read elsewhere. Never splits what a reader sees as one character.
    """
    if fits(text, limit=limit):
        return text
    room = limit
    while True:
        short = _cut(text, room)
        closed = short + PDI * _open_isolates(short)
        if fits(closed, limit=limit) or room <= 1:
            return closed if fits(closed, limit=limit) else ELLIPSIS
        room -= measure(closed) - limit


def graphemes(text: str) -> Iterator[str]:
    """What a reader sees as one character each: marks, joined emoji, skin tones and flags stay together.

    A close and cheap reading of Unicode's rules (UAX 29); where it differs it joins too much, never too little.
    """
    cluster = ""
    for character in text:
        if cluster and not _belongs_to(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def mask_phone(digits: str) -> str:
    """`+966•••••0001`: country and last four digits; of something too short to be a number only the last two."""
    bare = digits.removeprefix("+")
    if not (bare.isascii() and bare.isdigit()):
        return _MASK
    if len(bare) < _SHORTEST_PHONE:
        return f"+{_MASK}{bare[-2:]}"
    return f"+{bare[:3]}{_MASK}{bare[-4:]}"


def _plain_character(character: str, *, keep_newlines: bool) -> str:
    if character in (_ZWJ, _ZWNJ):
        return character
    if character == "\n" and keep_newlines:
        return character
    category = unicodedata.category(character)
    if character in _BLANK_FILLERS or character.isspace() or category in ("Zl", "Zp"):
        return " "
    if category == "Cs":
        return _REPLACEMENT
    return "" if category in ("Cc", "Cf") else character


def _without_stray_joiners(text: str) -> Iterator[str]:
    for position, character in enumerate(text):
        if character in (_ZWJ, _ZWNJ):
            around = (text[position - 1 : position], text[position + 1 : position + 2])
            if any(not side or side.isspace() or side in (_ZWJ, _ZWNJ) for side in around):
                continue
        yield character


def _belongs_to(cluster: str, character: str) -> bool:
    code = ord(character)
    if character in (_ZWJ, _ZWNJ) or cluster[-1] == _ZWJ or cluster + character == "\r\n":
        return True
    if unicodedata.category(character) in ("Mn", "Mc", "Me") or code in _SKIN_TONES:
        return True
    if _is_hangul_part(code):
        return True
    return code in _REGIONAL and len(cluster) == 1 and ord(cluster) in _REGIONAL


def _is_hangul_part(code: int) -> bool:
    return 0x1160 <= code <= 0x11FF  # noqa: PLR2004 - the block of medial and final jamo


def _cut(text: str, limit: int) -> str:
    """`text` in NFC if it fits, else as many whole words (or, of one endless word, graphemes) as fit before …"""
    normal = unicodedata.normalize("NFC", text)
    if fits(normal, limit=limit):
        return normal
    room, taken, size = limit - len(ELLIPSIS), [], 0
    clusters = graphemes(normal)
    next_one = ""
    for next_one in clusters:
        size += measure(next_one)
        if size > room:
            break
        taken.append(next_one)
    if not next_one.isspace():
        _drop_broken_word(taken)
    return "".join(taken).rstrip() + ELLIPSIS


def _drop_broken_word(clusters: list[str]) -> None:
    """Go back to the last space, unless that would lose more than half."""
    spaces = [position for position, cluster in enumerate(clusters) if cluster.isspace()]
    if spaces and spaces[-1] * 2 >= len(clusters):
        del clusters[spaces[-1] :]


def _open_isolates(text: str) -> int:
    depth = 0
    for character in text:
        if character in "\u2066\u2067\u2068":
            depth += 1
        elif character == PDI and depth:
            depth -= 1
        elif character == "\n":
            depth = 0
    return depth
