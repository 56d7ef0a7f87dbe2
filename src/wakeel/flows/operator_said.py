"""An operator tapped or wrote. In order: stop all, quoted card, typed command, draft being edited, else ask."""

from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.drafts import EDIT_PATIENCE, DraftState
from wakeel.domain.events import ButtonTapped, TextReceived
from wakeel.domain.operator_texts import command_of, counts_when_late, is_late, is_opt_out_word, is_stop_all
from wakeel.domain.text import one_line
from wakeel.flows.edit_draft import submit_text
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.show_card import fill_cards, show_draft, show_opportunity, show_unseen
from wakeel.flows.stop_sending import press
from wakeel.flows.take_decision import take_decision
from wakeel.store import cards, drafts
from wakeel.store.messages import Said
from wakeel.store.models import Card, Draft, Operator, Opportunity, Showing

_KINDS = {ButtonKind.OPPORTUNITY: Card.Kind.OPPORTUNITY, ButtonKind.MESSAGE_DRAFT: Card.Kind.APPROVAL}


def operator_said(event: Said, operator: Operator, *, had_waiting: bool, now: datetime) -> Reply | None:
    """Carry out one message of an operator and give the true answer; None when the cards themselves are the answer.

    had_waiting: something was waiting for their window to open.
    """
    match event:
        case ButtonTapped():
            return _tapped(event, operator, now=now)
        case TextReceived():
            return _typed(event, operator, had_waiting=had_waiting, now=now)
        case _:
            return Reply(AnswerCode.UNREADABLE) if event.opens_window else None


def _tapped(event: ButtonTapped, operator: Operator, *, now: datetime) -> Reply:
    button = event.reply
    if button.kind not in _KINDS:
        # Consent ids belong to contacts; every other kind is carried by no card of ours yet.
        known = button.is_known and button.kind is not ButtonKind.CONSENT
        return (
            Reply(AnswerCode.STALE_NOTHING, {"state": state_words("expired")})
            if known
            else Reply(AnswerCode.UNKNOWN_BUTTON)
        )
    showing = None
    if event.context_wamid is not None:
        showing = cards.shown_as(operator.business_id, event.context_wamid, operator=operator)
    if showing is not None and not _fits(showing, button):
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    if is_late(event.sent_at, now=now) and not counts_when_late(button):
        _show_current(operator, button, now=now)
        return Reply(AnswerCode.LATE, {"t": event.sent_at})
    return _decide(event, operator, showing, button, now=now)


def _decide(event: Said, operator: Operator, showing: Showing | None, button: ButtonReply, *, now: datetime) -> Reply:
    """One door for taps and typed commands: what was not seen whole, or not seen at all, is shown instead."""
    if showing is None or not _whole_text_arrived(showing):
        return _shown_instead(operator, button, now=now)
    return take_decision(
        operator.id, button, shown_digest=showing.card.digest, tap_key=event.wamid, via="phone", now=now
    )


def _fits(showing: Showing, button: ButtonReply) -> bool:
    """The button must belong to the card it claims to come from."""
    card = showing.card
    subject = card.draft_id if card.kind == Card.Kind.APPROVAL else card.opportunity_id
    return _KINDS[button.kind] == card.kind and subject == button.subject_id


def _whole_text_arrived(showing: Showing) -> bool:
    """A card that quotes its text counts only if that text was accepted too."""
    return showing.rendering is None or showing.rendering.wamid is not None


def _show_current(operator: Operator, button: ButtonReply, *, now: datetime) -> bool:
    """Show the current card of what was tapped; False if there is nothing left to decide."""
    if button.kind is ButtonKind.MESSAGE_DRAFT:
        draft = Draft.objects.filter(business_id=operator.business_id, pk=button.subject_id)
        found = draft.select_related("opportunity", "contact", "number").first()
        if found is None or found.state not in {DraftState.AWAITING_APPROVAL, DraftState.EDITING}:
            return False
        show_draft(operator, found, now=now)
        return True
    rows = Opportunity.objects.filter(business_id=operator.business_id, pk=button.subject_id)
    opportunity = rows.select_related("contact").first()
    if opportunity is None or opportunity.state not in {"new", "presented"}:
        return False
    show_opportunity(operator, opportunity, now=now)
    return True


def _shown_instead(operator: Operator, button: ButtonReply, *, now: datetime) -> Reply:
    if _show_current(operator, button, now=now):
        return Reply(AnswerCode.STALE)
    state = _state_of(operator, button)
    if state is None:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    return Reply(AnswerCode.STALE_NOTHING, {"state": state_words(state)})


def _state_of(operator: Operator, button: ButtonReply) -> str | None:
    model = Draft if button.kind is ButtonKind.MESSAGE_DRAFT else Opportunity
    row = model.objects.filter(business_id=operator.business_id, pk=button.subject_id).first()
    return row.state if row else None


def _typed(event: TextReceived, operator: Operator, *, had_waiting: bool, now: datetime) -> Reply:
    if is_stop_all(event.text):
        press(operator.business_id, operator.id, now=now)
        return Reply(AnswerCode.STOPPED_ALL, carried_out=True)
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
    if command is not None and _KINDS[command[0]] == quoted.card.kind:
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
    if len(open_cards) != 1 or open_cards[0].kind != _KINDS[command[0]]:
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
    if is_late(event.sent_at, now=now) and not counts_when_late(button):
        _show_current(operator, button, now=now)
        return Reply(AnswerCode.LATE, {"t": event.sent_at})
    return _decide(event, operator, showing, button, now=now)


def _about_edited(event: TextReceived, operator: Operator, *, now: datetime) -> Reply | None:
    editing = drafts.in_editing(operator, asked_after=event.sent_at - EDIT_PATIENCE)
    return _next_version(event, operator, editing[0], now=now) if len(editing) == 1 else None


def _next_version(event: TextReceived, operator: Operator, draft: Draft, *, now: datetime) -> Reply:
    if is_late(event.sent_at, now=now):
        _show_current(operator, ButtonReply(ButtonKind.MESSAGE_DRAFT, "edit", draft.id), now=now)
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
