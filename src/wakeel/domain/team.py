"""A team of operators: what an administrator may change about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from wakeel.domain.risk import Risk
from wakeel.domain.tones import Tone
from wakeel.domain.waiting import expiry_days
from wakeel.domain.words import Text

NAMED = 5
"""Names in one notice; the rest is a number."""


class TeamChange(StrEnum):
    LEFT = "left"  # an operator was deactivated
    MAY_RETURN = "may_return"  # their account was opened again; the phone must be linked anew
    GIVEN = "given"  # an opportunity went to somebody
    RULES = "rules"  # who must approve, how long drafts wait, the tone


CHANGE_WORDS: dict[TeamChange, Text] = {
    TeamChange.LEFT: Text("غادر الفريق", "left the team"),
    TeamChange.MAY_RETURN: Text("فُتح حسابه من جديد", "may come back"),
    TeamChange.GIVEN: Text("أُسندت إليه فرصة", "was given an opportunity"),
    TeamChange.RULES: Text("تغيّرت القواعد", "rules changed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRules:
    """What holds for all texts of a business. quorum_from: '' if one person approves everything; days: that a draft
    waits, by risk; high_value: None for no such limit.
    """

    quorum_from: str = ""
    days: Mapping[str, int] = field(default_factory=dict)
    tone: str = Tone.WARM.value
    high_value: Decimal | None = None

    def document(self) -> dict[str, object]:
        """As it is kept with a change: JSON-able, equal for equal rules."""
        return {
            "quorum_from": self.quorum_from,
            "days": {risk.value: expiry_days(self.days, risk) for risk in Risk},
            "tone": self.tone,
            "high_value": None if self.high_value is None else str(self.high_value.normalize()),
        }
