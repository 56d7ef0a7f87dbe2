"""How much harm a wrong message could do: who must approve it, and how long it may wait. Issue 7."""

from enum import StrEnum


class Risk(StrEnum):
    """From the smallest to the greatest."""

    LOW = "low"  # an answer to what the person just asked
    NORMAL = "normal"
    HIGH = "high"
