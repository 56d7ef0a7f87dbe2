"""Later: an opportunity is put off or researched, and its draft goes back into the drawer. Issue 7, 4."""

from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.answers_deciding import NOTHING, TAKEN_BACK
from wakeel.domain.opportunities import ANSWERED, LaterAction, OpportunityState, Ruling, rule_on_later
from wakeel.domain.prompts import PromptKind
from wakeel.domain.snooze import RESEARCH_DAYS, SnoozeChoice, before_expiry, comes_back_at, working_morning
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.domain.working_time import WorkingTime
from wakeel.flows.already_decided import already_decided
from wakeel.flows.decide_draft import cancel_draft
from wakeel.flows.effects import Effects
from wakeel.flows.operator_clock import hours_of, said_to
from wakeel.flows.reply import Reply
from wakeel.store import decisions, drafts, prompts, snoozes
from wakeel.store.models import Operator, Opportunity


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides about which opportunity, both locked, the opportunity with contact and business. tap_key, via: as
    for `Tap`."""

    operator: Operator
    opportunity: Opportunity
    tap_key: str
    via: str


def put_off(deciding: Deciding, choice: SnoozeChoice, *, now: datetime) -> Reply:
    """Bring it back at a time or when they write, inside the caller's transaction.

    What left already is only followed up: its state stays.
    """
    until = back_at(deciding.opportunity, choice, now=now, hours=hours_of(deciding.operator))
    return _wait(deciding, LaterAction.SNOOZE, until, for_reply=choice is SnoozeChoice.REPLY, now=now)


def back_at(opportunity: Opportunity, choice: SnoozeChoice, *, now: datetime, hours: WorkingTime) -> datetime:
    """When it would come back: in time to be decided, where it still is to be. hours: of whoever puts it off."""
    at = comes_back_at(choice, now=now, hours=hours)
    if opportunity.state in ANSWERED:
        return at
    return before_expiry(at, expires_at=opportunity.expires_at, now=now)


def research(deciding: Deciding, *, now: datetime) -> Reply:
    """Set it aside until somebody adds what they found, for two working days at most."""
    until = working_morning(now, hours=hours_of(deciding.operator), after=RESEARCH_DAYS)
    until = before_expiry(until, expires_at=deciding.opportunity.expires_at, now=now)
    return _wait(deciding, LaterAction.NEEDS_RESEARCH, until, for_reply=False, now=now)


def _wait(deciding: Deciding, action: LaterAction, until: datetime, *, for_reply: bool, now: datetime) -> Reply:
    opportunity, effects = deciding.opportunity, Effects()
    moved = _moved(deciding, action, effects, now=now)
    reply = moved if isinstance(moved, Reply) else _said(deciding, until, for_reply=for_reply, taken=moved)
    effects.decisions.append(
        decisions.made(
            deciding.operator, opportunity=opportunity, action=action.value, via=deciding.via,
            tap_key=deciding.tap_key, reply=reply.code, carried_out=reply.carried_out, now=now,
        )
    )  # fmt: skip
    effects.carry_out(now=now)
    if reply.carried_out:
        snoozes.put_off(opportunity, until=until, for_reply=for_reply, now=now)
        prompts.end(opportunity.business_id, opportunity.id, PromptKind.NEXT, PromptKind.TIMES, now=now)
    return reply


def _moved(deciding: Deciding, action: LaterAction, effects: Effects, *, now: datetime) -> Reply | Text:
    """Move it to where it waits; what is said of its draft then, or the answer if nothing of the kind is to be done."""
    operator, opportunity = deciding.operator, deciding.opportunity
    ruled = rule_on_later(OpportunityState(opportunity.state), action)
    if ruled.ruling is Ruling.REMIND:
        return NOTHING
    if ruled.to is None:
        return already_decided(opportunity)
    taken = take_back_draft(opportunity, now=now) if ruled.ruling is Ruling.TAKE_BACK else NOTHING
    if taken is None:
        return Reply(AnswerCode.ALREADY_LEFT)
    if opportunity.state != OpportunityState.PRESENTED:
        effects.move(opportunity, to=OpportunityState.PRESENTED)
    if not effects.move(opportunity, to=ruled.to, owner=operator):
        return already_decided(opportunity)
    effects.decided.append(opportunity)
    effects.fill[operator.id] = operator
    return taken


def take_back_draft(opportunity: Opportunity, *, now: datetime) -> Text | None:
    """Put down whatever of a locked opportunity has not left; what is said of it, None if its first message may have
    left, and then nothing is put down."""
    first = drafts.lock_living([opportunity.id]).get(opportunity.id)
    if first is not None:
        first.opportunity = opportunity
        if not cancel_draft(first, now=now):
            return None
    rest = take_back_rest(opportunity, now=now)
    return TAKEN_BACK if first is not None else rest


def take_back_rest(opportunity: Opportunity, *, now: datetime) -> Text:
    """Put down its answers and invitations that have not left; what is said of that."""
    taken = [draft for draft in drafts.lock_rest(opportunity.id) if cancel_draft(draft, now=now)]
    return TAKEN_BACK if taken else NOTHING


def _said(deciding: Deciding, until: datetime, *, for_reply: bool, taken: Text) -> Reply:
    opportunity = deciding.opportunity
    values: dict[str, str | Text] = {
        "title": one_line(opportunity.title),
        "name": one_line(opportunity.contact.name),
        "t": said_to(deciding.operator, until),
        "taken": taken,
    }
    if opportunity.state == OpportunityState.RESEARCHING:
        code = AnswerCode.RESEARCHING
    elif opportunity.state == OpportunityState.SNOOZED:
        code = AnswerCode.SNOOZED_FOR_REPLY if for_reply else AnswerCode.SNOOZED_UNTIL
    else:
        code = AnswerCode.REMIND_FOR_REPLY if for_reply else AnswerCode.REMIND_AT
    return Reply(code, values, carried_out=True)
