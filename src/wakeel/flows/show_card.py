"""Bring cards to operators: the next opportunities, at most three open at once, and drafts for approval."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from wakeel.domain.drafts import DraftState
from wakeel.domain.gate import window_closes_at
from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.outbox import Lane
from wakeel.domain.ranking import Rank, rank
from wakeel.domain.text import mask_phone
from wakeel.domain.words import Text
from wakeel.flows import preview_draft
from wakeel.flows.reply import local_time
from wakeel.flows.tell_operator import post_to_operator
from wakeel.flows.verdict_line import line_of
from wakeel.store import cards, decisions, operators
from wakeel.store.cards import Candidate
from wakeel.store.models import Card, Draft, Operator, Opportunity, OutboxMessage
from wakeel.whatsapp.cards import CardTooLong, approval_card, opportunity_card, text_part

OPEN_AT_ONCE = 3


_OPEN_UNTIL = Text("مفتوحة حتى {t}", "open until {t}")
_CLOSED = Text("مغلقة", "closed")


def fill_cards(operator: Operator, *, now: datetime) -> int:
    """Queue opportunity cards until three are open; returns how many were queued.

    They wait in the outbox while the operator's own window is closed.
    """
    # Two decisions at once must not bring four cards.
    operator = decisions.lock_operator(operator.id)
    room = OPEN_AT_ONCE - cards.open_opportunities(operator)
    if room <= 0:
        return 0
    waiting = cards.waiting_opportunities(operator.business_id, now=now)
    ranked = sorted(waiting, key=lambda one: (-_rank(one, now=now).points, one.created_at, one.id))
    chosen = {one.id: one for one in ranked[:room]}
    for opportunity in cards.opportunities([*chosen]):
        _show_opportunity(operator, opportunity, _rank(chosen[opportunity.id], now=now), now=now)
    return len(chosen)


def show_opportunity(operator: Operator, opportunity: Opportunity, *, now: datetime) -> None:
    skipped = cards.skipped_before(opportunity)
    placed = rank(
        score=opportunity.score, last_inbound_at=opportunity.contact.last_inbound_at, skipped_before=skipped, now=now
    )
    _show_opportunity(operator, opportunity, placed, now=now)


def _show_opportunity(operator: Operator, opportunity: Opportunity, placed: Rank, *, now: datetime) -> None:
    part = opportunity_card(_opportunity_facts(opportunity, placed, language=operator.language, now=now))
    card = cards.keep(
        operator, Card.Kind.OPPORTUNITY, opportunity=opportunity, digest=opportunity_digest(opportunity), now=now
    )
    _show(operator, card, part, now=now)


def show_draft(operator: Operator, draft: Draft, *, now: datetime, reply: str = "", as_it_is: bool = False) -> None:
    """Queue the approval card of the current version; what is too long for a card goes first as a text of its own.

    reply: what the contact just wrote, shown above the facts. as_it_is: the first button says
    "send as it is" (the draft was approved before the contact wrote).
    """
    seen = preview_draft.of(draft, now=now)
    line = line_of(seen.request, seen.verdict, now=now, text=seen.text)
    facts: dict[str, Any] = {
        "id": draft.id,
        "text": seen.text,
        "contact_name": draft.contact.name,
        "to": mask_phone(seen.address[1:]) if seen.address and seen.address.startswith("+") else "",
        "version": draft.version,
        "note": line.note(operator.language),
        "consent": line.consent(operator.language),
        "reply": reply,
        "as_it_is": as_it_is,
    }
    card = cards.keep(
        operator,
        Card.Kind.APPROVAL,
        opportunity=draft.opportunity,
        draft=draft,
        version=draft.version,
        digest=seen.asked_digest,
        now=now,
    )
    try:
        _show(operator, card, approval_card(facts), now=now)
    except CardTooLong:
        _show(operator, card, approval_card({**facts, "quoted": True}), rendering=seen.text, now=now)
    Draft.objects.filter(pk=draft.pk).update(reshow_when_cured=not seen.verdict.may_be_approved)


def show_as_it_is(message: OutboxMessage, *, reply: str, now: datetime) -> None:
    """Show an approved, held text again with "send as it is". reply: the contact's words, '' if unreadable."""
    draft = Draft.objects.select_related("opportunity__owner", "contact", "number").filter(pk=message.draft_id).first()
    if draft is not None and draft.opportunity.owner is not None and draft.state == DraftState.APPROVED:
        show_draft(draft.opportunity.owner, draft, reply=reply, as_it_is=True, now=now)


def opportunity_digest(opportunity: Opportunity) -> str:
    """Of what the card asks about; a changed import makes older cards stale."""
    asked = [opportunity.id, opportunity.title, opportunity.summary, opportunity.value, opportunity.contact_id]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def _show(
    operator: Operator, card: Card, part: Mapping[str, Any], *, now: datetime, rendering: str | None = None
) -> None:
    number, about = cards.next_showing(card), card.opportunity.contact
    first = None
    if rendering is not None:
        key = f"rendering:{card.id}:{number}"
        first = post_to_operator(operator, text_part(rendering), lane=Lane.CARD, key=key, now=now, about=about)
    shown = post_to_operator(operator, part, lane=Lane.CARD, key=f"card:{card.id}:{number}", now=now, about=about)
    if shown is not None:
        cards.add_showing(card, number=number, outbox=shown, rendering=first, now=now)


def _rank(one: Candidate, *, now: datetime) -> Rank:
    return rank(score=one.score, last_inbound_at=one.last_inbound_at, skipped_before=one.skipped_before, now=now)


def _opportunity_facts(opportunity: Opportunity, placed: Rank, *, language: str, now: datetime) -> dict[str, Any]:
    closes_at = window_closes_at(opportunity.contact.last_inbound_at)
    is_open = closes_at is not None and now < closes_at
    return {
        "id": opportunity.id,
        "title": opportunity.title,
        "contact_name": opportunity.contact.name,
        "company": opportunity.contact.organisation,
        "summary": opportunity.summary,
        "value": opportunity.value,
        "window": (_OPEN_UNTIL if is_open else _CLOSED).say(
            language, t=local_time(closes_at, language) if closes_at else ""
        ),
        "score_reasons": [reason.say(language) for reason in placed.reasons],
    }


def fill_every_phone(*, now: datetime) -> int:
    """Top up every active operator; returns how many cards were queued."""
    with transaction.atomic():
        return sum(fill_cards(operator, now=now) for operator in operators.with_room(OPEN_AT_ONCE, now=now))


def show_unseen(operator: Operator, *, now: datetime) -> int:
    """Show again what is open but never reached the phone; returns how many cards were queued."""
    unseen = cards.unseen(operator)
    for card in unseen:
        if card.draft is not None:
            show_draft(operator, card.draft, now=now)
        else:
            show_opportunity(operator, card.opportunity, now=now)
    return len(unseen)


def expire_opportunities(*, now: datetime) -> int:
    """Undecided opportunities whose date has passed are asked about no more; returns how many there were."""
    with transaction.atomic():
        expired = cards.expired(now=now)
        for opportunity in expired:
            decisions.move_opportunity(
                opportunity, to=OpportunityState.EXPIRED, come_from=[OpportunityState.PRESENTED], now=now
            )
            close_opportunity_cards(opportunity, now=now)
        return len(expired)


def close_opportunity_cards(opportunity: Opportunity, *, now: datetime) -> None:
    """Nobody is asked any more what is decided; showings that have not left are taken back."""
    cards.close(now=now, opportunity=opportunity, kind=Card.Kind.OPPORTUNITY)
    cards.take_back_unsent(now=now, opportunity=opportunity, kind=Card.Kind.OPPORTUNITY)
