"""Words for the numbers of a period that are kept by a code."""

from wakeel.domain.words import Text
from wakeel.whatsapp import errors


def failure_words(code: str) -> Text:
    """Why messages did not arrive. code: Meta's number, or the name of a refusal of our own client."""
    return errors.reason(int(code)) if code.isdecimal() else errors.reason(None, details=code)
