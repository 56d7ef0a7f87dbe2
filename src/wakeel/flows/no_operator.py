"""Whoever is no operator now decides nothing, however the tap or click came through."""

from wakeel.domain.answers import AnswerCode
from wakeel.domain.recognition import OperatorState
from wakeel.domain.text import one_line
from wakeel.flows.reply import Reply
from wakeel.store.models import Operator


def no_operator(operator: Operator) -> Reply | None:
    """What is said to somebody who was suspended or left, maybe a moment ago; None to an active operator.

    operator: locked, so that who is being deactivated this moment decides nothing afterwards.
    """
    match OperatorState(operator.state):
        case OperatorState.ACTIVE:
            return None
        case OperatorState.SUSPENDED:
            return Reply(AnswerCode.ENROL_AGAIN)
        case OperatorState.INACTIVE:
            return Reply(AnswerCode.LEFT_TEAM, {"business": one_line(operator.business.name)})
