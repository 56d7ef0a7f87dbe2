"""The question after a START, and what counts as its answer.

START alone is no consent: the wording is sent, and a yes to it within a day is. Source: reference "consent and
contactability", sections 3.3, 6.2 and 6.3 (normative), read 2026-11-22.
"""

import re
from datetime import datetime, timedelta

from wakeel.domain.keyword_lists import WordList
from wakeel.domain.keywords import DEFAULT, fold
from wakeel.domain.words import Language

QUESTION_LIFE = timedelta(hours=24)
AFTER_OFFER = timedelta(hours=72)
"""So long after an offer of ours an ambiguous "cancel" means offers."""

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


def is_waited_for(asked_at: datetime | None, *, answered_at: datetime) -> bool:
    """Whether an answer of that moment belongs to the question. asked_at: None if nothing was asked."""
    return asked_at is not None and asked_at <= answered_at < asked_at + QUESTION_LIFE


def declines(text: str) -> bool:
    """True for a typed no, with or without thanks."""
    return fold(text) in DEFAULT[WordList.DECLINE]


def language_of(words: str) -> Language:
    """In which language to answer: Arabic, unless they wrote and there is no Arabic letter in it."""
    return Language.EN if words.strip() and not _ARABIC.search(words) else Language.AR
