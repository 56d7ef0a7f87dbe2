"""Single items of a stored webhook through today's code once more: by `wakeel replay`, and from the webhooks page.

What was done before is not done again: each item is first looked for by the key its effect is kept under, and the flows
look again themselves. One item is one short transaction, in which its row is locked: two clicks have one effect, and an
erasure that rewrites the body is never overtaken. Late taps are answered as late; a STOP counts however late it comes.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from wakeel.domain import inbox_notes
from wakeel.domain.events import Event, StatusReceived, Unrecognised
from wakeel.domain.inbox_notes import Note, NoteKind, open_paths, path_of
from wakeel.flows.forget_late_news import forget_late_news
from wakeel.flows.hold_unread import release_unread
from wakeel.flows.route_item import route_item
from wakeel.store import businesses, inbox_history, known_items, raw_bodies
from wakeel.store.give_way import give_way
from wakeel.store.models import InboxRow, SendingNumber
from wakeel.store.retry import whole_transaction
from wakeel.whatsapp.webhook import UnreadableBody, decode

Wanted = Callable[[Event], bool]


class Outcome(StrEnum):
    """What became of one item."""

    CARRIED_OUT = "carried_out"  # now
    DONE_BEFORE = "done_before"  # its effect is in the database
    QUARANTINED = "quarantined"  # it still cannot be read or carried out
    DISMISSED = "dismissed"  # the same, and a person had put it aside
    NOT_OURS = "not_ours"  # it names no number of ours
    UNRECOGNISED = "unrecognised"  # of a kind that this version does not act on
    SEALED = "sealed"  # the body does not open with the keys we have


@dataclass(frozen=True, slots=True)
class Tried:
    """event: None for a body of which nothing can be read, or that does not open."""

    event: Event | None
    outcome: Outcome


@dataclass(slots=True)
class Run:
    """One run over any number of rows. by: whoever asked, a web account's id or the name of a command.

    dry: everything is carried out and rolled back, item by item, so that what is told is what would happen.
    rolled_back: keys of what a dry run carried out: its repetition in another body would be done before.
    known: keys of items that were looked up before their turn and found done.
    """

    by: str
    now: datetime
    dry: bool = False
    rolled_back: set[tuple[str, ...]] = field(default_factory=set)
    known: set[tuple[str, ...]] = field(default_factory=set)


class _WrittenAnew(Exception):
    """The body is another one than was decoded: somebody's data was destroyed meanwhile."""


def look_up(row_ids: Sequence[int], run: Run) -> None:
    """Ask for some rows at once which of their items were carried out before: most were, and one by one takes long."""
    keys: dict[str, list[known_items.Key]] = defaultdict(list)
    for row_id in row_ids:
        row = inbox_history.read(row_id)
        if row is not None:
            for business_id, key in _keys_of(row):
                keys[business_id].append(key)
    run.known = {
        (business_id, *key)
        for business_id, found in keys.items()
        for key in known_items.known_among(business_id, found)
    }


def _keys_of(row: InboxRow) -> Iterator[tuple[str, known_items.Key]]:
    """With the business each belongs to; none of what cannot be read, or is nobody's."""
    try:
        events = decode(raw_bodies.opened(row))
    except (UnreadableBody, raw_bodies.StaysSealed):
        return
    routes = {whose: businesses.route(*whose) for whose in {(event.phone_number_id, event.waba_id) for event in events}}
    for event in events:
        number, key = routes[event.phone_number_id, event.waba_id], known_items.key_of(event)
        if number is not None and key is not None:
            yield number.business_id, key


def carry_out_again(row_id: int, run: Run, *, wanted: Wanted) -> list[Tried]:
    """Every wanted item of one row that the worker is through with, in its order; none for a row that still waits.

    A row whose last fault is gone becomes `done`. wanted is not asked where nothing of the body can be read.
    """
    tried: list[Tried] = []
    while True:
        try:
            return _whole_row(row_id, run, wanted, tried)
        except _WrittenAnew:
            continue


def _whole_row(row_id: int, run: Run, wanted: Wanted, tried: list[Tried]) -> list[Tried]:
    row = inbox_history.read(row_id)
    if row is None:
        return tried
    try:
        events = decode(raw_bodies.opened(row))
    except UnreadableBody as unreadable:
        note = {"kind": NoteKind.UNREADABLE.value, "path": "", "error": str(unreadable)}
        return [*tried, Tried(None, _note_failure(row, note, run))]
    except raw_bodies.StaysSealed:
        return [*tried, Tried(None, Outcome.SEALED)]
    before = [one.event for one in tried]
    for event in events:
        if wanted(event) and event not in before:
            tried.append(Tried(event, _one(row, event, run)))
    if all(map(wanted, events)):
        _settle_what_is_gone(row, {event.path for event in events}, run)
    return tried


def _one(row: InboxRow, event: Event, run: Run) -> Outcome:
    number = businesses.route(event.phone_number_id, event.waba_id)
    known = _known_without_a_lock(row, event, number, run)
    if known is not None:
        return known
    started = time.monotonic()
    try:
        outcome = _in_its_transaction(row, event, number, run, last_try=False)
    except IntegrityError:
        # The worker wrote the same news at the same moment; by now it is there.
        outcome = _in_its_transaction(row, event, number, run, last_try=True)
    give_way(time.monotonic() - started)
    if run.dry and outcome is Outcome.CARRIED_OUT and (key := _key(event, number)) is not None:
        run.rolled_back.add(key)
    return outcome


def _known_without_a_lock(row: InboxRow, event: Event, number: SendingNumber | None, run: Run) -> Outcome | None:
    """Most items were carried out when they came; None for what must be tried."""
    if event.path in _failed_paths(row.errors) or number is None:
        return None
    kinds = {note["kind"] for note in row.errors if path_of(note) == event.path}
    if isinstance(event, Unrecognised) and NoteKind.UNRECOGNISED in kinds:
        return Outcome.UNRECOGNISED
    key = _key(event, number)
    if key in run.known or key in run.rolled_back or known_items.was_carried_out(number.business_id, event):
        return Outcome.DONE_BEFORE
    return None


def _key(event: Event, number: SendingNumber | None) -> tuple[str, ...] | None:
    key = known_items.key_of(event)
    return (number.business_id, *key) if number is not None and key is not None else None


@whole_transaction
def _in_its_transaction(
    row: InboxRow, event: Event, number: SendingNumber | None, run: Run, *, last_try: bool
) -> Outcome:
    with transaction.atomic():
        locked = inbox_history.lock(row.pk)
        if locked is None or bytes(locked.body) != bytes(row.body):
            raise _WrittenAnew
        late: list[StatusReceived] = []
        if number is not None and known_items.was_carried_out(number.business_id, event):
            outcome, notes = Outcome.DONE_BEFORE, _gone_well(locked, event.path, run)
        else:
            outcome, notes = _carried_out(locked, event, number, run, late=late, last_try=last_try)
        if notes != locked.errors:
            inbox_history.note(row.pk, notes, quarantined=inbox_notes.is_quarantined(notes))
        if number is not None and event.path in open_paths(locked.errors) - open_paths(notes):
            release_unread(number.business_id, getattr(event, "sender", None), now=run.now)
        if late:
            forget_late_news(row.pk, late)
        if run.dry:
            transaction.set_rollback(True)
        return outcome


def _carried_out(
    row: InboxRow, event: Event, number: SendingNumber | None, run: Run, *, late: list[StatusReceived], last_try: bool
) -> tuple[Outcome, list[Note]]:
    with transaction.atomic():
        note = route_item(event, number, late=late, may_wait=False, last_try=last_try, now=run.now)
        if note is not None and event.path in _failed_paths(row.errors):
            # It fails as it failed before: what a first failure holds back is not held back a second time.
            transaction.set_rollback(True)
    if note is None:
        return Outcome.CARRIED_OUT, _gone_well(row, event.path, run)
    notes = inbox_notes.failed(row.errors, note)
    return _outcome_of(note, notes), notes


def _outcome_of(note: Note, notes: list[Note]) -> Outcome:
    match note["kind"]:
        case NoteKind.UNRECOGNISED:
            return Outcome.UNRECOGNISED
        case NoteKind.NOT_OURS:
            return Outcome.NOT_OURS
        case _:
            return Outcome.QUARANTINED if note["path"] in open_paths(notes) else Outcome.DISMISSED


def _note_failure(row: InboxRow, note: Note, run: Run) -> Outcome:
    """Nothing of the body can be read; noted when it came, unless an earlier version could read it."""
    notes = inbox_notes.failed(row.errors, note)
    if notes != row.errors and not run.dry:
        _rewrite_notes(row.pk, lambda known: inbox_notes.failed(known, note))
    return _outcome_of(note, notes)


def _settle_what_is_gone(row: InboxRow, paths: set[str], run: Run) -> None:
    """What was noted of the body as a whole, or of an item that is no longer in it, stands against nothing any more."""
    gone = open_paths(row.errors) - paths
    if gone and not run.dry:
        _rewrite_notes(row.pk, lambda known: _all_gone_well(known, gone, run))


def _all_gone_well(notes: list[Note], paths: set[str], run: Run) -> list[Note]:
    for path in sorted(paths):
        notes = inbox_notes.carried_out(notes, path, by=run.by, at=run.now)
    return notes


@whole_transaction
def _rewrite_notes(row_id: int, change: Callable[[list[Note]], list[Note]]) -> None:
    with transaction.atomic():
        row = inbox_history.lock(row_id)
        if row is not None:
            notes = change(row.errors)
            inbox_history.note(row_id, notes, quarantined=inbox_notes.is_quarantined(notes))


def _gone_well(row: InboxRow, path: str, run: Run) -> list[Note]:
    return inbox_notes.carried_out(row.errors, path, by=run.by, at=run.now)


def _failed_paths(notes: list[Note]) -> set[str]:
    """Of what could not be carried out before, also if a person put it aside."""
    return open_paths(notes) | {path_of(note) for note in notes if note["kind"] == NoteKind.DISMISSED}
