"""What is said about an opportunity that was decided before."""

from wakeel.domain.answers import AnswerCode
from wakeel.domain.text import isolate
from wakeel.flows.reply import Reply, state_words
from wakeel.store import decisions
from wakeel.store.models import Opportunity


def already_decided(opportunity: Opportunity) -> Reply:
    """Its state, and who brought it there if somebody did."""
    state = state_words(opportunity.state)
    decider = decisions.decider_of(opportunity)
    if decider is None:
        return Reply(AnswerCode.ALREADY_DECIDED, {"state": state})
    return Reply(AnswerCode.ALREADY_DECIDED_BY, {"state": state, "who": isolate(decider.name)})
