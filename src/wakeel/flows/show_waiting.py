"""Drafts that come up for approval by themselves: a few at once on the phone, the rest said as a count. Issue 7.

What an operator asked for by a tap is always shown; this is for what nobody tapped for: a cause that was cured, a
released stop switch, work that went from one operator to another.
"""

from datetime import datetime, timedelta
from typing import Any

from wakeel import config
from wakeel.domain.answers_brief import MORE_HEADER, MORE_WAIT
from wakeel.domain.buttons import ButtonKind
from wakeel.domain.card_buttons import buttons_about
from wakeel.domain.cards import ButtonCard
from wakeel.domain.prompts import PromptKind
from wakeel.flows.ask_operator import ask
from wakeel.flows.begin_wait import begin_wait
from wakeel.flows.brief_digest import BUTTONS
from wakeel.flows.show_card import show_draft
from wakeel.store import briefs, cards, drafts, outbox, prompts
from wakeel.store.models import Draft, Operator
from wakeel.store.operators import address_of
from wakeel.whatsapp.cards import button_card_part
from wakeel.whatsapp.payloads import message_body

GATHERS = timedelta(seconds=20)
"""So long the count waits for more to come, so that it is said once."""
NOT_AGAIN_FOR = timedelta(hours=1)


def show_waiting(operator: Operator, draft: Draft, *, now: datetime) -> bool:
    """Queue the approval card, inside the caller's transaction; the count if `WAKEEL_OPEN_CARDS` wait there already.

    True if the card was queued.
    """
    if cards.open_approvals(operator) >= config.get().open_cards and not cards.is_shown(operator, draft):
        drafts.reshow_when_cured({draft: False})
        begin_wait([draft], now=now)
        say_how_many(operator, now=now)
        return False
    show_draft(operator, draft, now=now)
    return True


def say_how_many(operator: Operator, *, now: datetime) -> None:
    """Queue one card with the count and a button that brings the next ones; what has not left is only said anew."""
    subject, part = f"more_{operator.id}", _card(operator)
    asked = prompts.newest_about(operator, subject, since=now - NOT_AGAIN_FOR)
    if asked is None:
        key = f"more:{now.isoformat()}"
        ask(operator, PromptKind.BRIEF, subject=subject, part=part, key=key, due_at=now + GATHERS, now=now)
    elif (address := address_of(operator)) is not None:
        outbox.reword(asked.outbox_id, message_body(part, address=address), now=now)


def _card(operator: Operator) -> dict[str, Any]:
    language = operator.language
    count, here = briefs.count_approvals(operator), cards.open_approvals(operator)
    offered = [(action, title) for action, title in BUTTONS if action != "show_opportunities"]
    card = ButtonCard(
        body=MORE_WAIT.say(language, count=count, here=here),
        buttons=buttons_about(None, ButtonKind.BRIEF, offered, language=language),
        header=MORE_HEADER.say(language),
    )
    return button_card_part(card)
