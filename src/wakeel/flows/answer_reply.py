"""رسالة · لاحقاً · تم under what a contact wrote, tapped or clicked. Issue 7, 11."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, ButtonReply, button_id, parse_button_id
from wakeel.domain.drafts import OutboxPhase
from wakeel.domain.opportunities import ANSWERED, UNFINISHED
from wakeel.domain.prompts import PromptKind
from wakeel.domain.text import name_line
from wakeel.flows.answered import Answered
from wakeel.flows.choose_next import ask_when
from wakeel.flows.close_opportunity import ask_outcome
from wakeel.flows.effects import Effects
from wakeel.flows.no_operator import no_operator
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.show_card import opportunity_digest, show_draft
from wakeel.flows.take_decision import Tap, take_decisions
from wakeel.flows.turn_to import turn_to
from wakeel.flows.write_draft import reply_text
from wakeel.store import businesses, contacts, conversation, decisions, drafts, prompts, said_to_us
from wakeel.store.conversation import Last
from wakeel.store.models import Contact, Draft, Operator, Opportunity
from wakeel.store.retry import whole_transaction


@whole_transaction
def take_thread(operator_id: str, contact_id: str, action: str, *, tap_key: str, via: str, now: datetime) -> Reply:
    """Carry out one click on a person's page. action: draft. tap_key: the page's one-time key; it counts once."""
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        if (no_more := no_operator(operator)) is not None:
            return no_more
        if decisions.was_taken(operator.business_id, tap_key):
            return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words("drafting")})
        button = parse_button_id(button_id(ButtonKind.THREAD, action, subject_id=contact_id))
        answered = Answered(operator, button, None, tap_key, via)
        return answered_reply(answered, now) or Reply(AnswerCode.SHOWN_AGAIN)


def answered_reply(answered: Answered, now: datetime) -> Reply | None:
    """A tap under what a contact wrote; None where a question is the answer.

    It is about what is open with them now, whatever was open when they wrote: a card may be tapped late.
    """
    operator = answered.operator
    contact = contacts.lock(operator.business_id, answered.subject)
    if contact is None:
        return Reply(AnswerCode.NO_SUCH_CONTACT)
    opportunity = _open_with(contact, operator)
    if opportunity is None:
        return Reply(AnswerCode.NOTHING_TO_ANSWER, {"name": name_line(contact.name)})
    match answered.button.action:
        case "snooze":
            ask_when(operator, opportunity, key=answered.tap_key, now=now)
            return None
        case "done":
            ask_outcome(operator, opportunity, key=answered.tap_key, now=now)
            return None
        case _:
            return _draft(answered, contact, opportunity, now=now)


def meant(operator_id: str, records: Collection[str]) -> str | None:
    """The opportunity that an answer of this operator to this person would be about; None if nothing is open.

    records: ids of all records of the person.
    """
    first = _first([row for rows in said_to_us.unfinished(records).values() for row in rows], operator_id)
    return first.id if first is not None else None


def _open_with(contact: Contact, operator: Operator) -> Opportunity | None:
    """What is open with this person, locked."""
    group = contacts.group_of(contact)
    ids = [row.id for rows in said_to_us.unfinished(group).values() for row in rows]
    # Again, under the lock: it may have come to its end meanwhile.
    return _first([row for row in decisions.lock_opportunities(ids).values() if row.state in UNFINISHED], operator.id)


def _first(found: list[Opportunity], operator_id: str) -> Opportunity | None:
    """What was answered before what was not, the operator's own first."""
    return max(
        found, key=lambda row: (row.state in ANSWERED, row.owner_id == operator_id, row.updated_at), default=None
    )


def _draft(answered: Answered, contact: Contact, opportunity: Opportunity, *, now: datetime) -> Reply:
    operator, group = answered.operator, contacts.group_of(contact)
    turn_to(group, now=now)
    prompts.close(contact.business_id, contact.id, now=now, kinds=[PromptKind.REPLY])
    if opportunity.state not in ANSWERED:
        return _first_draft(answered, opportunity, now=now)
    last, words = conversation.last_message(group), conversation.last_words(contact.id)
    waiting = drafts.unsent_of(opportunity)
    if waiting is not None:
        draft, phase = waiting
        show_draft(operator, draft, reply=words, as_it_is=phase is OutboxPhase.HELD_BY_REPLY, now=now)
        return Reply(AnswerCode.SHOWN_AGAIN)
    reply = Reply(AnswerCode.REPLY_DRAFTED, {"name": name_line(contact.name)}, carried_out=True)
    draft = _written(answered, opportunity, last, reply, now=now)
    show_draft(operator, draft, reply=words, now=now)
    return reply


def _first_draft(answered: Answered, opportunity: Opportunity, *, now: datetime) -> Reply:
    """Nothing was sent about it yet: the same as رسالة on its own card."""
    button = ButtonReply(ButtonKind.OPPORTUNITY, "draft", opportunity.id)
    tap = Tap(answered.operator.id, button, opportunity_digest(opportunity), answered.tap_key, answered.via)
    return take_decisions([tap], now=now)[0].reply


def _written(answered: Answered, opportunity: Opportunity, last: Last | None, reply: Reply, *, now: datetime) -> Draft:
    """A draft that answers them, whose opportunity is whoever's it was, else the operator's now."""
    operator, effects = answered.operator, Effects()
    first = reply_text(opportunity, last)
    number = businesses.number_of(opportunity.business_id)
    draft = drafts.made(opportunity, number=number, category=first.category, now=now)
    draft.answers = (last.wamid if last is not None else answered.tap_key)[:200]
    effects.written.append((draft, first.text))
    if first.written_by:
        effects.written_by[draft.id] = first.written_by
    effects.decisions.append(
        decisions.made(
            operator, opportunity=opportunity, draft=draft, action="reply", via=answered.via,
            tap_key=answered.tap_key, reply=reply.code, carried_out=True, now=now,
        )
    )  # fmt: skip
    effects.carry_out(now=now)
    if opportunity.owner_id is None:
        decisions.give_to(opportunity, operator, now=now)
    return draft
