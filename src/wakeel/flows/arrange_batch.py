"""In which order the items of a batch are carried out: many quiet ones at once, the rest one by one.

The order of arrival holds within every conversation. A phase has statuses first, then texts, then taps; what breaks
that order goes into a later phase, and whatever follows an item that goes by itself goes by itself too.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wakeel.domain.conversations import conversations
from wakeel.domain.events import StatusReceived
from wakeel.flows import quiet_statuses, quiet_texts
from wakeel.flows.inbox_batch import Batch, Item
from wakeel.flows.take_taps import may_be_together
from wakeel.store.status_batches import News


@dataclass(slots=True)
class Phase:
    """Quiet items, each kind in the order of arrival."""

    statuses: deque[tuple[Item, News]] = field(default_factory=deque)
    texts: deque[Item] = field(default_factory=deque)
    taps: deque[Item] = field(default_factory=deque)


@dataclass(slots=True)
class Queue:
    """Items that are carried out one by one, several in a commit. alone: so many of the next must not share one."""

    items: deque[Item]
    alone: int = 0


@dataclass(slots=True)
class Arranged:
    """phases: in order. one_by_one: conversations whose items go by themselves from now on; apart: those items.

    waits: conversations in which something waits, until when.
    """

    phases: deque[Phase] = field(default_factory=deque)
    one_by_one: set[str] = field(default_factory=set)
    apart: list[Item] = field(default_factory=list)
    waits: dict[str, datetime] = field(default_factory=dict)

    def set_apart(self, item: Item) -> None:
        """This item, and every later one of its conversation, goes by itself."""
        self.apart.append(item)
        if item.conversation:
            self.one_by_one.add(item.conversation)

    def queues(self, most: int) -> list[Queue]:
        """What goes one by one, in so many queues at most, each in the order of arrival.

        No two share a conversation or a webhook: they may run side by side.
        """
        items = sorted(self.apart, key=lambda item: item.place)
        names = conversations([(f"row {item.row.id}", *item.addresses) for item in items])
        queues = [Queue(deque()) for _ in range(most)]
        of_name: dict[str, Queue] = {}
        for name, item in zip(names, items, strict=True):
            if name not in of_name:
                of_name[name] = min(queues, key=lambda queue: len(queue.items))
            of_name[name].items.append(item)
        return [queue for queue in queues if queue.items]


def arrange(batch: Batch, *, blocked: Mapping[str, datetime]) -> Arranged:
    """Put every item in its place. blocked: until when which addresses wait; their conversations are left out."""
    found = Arranged(waits=_waiting(batch.items, blocked))
    known = quiet_statuses.look_up(
        (item.number.business_id, item.event)
        for item in batch.items
        if item.number is not None and isinstance(item.event, StatusReceived)
    )
    places = _Places(found)
    for item in batch.items:
        if item.conversation not in found.waits:
            _place(item, known, found, places)
    return found


def _place(item: Item, known: quiet_statuses.OfWamids, found: Arranged, places: "_Places") -> None:
    event, number = item.event, item.number
    if number is not None and item.conversation not in found.one_by_one:
        if isinstance(event, StatusReceived):
            about = known[number.business_id].get(event.wamid)
            news = quiet_statuses.as_news(number.business_id, event, about)
            if news is not None:
                places.of(item.conversation, _STATUSES).statuses.append((item, news))
                return
        elif quiet_texts.may_be_quiet(event):
            places.of(item.conversation, _TEXTS).texts.append(item)
            return
        elif may_be_together(event):
            places.of(item.conversation, _TAPS).taps.append(item)
            return
    found.set_apart(item)


_STATUSES, _TEXTS, _TAPS = range(3)
"""The order within a phase."""


class _Places:
    """The earliest phase in which the next item of a conversation may be."""

    def __init__(self, found: Arranged) -> None:
        self._phases = found.phases
        self._last: dict[str, tuple[int, int]] = {}

    def of(self, conversation: str, kind: int) -> Phase:
        """After what was of another kind and comes later in a phase, it has to be the next phase."""
        place, last = self._last.get(conversation, (0, kind))
        place += kind < last
        self._last[conversation] = place, kind
        while len(self._phases) <= place:
            self._phases.append(Phase())
        return self._phases[place]


def _waiting(items: list[Item], blocked: Mapping[str, datetime]) -> dict[str, datetime]:
    """Conversations with a blocked address."""
    waits: dict[str, datetime] = {}
    if blocked:
        for item in items:
            for until in filter(None, map(blocked.get, item.addresses)):
                waits[item.conversation] = max(until, waits.get(item.conversation, until))
    return waits
