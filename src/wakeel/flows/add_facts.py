"""يحتاج بحث: what an operator found out is added to the opportunity, and its card comes back. Issue 7, 4."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.operator_texts import is_bare_answer, is_choice
from wakeel.domain.opportunities import OPEN_STATES, PUT_OFF, OpportunityState
from wakeel.domain.text import bare_line, fits, one_line
from wakeel.flows.already_decided import already_decided
from wakeel.flows.effects import Effects
from wakeel.flows.put_off import Deciding
from wakeel.flows.reply import Reply
from wakeel.flows.written import Written
from wakeel.store import decisions, snoozes

MAX_FACTS = 500
"""Characters of one addition."""
_OPEN = OPEN_STATES | PUT_OFF


def add_facts(deciding: Deciding, text: str, *, now: datetime) -> Reply:
    """Add to the summary of what waits for a decision, inside the caller's transaction; what was put off comes back.

    The card asks about something else then: older ones decide nothing any more.
    """
    operator, opportunity = deciding.operator, deciding.opportunity
    said = bare_line(text)
    if not said:
        return Reply(AnswerCode.FACTS_EMPTY)
    if not fits(said, limit=MAX_FACTS):
        return Reply(AnswerCode.FACTS_TOO_LONG, {"limit": MAX_FACTS})
    if opportunity.state not in _OPEN:
        return already_decided(opportunity)
    effects = Effects()
    if opportunity.state != OpportunityState.PRESENTED:
        effects.move(opportunity, to=OpportunityState.PRESENTED, owner=operator)
    snoozes.forget(opportunity)
    snoozes.add_to_summary(opportunity, said, now=now)
    reply = Reply(AnswerCode.FACTS_KEPT, {"title": one_line(opportunity.title)}, carried_out=True)
    effects.shown_opportunities.append((operator, opportunity))
    effects.decisions.append(
        decisions.made(
            operator, opportunity=opportunity, action="facts", via=deciding.via, tap_key=deciding.tap_key,
            reply=reply.code, carried_out=True, now=now,
        )
    )  # fmt: skip
    effects.carry_out(now=now)
    return reply


def take_facts(written: Written, now: datetime) -> Reply | None:
    """Words that quote what is being researched: its card, or the answer that said so."""
    if not written.opportunity_id or is_choice(written.text) or is_bare_answer(written.text):
        return None
    operator = decisions.lock_operator(written.operator.id)
    opportunity = decisions.lock_opportunities([written.opportunity_id]).get(written.opportunity_id)
    if opportunity is None or opportunity.state != OpportunityState.RESEARCHING:
        return None
    if opportunity.owner_id not in {None, operator.id}:
        return already_decided(opportunity)
    return add_facts(Deciding(operator, opportunity, written.tap_key, "phone"), written.text, now=now)
