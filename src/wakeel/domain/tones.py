"""How the machine's drafts sound."""

from enum import StrEnum


class Tone(StrEnum):
    WARM = "warm"
    FORMAL = "formal"
