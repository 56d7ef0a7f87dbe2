"""Taps of operators with all that belongs to them: message, window, decision, answer. One alone, or many at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.buttons import ButtonKind
from wakeel.domain.events import ButtonTapped, Event
from wakeel.domain.recognition import Recognition, recognise
from wakeel.flows import operator_window, show_card
from wakeel.flows.inbox_batch import Item
from wakeel.flows.operators_tapped import KINDS, Tapped, operators_tapped
from wakeel.flows.show_card import Ranked
from wakeel.flows.tell_operator import Told, tell_all
from wakeel.store import cards, messages, operators


def take_taps(business_id: str, tapped: Sequence[Tapped], *, now: datetime, ranked: list[Ranked] | None = None) -> None:
    """Act once on taps on cards of different opportunities, inside the caller's transaction. ranked: as for
    `operators_tapped`.

    Raises IntegrityError and Overtaken if somebody else did the same meanwhile: then nothing of it may stand.
    """
    windows = [(one.operator, min(one.event.sent_at, now)) for one in tapped if one.event.opens_window]
    operator_window.tapped(windows, now=now)
    taken = operators_tapped(tapped, ranked=ranked, now=now)
    messages.keep_handled(
        business_id,
        [(one.event, one.operator, said.reply.code) for one, said in zip(tapped, taken, strict=True)],
        now=now,
    )
    tell_all(
        [Told(one.operator, said.reply, one.event.wamid, said.about) for one, said in zip(tapped, taken, strict=True)],
        now=now,
    )


def may_be_together(event: Event) -> bool:
    """Whether it is a tap on a card, as far as can be seen without looking anything up."""
    return isinstance(event, ButtonTapped) and event.reply.kind in KINDS and event.context_wamid is not None


@dataclass(frozen=True, slots=True)
class _Known:
    """Taps of operators on their own cards, in one business. kept: wamids that were acted on before. ranked: as for
    `take_taps`; None if none of these brings a next opportunity.
    """

    business_id: str
    taps: Mapping[Item, Tapped]
    kept: Set[str]
    ranked: list[Ranked] | None


class Looked:
    """What is known of some taps, read before their transactions, whose time is everybody's.

    Whatever `person_wrote` would do before it comes to the tap leaves an item out, and the rest of its conversation: it
    then goes through there. The same reading serves several transactions: each of them reads again what it decides on.
    """

    def __init__(self, items: Sequence[Item], *, now: datetime) -> None:
        by_business: dict[str, list[Item]] = {}
        for item in items:
            if item.number is not None:
                by_business.setdefault(item.number.business_id, []).append(item)
        self._items = frozenset(items)
        self._known = [_known(business_id, theirs, now=now) for business_id, theirs in by_business.items()]

    def has(self, items: Collection[Item]) -> bool:
        """Whether all of these were looked up."""
        return self._items.issuperset(items)

    def take(self, items: Collection[Item], *, now: datetime) -> list[Item]:
        """Carry these out inside the caller's transaction; those that are done. None of a business if one of its
        operators is none any more: then each must be looked at by itself. Raises as `take_taps`.
        """
        done: list[Item] = []
        for one in self._known:
            taps = [(item, one.taps[item]) for item in items if item in one.taps]
            if not operators.are_active({tapped.operator.id for _, tapped in taps}):
                continue
            new = {tapped.event.wamid: tapped for _, tapped in taps if tapped.event.wamid not in one.kept}
            for part in _apart(new.values()):
                take_taps(one.business_id, part, ranked=one.ranked, now=now)
            done += [item for item, _ in taps]
        return done


def _known(business_id: str, items: Sequence[Item], *, now: datetime) -> _Known:
    events = [item.event for item in items if isinstance(item.event, ButtonTapped)]
    everybody = {row.id: row for row in operators.ever(business_id)}
    enrolled = [operators.as_enrolled(row) for row in everybody.values()]
    shown = cards.shown_among(business_id, {event.context_wamid or "" for event in events})
    kept = messages.kept_among(business_id, [event.wamid for event in events])
    found: list[tuple[Item, Tapped]] = []
    loud: set[str] = set()
    for item, event in zip(items, events, strict=True):
        who, showing = recognise(event.sender, enrolled), shown.get(event.context_wamid or "")
        is_theirs = showing is not None and showing.card.operator_id == who.operator_id
        if who.who is Recognition.OPERATOR and who.binds is None and is_theirs:
            found.append((item, Tapped(event, everybody[str(who.operator_id)], showing)))
        else:
            loud.add(item.conversation)
    quiet = {item: one for item, one in found if item.conversation not in loud}
    brings_next = any(one.event.reply.kind is ButtonKind.OPPORTUNITY for one in quiet.values())
    ranked = show_card.what_waits(business_id, now=now) if brings_next else None
    return _Known(business_id, quiet, kept, ranked)


def _apart(tapped: Iterable[Tapped]) -> Iterator[list[Tapped]]:
    """In this order, so that no two of a part are about the same opportunity: the second sees what the first did."""
    part: list[Tapped] = []
    about: set[str] = set()
    for one in tapped:
        subject = one.showing.card.opportunity_id if one.showing is not None else ""
        if subject in about:
            yield part
            part, about = [], set()
        part.append(one)
        about.add(subject)
    if part:
        yield part
