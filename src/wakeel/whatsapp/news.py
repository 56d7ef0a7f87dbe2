"""What all news of the platform have in common: whose it is, when it was, and the key that makes it count once."""

import re
from datetime import datetime
from hashlib import sha256
from typing import TypedDict, TypeVar

import msgspec

from wakeel.whatsapp.reading import Unreadable, moment, read, text_of

_T = TypeVar("_T")
_WORD = re.compile(r"[\w .:-]{1,100}")
"""Words about an account are longer than those about a message: up to 50 letters today."""


class Common(TypedDict):
    """Fields of every event of `domain.platform_events`, ready to be filled in."""

    waba_id: str
    webhook_field: str
    key: str
    at: datetime | None
    path: str


def news_key(field: str, entity: str, time: object, value: msgspec.Raw) -> str:
    """The same for every repetition of one piece of news, however its JSON is ordered and spaced.

    The value itself names its event, and the template or number it is about.
    """
    parts = [field, entity, text_of(time), read(value, object)]
    return sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()


def moment_or_none(value: object) -> datetime | None:
    """Aware UTC; None for a time that is missing or is none."""
    try:
        return moment(value) if isinstance(value, str | int) else None
    except Unreadable:
        return None


def news_word(value: str, what: str) -> str:
    """One of Meta's own words, also one we do not know; raises Unreadable for what is no word."""
    if not _WORD.fullmatch(value):
        raise Unreadable(f"{what} is not a word")
    return value


def optional_word(value: str | None, what: str) -> str:
    """As `news_word`; '' for none."""
    return news_word(value, what) if value else ""


def first_of(value: _T | None, other: _T | None) -> _T | None:
    """What a newer name says, else what an older one says."""
    return value if value is not None else other
