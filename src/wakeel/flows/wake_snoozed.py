"""What was put off comes back: at its time, when the contact writes, or because somebody wants it now. Issue 7, 4."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from wakeel import config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.cards import ButtonCard
from wakeel.domain.opportunities import ANSWERED, PUT_OFF, OpportunityState
from wakeel.domain.prompts import PromptKind
from wakeel.domain.recognition import OperatorState
from wakeel.domain.text import name_line, one_line
from wakeel.domain.words import Text
from wakeel.flows.already_decided import already_decided
from wakeel.flows.ask_operator import ask
from wakeel.flows.effects import Effects
from wakeel.flows.put_off import Deciding
from wakeel.flows.reply import Reply
from wakeel.flows.show_reply import thread_buttons
from wakeel.store import cards, decisions, snoozes
from wakeel.store.models import Operator, Opportunity
from wakeel.store.retry import whole_transaction
from wakeel.whatsapp.cards import button_card_part

_REMINDER = Text(
    "حان وقت المتابعة\nالفرصة: {title}\nجهة الاتصال: {name}",
    "Time to follow up\nOpportunity: {title}\nContact: {name}",
)


@whole_transaction
def wake_due(*, now: datetime) -> int:
    """Bring back whatever's time has come; returns how many there were. One query while there is nothing."""
    found = snoozes.due(now=now)
    if not found:
        return 0
    with transaction.atomic():
        return _wake(found, now=now)


def wake_for_words(contact_ids: Collection[str], *, now: datetime) -> int:
    """The same, inside the caller's transaction, for what waits until one of these people writes: one of them did.

    What left already only loses its reminder: their words reach its owner by themselves.
    """
    found = snoozes.waiting_for(contact_ids)
    return _wake(found, now=now, remind=False) if found else 0


def _wake(found: dict[str, str | None], *, now: datetime, remind: bool = True) -> int:
    # Whoever decides locks the operator first.
    decisions.lock_operators({owner_id for owner_id in found.values() if owner_id is not None})
    woken = snoozes.lock_put_off(list(found))
    effects = Effects()
    back = [one for one in woken if one.state in PUT_OFF and effects.move(one, to=OpportunityState.PRESENTED)]
    effects.shown_opportunities += _to_show(back, now=now)
    snoozes.forget_all([one.id for one in woken])
    effects.carry_out(now=now)
    for one in woken:
        owner = _owner(one)
        if remind and owner is not None and one.state in ANSWERED:
            _remind(owner, one, now=now)
    return len(woken)


def _to_show(back: Sequence[Opportunity], *, now: datetime) -> list[tuple[Operator, Opportunity]]:
    """Its owner has it first: one at least, as they asked for it, and no more than the phone has room for. What is left
    over comes by its rank, as does what belongs to nobody; what expired meanwhile comes to nobody.
    """
    owners = {owner.id: owner for one in back if (owner := _owner(one)) is not None}
    open_now = cards.open_opportunities(list(owners)) if owners else Counter[str]()
    room = {pk: max(1, config.get().open_cards - open_now[pk]) for pk in owners}
    shown: list[tuple[Operator, Opportunity]] = []
    for one in back:
        owner = _owner(one)
        if owner is None or room[owner.id] == 0 or (one.expires_at is not None and one.expires_at <= now):
            continue
        room[owner.id] -= 1
        shown.append((owner, one))
    return shown


def _owner(opportunity: Opportunity) -> Operator | None:
    """None while nobody has it who could be asked."""
    owner = opportunity.owner
    return owner if owner is not None and owner.state == OperatorState.ACTIVE else None


def _remind(owner: Operator, opportunity: Opportunity, *, now: datetime) -> None:
    contact, language = opportunity.contact, owner.language
    card = ButtonCard(
        _REMINDER.say(language, title=one_line(opportunity.title), name=name_line(contact.name)),
        thread_buttons(contact.id, language=language),
    )
    until = opportunity.snoozed_until.isoformat() if opportunity.snoozed_until is not None else ""
    ask(
        owner, PromptKind.REPLY, subject=contact.id, part=button_card_part(card), key=f"{opportunity.id}:{until}",
        now=now, about=contact,
    )  # fmt: skip


def bring_back(deciding: Deciding, *, now: datetime) -> Reply:
    """Now, and not when it was put off to; inside the caller's transaction."""
    opportunity, operator = deciding.opportunity, deciding.operator
    effects = Effects()
    if opportunity.state not in PUT_OFF or not effects.move(opportunity, to=OpportunityState.PRESENTED, owner=operator):
        return already_decided(opportunity)
    snoozes.forget(opportunity)
    reply = Reply(AnswerCode.CAME_UP_AGAIN, {"title": one_line(opportunity.title)}, carried_out=True)
    effects.shown_opportunities.append((operator, opportunity))
    effects.decisions.append(
        decisions.made(
            operator, opportunity=opportunity, action="bring_back", via=deciding.via, tap_key=deciding.tap_key,
            reply=reply.code, carried_out=True, now=now,
        )
    )  # fmt: skip
    effects.carry_out(now=now)
    return reply
