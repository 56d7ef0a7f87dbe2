"""Numbers that name a person or open an account: identity, passport, bank account, payment card.

Checksums keep order numbers and phones out; where a checksum alone could be chance, the word before it decides.
Sources, read 2026-11-22: Luhn (ISO/IEC 7812), IBAN check and lengths (ISO 13616). Saudi identity and residence numbers
have 10 digits, begin with 1 (citizen) or 2 (resident) and end in a Luhn digit.
"""

import re
from collections.abc import Iterator

from wakeel.domain.content_secrets import Found
from wakeel.domain.reading import Reading

_ALONE = r"(?<![\w+/#=&@.-])", r"(?![\w@-])"
_ID = re.compile(rf"{_ALONE[0]}[12]\d{{9}}{_ALONE[1]}", re.ASCII)
_CARD = re.compile(
    rf"{_ALONE[0]}(?:\d{{13,19}}|\d{{4}}(?P<gap>[ -])\d{{4}}(?P=gap)\d{{4}}(?P=gap)\d{{4}}(?:(?P=gap)\d{{1,3}})?"
    rf"|\d{{4}}[ -]\d{{6}}[ -]\d{{4,5}}){_ALONE[1]}",
    re.ASCII,
)
_CARD_ISSUER = re.compile(r"4|5|6|2[2-7]|3[04-9]|9682", re.ASCII)
_SHORT_CARDS = {13: ("4", "5", "6"), 14: ("30", "36", "38", "39"), 15: ("34", "37")}
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])", re.ASCII)
_PASSPORT = re.compile(
    r"(?<![^\W_])(?:passport|(?:ال)?جواز (?:ال)?سفر(?:ك|كم|ه|ها|ي)?|رقم (?:ال)?جواز(?:ك|كم|ه|ها|ي)?)"
    r"(?:[^\S\n]*(?:no\b\.?|number|num\b|is\b|رقمه?|هو|[:#=.-])){0,4}[^\S\n]*(?=[A-Za-z0-9]*\d{6})[A-Za-z]{0,2}\d{6,9}(?!\w)",
    re.IGNORECASE,
)
_LENGTHS = (
    "SA24 AE23 KW30 BH22 QA29 OM23 EG29 JO30 LB28 IQ23 PS29 YE30 LY25 TN24 DZ26 MR27 SD18 SO23 PK24 TR26 DJ27 GB22 "
    "IE22 DE22 FR27 ES24 IT27 NL18 BE16 CH21 AT20 PT25 SE24 NO15 DK18 FI18 PL28 GR27 CY28 RO24 HU28 CZ24 AZ28 GE22 "
    "KZ20 IL23 MT31 LU20 UA29 BA20 XK20"
)
_IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}

_NAMES_PERSON = (
    "هوي", "اقام", "مدني", "احوال", "iqama", "identity", "national", "resident",
    "بطاق", "فيزا", "ماستر", "card", "visa", "master", "mada",
)  # fmt: skip
_NAMES_OTHER = (
    # orders, papers, accounts
    "طلب", "فاتور", "شحن", "تتبع", "حجز", "تذكر", "عضوي", "مرجع", "عميل", "حساب", "سند", "عقد", "ايصال", "معامل",
    "order", "invoice", "track", "ship", "book", "ticket", "refer", "member", "customer", "account", "transact",
    "receipt", "contract", "serial", "product", "منتج",
    # the business itself: commercial register, tax, licence, unified number
    "تجاري", "ضريب", "موحد", "ترخيص", "commercial", "vat", "tax", "licen", "registration",
    # phones
    "جوال", "هاتف", "تلفون", "موبايل", "اتصل", "اتصال", "واتس", "فاكس", "phone", "mobile", "call", "whatsapp", "fax",
)  # fmt: skip
_WORDS_BEFORE = 4
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?؟\n]")
_MOD_97 = 97
_LUHN = 10


def personal(reading: Reading) -> Iterator[Found]:
    """Every number that names a person or an account. reading: by `reading.letters`."""
    text = reading.text
    for found in _ID.finditer(text):
        if _passes_luhn(found.group()) and not _is_called_otherwise(text, found.start()):
            yield "national_id", *reading.span(*found.span())
    for found in _CARD.finditer(text):
        if _is_card(re.sub(r"\D", "", found.group())) and not _is_called_otherwise(text, found.start()):
            yield "payment_card", *reading.span(*found.span())
    for start, end in _ibans(text):
        yield "iban", *reading.span(start, end)
    for found in _PASSPORT.finditer(text):
        yield "passport", *reading.span(*found.span())


def _is_card(digits: str) -> bool:
    prefixes = _SHORT_CARDS.get(len(digits))
    is_issued = digits.startswith(prefixes) if prefixes else _CARD_ISSUER.match(digits) is not None
    return is_issued and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value >= _LUHN else value
    return total % _LUHN == 0


def _is_called_otherwise(text: str, position: int) -> bool:
    """Whether the nearest telling word before the number says that it is an order, a paper or a phone."""
    before = _SENTENCE_END.split(text[max(0, position - 60) : position])[-1].lower()
    for word in reversed(_WORD.findall(before)[-_WORDS_BEFORE:]):
        if any(stem in word for stem in _NAMES_PERSON):
            return False
        if word in {"tel", "cr", "ref"} or any(stem in word for stem in _NAMES_OTHER):
            return True
    return False


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for found in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(text[found.start() : found.start() + 2].upper())
        taken = _take(text, found.start(), length) if length else None
        if taken is not None and _passes_mod_97(taken[0]):
            yield found.start(), taken[1]


def _take(text: str, start: int, length: int) -> tuple[str, int] | None:
    """`length` letters and digits from `start`, single blanks and dashes left out, and where they end."""
    taken, position = "", start
    while len(taken) < length:
        if position >= len(text):
            return None
        character = text[position]
        if character.isascii() and character.isalnum():
            taken += character
        elif character not in " \u00a0-" or text[position - 1] in " \u00a0-":
            return None
        position += 1
    is_whole = position == len(text) or not (text[position].isascii() and text[position].isalnum())
    return (taken, position) if is_whole else None


def _passes_mod_97(iban: str) -> bool:
    rearranged = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in rearranged)) % _MOD_97 == 1
