"""What the reader's thread does: asks for changes, reads how things stand, draws. No event loop, no other thread."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wakeel import clock
from wakeel.store.screens import live, seat
from wakeel.store.screens.live import Change
from wakeel.web.live_places import Touched, View, draw, draw_counts, look
from wakeel.web.live_rights import Watcher, still_there

READ_AT_MOST = 2000
TOO_FAR_BEHIND = 10_000
REPLAYED_AT_MOST = 1000
GAPS_KEPT_S = 60.0
"""A number that did not appear by then belongs to a transaction that was rolled back."""
GAPS_AT_MOST = 500
COUNTS_EVERY_S = 1.0
"""Numbers of the navigation take a few queries a person; nobody reads them more often."""
COUNTED_AT_ONCE = 5
CHECKED_EVERY_S = 30.0


@dataclass(slots=True)
class Packet:
    """What a stream has not been told yet; the last state of each place wins.

    id: of the newest change in it. put: HTML by key. on: keys of regions that ask for themselves. new: opportunities
    that came to wait. is_too_old: more was missed than is kept; only a new page helps.
    """

    id: int = 0
    put: dict[str, str] = field(default_factory=dict)
    on: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    is_too_old: bool = False

    def add(self, other: "Packet") -> None:
        self.id = max(self.id, other.id)
        self.put |= other.put
        self.on |= other.on
        self.new |= other.new
        self.is_too_old |= other.is_too_old


@dataclass(slots=True, eq=False)
class Listener:
    """Somebody who listens, as the reader knows them. watcher: None once they may no longer. counts: as last told."""

    watcher: Watcher | None
    checked_at: float = field(default_factory=time.monotonic)
    counted_at: float = 0.0
    counts_moved: bool = False
    counts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Feed:
    """Where the reader is. last: the newest change it knows, None before it looked. gaps: numbers below that were not
    there yet, with the time when they are given up."""

    last: int | None = None
    gaps: dict[int, float] = field(default_factory=dict)

    def turn(self, listeners: Collection[Listener]) -> tuple[bool, list[tuple[Listener, Packet]]]:
        """Whether anything happened at all, and what to tell whom."""
        _check(listeners)
        present = {one: one.watcher for one in listeners if one.watcher is not None}
        changes, is_too_old = self._news()
        told: dict[Listener, Packet] = {}
        if is_too_old:
            told = {one: Packet(id=self.last or 0, is_too_old=True) for one in present}
        for business_id, own in _by_business(changes).items():
            if meant := {one: w for one, w in present.items() if w.view.business_id == business_id}:
                told |= self._packets(meant, look(business_id, own))
        return bool(changes), list(told.items())

    def counts(self, listeners: Collection[Listener]) -> list[tuple[Listener, Packet]]:
        """The numbers of the navigation that are others now: after what changed, for they take longer to read.

        Read once for all who see the same, and for a few such groups at a time, the longest unread first.
        """
        now = time.monotonic()
        groups: defaultdict[tuple[object, ...], list[tuple[Listener, Watcher]]] = defaultdict(list)
        for one in sorted(listeners, key=lambda one: one.counted_at):
            if one.watcher is not None and one.counts_moved and now - one.counted_at >= COUNTS_EVERY_S:
                groups[_alike(one.watcher)].append((one, one.watcher))
        told = []
        for group in list(groups.values())[:COUNTED_AT_ONCE]:
            [(_, first), *_others] = group
            found = seat.take(first.user_id, now=clock.now())
            is_here = found is not None and found.business_id == first.view.business_id
            drawn = draw_counts(found, first.view, now=clock.now()) if found and is_here else {}
            for one, _ in group:
                one.counted_at, one.counts_moved = now, False
                if news := _newly_counted(one, drawn):
                    told.append((one, Packet(id=self.last or 0, put=news)))
        return told

    def missed(self, listener: Listener, since: int | None) -> Packet:
        """What happened after that change, as it stands now. None: nothing did."""
        if self.last is None:
            self._begin()
        oldest, newest = live.ends()
        watcher = listener.watcher
        if watcher is None or since in {None, newest}:
            return Packet(id=newest)
        changes = live.since(since, limit=REPLAYED_AT_MOST + 1)
        if since > newest or since < oldest - 1 or len(changes) > REPLAYED_AT_MOST:
            return Packet(id=newest, is_too_old=True)
        touched = look(watcher.view.business_id, (c for c in changes if c.business_id == watcher.view.business_id))
        packet = self._packets({listener: watcher}, touched)[listener]
        packet.id = changes[-1].id
        return packet

    def _packets(self, meant: Mapping[Listener, Watcher], touched: Touched) -> dict[Listener, Packet]:
        drawn: dict[View, dict[str, str]] = {}
        queues: dict[str | None, set[str]] = {}
        told = {}
        for one, watcher in meant.items():
            if watcher.view not in drawn:
                drawn[watcher.view] = draw(touched, watcher.view, now=clock.now())
            if watcher.queue_of not in queues:
                queues[watcher.queue_of] = live.in_queue_of(watcher.queue_of, touched.came)
            one.counts_moved |= touched.moves_counts
            told[one] = Packet(
                self.last or 0, dict(drawn[watcher.view]), set(touched.keys), queues[watcher.queue_of].copy()
            )
        return told

    def _begin(self) -> None:
        self.last = live.ends()[1]

    def _news(self) -> tuple[list[Change], bool]:
        """Changes since the last time, and whether so many were skipped that pages are out of date."""
        if self.last is None:
            self._begin()
        last = self.last or 0
        changes = live.since(last, limit=READ_AT_MOST)
        if len(changes) == READ_AT_MOST and live.ends()[1] - last > TOO_FAR_BEHIND:
            self._begin()
            self.gaps.clear()
            return [], True
        late = live.those(self.gaps)
        for change in late:
            del self.gaps[change.id]
        self._note_gaps([last, *(change.id for change in changes)])
        if changes:
            self.last = changes[-1].id
        return late + changes, False

    def _note_gaps(self, ids: Sequence[int]) -> None:
        """On PostgreSQL a transaction takes its numbers before it commits; another may be seen before it."""
        now = time.monotonic()
        for before, after in pairwise(ids):
            for number in range(before + 1, min(after, before + 1 + GAPS_AT_MOST)):
                self.gaps[number] = now + GAPS_KEPT_S
        given_up = [number for number, until in self.gaps.items() if until < now]
        for number in given_up + list(self.gaps)[: max(0, len(self.gaps) - len(given_up) - GAPS_AT_MOST)]:
            self.gaps.pop(number, None)


def _by_business(changes: Iterable[Change]) -> dict[str, list[Change]]:
    found: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        found[change.business_id].append(change)
    return found


def _check(listeners: Iterable[Listener]) -> None:
    """Whether each of them may still listen, in turn."""
    now = time.monotonic()
    for one in listeners:
        if one.watcher is not None and now - one.checked_at > CHECKED_EVERY_S:
            one.checked_at = now
            one.watcher = still_there(one.watcher, now=clock.now(), real_now=clock.real_now())


def _alike(watcher: Watcher) -> tuple[object, ...]:
    return watcher.view, watcher.queue_of, watcher.roles


def _newly_counted(one: Listener, drawn: Mapping[str, str]) -> dict[str, str]:
    """Of these numbers the ones that this listener was not told yet."""
    news = {key: html for key, html in drawn.items() if one.counts.get(key) != html}
    one.counts |= drawn
    return news
