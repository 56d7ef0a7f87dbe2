"""تم: an opportunity is won, lost or asked about later; a won one may get a value. Issue 7, 11."""

from datetime import datetime, timedelta
from decimal import Decimal

from wakeel.domain.amounts import amount_of, amount_words
from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind
from wakeel.domain.card_buttons import buttons_about
from wakeel.domain.cards import ButtonCard
from wakeel.domain.opportunities import ALLOWED, OpportunityState, Outcome
from wakeel.domain.outbox import Lane
from wakeel.domain.prompts import PromptKind
from wakeel.domain.text import isolate, name_line, one_line
from wakeel.domain.words import Text
from wakeel.flows.already_decided import already_decided
from wakeel.flows.answered import Answered
from wakeel.flows.ask_operator import ask
from wakeel.flows.choose_next import ask_when, deciding_of
from wakeel.flows.put_off import Deciding, take_back_draft, take_back_rest
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.tell_others import tell_others
from wakeel.flows.written import Written
from wakeel.store import decisions, prompts, results
from wakeel.store.models import Operator, Opportunity
from wakeel.whatsapp.cards import button_card_part

VALUE_PATIENCE = timedelta(minutes=30)
"""A number typed so long after "won" is its value."""
LATER = "later"
_ENDED = {OpportunityState.WON, OpportunityState.LOST}
_ASK = Text(
    "ما نتيجة هذه الفرصة؟\nالفرصة: {title}\nجهة الاتصال: {name}",
    "What became of this opportunity?\nOpportunity: {title}\nContact: {name}",
)
_BUTTONS = {
    Outcome.WON.value: Text("ناجحة", "Won"),
    Outcome.LOST.value: Text("خاسرة", "Lost"),
    LATER: Text("لاحقاً", "Later"),
}


def ask_outcome(operator: Operator, opportunity: Opportunity, *, key: str, now: datetime) -> None:
    """Ask what became of it, inside the caller's transaction; the question is the answer to the tap.

    opportunity: with its contact. key: what makes it this question, such as the wamid of the tap.
    """
    contact, language = opportunity.contact, operator.language
    card = ButtonCard(
        _ASK.say(language, title=one_line(opportunity.title), name=name_line(contact.name)),
        buttons_about(opportunity.id, ButtonKind.OUTCOME, _BUTTONS.items(), language=language),
    )
    ask(
        operator, PromptKind.OUTCOME, subject=opportunity.id, part=button_card_part(card), key=key, now=now,
        about=contact, lane=Lane.ANSWER,
    )  # fmt: skip


def answered_outcome(answered: Answered, now: datetime) -> Reply | None:
    """A tap on that question."""
    found = deciding_of(answered)
    if isinstance(found, Reply):
        return found
    if answered.button.action != LATER:
        return close(found, Outcome(answered.button.action or ""), value=None, now=now)
    if found.opportunity.state in _ENDED:
        return already_decided(found.opportunity)
    ask_when(found.operator, found.opportunity, key=answered.tap_key, now=now)
    return None


def close(deciding: Deciding, outcome: Outcome, *, value: Decimal | None, now: datetime) -> Reply:
    """Record the result, inside the caller's transaction. value: of a won one, None if nobody said.

    What was not sent yet is taken back: nothing more is to be said about it.
    """
    opportunity = deciding.opportunity
    to = OpportunityState(outcome.value)
    if to not in ALLOWED[OpportunityState(opportunity.state)]:
        return _not_to_close(deciding, to, value, now=now)
    taken = take_back_draft(opportunity, now=now) or take_back_rest(opportunity, now=now)
    if not decisions.move_opportunity(opportunity, to=to, come_from=[OpportunityState(opportunity.state)], now=now):
        return already_decided(opportunity)
    results.close(opportunity, value=value if outcome is Outcome.WON else None, now=now)
    prompts.end(opportunity.business_id, opportunity.id, *_QUESTIONS, now=now)
    reply = Reply(_code(outcome, value), _values(opportunity, value) | {"taken": taken}, carried_out=True)
    _remember(deciding, outcome.value, reply, now=now)
    return reply


_QUESTIONS = (PromptKind.NEXT, PromptKind.TIMES, PromptKind.OUTCOME)


def _code(outcome: Outcome, value: Decimal | None) -> AnswerCode:
    if outcome is Outcome.LOST:
        return AnswerCode.LOST
    return AnswerCode.WON if value is None else AnswerCode.WON_WITH_VALUE


def _not_to_close(deciding: Deciding, to: OpportunityState, value: Decimal | None, *, now: datetime) -> Reply:
    opportunity = deciding.opportunity
    if opportunity.state == to == OpportunityState.WON and value is not None:
        return keep_value(deciding, value, now=now)
    if opportunity.state in _ENDED:
        return already_decided(opportunity)
    return Reply(AnswerCode.NOT_TO_CLOSE, {"state": state_words(opportunity.state)})


def keep_value(deciding: Deciding, value: Decimal, *, now: datetime) -> Reply:
    """What a won opportunity was worth; said again, the last word counts."""
    opportunity = deciding.opportunity
    if opportunity.state != OpportunityState.WON:
        return already_decided(opportunity)
    results.keep_value(opportunity, value, now=now)
    reply = Reply(AnswerCode.VALUE_KEPT, _values(opportunity, value), carried_out=True)
    _remember(deciding, "value", reply, now=now)
    return reply


def take_value(written: Written, now: datetime) -> Reply | None:
    """A number typed after "won": quoting what it is about, or quoting nothing while only one waits for a value."""
    value, prompt = amount_of(written.text), written.prompt
    quoted = prompt.subject if prompt is not None and prompt.kind == PromptKind.OUTCOME else written.opportunity_id
    if not quoted and (prompt is not None or value is None):
        return None
    waiting = results.without_value(written.operator, since=written.sent_at - VALUE_PATIENCE)
    if not quoted:
        return _value_of(written, waiting[0], value, now=now) if value is not None and len(waiting) == 1 else None
    if quoted not in waiting:
        return None
    return Reply(AnswerCode.VALUE_INVALID) if value is None else _value_of(written, quoted, value, now=now)


def _value_of(written: Written, opportunity_id: str, value: Decimal, *, now: datetime) -> Reply | None:
    operator = decisions.lock_operator(written.operator.id)
    opportunity = decisions.lock_opportunities([opportunity_id]).get(opportunity_id)
    if opportunity is None:
        return None
    return keep_value(Deciding(operator, opportunity, written.tap_key, "phone"), value, now=now)


def _values(opportunity: Opportunity, value: Decimal | None) -> dict[str, str | int | Text]:
    minutes = int(VALUE_PATIENCE.total_seconds()) // 60
    said = isolate(amount_words(value)) if value is not None else ""
    return {"title": one_line(opportunity.title), "value": said, "minutes": minutes}


def _remember(deciding: Deciding, action: str, reply: Reply, *, now: datetime) -> None:
    decision = decisions.record(
        deciding.operator, opportunity=deciding.opportunity, action=action, via=deciding.via,
        tap_key=deciding.tap_key, reply=reply.code, carried_out=reply.carried_out, now=now,
    )  # fmt: skip
    tell_others([decision], now=now)
