"""Webhooks taken in hand together become their effects, in order of arrival per conversation. Walks 1, 2 and 4.

What moves ticks, opens a window, answers a message of ours or is a tap on a card is done for many at once
(`quiet_statuses`, `quiet_texts`, `take_taps`), everything else through `route_item`. Every step is one commit; the last
item of a webhook commits together with its "done". A step may be tried again as a whole: items are known by their own
keys, so one that was done is not done again.
"""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Protocol

from django.db import DatabaseError, OperationalError, transaction

from wakeel import clock
from wakeel.domain import inbox_notes
from wakeel.domain.events import StatusReceived
from wakeel.domain.inbox_notes import Note
from wakeel.flows import quiet_statuses, quiet_texts, take_taps
from wakeel.flows.arrange_batch import Phase, Queue, arrange
from wakeel.flows.forget_late_news import forget_late_news
from wakeel.flows.inbox_batch import Batch, Item, Row
from wakeel.flows.pace import Pace, commit_s
from wakeel.flows.person_wrote import Postponed
from wakeel.flows.route_item import route_item
from wakeel.store import businesses, inbox
from wakeel.store.give_way import taking_turns

TAP_WAITS_AT_MOST = timedelta(seconds=10)
"""A tap may be quicker than the answer that tells us the card's wamid (design section 4)."""
LOOK_AGAIN_AFTER = timedelta(milliseconds=300)
BACK_OFF = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))
TRIES_OF_AN_ITEM = 2
"""How often an item that conflicts with another worker's is tried before it is put aside."""


@dataclass(slots=True)
class Paces:
    """Learnt from batch to batch."""

    statuses: Pace = field(default_factory=lambda: Pace(0.000_025, fewest=200))
    texts: Pace = field(default_factory=lambda: Pace(0.000_150, fewest=50))
    taps: Pace = field(default_factory=lambda: Pace(0.001, fewest=12))


@dataclass(slots=True)
class _Commit:
    """What one transaction did; the rows are told of it when it is on the disk. taken: items of the queue it saw."""

    done: list[Item] = field(default_factory=list)
    finished: list[Row] = field(default_factory=list)
    notes: dict[Row, list[Note]] = field(default_factory=lambda: defaultdict(list))
    late: dict[Row, list[StatusReceived]] = field(default_factory=lambda: defaultdict(list))
    held_up: Item | None = None
    why: Postponed | DatabaseError | None = None
    taken: int = 0


class _Prepare(Protocol):
    """What can be done before the lock is taken; gives what is done under it, which gives the items that are done."""

    def __call__(self, items: Sequence[Item], *, now: datetime) -> Callable[[], list[Item]]: ...


def _texts(items: Sequence[Item], *, now: datetime) -> Callable[[], list[Item]]:
    return partial(quiet_texts.record_quiet, items, now=now)


LOOKED_UP_AT_ONCE = 100
"""Taps of which one reading serves several commits; as many opportunities as are ranked are two for each."""


class RouteBatch:
    """One batch on its way: quiet steps until there are none, then the queues, then `end`."""

    def __init__(self, batch: Batch, *, blocked: Mapping[str, datetime], paces: Paces) -> None:
        """blocked: until when which addresses wait, because something of theirs from before does."""
        self._batch = batch
        self._paces = paces
        self._arranged = arrange(batch, blocked=blocked)
        self._looked: take_taps.Looked | None = None

    @property
    def finished(self) -> int:
        """How many webhooks are carried out."""
        return sum(row.is_finished for row in self._batch.rows)

    def quiet_step(self, *, now: datetime) -> bool:
        """One commit of quiet items; False if there are no more. Raises OperationalError: then nothing was done."""
        while self._arranged.phases:
            phase = self._arranged.phases[0]
            if phase.statuses:
                self._statuses(phase, now=now)
                return True
            if phase.texts:
                self._many(phase.texts, self._paces.texts, _texts, now=now)
                return True
            if phase.taps:
                self._many(phase.taps, self._paces.taps, partial(self._taps, phase), now=now)
                return True
            self._arranged.phases.popleft()
        return False

    def queues(self, most: int = 1) -> list[Queue]:
        """What is left to be carried out one by one; so many queues may run side by side, each by one thread."""
        return self._arranged.queues(most)

    def step(self, queue: Queue, *, now: datetime) -> bool:
        """One commit of the next items of a queue; False if it is empty."""
        if not queue.items:
            return False
        most = 1 if queue.alone else len(queue.items)
        try:
            commit = self._one_by_one(queue, most, now=now)
        except DatabaseError as fault:
            if most > 1:
                # Nothing of that commit is done. One item is to blame: each gets a commit of its own.
                queue.alone = most
                return True
            commit = _Commit(held_up=queue.items[0], why=fault, taken=1)
        self._settle(commit)
        for _ in range(commit.taken):
            queue.items.popleft()
        queue.alone = max(0, queue.alone - commit.taken)
        return True

    def end(self) -> dict[str, datetime]:
        """Put off what has to wait; the addresses of those conversations, and until when."""
        waits = self._arranged.waits
        waiting = [item for item in self._batch.items if item.conversation in waits]
        for item in waiting:
            if item.row.left:
                item.row.wait(until=waits[item.conversation])
        for row in self._batch.rows:
            if row.fault and row.put_off_until is None:
                # Nothing of it could be opened.
                row.wait(until=clock.real_now() + _back_off(row))
        empty = [row for row in self._batch.rows if not row.left and not row.is_finished and not row.fault]
        late = [row for row in self._batch.rows if row.put_off_until is not None and not row.is_finished]
        if empty or late:
            with taking_turns(), transaction.atomic():
                self._finish(empty, _Commit())
                _put_off(late)
            self._settle(_Commit(finished=empty))
        return {address: waits[item.conversation] for item in waiting for address in item.addresses}

    def _statuses(self, phase: Phase, *, now: datetime) -> None:
        pace = self._paces.statuses
        part = list(islice(phase.statuses, pace.share(len(phase.statuses))))
        items, news = [item for item, _ in part], [one for _, one in part]
        went_well, worked_s = False, 0.0
        commit = _Commit(done=items, finished=_finished_by(items))
        try:
            rows = quiet_statuses.prepare(news, now=now)
            with taking_turns(), transaction.atomic():
                started = time.monotonic()
                went_well = quiet_statuses.record_quiet(news, rows)
                if went_well:
                    self._finish(commit.finished, commit)
                worked_s = time.monotonic() - started
        except OperationalError:
            raise
        except Exception:  # whatever is wrong is one item's: each is looked at by itself, and its fault is its own
            went_well = False
        for _ in part:
            phase.statuses.popleft()
        if went_well:
            pace.took(worked_s, items=len(items))
            self._settle(commit)
        else:
            self._set_apart(items)

    def _taps(self, phase: Phase, items: Sequence[Item], *, now: datetime) -> Callable[[], list[Item]]:
        looked, self._looked = self._looked, None
        if looked is None or not looked.has(items):
            looked = take_taps.Looked(list(islice(phase.taps, max(LOOKED_UP_AT_ONCE, len(items)))), now=now)

        def carry_out() -> list[Item]:
            done = looked.take(items, now=now)
            # Kept only if nothing went wrong: then it still is as good as it was.
            self._looked = looked
            return done

        return carry_out

    def _many(self, waiting: deque[Item], pace: Pace, prepared: _Prepare, *, now: datetime) -> None:
        """One commit of the next of these. What it does not carry out is looked at one by one."""
        items = list(islice(waiting, pace.share(len(waiting))))
        commit, worked_s = _Commit(), 0.0
        try:
            carry_out = prepared(items, now=now)
            with taking_turns(), transaction.atomic():
                started = time.monotonic()
                done = carry_out()
                self._finish(_finished_by(done), commit)
                worked_s = time.monotonic() - started
            commit.done, commit.finished = done, _finished_by(done)
        except OperationalError:
            raise
        except Exception:  # as above
            commit = _Commit()
        for _ in items:
            waiting.popleft()
        pace.took(worked_s, items=len(commit.done))
        self._settle(commit)
        known = set(commit.done)
        self._set_apart([item for item in items if item not in known])

    def _set_apart(self, items: Sequence[Item]) -> None:
        """They go one by one, and so does whatever of their conversations is still to come."""
        conversations = {item.conversation for item in items}
        for item in items:
            self._arranged.set_apart(item)
        for phase in self._arranged.phases if conversations else ():
            self._arranged.apart += [item for item, _ in phase.statuses if item.conversation in conversations]
            self._arranged.apart += [item for item in phase.texts if item.conversation in conversations]
            self._arranged.apart += [item for item in phase.taps if item.conversation in conversations]
            phase.taps = deque(item for item in phase.taps if item.conversation not in conversations)
            phase.statuses = deque(one for one in phase.statuses if one[0].conversation not in conversations)
            phase.texts = deque(item for item in phase.texts if item.conversation not in conversations)

    def _one_by_one(self, queue: Queue, most: int, *, now: datetime) -> _Commit:
        commit, longest = _Commit(), 0.0
        with taking_turns(), transaction.atomic():
            started = before = time.monotonic()
            for item in islice(queue.items, most):
                if before - started + longest > commit_s():
                    break
                commit.taken += 1
                if item.conversation in self._arranged.waits:
                    continue
                try:
                    self._carry_out(item, commit, now=now)
                except (Postponed, DatabaseError) as why:
                    if transaction.get_rollback():
                        raise
                    commit.held_up, commit.why = item, why
                    break
                after = time.monotonic()
                before, longest = after, max(longest, after - before)
            commit.finished = _finished_by(commit.done)
            self._finish(commit.finished, commit)
        return commit

    def _carry_out(self, item: Item, commit: _Commit, *, now: datetime) -> None:
        row, late = item.row, list[StatusReceived]()
        note = route_item(
            item.event, item.number, late=late, may_wait=clock.real_now() - row.received_at < TAP_WAITS_AT_MOST,
            last_try=row.attempts >= TRIES_OF_AN_ITEM, now=now,
        )  # fmt: skip
        commit.done.append(item)
        commit.late[row] += late
        if note is not None:
            commit.notes[row].append(note)

    def _finish(self, rows: Sequence[Row], commit: _Commit) -> None:
        """Write "done" in the transaction that does the last item."""
        real_now, clean = clock.real_now(), []
        for row in rows:
            if row.late or row in commit.late:
                forget_late_news(row.id, row.late + commit.late[row])
            if row.notes or row in commit.notes:
                notes = row.notes + commit.notes[row]
                inbox.finish(row.id, errors=notes, quarantined=inbox_notes.is_quarantined(notes), real_now=real_now)
            else:
                clean.append(row.id)
        inbox.finish_all(clean, real_now=real_now)
        if rows:
            for number in list(self._batch.numbers.values()):
                businesses.webhook_seen(number, real_now=real_now)

    def _settle(self, commit: _Commit) -> None:
        for item in commit.done:
            item.row.left -= 1
        for row, notes in commit.notes.items():
            row.notes += notes
        for row, late in commit.late.items():
            row.late += late
        for row in commit.finished:
            row.is_finished = True
        if commit.finished:
            self._batch.numbers.clear()
        if commit.held_up is not None:
            self._hold_up(commit.held_up, commit.why)

    def _hold_up(self, item: Item, why: Postponed | DatabaseError | None) -> None:
        """It waits, and so does whatever of its conversation came after it."""
        row = item.row
        if isinstance(why, DatabaseError):
            until = clock.real_now() + _back_off(row)
            row.fault = type(why).__name__
        else:
            until = clock.real_now() + LOOK_AGAIN_AFTER
        row.wait(until=until)
        if item.conversation:
            self._arranged.waits[item.conversation] = until


def _back_off(row: Row) -> timedelta:
    return BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]


def _finished_by(items: Sequence[Item]) -> list[Row]:
    """Webhooks of which nothing is left once these items are done."""
    return [row for row, done in Counter(item.row for item in items).items() if row.left == done]


def _put_off(rows: Sequence[Row]) -> None:
    waits: dict[datetime, list[int]] = defaultdict(list)
    for row in rows:
        if row.put_off_until is None:
            continue
        if row.fault:
            inbox.try_later(row.id, at=row.put_off_until, error=row.fault)
        else:
            waits[row.put_off_until].append(row.id)
    for until, ids in waits.items():
        inbox.put_off(ids, until=until)
