"""Somebody tapped or wrote: who was it, and what does it mean from them? Walks 1 and 4."""

from dataclasses import replace
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Place
from wakeel.domain.events import ButtonTapped, TextReceived
from wakeel.domain.operator_texts import is_stop_all
from wakeel.domain.prompts import carried_by
from wakeel.domain.recognition import Recognition, recognise
from wakeel.flows import operator_window
from wakeel.flows.answer_prompt import answer_prompt
from wakeel.flows.answered import Answered
from wakeel.flows.contact_said import contact_said, says_nothing_about_consent
from wakeel.flows.enrol_operator import suspend, take_code
from wakeel.flows.invitation import of_its_draft
from wakeel.flows.no_operator import no_operator
from wakeel.flows.operator_said import operator_said
from wakeel.flows.operators_tapped import Tapped
from wakeel.flows.reply import Reply
from wakeel.flows.stop_sending import leaving_count, press
from wakeel.flows.take_taps import take_taps
from wakeel.flows.tell_operator import tell
from wakeel.store import cards, contacts, decisions, messages, operators, prompts
from wakeel.store.messages import Said
from wakeel.store.models import Operator, Prompt, SendingNumber


class Postponed(Exception):
    """A card to this operator is on the wire; its wamid may be the one that was tapped. Look again shortly."""


def person_wrote(event: Said, number: SendingNumber, *, may_wait: bool, now: datetime) -> None:
    """Act once on one message, inside the caller's transaction.

    may_wait: the tap is young enough to wait for the answer that binds its card's wamid. Raises Postponed then.
    """
    business_id = number.business_id
    if messages.was_kept(business_id, event.wamid):
        return
    everybody = operators.ever(business_id)
    who = recognise(event.sender, map(operators.as_enrolled, everybody))
    if who.who is not Recognition.STRANGER and who.operator_id is not None:
        operator = next(one for one in everybody if one.id == who.operator_id)
        if who.who is Recognition.OPERATOR:
            if who.binds is not None:
                operators.bind(operator, who.binds, now=now)
            _from_operator(event, operator, may_wait=may_wait, now=now)
        else:
            _from_no_operator(event, operator, swapped=who.who is Recognition.SWAPPED, now=now)
        return
    _from_contact(event, number, now=now)


def _from_operator(event: Said, operator: Operator, *, may_wait: bool, now: datetime) -> None:
    context = event.context_wamid
    showing = cards.shown_as(operator.business_id, context, operator=operator) if context is not None else None
    prompt = None
    if context is not None and showing is None:
        prompt = prompts.shown_as(operator.business_id, context, operator=operator)
    if may_wait and context is not None and showing is None and prompt is None and _is_any_leaving(operator, now=now):
        raise Postponed
    if isinstance(event, ButtonTapped):
        event = replace(event, reply=of_its_draft(event.reply, showing, prompt, business_id=operator.business_id))
        if carried_by(event.reply) is not None:
            _answered(event, operator, prompt, now=now)
        else:
            take_taps(operator.business_id, [Tapped(event, operator, showing)], now=now)
        return
    if _is_code(event, operator.business_id, now=now):
        tell(operator, Reply(AnswerCode.CODE_TAKEN), key=event.wamid, now=now)
        return
    row = messages.keep(operator.business_id, event, contact=None, operator=operator, now=now)
    if row is None:
        return
    had_waiting = operators.waits_unsent(operator)
    if event.opens_window:
        operator_window.wrote(operator, at=min(event.sent_at, now), now=now)
    reply = operator_said(event, operator, had_waiting=had_waiting, now=now)
    messages.note(row, reply.code if reply else "nothing")
    if reply is not None:
        about = decisions.person_of(operator.business_id, event.wamid)
        tell(operator, reply, key=event.wamid, now=now, about=about)


def _is_any_leaving(operator: Operator, *, now: datetime) -> bool:
    return cards.is_any_leaving(operator, since=now) or prompts.is_any_leaving(operator, since=now)


def _answered(event: ButtonTapped, operator: Operator, prompt: Prompt | None, *, now: datetime) -> None:
    row = messages.keep(operator.business_id, event, contact=None, operator=operator, now=now)
    if row is None:
        return
    if event.opens_window:
        operator_window.wrote(operator, at=min(event.sent_at, now), now=now)
    answered = Answered(decisions.lock_operator(operator.id), event.reply, prompt, event.wamid, "phone")
    reply = answer_prompt(answered, sent_at=event.sent_at, now=now)
    messages.note(row, reply.code if reply else "nothing")
    if reply is not None:
        about = decisions.person_of(operator.business_id, event.wamid)
        tell(operator, reply, key=event.wamid, now=now, about=about)


def _from_no_operator(event: Said, operator: Operator, *, swapped: bool, now: datetime) -> None:
    """Suspended, or left the team: answered with the way back, nothing else is done; a fresh code may come from this
    very phone."""
    if swapped:
        suspend(operator.id, now=now)
        operator.refresh_from_db(fields=["state"])
    if isinstance(event, TextReceived) and take_code(
        operator.business_id, event.text, event.sender, sent_at=event.sent_at, now=now
    ):
        messages.keep_code(operator.business_id, event, now=now)
        return
    row = messages.keep(operator.business_id, event, contact=None, operator=operator, now=now)
    if row is None:
        return
    operators.wrote(operator, at=min(event.sent_at, now))
    reply = no_operator(operator) or Reply(AnswerCode.ENROL_AGAIN)
    messages.note(row, reply.code)
    tell(operator, reply, key=event.wamid, now=now)


def _from_contact(event: Said, number: SendingNumber, *, now: datetime) -> None:
    """A word about being written to is never swallowed as a code."""
    business_id = number.business_id
    if says_nothing_about_consent(event) and _is_code(event, business_id, now=now):
        return
    if operators.is_operator_sender(business_id, event.sender):
        # An operator's phone without its BSUID: not trusted to decide, and never a contact either.
        _from_unproven(event, business_id, now=now)
        return
    contact_said(event, number, now=now)


def _from_unproven(event: Said, business_id: str, *, now: datetime) -> None:
    """An operator's phone without its BSUID: it may stop everything, which harms nobody, and decides nothing else."""
    row = messages.keep(business_id, event, contact=None, operator=None, now=now)
    if row is None:
        return
    messages.note(row, AnswerCode.UNPROVEN)
    reply = Reply(AnswerCode.UNPROVEN)
    if isinstance(event, TextReceived) and is_stop_all(event.text):
        pressed = press(business_id, "unproven operator", now=now, place=Place.PHONE)
        reply = Reply(AnswerCode.STOPPED_ALL, {"leaving": leaving_count(pressed.leaving)}, carried_out=True)
    for operator in operators.of_phone(business_id, event.sender):
        tell(operator, reply, key=event.wamid, now=now)


def _is_code(event: Said, business_id: str, *, now: datetime) -> bool:
    """True for an enrolment code: not a contact, maybe never one, so the code itself is not kept."""
    if not isinstance(event, TextReceived):
        return False
    is_contact = bool(contacts.all_of(business_id, event.sender)) or operators.is_operator_sender(
        business_id, event.sender
    )
    taken = take_code(business_id, event.text, event.sender, sent_at=event.sent_at, now=now, is_contact=is_contact)
    if taken:
        messages.keep_code(business_id, event, now=now)
    return taken
