"""An operator wrote. In order: stop all, quoted card, typed command, draft being edited, else ask."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.drafts import EDIT_PATIENCE, DraftState
from wakeel.domain.events import OtherMessage, TextReceived
from wakeel.domain.operator_texts import command_of, is_late, is_opt_out_word, is_stop_all
from wakeel.domain.text import one_line
from wakeel.flows.edit_draft import submit_text
from wakeel.flows.operators_tapped import KINDS, show_current, shown_instead
from wakeel.flows.reply import Reply
from wakeel.flows.show_card import fill_cards, show_unseen
from wakeel.flows.stop_sending import leaving_words, press
from wakeel.flows.take_decision import take_decision
from wakeel.store import cards, drafts
from wakeel.store.models import Draft, Operator, Showing


def operator_said(
    event: TextReceived | OtherMessage, operator: Operator, *, had_waiting: bool, now: datetime
) -> Reply | None:
    """Carry out what an operator typed or sent and give the true answer; None when the cards themselves are the answer.

    had_waiting: something was waiting for their window to open.
    """
    if isinstance(event, TextReceived):
        return _typed(event, operator, had_waiting=had_waiting, now=now)
    return Reply(AnswerCode.UNREADABLE) if event.opens_window else None


def _typed(event: TextReceived, operator: Operator, *, had_waiting: bool, now: datetime) -> Reply:
    if is_stop_all(event.text):
        pressed = press(operator.business_id, operator.id, now=now)
        return Reply(AnswerCode.STOPPED_ALL, {"leaving": leaving_words(pressed.leaving)}, carried_out=True)
    if is_opt_out_word(event.text):
        return Reply(AnswerCode.OPT_OUT_WORD, {"word": one_line(event.text)})
    quoted = None
    if event.context_wamid is not None:
        quoted = cards.shown_as(operator.business_id, event.context_wamid, operator=operator)
    return (
        _about_quoted(event, operator, quoted, now=now)
        or _about_only_card(event, operator, now=now)
        or _about_edited(event, operator, now=now)
        or _ask_which(operator, had_waiting=had_waiting, now=now)
    )


def _about_quoted(event: TextReceived, operator: Operator, quoted: Showing | None, *, now: datetime) -> Reply | None:
    if quoted is None:
        return None
    command = command_of(event.text)
    if command is not None and KINDS[command[0]] == quoted.card.kind:
        return _command(event, operator, quoted, command, now=now)
    draft = quoted.card.draft
    if draft is not None and draft.state == DraftState.EDITING:
        return _next_version(event, operator, draft, now=now)
    return None


def _about_only_card(event: TextReceived, operator: Operator, *, now: datetime) -> Reply | None:
    command = command_of(event.text)
    if command is None:
        return None
    open_cards = cards.open_cards(operator)
    if len(open_cards) != 1 or open_cards[0].kind != KINDS[command[0]]:
        return None
    seen = cards.last_seen(open_cards[0])
    return _command(event, operator, seen, command, now=now) if seen is not None else None


def _command(
    event: TextReceived, operator: Operator, showing: Showing, command: tuple[ButtonKind, str], *, now: datetime
) -> Reply:
    kind, action = command
    card = showing.card
    subject = card.draft_id if kind is ButtonKind.MESSAGE_DRAFT else card.opportunity_id
    button = ButtonReply(kind, action, subject)
    instead = shown_instead(operator, showing, button, sent_at=event.sent_at, now=now)
    return instead or take_decision(
        operator.id, button, shown_digest=card.digest, tap_key=event.wamid, via="phone", now=now
    )


def _about_edited(event: TextReceived, operator: Operator, *, now: datetime) -> Reply | None:
    editing = drafts.in_editing(operator, asked_after=event.sent_at - EDIT_PATIENCE)
    return _next_version(event, operator, editing[0], now=now) if len(editing) == 1 else None


def _next_version(event: TextReceived, operator: Operator, draft: Draft, *, now: datetime) -> Reply:
    if is_late(event.sent_at, now=now):
        show_current(operator, ButtonReply(ButtonKind.MESSAGE_DRAFT, "edit", draft.id), now=now)
        return Reply(AnswerCode.LATE, {"t": event.sent_at})
    return submit_text(operator.id, draft.id, event.text, tap_key=event.wamid, via="phone", now=now)


def _ask_which(operator: Operator, *, had_waiting: bool, now: datetime) -> Reply:
    coming = show_unseen(operator, now=now) + fill_cards(operator, now=now)
    if had_waiting or coming:
        return Reply(AnswerCode.CARDS_COMING)
    open_cards = cards.open_cards(operator)
    if not open_cards:
        return Reply(AnswerCode.NOTHING_OPEN)
    titles = "، ".join(one_line(card.opportunity.title) for card in open_cards[:5])
    return Reply(AnswerCode.WHICH_ONE, {"open": titles})
