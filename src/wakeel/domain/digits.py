"""The two sets of digits a page may be written in. Stored, signed and sent is always the Latin one."""

import re
from enum import StrEnum


class Digits(StrEnum):
    LATIN = "latin"
    # ٠١٢٣٤٥٦٧٨٩, with ٬ between thousands and ٫ before hundredths.
    ARABIC = "arabic"


_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_MARK = re.compile(r"(?<=\d)(?:,(?=\d{3}(?!\d))|\.(?=\d))|(?<=\d)%")
_MARKS = {",": "٬", ".": "٫", "%": "٪"}


def in_arabic_digits(text: str) -> str:
    """The same text with Arabic-Indic digits: `18,500.50` → `١٨٬٥٠٠٫٥٠`. What is no number stays as it is."""
    return _MARK.sub(lambda found: _MARKS[found.group()], text).translate(_ARABIC)
