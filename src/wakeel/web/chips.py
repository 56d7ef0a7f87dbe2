"""The small words that say how something stands: on a row of the queue, on a message. Drawn on the page and by the
live stream (`web.live_places`) alike, so that both say the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from wakeel.domain.drafts import DraftState
from wakeel.domain.opportunities import PUT_OFF, OpportunityState
from wakeel.domain.outbox import OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.flows.reply import state_words
from wakeel.store.screens.live import DealNow, MessageNow

COUNTED_DOWN = timedelta(minutes=2)
"""Longer waits are named by their time."""


@dataclass(frozen=True, slots=True)
class Chip:
    """css: its colour, by the names of desk.css. words: '' where a countdown to `until` says it all, in the words of
    `form` (`templatetags.live`). until without a form: the moment itself follows the words."""

    css: str
    words: str
    until: datetime | None = None
    form: str = ""


def of_deal(deal: DealNow, *, language: str, now: datetime) -> Chip:
    """How an opportunity stands: what waits for a decision, else what became of it."""
    if deal.draft_state == DraftState.AWAITING_APPROVAL:
        return Chip("act", _("Draft waiting"))
    if deal.draft_state == DraftState.EDITING:
        return Chip("act", state_words(DraftState.EDITING).say(language))
    if deal.state in _OPEN:
        return Chip("info", _("Opportunity waiting"))
    if deal.message is not None and deal.state in _TOLD_BY_MESSAGE:
        return of_message(deal.message, language=language, now=now)
    if deal.draft_state in _PUT_DOWN and deal.state in _TOLD_BY_MESSAGE:
        return Chip("plain-chip", state_words(deal.draft_state).say(language))
    return Chip("warn" if deal.state in PUT_OFF else "plain-chip", state_words(deal.state).say(language))


def of_message(message: MessageNow, *, language: str, now: datetime) -> Chip:
    """How one message stands on its way."""
    if message.status == MessageStatus.FAILED:
        return Chip("bad", state_words(MessageStatus.FAILED).say(language))
    if message.state == OutboxState.ACCEPTED:
        told = message.status if message.status in _TICKS else MessageStatus.SENT
        return Chip("go", state_words(told).say(language))
    if message.state != OutboxState.PENDING:
        return Chip(_COLOURS.get(message.state, "plain-chip"), state_words(message.state).say(language))
    css = "warn" if message.is_tried_again else "info"
    if message.due_at - now > COUNTED_DOWN:
        return Chip(css, _("Tries again") if message.is_tried_again else _("Scheduled"), message.due_at)
    return Chip(css, "", message.due_at, "again" if message.is_tried_again else "sends")


_OPEN = frozenset({OpportunityState.NEW, OpportunityState.PRESENTED})
_TOLD_BY_MESSAGE = frozenset({OpportunityState.ACCEPTED, OpportunityState.DRAFTING, OpportunityState.CONTACTED})
_PUT_DOWN = frozenset({DraftState.CANCELLED, DraftState.EXPIRED})
_TICKS = frozenset({MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ})
_COLOURS: dict[str, str] = {
    OutboxState.HELD: "warn",
    OutboxState.SENDING: "info",
    OutboxState.UNKNOWN: "bad",
    OutboxState.FAILED: "bad",
}
