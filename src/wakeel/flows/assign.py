"""An opportunity goes to somebody else of the team, or somebody takes it over. Issue 7."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.drafts import DraftState
from wakeel.domain.opportunities import ALLOWED, OPEN_STATES, OpportunityState
from wakeel.domain.prompts import PromptKind
from wakeel.domain.recognition import OperatorState
from wakeel.domain.team import TeamChange
from wakeel.domain.text import isolate, one_line
from wakeel.flows.gather_notices import notify
from wakeel.flows.hand_over import hand_on
from wakeel.flows.no_operator import no_operator
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.show_card import show_draft, show_opportunity
from wakeel.store import cards, decisions, drafts, prompts, team
from wakeel.store.models import Card, Operator, Opportunity
from wakeel.store.retry import whole_transaction

ACTION = "assign"


@whole_transaction
def assign(operator_id: str, opportunity_id: str, *, to: str, tap_key: str, now: datetime) -> Reply:
    """Make `to` the owner of an opportunity, by a click on a page; whoever had it is told, and its cards move.

    operator_id: who says so; to themselves it is a take-over. tap_key: the page's one-time key.
    """
    with transaction.atomic():
        involved = decisions.lock_operators({operator_id, to})
        actor, heir = involved[operator_id], involved.get(to)
        opportunity = decisions.lock_opportunities([opportunity_id]).get(opportunity_id)
        if opportunity is None or opportunity.business_id != actor.business_id:
            return Reply(AnswerCode.UNKNOWN_BUTTON)
        if decisions.was_taken(actor.business_id, tap_key):
            return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words(opportunity.state)})
        refused = no_operator(actor) or _refused(opportunity, heir)
        if refused is not None or heir is None:
            return refused or Reply(AnswerCode.NO_SUCH_OPERATOR)
        former = opportunity.owner
        team.give([opportunity.id], to=heir, now=now)
        opportunity.owner = heir
        _move_cards(opportunity, former, heir, now=now)
        reply = _reply(actor, heir, opportunity)
        decisions.record(
            actor, opportunity=opportunity, action=ACTION, via="screen", tap_key=tap_key, reply=reply.code,
            carried_out=True, now=now,
        )  # fmt: skip
        team.note(
            actor.business_id, TeamChange.GIVEN, by=actor.name, operator=heir,
            before={"owner": former.id if former else None}, after={"opportunity": opportunity.id}, now=now,
        )  # fmt: skip
        _tell(actor, former, heir, opportunity, key=tap_key, now=now)
        return reply


def _refused(opportunity: Opportunity, heir: Operator | None) -> Reply | None:
    if heir is None or heir.business_id != opportunity.business_id or heir.state != OperatorState.ACTIVE:
        return Reply(AnswerCode.NO_SUCH_OPERATOR)
    if not ALLOWED[OpportunityState(opportunity.state)]:
        return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words(opportunity.state)})
    if opportunity.owner_id == heir.id:
        return Reply(AnswerCode.ALREADY_THEIRS, {"who": isolate(heir.name)})
    return None


def _move_cards(opportunity: Opportunity, former: Operator | None, heir: Operator, *, now: datetime) -> None:
    """Of a text that two must approve, everybody else keeps the card; the question who takes it is the heir's alone."""
    cards.close(now=now, opportunity=opportunity, kind=Card.Kind.OPPORTUNITY)
    if former is not None:
        cards.close(now=now, opportunity=opportunity, operator=former)
    cards.take_back_unsent(now=now, opportunity=opportunity)
    if opportunity.state in OPEN_STATES:
        show_opportunity(heir, opportunity, now=now)
    for draft in drafts.waiting_about(opportunity):
        if draft.state == DraftState.EDITING:
            # Whoever was asked for new words writes them for somebody else's draft now: nobody is asked any more.
            drafts.move(
                draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.EDITING], editor=None, edit_asked_at=None
            )
        show_draft(heir, draft, now=now)
    if former is not None:
        _move_questions(opportunity, former, heir, now=now)


def _move_questions(opportunity: Opportunity, former: Operator, heir: Operator, *, now: datetime) -> None:
    asked = prompts.open_on(former, {opportunity.id, opportunity.contact_id})
    team.close_questions(asked, now=now)
    for prompt in asked:
        if prompt.kind == PromptKind.REPLY:
            hand_on(heir, prompt, now=now)


def _reply(actor: Operator, heir: Operator, opportunity: Opportunity) -> Reply:
    title = one_line(opportunity.title)
    if heir.id == actor.id:
        return Reply(AnswerCode.TAKEN_OVER, {"title": title}, carried_out=True)
    return Reply(AnswerCode.ASSIGNED, {"title": title, "who": isolate(heir.name)}, carried_out=True)


def _tell(
    actor: Operator, former: Operator | None, heir: Operator, opportunity: Opportunity, *, key: str, now: datetime
) -> None:
    title, about = one_line(opportunity.title), opportunity.contact
    told: Iterable[tuple[Operator | None, AnswerCode, Operator]] = (
        (former, AnswerCode.TAKEN_FROM_YOU, heir), (heir, AnswerCode.GIVEN_TO_YOU, actor),
    )  # fmt: skip
    for whom, code, other in told:
        if whom is not None and whom.id != actor.id:
            said = Reply(code, {"title": title, "who": isolate(other.name)})
            notify(whom, said, key=f"assign:{key}:{whom.id}", now=now, about=about)
