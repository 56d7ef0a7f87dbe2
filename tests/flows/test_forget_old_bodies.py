"""Raw bodies are deleted when their time is over, in small steps."""

import hashlib
from datetime import timedelta

import pytest

from wakeel import clock
from wakeel.flows import forget_old_bodies
from wakeel.flows.forget_old_bodies import FEWEST, MOST, OldBodies
from wakeel.store import raw_bodies
from wakeel.store.models import InboxRow, InboxState

pytestmark = pytest.mark.django_db

MONTH = timedelta(days=30)


def rows(count: int, *, age: timedelta, state: str = InboxState.DONE, notes: tuple[str, ...] = ()) -> None:
    """notes: what stands against each, one kind an item."""
    at = clock.real_now() - age
    digests = [hashlib.sha256(f"{age} {state} {notes} {number}".encode()).digest() for number in range(count)]
    errors = [{"kind": kind, "path": str(place), "error": "x"} for place, kind in enumerate(notes)]
    InboxRow.objects.bulk_create(
        InboxRow(digest=one, body=b"{}", received_at=at, state=state, errors=errors) for one in digests
    )


def until_done(old: OldBodies) -> list[int]:
    """Sizes of the chunks."""
    return list(iter(lambda: old.forget_some(real_now=clock.real_now()), 0))


def test_old_bodies_go_in_several_chunks_and_everything_else_stays():
    rows(700, age=timedelta(days=31))
    rows(20, age=timedelta(days=29))
    rows(5, age=timedelta(days=90), state=InboxState.QUARANTINED, notes=("malformed",))
    rows(4, age=timedelta(days=90), state=InboxState.RECEIVED)
    chunks = until_done(OldBodies(MONTH))
    assert sum(chunks) == 700
    assert len(chunks) > 2
    assert max(chunks) <= MOST
    assert InboxRow.objects.count() == 29


def test_what_names_no_number_of_ours_goes_too_unless_something_beside_it_waits():
    """A webhook set up for two accounts would fill the disk for ever, and nobody has to look at it."""
    old, quarantined = timedelta(days=31), InboxState.QUARANTINED
    rows(3, age=old, state=quarantined, notes=("not_ours", "unrecognised"))
    rows(1, age=old, state=quarantined, notes=("not_ours", "fault"))
    rows(1, age=old, state=quarantined, notes=("not_ours", "malformed"))
    rows(1, age=old, state=quarantined, notes=("unreadable",))
    rows(1, age=timedelta(days=29), state=quarantined, notes=("not_ours",))
    assert sum(until_done(OldBodies(MONTH))) == 3
    assert InboxRow.objects.count() == 4


def test_a_slow_disk_gets_smaller_chunks_and_a_quick_one_larger(monkeypatch: pytest.MonkeyPatch):
    """The lock is not held for longer than others notice."""
    rows(400, age=timedelta(days=31))
    ticks = iter(range(1000))
    monkeypatch.setattr(forget_old_bodies.time, "monotonic", lambda: next(ticks) * 0.05)
    chunks = until_done(OldBodies(MONTH))
    assert chunks[0] == 50
    assert chunks[1] == FEWEST
    monkeypatch.setattr(forget_old_bodies.time, "monotonic", lambda: 0.0)
    rows(400, age=timedelta(days=32))
    assert until_done(OldBodies(MONTH))[:3] == [50, 100, 200]


def test_nothing_is_written_when_nothing_is_old(django_assert_num_queries):
    rows(3, age=timedelta(days=1))
    with django_assert_num_queries(1):
        assert OldBodies(MONTH).forget_some(real_now=clock.real_now()) == 0


def test_what_is_replayed_while_its_time_ends_is_left_to_the_replay(monkeypatch: pytest.MonkeyPatch):
    rows(2, age=timedelta(days=31))
    found = raw_bodies.done_before

    def meanwhile(*given, **named) -> list[int]:
        ids = found(*given, **named)
        InboxRow.objects.filter(pk=ids[0]).update(state=InboxState.QUARANTINED)
        return ids

    monkeypatch.setattr(raw_bodies, "done_before", meanwhile)
    assert OldBodies(MONTH).forget_some(real_now=clock.real_now()) == 1
    assert InboxRow.objects.get().state == InboxState.QUARANTINED
