"""Which answer or reason a text is, by the catalogue's Arabic sentence whatever its values are."""

import re

from wakeel.domain.answers import ANSWERS, AnswerCode
from wakeel.domain.reasons import REASONS, ReasonCode


def says(told: str, code: AnswerCode) -> bool:
    """True if `told` is exactly this answer."""
    return re.fullmatch(_pattern(ANSWERS[code].ar), told, re.DOTALL) is not None


def shows(page: str, code: AnswerCode) -> bool:
    """True if this answer stands somewhere on a page."""
    return re.search(_pattern(ANSWERS[code].ar), page, re.DOTALL) is not None


def because(told: str, code: ReasonCode) -> bool:
    """True if this reason stands somewhere in `told`."""
    return re.search(_pattern(REASONS[code].text.ar), told, re.DOTALL) is not None


def _pattern(template: str) -> str:
    return ".*?".join(re.escape(part) for part in re.split(r"\{\w+\}", template))
