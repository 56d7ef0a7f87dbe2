"""After قبول: meeting, research, later – and the list that asks when something shall come back. Issue 7, 4."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, button_id
from wakeel.domain.opportunities import LaterAction, OpportunityState, Ruling, rule_on_later
from wakeel.domain.outbox import Lane
from wakeel.domain.prompts import PromptKind
from wakeel.domain.snooze import TIME_WORDS, SnoozeChoice, is_evening_ahead, is_tomorrow
from wakeel.domain.text import name_line, one_line
from wakeel.domain.words import Text
from wakeel.flows.already_decided import already_decided
from wakeel.flows.answered import Answered
from wakeel.flows.ask_operator import ask
from wakeel.flows.list_question import Choice, ListQuestion
from wakeel.flows.operator_clock import hours_of, said_to
from wakeel.flows.plan_meeting import plan_meeting
from wakeel.flows.put_off import Deciding, back_at, put_off, research
from wakeel.flows.reply import Reply, state_words
from wakeel.store import decisions
from wakeel.store.models import Operator, Opportunity

_OPENS_NEXT = Text("الخطوة التالية", "Next step")
_OPENS_TIMES = Text("اختر الوقت", "Choose when")
_ASK_WHEN = Text(
    "متى تعود إليك؟\nالفرصة: {title}\nجهة الاتصال: {name}",
    "When shall it come back?\nOpportunity: {title}\nContact: {name}",
)
_NEXT = {
    LaterAction.SCHEDULE: Text("احجز اجتماع", "Book a meeting"),
    LaterAction.NEEDS_RESEARCH: Text("يحتاج بحث", "Needs research"),
    LaterAction.SNOOZE: Text("لاحقاً", "Later"),
}
_NEXT_MORE = {
    LaterAction.SCHEDULE: Text("دعوة بأوقات مقترحة، وتحتاج اعتمادك", "An invitation with times; needs your approval"),
    LaterAction.NEEDS_RESEARCH: Text("تُسحب المسودة، وتعود حين تعرف أكثر", "Takes the draft back until you know more"),
    LaterAction.SNOOZE: Text("تُسحب المسودة، وتعود في وقت تختاره", "Takes the draft back until a time you choose"),
}
_OR_AT_LATEST = Text("وإن لم يكتب: {t}", "Or without a word: {t}")
_WORKING_MORNING = Text("صباح يوم العمل", "Next working morning")


def next_question(opportunity: Opportunity) -> ListQuestion:
    """What may come after قبول; it stands under the answer to the tap."""
    choices = tuple(
        Choice(button_id(ButtonKind.OPPORTUNITY, action, subject_id=opportunity.id), title, _NEXT_MORE[action])
        for action, title in _NEXT.items()
    )
    return ListQuestion(PromptKind.NEXT, opportunity.id, _OPENS_NEXT, choices)


def ask_when(operator: Operator, opportunity: Opportunity, *, key: str, now: datetime) -> None:
    """Ask when an opportunity shall come back, inside the caller's transaction; the question is the answer to the tap.

    opportunity: with its contact. key: what makes it this question, such as the wamid of the tap.
    """
    contact = opportunity.contact
    body = _ASK_WHEN.say(operator.language, title=one_line(opportunity.title), name=name_line(contact.name))
    part = _times_question(operator, opportunity, now=now).part(body, language=operator.language)
    ask(
        operator, PromptKind.TIMES, subject=opportunity.id, part=part, key=key, now=now, about=contact,
        lane=Lane.ANSWER,
    )  # fmt: skip


def _times_question(operator: Operator, opportunity: Opportunity, *, now: datetime) -> ListQuestion:
    hours = hours_of(operator)
    offered = [one for one in SnoozeChoice if one is not SnoozeChoice.EVENING or is_evening_ahead(now, zone=hours.zone)]
    choices = []
    for one in offered:
        at = back_at(opportunity, one, now=now, hours=hours)
        is_next_day = one is not SnoozeChoice.TOMORROW or is_tomorrow(at, now=now, zone=hours.zone)
        title = TIME_WORDS[one] if is_next_day else _WORKING_MORNING
        more = _or_at_latest(operator, at) if one is SnoozeChoice.REPLY else said_to(operator, at)
        choices.append(Choice(button_id(ButtonKind.SNOOZE, one, subject_id=opportunity.id), title, more))
    return ListQuestion(PromptKind.TIMES, opportunity.id, _OPENS_TIMES, tuple(choices))


def _or_at_latest(operator: Operator, at: datetime) -> Text:
    said = said_to(operator, at)
    return Text.both(lambda language: _OR_AT_LATEST.say(language, t=said.say(language)))


def chosen(answered: Answered, now: datetime) -> Reply | None:
    """A tap on the list after قبول."""
    found = deciding_of(answered)
    if isinstance(found, Reply):
        return found
    action = LaterAction(answered.button.action or "")
    ruled = rule_on_later(OpportunityState(found.opportunity.state), action)
    match action:
        case LaterAction.SCHEDULE:
            return schedule(found, now=now)
        case LaterAction.NEEDS_RESEARCH:
            return research(found, now=now)
        case LaterAction.SNOOZE if ruled.ruling is Ruling.ALREADY:
            return already_decided(found.opportunity)
        case LaterAction.SNOOZE:
            ask_when(found.operator, found.opportunity, key=answered.tap_key, now=now)
            return None


def timed(answered: Answered, now: datetime) -> Reply:
    """A tap on the list of times."""
    found = deciding_of(answered)
    if isinstance(found, Reply):
        return found
    return put_off(found, SnoozeChoice(answered.button.action or ""), now=now)


def schedule(deciding: Deciding, *, now: datetime) -> Reply:
    """احجز اجتماع, after accept or draft, or once a message has left."""
    opportunity = deciding.opportunity
    match rule_on_later(OpportunityState(opportunity.state), LaterAction.SCHEDULE).ruling:
        case Ruling.PLAN:
            return plan_meeting(deciding.operator, opportunity, tap_key=deciding.tap_key, via=deciding.via, now=now)
        case Ruling.NOT_OFFERED:
            return Reply(AnswerCode.NOT_TO_MEET, {"state": state_words(opportunity.state)})
        case _:
            return already_decided(opportunity)


def deciding_of(answered: Answered) -> Deciding | Reply:
    """Lock what a question is about; the answer instead if it is not theirs to decide.

    On a page one sees whose it is; a list on the phone may be older than that.
    """
    operator = answered.operator
    opportunity = decisions.lock_opportunities([answered.subject]).get(answered.subject)
    if opportunity is None or opportunity.business_id != operator.business_id:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    if answered.via == "phone" and opportunity.owner_id not in {None, operator.id}:
        return already_decided(opportunity)
    return Deciding(operator, opportunity, answered.tap_key, answered.via)
