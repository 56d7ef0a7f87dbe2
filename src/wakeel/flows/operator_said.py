"""An operator wrote. In order: stop all, quoted message, word or number for the one open card, the text that was asked
for, else ask. A wrong answer decides nothing. Design section 4."""

from collections.abc import Sequence
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Place
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.drafts import EDIT_PATIENCE, DraftState
from wakeel.domain.events import OtherMessage, TextReceived
from wakeel.domain.message_contents import Edit, Media, Reaction, Revocation
from wakeel.domain.message_kinds import VOICE, kind_words
from wakeel.domain.new_opportunity import read_typed
from wakeel.domain.operator_texts import (
    asks_for_brief,
    is_approve_all,
    is_bare_answer,
    is_choice,
    is_help,
    is_late,
    is_only_answer,
    is_opt_out_word,
    is_stop_all,
    may_be_choice,
    new_text_of,
)
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows import approve_batch, typed_choice
from wakeel.flows.edit_draft import submit_text
from wakeel.flows.new_opportunity import make_typed
from wakeel.flows.operators_tapped import show_current
from wakeel.flows.reply import Reply
from wakeel.flows.send_brief import show_now
from wakeel.flows.stop_sending import leaving_words, press
from wakeel.flows.take_words import take_words
from wakeel.flows.typed_choice import Question
from wakeel.flows.which_card import ask_which
from wakeel.flows.written import Written
from wakeel.store import cards, drafts, questions
from wakeel.store.models import Draft, Operator, Prompt


def operator_said(
    event: TextReceived | OtherMessage, operator: Operator, *, had_waiting: bool, now: datetime
) -> Reply | None:
    """Carry out what an operator typed or sent and give the true answer; None when cards or questions are the answer,
    and for a sign on a message that asks for nothing.

    had_waiting: something was waiting for their window to open.
    """
    if isinstance(event, TextReceived):
        return _typed(event, operator, had_waiting=had_waiting, now=now)
    if isinstance(event.content, Edit | Revocation):
        return Reply(AnswerCode.NO_TAKING_BACK)
    if isinstance(event.content, Reaction) and typed_choice.quoted(operator, event.content.wamid) is None:
        return None
    is_voice = isinstance(event.content, Media) and event.content.is_voice
    return Reply(AnswerCode.UNREADABLE, {"kind": kind_words(VOICE if is_voice else event.type)})


def _typed(event: TextReceived, operator: Operator, *, had_waiting: bool, now: datetime) -> Reply | None:
    if is_stop_all(event.text):
        pressed = press(operator.business_id, operator.id, now=now, place=Place.PHONE)
        return Reply(AnswerCode.STOPPED_ALL, {"leaving": leaving_words(pressed.leaving)}, carried_out=True)
    if is_opt_out_word(event.text):
        return Reply(AnswerCode.OPT_OUT_WORD, {"word": one_line(event.text)})
    if event.context_wamid is not None:
        question = typed_choice.quoted(operator, event.context_wamid)
        if question is not None:
            return _about(question, event, operator, now=now)
        about = questions.opportunity_answered(operator, event.context_wamid)
        taken = take_words(_written(event, operator, about=about), now=now) if about else None
        if taken is not None:
            return taken
    if is_approve_all(event.text):
        return approve_batch.offer(operator, key=event.wamid, now=now)
    if event.context_wamid is None and is_help(event.text):
        return Reply(AnswerCode.HOW_TO)
    if event.context_wamid is None and asks_for_brief(event.text):
        show_now(operator, key=event.wamid, now=now)
        return None
    open_questions = typed_choice.open_now(operator, at=event.sent_at) if may_be_choice(event.text) else []
    if is_choice(event.text) or any(one.chosen(event.text) is not None for one in open_questions):
        return _chosen(event, operator, open_questions, had_waiting=had_waiting, now=now)
    return _in_words(event, operator, now=now) or ask_which(operator, event.text, had_waiting=had_waiting, now=now)


def _about(question: Question, event: TextReceived, operator: Operator, *, now: datetime) -> Reply | None:
    """What was typed below a message of ours with buttons."""
    draft, new_text = question.draft, new_text_of(event.text)
    if draft is not None and new_text is not None:
        return _next_version(event, operator, draft, new_text, now=now)
    button = question.chosen(event.text)
    if button is not None:
        return typed_choice.choose(question, button, event, operator, now=now)
    if is_approve_all(event.text):
        return approve_batch.offer(operator, key=event.wamid, now=now)
    if draft is not None:
        return _text_of_card(event, operator, draft, now=now)
    about = question.card.opportunity_id if question.card is not None else ""
    return take_words(_written(event, operator, question.prompt, about=about), now=now) or _not_among(question)


def _text_of_card(event: TextReceived, operator: Operator, draft: Draft, *, now: datetime) -> Reply:
    """A reply to an approval card is its next text, unless it can only be an answer to it."""
    if draft.state == DraftState.EDITING:
        return _text_asked_for(event, operator, draft, now=now)
    if event.text.strip() and is_bare_answer(event.text):
        return Reply(AnswerCode.NOT_A_VERSION, {"word": one_line(event.text) or "—"})
    return _next_version(event, operator, draft, event.text, now=now)


def _text_asked_for(event: TextReceived, operator: Operator, draft: Draft, *, now: datetime) -> Reply:
    """A yes or a command in place of the new text was meant for something else: nobody writes it to a contact."""
    word = one_line(event.text)
    if word and is_only_answer(event.text):
        return Reply(AnswerCode.NOT_THE_TEXT, {"word": word})
    return _next_version(event, operator, draft, event.text, now=now)


def _not_among(question: Question) -> Reply:
    named = [f"{n} {choice.title}".strip() for n, choice in enumerate(question.choices, 1)]
    if not named:
        return Reply(AnswerCode.NO_CHOICES)
    return Reply(AnswerCode.NO_SUCH_CHOICE, {"choices": Text.literal("، ".join(named), ", ".join(named))})


def _chosen(
    event: TextReceived, operator: Operator, open_questions: Sequence[Question], *, had_waiting: bool, now: datetime
) -> Reply | None:
    """A word or number without a quote counts if there is just one thing it can mean; it is never a text."""
    if event.context_wamid is None:
        found = typed_choice.only_one(open_questions, event.text)
        if found is not None:
            return typed_choice.choose(*found, event, operator, now=now)
        taken = take_words(_written(event, operator), now=now)
        if taken is not None:
            return taken
        unsent = typed_choice.unsent(operator, event.text)
        if len(unsent) == 1 and not any(one.draft is not None for one in open_questions):
            message, button = unsent[0]
            return typed_choice.decide(operator, button, message.digest, event, now=now)
    return ask_which(operator, event.text, had_waiting=had_waiting, now=now)


def _in_words(event: TextReceived, operator: Operator, *, now: datetime) -> Reply | None:
    """Text without a known quote: an opportunity by hand, what something waits for, or the text of a draft."""
    typed = read_typed(event.text)
    editing = drafts.in_editing(operator, asked_after=event.sent_at - EDIT_PATIENCE)
    if typed is not None and (typed.is_whole or not editing):
        return make_typed(operator, typed, tap_key=event.wamid, now=now)
    taken = take_words(_written(event, operator), now=now)
    if taken is not None:
        return taken
    new_text = new_text_of(event.text)
    draft = editing[0] if len(editing) == 1 else None
    if new_text is not None and draft is None and not editing:
        draft = _draft_of_only_card(operator)
    if draft is None:
        return None
    if new_text is None:
        return _text_asked_for(event, operator, draft, now=now)
    return _next_version(event, operator, draft, new_text, now=now)


def _draft_of_only_card(operator: Operator) -> Draft | None:
    open_cards = cards.open_cards(operator)
    return open_cards[0].draft if len(open_cards) == 1 else None


def _written(event: TextReceived, operator: Operator, prompt: Prompt | None = None, *, about: str = "") -> Written:
    return Written(
        operator=operator, text=event.text, prompt=prompt, opportunity_id=about, tap_key=event.wamid,
        sent_at=event.sent_at,
    )  # fmt: skip


def _next_version(event: TextReceived, operator: Operator, draft: Draft, text: str, *, now: datetime) -> Reply:
    if is_late(event.sent_at, now=now):
        show_current(operator, ButtonReply(ButtonKind.MESSAGE_DRAFT, "edit", draft.id), now=now)
        return Reply(AnswerCode.LATE, {"t": event.sent_at})
    return submit_text(operator.id, draft.id, text, tap_key=event.wamid, via="phone", now=now)
