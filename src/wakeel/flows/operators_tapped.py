"""Operators tapped: what was not seen whole, or not seen at all, is shown instead; the rest is decided. Walk 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.drafts import UNDECIDED
from wakeel.domain.events import ButtonTapped
from wakeel.domain.operator_texts import counts_when_late, is_late
from wakeel.domain.opportunities import OPEN_STATES
from wakeel.flows import live_test
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.show_card import Ranked, show_draft, show_opportunity
from wakeel.flows.take_decision import Taken, Tap, take_decisions
from wakeel.store.models import Card, Draft, Operator, Opportunity, Showing

KINDS = {ButtonKind.OPPORTUNITY: Card.Kind.OPPORTUNITY, ButtonKind.MESSAGE_DRAFT: Card.Kind.APPROVAL}
"""Which button is on which card."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """showing: of the card that was tapped, as this operator has it; None if it is not known."""

    event: ButtonTapped
    operator: Operator
    showing: Showing | None


def operators_tapped(tapped: Sequence[Tapped], *, now: datetime, ranked: list[Ranked] | None = None) -> list[Taken]:
    """Carry out taps in one business on cards of different opportunities, in the caller's transaction; the answers.

    ranked: as for `take_decisions`.
    """
    shown = {place: _shown_instead(one, now=now) for place, one in enumerate(tapped)}
    to_decide = [_as_tap(one) for place, one in enumerate(tapped) if shown[place] is None]
    decided = take_decisions(to_decide, ranked=ranked, now=now)
    rest = iter(decided)
    return [Taken(reply) if (reply := shown[place]) is not None else next(rest) for place in range(len(tapped))]


def _as_tap(one: Tapped) -> Tap:
    digest = one.showing.card.digest if one.showing is not None else None
    return Tap(one.operator.id, one.event.reply, digest, one.event.wamid, "phone")


def _shown_instead(one: Tapped, *, now: datetime) -> Reply | None:
    """The answer to a tap that decides nothing; None for one that does."""
    button = one.event.reply
    if live_test.is_of_test(button):
        return live_test.answer(one.operator, button)
    if button.kind not in KINDS:
        # Consent ids belong to contacts; every other kind is carried by no card of ours yet.
        known = button.is_known and button.kind is not ButtonKind.CONSENT
        return (
            Reply(AnswerCode.STALE_NOTHING, {"state": state_words("expired")})
            if known
            else Reply(AnswerCode.UNKNOWN_BUTTON)
        )
    if one.showing is not None and not _fits(one.showing, button):
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    return shown_instead(one.operator, one.showing, button, sent_at=one.event.sent_at, now=now)


def shown_instead(
    operator: Operator, showing: Showing | None, button: ButtonReply, *, sent_at: datetime, now: datetime
) -> Reply | None:
    """What is not carried out, because it came late or its card was not seen whole: the current card is shown.

    None for what is to be decided.
    """
    if is_late(sent_at, now=now) and not counts_when_late(button):
        show_current(operator, button, now=now)
        return Reply(AnswerCode.LATE, {"t": sent_at})
    if showing is not None and _whole_text_arrived(showing):
        return None
    if show_current(operator, button, now=now):
        return Reply(AnswerCode.STALE)
    state = _state_of(operator, button)
    if state is None:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    return Reply(AnswerCode.STALE_NOTHING, {"state": state_words(state)})


def _fits(showing: Showing, button: ButtonReply) -> bool:
    """The button must belong to the card it claims to come from."""
    card = showing.card
    subject = card.draft_id if card.kind == Card.Kind.APPROVAL else card.opportunity_id
    return KINDS[button.kind] == card.kind and subject == button.subject_id


def _whole_text_arrived(showing: Showing) -> bool:
    """A card that quotes its text counts only if that text was accepted too."""
    return showing.rendering is None or showing.rendering.wamid is not None


def show_current(operator: Operator, button: ButtonReply, *, now: datetime) -> bool:
    """Show the current card of what was tapped; False if there is nothing left to decide."""
    if button.kind is ButtonKind.MESSAGE_DRAFT:
        draft = Draft.objects.filter(business_id=operator.business_id, pk=button.subject_id)
        found = draft.select_related("opportunity", "contact", "number__business").first()
        if found is None or found.state not in UNDECIDED:
            return False
        show_draft(operator, found, now=now)
        return True
    rows = Opportunity.objects.filter(business_id=operator.business_id, pk=button.subject_id)
    opportunity = rows.select_related("contact").first()
    if opportunity is None or opportunity.state not in OPEN_STATES:
        return False
    show_opportunity(operator, opportunity, now=now)
    return True


def _state_of(operator: Operator, button: ButtonReply) -> str | None:
    model = Draft if button.kind is ButtonKind.MESSAGE_DRAFT else Opportunity
    row = model.objects.filter(business_id=operator.business_id, pk=button.subject_id).first()
    return row.state if row else None
