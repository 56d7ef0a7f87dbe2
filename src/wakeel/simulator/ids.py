"""Ids in the shapes Meta gives them; opaque to whoever receives them."""

import base64
import hashlib
import secrets

ONE_DIGIT_CODES = ("1", "7")
TWO_DIGIT_CODES = frozenset(
    str(code)
    for codes in (range(30, 35), range(40, 42), range(43, 50), range(51, 59), range(60, 67), range(90, 96))
    for code in codes
) | {"20", "27", "36", "39", "81", "82", "84", "86", "98"}
"""ITU-T E.164 country codes of two digits; every other code but 1 and 7 has three."""


def new_wamid(wa_id: str | None) -> str:
    """A fresh message id. As with Meta's, the other side's phone stands inside, so it must not be logged freely.

    wa_id: None when the other side hides its number.
    """
    person = (wa_id or secrets.token_hex(6)).encode()
    raw = (
        b"\x1d\x18"
        + bytes([len(person)])
        + person
        + b"\x15\x02\x00\x12\x18\x12"
        + secrets.token_hex(9).upper().encode()
    )
    return "wamid." + base64.b64encode(raw + b"\x00").decode()


def steady_bsuid(wa_id: str) -> str:
    """The business-scoped user id of a phone that names none; the same at every start."""
    digest = hashlib.sha256(b"bsuid:" + wa_id.encode()).digest()
    return "SA." + str(int.from_bytes(digest[:8], "big")).zfill(20)


def steady_hash(text: str) -> str:
    """Twelve signs that stand for a text, as an identity key hash looks."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()


def new_trace_id() -> str:
    """What an error body carries as fbtrace_id."""
    return "A" + secrets.token_urlsafe(16)


def new_object_id() -> str:
    """The id of a Graph object, such as a file or a template: 16 digits."""
    return str(10**15 + secrets.randbelow(9 * 10**15))


def country_code(phone: str) -> str:
    """The country code in front of an international number without `+`."""
    if phone.startswith(ONE_DIGIT_CODES):
        return phone[:1]
    return phone[:2] if phone[:2] in TWO_DIGIT_CODES else phone[:3]
