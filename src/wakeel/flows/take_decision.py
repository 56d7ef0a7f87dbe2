"""One tap, click or typed command becomes one decision. The phone and the screen go through the same door. Walk 1."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.consent import Category
from wakeel.domain.drafts import refuse_text, standard_text
from wakeel.domain.opportunities import (
    IN_WORK,
    OpportunityAction,
    OpportunityState,
    Ruling,
)
from wakeel.domain.opportunities import rule_on as rule_on_opportunity
from wakeel.domain.text import isolate, one_line
from wakeel.domain.words import Text
from wakeel.flows.complete_text import NOTHING_ADDED, Completed, complete
from wakeel.flows.decide_draft import cancel_draft, decide_draft
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.show_card import (
    close_opportunity_cards,
    fill_cards,
    opportunity_digest,
    show_draft,
    show_opportunity,
)
from wakeel.store import decisions, drafts
from wakeel.store.models import Draft, Operator, Opportunity
from wakeel.store.retry import whole_transaction


@whole_transaction
def take_decision(
    operator_id: str, button: ButtonReply, *, shown_digest: str | None, tap_key: str, via: str, now: datetime
) -> Reply:
    """Carry out one decision and say truly what happened.

    shown_digest: of the card or page that was decided on; None if that is unknown, then nothing is decided.
    tap_key: the tap's wamid or the page's one-time key; the same key decides once. via: phone or screen.
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        if decisions.was_taken(operator.business_id, tap_key):
            return _repeated(operator, tap_key)
        match button.kind:
            case ButtonKind.OPPORTUNITY:
                return _decide_opportunity(
                    operator, button, shown_digest=shown_digest, tap_key=tap_key, via=via, now=now
                )
            case ButtonKind.MESSAGE_DRAFT:
                return decide_draft(operator, button, shown_digest=shown_digest, tap_key=tap_key, via=via, now=now)
            case ButtonKind.NO_BUTTON_ID | ButtonKind.UNKNOWN_BUTTON_ID:
                return Reply(AnswerCode.UNKNOWN_BUTTON)
            case _:
                # No card of ours carries this kind yet, so whatever shows it is old.
                return Reply(AnswerCode.STALE_NOTHING, {"state": state_words("expired")})


def _repeated(operator: Operator, tap_key: str) -> Reply:
    taken = decisions.find(operator.business_id, tap_key)
    state = taken.draft.state if taken.draft else taken.opportunity.state if taken.opportunity else "expired"
    return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words(state)})


def _decide_opportunity(
    operator: Operator, button: ButtonReply, *, shown_digest: str | None, tap_key: str, via: str, now: datetime
) -> Reply:
    opportunity = decisions.lock_opportunity(operator.business_id, button.subject_id or "")
    if opportunity is None:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    reply = _rule(operator, opportunity, button.action or "", shown_digest=shown_digest, now=now)
    decisions.record(
        operator, opportunity=opportunity, action=button.action or "", via=via, tap_key=tap_key, reply=reply.code,
        carried_out=reply.carried_out, now=now,
    )  # fmt: skip
    fill_cards(operator, now=now)
    return reply


def _rule(
    operator: Operator, opportunity: Opportunity, action: str, *, shown_digest: str | None, now: datetime
) -> Reply:
    ruled = rule_on_opportunity(OpportunityState(opportunity.state), action)
    if ruled.ruling is Ruling.NOT_OFFERED:
        return Reply(AnswerCode.STALE_NOTHING, {"state": state_words(opportunity.state)})
    if ruled.ruling is Ruling.ALREADY:
        return _already(opportunity)
    if shown_digest != opportunity_digest(opportunity):
        return _stale(operator, opportunity, now=now)
    if ruled.ruling is Ruling.SHOW_DRAFT:
        show_draft(operator, _living_draft(opportunity, now=now)[0], now=now)
        return Reply(AnswerCode.SHOWN_AGAIN)
    if ruled.ruling is Ruling.TAKE_BACK and not _take_back(opportunity, now=now):
        return Reply(AnswerCode.ALREADY_LEFT)
    if ruled.to is None:
        return _already(opportunity)
    return _move(operator, opportunity, ruled.to, OpportunityAction(action), now=now)


def _move(
    operator: Operator, opportunity: Opportunity, to: OpportunityState, action: OpportunityAction, *, now: datetime
) -> Reply:
    # Whoever decides has seen it, on the phone or on the screen.
    decisions.move_opportunity(opportunity, to=OpportunityState.PRESENTED, come_from=[OpportunityState.NEW], now=now)
    come_from = {OpportunityState.PRESENTED} | IN_WORK
    owner = operator if action is not OpportunityAction.SKIP else None
    if not decisions.move_opportunity(opportunity, to=to, come_from=come_from, owner=owner, now=now):
        return _already(opportunity)
    close_opportunity_cards(opportunity, now=now)
    title = one_line(opportunity.title)
    if action is OpportunityAction.SKIP:
        return Reply(AnswerCode.SKIPPED, {"title": title}, carried_out=True)
    draft, added = _living_draft(opportunity, now=now)
    show_draft(operator, draft, now=now)
    code = AnswerCode.ACCEPTED if action is OpportunityAction.ACCEPT else AnswerCode.DRAFTING
    return Reply(code, {"title": title, "added": added}, carried_out=True)


def _living_draft(opportunity: Opportunity, *, now: datetime) -> tuple[Draft, Text]:
    """The draft that waits, made if there is none, with what had to be added to its first text ('' if nothing)."""
    draft = drafts.living(opportunity.id)
    if draft is not None:
        return draft, NOTHING_ADDED
    business = opportunity.business
    text = opportunity.draft_text or standard_text(
        name=opportunity.contact.name, title=opportunity.title, business=business.name
    )
    # Outreach is marketing also as free text inside the window (design section 6).
    whole = complete(text, category=Category.MARKETING.value, business_name=business.name)
    if refuse_text(whole.text) is not None:
        # Too long with it: the text stays as it came, and the gate says what it lacks.
        whole = Completed(text, NOTHING_ADDED)
    draft = drafts.create(
        opportunity,
        number_id=decisions.number_of(business.id),
        category=Category.MARKETING.value,
        text=whole.text,
        now=now,
    )
    return draft, whole.added


def _take_back(opportunity: Opportunity, *, now: datetime) -> bool:
    """Cancel the living draft and take its message back; False if that message was claimed already."""
    draft = drafts.living(opportunity.id)
    return draft is None or cancel_draft(draft, now=now)


def _already(opportunity: Opportunity) -> Reply:
    state = state_words(opportunity.state)
    decider = decisions.decider_of(opportunity)
    if decider is None:
        return Reply(AnswerCode.ALREADY_DECIDED, {"state": state})
    return Reply(AnswerCode.ALREADY_DECIDED_BY, {"state": state, "who": isolate(decider.name)})


def _stale(operator: Operator, opportunity: Opportunity, *, now: datetime) -> Reply:
    """The card is not the current one: nothing is decided, the current card is shown."""
    if opportunity.state in IN_WORK:
        show_draft(operator, _living_draft(opportunity, now=now)[0], now=now)
    else:
        show_opportunity(operator, opportunity, now=now)
    return Reply(AnswerCode.STALE)
