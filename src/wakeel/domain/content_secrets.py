"""Keys, passwords and one-time codes in a text: what opens something and must never travel in a message.

The shapes of keys are those their issuers publish; read 2026-11-22.
"""

import re
from collections.abc import Iterator

from wakeel.domain.reading import Reading

Found = tuple[str, int, int]
"""Kind and the piece of the source it stands in."""

_GAP = r"[^\S\n]*"

_KEYS = re.compile(
    r"(?<![A-Za-z0-9_])(?:"
    r"sk-(?=[\w-]*\d)[\w-]{20,}"  # OpenAI, Anthropic
    r"|[sr]k_(?:live|test)_\w{16,}|whsec_\w{20,}"  # Stripe
    r"|A(?:KIA|SIA)[0-9A-Z]{16}(?![0-9A-Z])"  # AWS
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}"  # Google
    r"|gh[pousr]_\w{30,}|github_pat_\w{22,}|glpat-[\w-]{20,}"
    r"|EAA[A-Za-z0-9]{20,}"  # Meta, our own above all
    r"|xox[abeoprs]-[\w-]{10,}"  # Slack
    r"|hf_\w{30,}|npm_\w{30,}|SG\.[\w-]{16,}\.[\w-]{16,}"
    r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"  # JWT
    r")",
    re.ASCII,
)
_ANNOUNCED_KEY = re.compile(
    r"(?<![^\W_])(?:(?:api|access|secret|private|auth)[ _-]?(?:key|token)|client[ _-]?secret|bearer"
    rf"|مفتاح (?:ال)?(?:api|وصول|واجهه)){_GAP}[:= ]{_GAP}(?P<value>(?=[\w./+-]*\d)[\w./+-]{{16,}}=*)",
    re.IGNORECASE | re.ASCII,
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:.*?-----END [A-Z0-9 ]*PRIVATE KEY-----)?", re.DOTALL
)
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/:@]+:[^\s/:@]{3,}(?=@)")

_PASSWORD = re.compile(
    r"(?<![^\W_])(?:pass(?:word|code|wd|phrase)|pwd|pin(?:[ -](?:code|number))?"
    r"|كلمه (?:ال)?(?:مرور|سر)(?:ك|كم|ه|ها|ي|نا)?|(?:ال)?رقم(?:ك|كم|ه|ها|ي)? (?:ال)?سري|(?:ال)?باسوو?رد)"
    r"(?:[^\S\n]+(?:for|your|the|account|new|temporary|الجديده?|الموقته?|الخاصه?|بك|بكم|لحسابك|حسابك|للدخول)){0,3}"
    rf"{_GAP}(?P<says>[:=]|\bis\b|\bهي\b|\bهو\b){_GAP}[\"'«“*`]?(?P<value>[^\s\"'«»“”*`]{{3,}})",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[\"'»”*`.!؟?،,]*[^\S\n]*(?:\n|$)")

_CODE_NAME = (
    r"(?:otp|one[ -]time[ -](?:password|passcode|pin|code)"
    r"|(?:verification|security|log[ -]?in|sign[ -]in|activation|authentication|auth)[ -](?:code|pin)"
    r"|(?:ال)?(?:رمز|كود|رقم)(?:ك|كم)? (?:ال)?(?:تحقق|تفعيل|دخول|امان)|(?:ال)?رمز (?:ال)?(?:تاكيد|موقت))"
)
_ANY_CODE = r"(?:your (?:\w+ )?code|رمزك|كودك|الرمز الخاص بك)"
_CODE = r"(?<!\w)(?:[A-Z]-)?(?:\d{3}[ -]\d{3}|\d{4,8})(?!\w)"
_SAYS = r"(?:[^\S\n]*(?:is|are|هو|هي|الخاص بك|لك|لحسابك|لحسابكم|لدينا|[:=(#-])){0,4}"
_NAMED_CODE = re.compile(rf"(?<!\w){_CODE_NAME}{_SAYS}{_GAP}{_CODE}", re.IGNORECASE)
_OWN_CODE = re.compile(rf"(?<!\w){_ANY_CODE}{_SAYS}{_GAP}{_CODE}", re.IGNORECASE)
_CODE_FIRST = re.compile(rf"{_CODE} (?:is|هو|هي) (?:your )?(?:{_CODE_NAME}|{_ANY_CODE})", re.IGNORECASE)
_DISCOUNT = re.compile(r"discount|promo|coupon|voucher|offer|خصم|كوبون|قسيمه|عرض|عروض", re.IGNORECASE)


def secrets(reading: Reading) -> Iterator[Found]:
    """Every secret of well-known shape or announced as one. reading: by `reading.letters`."""
    for kind, pattern in (("access_key", _KEYS), ("private_key", _PRIVATE_KEY), ("password", _IN_ADDRESS)):
        for found in pattern.finditer(reading.text):
            yield kind, *reading.span(*found.span())
    for found in _ANNOUNCED_KEY.finditer(reading.text):
        yield "access_key", *reading.span(*found.span())
    for found in _PASSWORD.finditer(reading.text):
        if _is_password(found, reading.text):
            yield "password", *reading.span(*found.span())
    yield from _codes(reading)


def _is_password(found: re.Match[str], text: str) -> bool:
    """ "password: hunter" tells one, "password: see the app" and "your password is safe" do not."""
    value = found["value"].rstrip(".,!?؟،؛;:)")
    if value.lower().startswith(("http://", "https://")) or not value:
        return False
    if not value.isalpha():
        return True
    return found["says"] in ":=" and _ENDS_SENTENCE.match(text, found.end()) is not None


def _codes(reading: Reading) -> Iterator[Found]:
    for pattern in (_NAMED_CODE, _CODE_FIRST):
        for found in pattern.finditer(reading.text):
            yield "one_time_code", *reading.span(*found.span())
    for found in _OWN_CODE.finditer(reading.text):
        if not _DISCOUNT.search(_line_around(reading.text, found.start())):
            yield "one_time_code", *reading.span(*found.span())


def _line_around(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[text.rfind("\n", 0, position) + 1 : end if end >= 0 else len(text)]
