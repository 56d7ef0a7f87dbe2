"""One tap, click or typed command becomes one decision. The phone and the screen go through the same door. Walk 1."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.consent import Category
from wakeel.domain.opportunities import (
    IN_WORK,
    PUT_OFF,
    OpportunityAction,
    OpportunityState,
    Ruling,
)
from wakeel.domain.opportunities import rule_on as rule_on_opportunity
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows.already_decided import already_decided
from wakeel.flows.choose_next import next_question
from wakeel.flows.complete_text import NOTHING_ADDED
from wakeel.flows.decide_draft import DraftTap, cancel_draft, decide_drafts
from wakeel.flows.effects import Effects
from wakeel.flows.give_reason import reasons_question
from wakeel.flows.no_operator import no_operator
from wakeel.flows.put_off import take_back_rest
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.show_card import Ranked, opportunity_digest
from wakeel.flows.turn_to import turn_to
from wakeel.flows.write_draft import first_text
from wakeel.store import businesses, contacts, decisions, drafts, snoozes
from wakeel.store.models import Contact, Decision, Draft, Operator, Opportunity, SendingNumber
from wakeel.store.retry import whole_transaction


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap, click or typed command.

    shown_digest: of the card or page that was decided on; None if that is unknown, then nothing is decided.
    tap_key: the tap's wamid or the page's one-time key; the same key decides once. via: phone or screen. not_before:
    when an approved message may leave at the earliest, None for at once.
    """

    operator_id: str
    button: ButtonReply
    shown_digest: str | None
    tap_key: str
    via: str
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What is said about a tap. about: whom it concerns, None if nothing was decided with it."""

    reply: Reply
    about: Contact | None = None


@whole_transaction
def take_decision(
    operator_id: str, button: ButtonReply, *, shown_digest: str | None, tap_key: str, via: str, now: datetime,
    not_before: datetime | None = None,
) -> Reply:  # fmt: skip
    """Carry out one decision and say truly what happened. Arguments: as for `Tap`."""
    with transaction.atomic():
        return take_decisions([Tap(operator_id, button, shown_digest, tap_key, via, not_before)], now=now)[0].reply


def take_decisions(taps: Sequence[Tap], *, now: datetime, ranked: list[Ranked] | None = None) -> list[Taken]:
    """Carry out decisions in one business about different opportunities, inside the caller's transaction.

    ranked: what may be shown next, as for `fill_phones`.

    Raises IntegrityError and Overtaken if somebody else wrote the same meanwhile: then nothing of it may stand.
    """
    if not taps:
        return []
    matters, effects = _lock(taps), Effects()
    found = [_settled(tap, matters) for tap in taps]
    of_drafts = [
        DraftTap(matters.operators[tap.operator_id], matters.drafts[tap.button.subject_id or ""],
                 tap.button.action or "", tap.shown_digest, tap.tap_key, tap.via, tap.not_before)
        for tap, settled in zip(taps, found, strict=True)
        if settled is None and tap.button.kind is ButtonKind.MESSAGE_DRAFT
    ]  # fmt: skip
    decided = dict(
        zip((tap.tap_key for tap in of_drafts), decide_drafts(of_drafts, effects=effects, now=now), strict=True)
    )
    taken = [
        settled or _decide(tap, matters, effects, decided.get(tap.tap_key), now=now)
        for tap, settled in zip(taps, found, strict=True)
    ]
    effects.carry_out(ranked=ranked, now=now)
    return taken


@dataclass(frozen=True, slots=True)
class _Matters:
    """What some taps are about, locked until the transaction ends; each by id, living drafts by opportunity, what was
    taken before by tap. number: new drafts are sent from; None if none of these taps asks for a draft.
    """

    operators: Mapping[str, Operator]
    taken: Mapping[str, Decision]
    drafts: Mapping[str, Draft]
    opportunities: Mapping[str, Opportunity]
    living: Mapping[str, Draft]
    number: SendingNumber | None


def _lock(taps: Sequence[Tap]) -> _Matters:
    asked: dict[ButtonKind, set[str]] = defaultdict(set)
    for tap in taps:
        asked[tap.button.kind].add(tap.button.subject_id or "")
    operators = decisions.lock_operators({tap.operator_id for tap in taps})
    business_id = next(operator.business_id for operator in operators.values())
    taken = decisions.taken_among(business_id, {tap.tap_key for tap in taps})
    opportunities = decisions.lock_opportunities(asked[ButtonKind.OPPORTUNITY])
    # A first "skip" asks for no draft.
    with_draft = {
        opportunity.id
        for tap in taps
        if (opportunity := opportunities.get(tap.button.subject_id or "")) is not None
        and (tap.button.action != OpportunityAction.SKIP or opportunity.state in IN_WORK)
    }
    living = drafts.lock_living(with_draft)
    for draft in living.values():
        draft.opportunity = opportunities[draft.opportunity_id]
    number = businesses.number_of(business_id) if with_draft else None
    return _Matters(operators, taken, drafts.lock_all(asked[ButtonKind.MESSAGE_DRAFT]), opportunities, living, number)


def _settled(tap: Tap, matters: _Matters) -> Taken | None:
    """What decides nothing; None for what is to be decided."""
    operator, subject_id = matters.operators[tap.operator_id], tap.button.subject_id or ""
    taken = matters.taken.get(tap.tap_key)
    if taken is not None:
        return _repeated(taken)
    if (refused := no_operator(operator)) is not None:
        return Taken(refused)
    match tap.button.kind:
        case ButtonKind.OPPORTUNITY:
            subject: Draft | Opportunity | None = matters.opportunities.get(subject_id)
        case ButtonKind.MESSAGE_DRAFT:
            subject = matters.drafts.get(subject_id)
        case ButtonKind.NO_BUTTON_ID | ButtonKind.UNKNOWN_BUTTON_ID:
            return Taken(Reply(AnswerCode.UNKNOWN_BUTTON))
        case _:
            # No card of ours carries this kind yet, so whatever shows it is old.
            return Taken(Reply(AnswerCode.STALE_NOTHING, {"state": state_words("expired")}))
    if subject is None or subject.business_id != operator.business_id:
        return Taken(Reply(AnswerCode.UNKNOWN_BUTTON))
    return None


def _repeated(taken: Decision) -> Taken:
    subject = taken.draft or taken.opportunity
    if subject is None:
        return Taken(Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words("expired")}))
    return Taken(Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words(subject.state)}), subject.contact)


def _decide(tap: Tap, matters: _Matters, effects: Effects, of_draft: Reply | None, *, now: datetime) -> Taken:
    if of_draft is not None:
        return Taken(of_draft, matters.drafts[tap.button.subject_id or ""].contact)
    operator, opportunity = matters.operators[tap.operator_id], matters.opportunities[tap.button.subject_id or ""]
    work = _Work(operator, opportunity, matters.living.get(opportunity.id), matters.number, effects)
    reply = _rule(work, tap.button.action or "", shown_digest=tap.shown_digest, now=now)
    effects.decisions.append(
        decisions.made(
            operator, opportunity=opportunity, action=tap.button.action or "", via=tap.via, tap_key=tap.tap_key,
            reply=reply.code, carried_out=reply.carried_out, now=now,
        )
    )  # fmt: skip
    effects.fill[operator.id] = operator
    return Taken(reply, opportunity.contact)


@dataclass(frozen=True, slots=True)
class _Work:
    """Who decides on what. living: its draft that waits or may still leave, None without one."""

    operator: Operator
    opportunity: Opportunity
    living: Draft | None
    number: SendingNumber | None
    effects: Effects


def _rule(work: _Work, action: str, *, shown_digest: str | None, now: datetime) -> Reply:
    opportunity = work.opportunity
    is_theirs = opportunity.owner_id == work.operator.id
    ruled = rule_on_opportunity(OpportunityState(opportunity.state), action, is_theirs=is_theirs)
    if ruled.ruling is Ruling.NOT_OFFERED:
        return Reply(AnswerCode.STALE_NOTHING, {"state": state_words(opportunity.state)})
    if ruled.ruling is Ruling.ALREADY:
        return already_decided(opportunity)
    if shown_digest != opportunity_digest(opportunity):
        return _stale(work, now=now)
    if ruled.ruling is Ruling.SHOW_DRAFT:
        work.effects.shown_drafts.append((work.operator, _living_draft(work, now=now)[0]))
        return Reply(AnswerCode.SHOWN_AGAIN)
    if ruled.ruling is Ruling.TAKE_BACK:
        if work.living is not None and not cancel_draft(work.living, now=now):
            return Reply(AnswerCode.ALREADY_LEFT)
        take_back_rest(opportunity, now=now)
    if ruled.to is None:
        return already_decided(opportunity)
    return _move(work, ruled.to, OpportunityAction(action), now=now)


def _move(work: _Work, to: OpportunityState, action: OpportunityAction, *, now: datetime) -> Reply:
    operator, opportunity, effects = work.operator, work.opportunity, work.effects
    # Whoever decides has seen it, on the phone or on the screen; sooner, maybe, than they had put it off to.
    if opportunity.state == OpportunityState.NEW or opportunity.state in PUT_OFF:
        effects.move(opportunity, to=OpportunityState.PRESENTED)
    snoozes.forget(opportunity)
    if not effects.move(opportunity, to=to, owner=operator if action is not OpportunityAction.SKIP else None):
        return already_decided(opportunity)
    effects.decided.append(opportunity)
    title = one_line(opportunity.title)
    if action is OpportunityAction.SKIP:
        return Reply(AnswerCode.SKIPPED, {"title": title}, carried_out=True, asks=reasons_question(opportunity))
    draft, added = _living_draft(work, now=now)
    effects.shown_drafts.append((operator, draft))
    values: dict[str, str | Text] = {"title": title, "added": added}
    if action is OpportunityAction.ACCEPT:
        return Reply(AnswerCode.ACCEPTED, values, carried_out=True, asks=next_question(opportunity))
    return Reply(AnswerCode.DRAFTING, values, carried_out=True)


def _living_draft(work: _Work, *, now: datetime) -> tuple[Draft, Text]:
    """The draft that waits, made if there is none, with what had to be added to its first text ('' if nothing)."""
    if work.living is not None:
        return work.living, NOTHING_ADDED
    first = first_text(work.opportunity, now=now)
    if first.category == Category.SERVICE:
        turn_to(contacts.group_of(work.opportunity.contact), now=now)
    number = work.number or businesses.number_of(work.opportunity.business_id)
    draft = drafts.made(work.opportunity, number=number, category=first.category, now=now)
    work.effects.written.append((draft, first.text))
    if first.written_by:
        work.effects.written_by[draft.id] = first.written_by
    return draft, first.added


def _stale(work: _Work, *, now: datetime) -> Reply:
    """The card is not the current one: nothing is decided, the current card is shown."""
    if work.opportunity.state in IN_WORK:
        work.effects.shown_drafts.append((work.operator, _living_draft(work, now=now)[0]))
    else:
        work.effects.shown_opportunities.append((work.operator, work.opportunity))
    return Reply(AnswerCode.STALE)
