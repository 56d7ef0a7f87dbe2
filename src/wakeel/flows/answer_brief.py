"""The buttons of a brief, on a card or on the template that opened a window: they only show, and decide nothing."""

from datetime import datetime, timedelta

from wakeel import config
from wakeel.domain import briefs
from wakeel.domain.answers import AnswerCode
from wakeel.domain.answers_brief import ALL_AT_ONCE, CARDS_IN_AN_HOUR, NOTHING_MORE
from wakeel.domain.prompts import PromptKind
from wakeel.flows.answered import Answered
from wakeel.flows.brief_digest import hours_of
from wakeel.flows.operator_clock import said_to
from wakeel.flows.reply import Reply
from wakeel.flows.show_card import fill_phones, show_drafts, show_opportunity, show_unseen
from wakeel.store import briefs as rows
from wakeel.store import cards, outbox, prompts
from wakeel.store.models import Operator

LATER = timedelta(hours=1)
SHOWN_LATELY = timedelta(minutes=10)
"""A card that came so recently stands close above: it is not sent once more."""


def answer_brief(answered: Answered, now: datetime) -> Reply:
    """Show what was asked for, or put it off, inside the caller's transaction. The operator is locked."""
    operator = answered.operator
    prompts.close_of(operator, PromptKind.BRIEF, now=now)
    match answered.button.action:
        case "show_opportunities":
            return _show_opportunities(operator, now=now)
        case "show_pending":
            return _show_pending(operator, now=now)
        case _:
            return _later(operator, now=now)


def _show_opportunities(operator: Operator, *, now: datetime) -> Reply:
    coming = outbox.bring_cards_forward(operator.id, now=now) + show_unseen(operator, now=now)
    coming += fill_phones([operator], now=now)
    if not coming:
        for opportunity in cards.not_shown_since(operator, now - SHOWN_LATELY):
            show_opportunity(operator, opportunity, now=now)
    count = rows.count_opportunities(operator, now=now)
    if not count:
        return Reply(AnswerCode.BRIEF_NO_OPPS)
    here = cards.open_opportunities([operator.id])[operator.id]
    return Reply(AnswerCode.BRIEF_OPPS, {"count": briefs.counted(count), "here": here})


def _show_pending(operator: Operator, *, now: datetime) -> Reply:
    """The oldest first, again also if they stand further up: that is what was asked for."""
    waiting = list(rows.approvals_of(operator)[: config.get().open_cards])
    if not waiting:
        return Reply(AnswerCode.BRIEF_NO_PENDING)
    show_drafts([(operator, draft) for draft in waiting], now=now)
    count = rows.count_approvals(operator)
    more = ALL_AT_ONCE if count > 1 else NOTHING_MORE
    return Reply(AnswerCode.BRIEF_PENDING, {"count": briefs.counted(count), "here": len(waiting), "more": more})


def _later(operator: Operator, *, now: datetime) -> Reply:
    put_off = outbox.put_off_cards(operator.id, until=now + LATER, now=now)
    cards_words = CARDS_IN_AN_HOUR if put_off else NOTHING_MORE
    at = briefs.next_at(hours_of(operator), now=now)
    if at is None:
        return Reply(AnswerCode.BRIEF_OFF, {"cards": cards_words})
    return Reply(AnswerCode.BRIEF_LATER, {"t": said_to(operator, at), "cards": cards_words})
