"""The operator's usual way in one step: from the opportunity card to its draft, and on to اعتماد."""

from dataclasses import dataclass

from wakeel.domain.answers import AnswerCode
from wakeel.domain.reasons import ReasonCode
from wakeel.rehearsal.conditions_phone import Answer, Receives
from wakeel.rehearsal.kinds import DealName, MessageName, NewName, Words
from wakeel.rehearsal.stage import OPERATOR, Stage
from wakeel.rehearsal.steps_phone import Say, Tap

CARD = (Words("قبول"), Words("تخطي"), Words("رسالة"))
APPROVAL = (Words("اعتماد"), Words("تعديل"), Words("إلغاء"))
# Names of messages that a file cannot give: they hold no dash there.
_CARD, _DRAFT = NewName("-card"), NewName("-draft")


@dataclass(frozen=True, slots=True)
class Draft:
    """The operator finds the card of a deal and taps رسالة; the approval card comes. as: names the approval card."""

    deal: DealName
    as_: NewName | None = None

    def run(self, stage: Stage) -> None:
        title, name = stage.values[f"{self.deal}.title"], stage.values[f"{self.deal}.name"]
        Receives(OPERATOR, contains=(Words(title),), buttons=CARD, as_=_CARD).run(stage)
        Tap(OPERATOR, MessageName(_CARD), Words("رسالة")).run(stage)
        Answer(says=AnswerCode.DRAFTING).run(stage)
        Receives(OPERATOR, contains=(Words(name),), buttons=APPROVAL, as_=self.as_ or _DRAFT).run(stage)


@dataclass(frozen=True, slots=True)
class Approve:
    """The whole way of a deal to اعتماد. text: the operator's own words instead of the draft's, by تعديل.

    says, because: what the operator is told at the end. as: names the approval card.
    """

    deal: DealName
    text: Words | None = None
    says: AnswerCode = AnswerCode.APPROVED
    because: ReasonCode | None = None
    as_: NewName | None = None

    def run(self, stage: Stage) -> None:
        name = self.as_ or _DRAFT
        Draft(self.deal, as_=name).run(stage)
        if self.text is not None:
            Tap(OPERATOR, MessageName(name), Words("تعديل")).run(stage)
            Answer(says=AnswerCode.ASK_TEXT).run(stage)
            Say(OPERATOR, self.text).run(stage)
            Answer(says=AnswerCode.NEW_VERSION).run(stage)
            who = Words(stage.values[f"{self.deal}.name"])
            Receives(OPERATOR, contains=(who,), buttons=APPROVAL, as_=name).run(stage)
        Tap(OPERATOR, MessageName(name), Words("اعتماد")).run(stage)
        Answer(says=self.says, because=self.because).run(stage)
