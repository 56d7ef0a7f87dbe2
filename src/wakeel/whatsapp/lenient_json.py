"""Bodies that strict JSON refuses, rewritten so that one odd character does not cost the items around it."""

import json
import re
from itertools import accumulate

import msgspec

MAX_DEPTH = 64
"""Design section 10: nested deeper is not read at all. Meta's own bodies are about ten deep."""

_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""An unterminated string reaches to the end: looking for its end again from every later quote would be quadratic."""
_NOT_BRACKETS = re.compile(rb"[^\[\]{}]+")
_STEPS = tuple((byte in b"[{") - (byte in b"]}") for byte in range(256))
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_LARGEST_INT_DIGITS = 18
"""What surely fits 64 bits."""


def is_too_deep(body: bytes) -> bool:
    """Whether `body` is nested deeper than MAX_DEPTH; one pass over its brackets, so a hostile body costs no more."""
    if body.count(b"{") + body.count(b"[") <= MAX_DEPTH:
        return False
    brackets = _NOT_BRACKETS.sub(b"", _STRINGS.sub(b"", body))
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH


def repaired(body: bytes) -> bytes:
    """`body` as strict JSON; only what no store could keep is changed.

    Lone surrogates and bytes that are no UTF-8 become U+FFFD, NUL characters go (PostgreSQL takes none), integers
    beyond 64 bits become texts, NaN and numbers beyond a double become null. Raises ValueError for what is no JSON.
    `body` must have passed `is_too_deep`.
    """
    text = body.decode("utf-8-sig", errors="replace")
    value = json.loads(text, strict=False, parse_int=_int)
    # msgspec writes NaN and infinities as null.
    return msgspec.json.encode(_clean(value))


def _int(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LARGEST_INT_DIGITS else digits


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _LONE_SURROGATES.sub("\ufffd", value).replace("\0", "")
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return value
