"""Bring cards to operators: the next opportunities, a few open at once, and drafts for approval."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from wakeel import config
from wakeel.domain.amounts import value_words
from wakeel.domain.drafts import DraftState
from wakeel.domain.gate import window_closes_at
from wakeel.domain.opportunities import WROTE_FIRST, OpportunityState
from wakeel.domain.outbox import Lane
from wakeel.domain.ranking import Rank, rank
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows import preview_draft
from wakeel.flows.begin_wait import begin_wait
from wakeel.flows.invitation import mailed_to
from wakeel.flows.preview_draft import Preview
from wakeel.flows.quorum_line import quorum_line
from wakeel.flows.reply import local_time
from wakeel.flows.tell_operator import message_to
from wakeel.flows.verdict_line import line_of
from wakeel.store import candidates, cards, decisions, drafts, operators, outbox
from wakeel.store.candidates import Candidate
from wakeel.store.cards import Question
from wakeel.store.earlier import History
from wakeel.store.models import Draft, Operator, Opportunity, OutboxMessage, Showing
from wakeel.whatsapp.cards import CardTooLong, approval_card, opportunity_card, text_part

SPARE = 5
"""So many more are looked at than there is room for: some may be decided, or shown to somebody, by then."""
Ranked = tuple[Candidate, Rank]


_OPEN_UNTIL = Text("مفتوحة حتى {t}", "open until {t}")
_CLOSED = Text("مغلقة", "closed")
_UNTITLED = Text("فرصة بلا عنوان", "An opportunity without a title")


def fill_cards(operator: Operator, *, now: datetime) -> int:
    """Queue opportunity cards until `WAKEEL_OPEN_CARDS` are open; returns how many were queued.

    They wait in the outbox while the operator's own window is closed.
    """
    # Two decisions at once must not bring four cards.
    return fill_phones([decisions.lock_operator(operator.id)], now=now)


def fill_phones(locked: Sequence[Operator], *, now: datetime, ranked: list[Ranked] | None = None) -> int:
    """The same for several operators of one business, in this order, whose rows the caller has locked.

    ranked: what waits, the best first, as read a moment before; what is shown is taken off it. None: it is read here.
    """
    questions = _next_questions(locked, ranked, now=now)
    _show_all(questions, now=now)
    return len(questions)


def what_waits(business_id: str, *, now: datetime) -> list[Ranked]:
    """Undecided opportunities on nobody's phone, the best first."""
    found = [(one, _rank(one, now=now)) for one in candidates.waiting_opportunities(business_id, now=now)]
    return sorted(found, key=lambda pair: (-pair[1].points, pair[0].created_at, pair[0].id))


def _next_questions(operators: Sequence[Operator], ranked: list[Ranked] | None, *, now: datetime) -> list["_Shown"]:
    open_now = cards.open_opportunities([operator.id for operator in operators]) if operators else {}
    room = [operator for operator in operators for _ in range(config.get().open_cards - open_now[operator.id])]
    if not room:
        return []
    waiting = ranked if ranked is not None else what_waits(room[0].business_id, now=now)
    theirs = {None, *(operator.id for operator in room)}
    best = [pair for pair in waiting if pair[0].held_for in theirs][: len(room) + SPARE]
    # Somebody else may have decided, or shown, some of them since they were read.
    whole = candidates.still_waiting([one.id for one, _ in best], now=now)
    given = _given(room, [pair for pair in best if pair[0].id in whole])
    gone = {one.id for one, _ in best if one.id not in whole} | {one.id for _, one, _ in given}
    waiting[:] = [pair for pair in waiting if pair[0].id not in gone]
    return [_about_opportunity(operator, whole[one.id], placed, now=now) for operator, one, placed in given]


def _given(room: Sequence[Operator], best: Sequence[Ranked]) -> list[tuple[Operator, Candidate, Rank]]:
    """The best for the first phone with room; what somebody is in charge of only for theirs."""
    left, given = list(room), []
    for one, placed in best:
        operator = next((free for free in left if one.held_for in {None, free.id}), None)
        if operator is not None:
            left.remove(operator)
            given.append((operator, one, placed))
    return given


def show_opportunity(operator: Operator, opportunity: Opportunity, *, now: datetime) -> None:
    show_opportunities([(operator, opportunity)], now=now)


def show_opportunities(shown: Sequence[tuple[Operator, Opportunity]], *, now: datetime) -> None:
    """Queue the cards of these opportunities, whatever became of them, each to its operator."""
    if not shown:
        return
    people = ((one.contact_id, one.contact.organisation) for _, one in shown)
    history = History(shown[0][1].business_id, people)
    _show_all(
        [_about_opportunity(operator, one, _placed(one, history, now=now), now=now) for operator, one in shown],
        now=now,
    )


def _placed(one: Opportunity, history: History, *, now: datetime) -> Rank:
    earlier = history.of(one.contact_id, one.contact.organisation, but=one.id)
    return rank(
        score=one.score, last_inbound_at=one.contact.last_inbound_at, purpose=one.purpose, earlier=earlier,
        has_owner=one.owner_id is not None, wrote_first=one.source in WROTE_FIRST, now=now,
    )  # fmt: skip


def _about_opportunity(operator: Operator, opportunity: Opportunity, placed: Rank, *, now: datetime) -> "_Shown":
    part = opportunity_card(_opportunity_facts(opportunity, placed, language=operator.language, now=now))
    return _Shown(Question(operator, opportunity, opportunity_digest(opportunity)), part)


def show_draft(operator: Operator, draft: Draft, *, now: datetime, reply: str = "", as_it_is: bool = False) -> None:
    """Queue the approval card of the current version; what is too long for a card goes first as a text of its own.

    reply: what the contact just wrote, shown above the facts. as_it_is: the first button says
    "send as it is" (the draft was approved before the contact wrote).
    """
    show_drafts([(operator, draft)], reply=reply, as_it_is=as_it_is, now=now)


def show_drafts(
    shown: Sequence[tuple[Operator, Draft]], *, now: datetime, reply: str = "", as_it_is: bool = False
) -> None:
    """The same for several drafts, each to its operator."""
    seen = preview_draft.of_all([draft for _, draft in shown], now=now)
    questions = [
        _about_draft(operator, draft, seen[draft.id], reply=reply, as_it_is=as_it_is, now=now)
        for operator, draft in shown
    ]
    _show_all(questions, now=now)
    begin_wait([draft for _, draft in shown], now=now)
    drafts.reshow_when_cured({draft: not seen[draft.id].verdict.may_be_approved for _, draft in shown})


def _about_draft(
    operator: Operator, draft: Draft, seen: Preview, *, reply: str, as_it_is: bool, now: datetime
) -> "_Shown":
    line = line_of(seen.request, seen.verdict, now=now, text=seen.text)
    facts: dict[str, Any] = {
        "id": draft.id,
        "text": seen.text,
        "contact_name": draft.contact.name,
        "to": seen.masked_number,
        "version": draft.version,
        "written_by": seen.written_by,
        "note": line.note(operator.language),
        "quorum": quorum_line(draft, digest=seen.asked_digest, language=operator.language),
        "consent": line.consent(operator.language),
        "reply": reply,
        "as_it_is": as_it_is,
        "meeting_id": draft.meeting_id,
        "mailed_to": mailed_to(draft),
        "buttons": " · ".join(seen.buttons),
    }
    question = Question(operator, draft.opportunity, seen.asked_digest, draft, draft.version)
    try:
        return _Shown(question, approval_card(facts))
    except CardTooLong:
        return _Shown(question, approval_card({**facts, "quoted": True}), seen.text)


def show_as_it_is(message: OutboxMessage, *, reply: str, now: datetime) -> bool:
    """Show an approved, held text again with "send as it is"; False if there is nobody or nothing to show.

    reply: the contact's words, '' if unreadable.
    """
    draft = Draft.objects.select_related("opportunity__owner", "contact", "number").filter(pk=message.draft_id).first()
    if draft is None or draft.opportunity.owner is None or draft.state != DraftState.APPROVED:
        return False
    show_draft(draft.opportunity.owner, draft, reply=reply, as_it_is=True, now=now)
    return True


def opportunity_digest(opportunity: Opportunity) -> str:
    """Of what the card asks about; a changed import makes older cards stale."""
    asked = [opportunity.id, opportunity.title, opportunity.summary, opportunity.value, opportunity.contact_id]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Shown:
    """A question as it is put. part: of the message; rendering: the whole text that goes before it, None if it is on
    the card."""

    question: Question
    part: Mapping[str, Any]
    rendering: str | None = None


def _show_all(shown: Sequence[_Shown], *, now: datetime) -> None:
    """No two of these ask the same."""
    if not shown:
        return
    kept = cards.keep_all([one.question for one in shown], now=now)
    last = cards.last_showings(kept)
    messages: list[OutboxMessage] = []
    showings: list[Showing] = []
    for one, card in zip(shown, kept, strict=True):
        number = last.get(card.id, 0) + 1
        first = (
            _message(one, text_part(one.rendering), key=f"rendering:{card.id}:{number}", now=now)
            if one.rendering
            else None
        )
        message = _message(one, one.part, key=f"card:{card.id}:{number}", now=now)
        messages += [row for row in (first, message) if row is not None]
        if message is not None:
            showings.append(cards.showing(card, number=number, outbox=message, rendering=first, now=now))
    queued = {row.id for row in outbox.enqueue_all(messages)}
    cards.add_showings([showing for showing in showings if showing.outbox_id in queued])


def _message(one: _Shown, part: Mapping[str, Any], *, key: str, now: datetime) -> OutboxMessage | None:
    about = one.question.opportunity.contact
    return message_to(one.question.operator, part, lane=Lane.CARD, key=key, now=now, about=about)


def _rank(one: Candidate, *, now: datetime) -> Rank:
    return rank(
        score=one.score, last_inbound_at=one.last_inbound_at, purpose=one.purpose, earlier=one.earlier,
        has_owner=one.has_owner, wrote_first=one.wrote_first, now=now,
    )  # fmt: skip


def _opportunity_facts(opportunity: Opportunity, placed: Rank, *, language: str, now: datetime) -> dict[str, Any]:
    closes_at = window_closes_at(opportunity.contact.last_inbound_at)
    is_open = closes_at is not None and now < closes_at
    return {
        "id": opportunity.id,
        # A card without a title cannot be made, and nobody would get any.
        "title": opportunity.title if one_line(opportunity.title) else _UNTITLED.say(language),
        "contact_name": opportunity.contact.name,
        "company": opportunity.contact.organisation,
        "summary": opportunity.summary,
        "value": value_words(opportunity.value),
        "window": (_OPEN_UNTIL if is_open else _CLOSED).say(
            language, t=local_time(closes_at, language) if closes_at else ""
        ),
        "score_reasons": [reason.say(language) for reason in placed.reasons],
    }


def fill_every_phone(*, now: datetime) -> int:
    """Top up every active operator; returns how many cards were queued."""
    with transaction.atomic():
        of_business: dict[str, list[str]] = defaultdict(list)
        for operator in operators.with_room(config.get().open_cards, now=now):
            of_business[operator.business_id].append(operator.id)
        return sum(fill_phones(_locked(ids), now=now) for ids in of_business.values())


def _locked(operator_ids: Sequence[str]) -> list[Operator]:
    """In the order of their ids."""
    return list(decisions.lock_operators(operator_ids).values())


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
        expired = candidates.expired(now=now)
        for opportunity in expired:
            decisions.move_opportunity(
                opportunity, to=OpportunityState.EXPIRED, come_from=[OpportunityState.PRESENTED], now=now
            )
        close_opportunity_cards(expired, now=now)
        return len(expired)


def close_opportunity_cards(decided: Sequence[Opportunity], *, now: datetime) -> None:
    """Nobody is asked any more what is decided; showings that have not left are taken back."""
    if decided:
        cards.close_opportunities([opportunity.id for opportunity in decided], now=now)
