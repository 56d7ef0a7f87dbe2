"""The worker's side of the raw inbox: what is taken, what is put off, and how long the oldest has waited."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rows import T0
from wakeel.store import inbox
from wakeel.store.models import InboxRow

pytestmark = pytest.mark.django_db


def stored(number: int, *, state: str = "received", size: int = 2, minutes: float = 0, **fields: object) -> InboxRow:
    return InboxRow.objects.create(
        digest=hashlib.sha256(str(number).encode()).digest(), body=b"x" * size, state=state,
        received_at=T0 - timedelta(minutes=minutes), **fields,
    )  # fmt: skip


def test_what_waits_is_taken_in_order_of_arrival_and_nothing_else():
    first, second = stored(1), stored(2, next_try_at=T0, attempts=2)
    stored(3, state="done")
    stored(4, state="quarantined")
    stored(5, next_try_at=T0 + timedelta(seconds=1))
    last = stored(6)
    taken = inbox.take(real_now=T0, limit=10)
    assert [one.pk for one in taken] == [first.pk, second.pk, last.pk]
    assert (taken[1].attempts, taken[1].body, taken[1].received_at) == (2, b"xx", T0)
    assert [one.pk for one in inbox.take(real_now=T0, limit=2)] == [first.pk, second.pk]
    assert inbox.waiting(real_now=T0, limit=10) == [first.pk, second.pk, last.pk]
    assert [one.pk for one in inbox.take(real_now=T0, limit=10, after=first.pk)] == [second.pk, last.pk]


def test_large_bodies_are_not_taken_in_hand_all_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inbox, "BYTES_AT_ONCE", 1000)
    rows = [stored(number, size=600) for number in range(3)]
    assert [one.pk for one in inbox.take(real_now=T0, limit=10)] == [rows[0].pk]
    InboxRow.objects.filter(pk=rows[0].pk).update(state="done")
    stored(9, size=5)
    monkeypatch.setattr(inbox, "BYTES_AT_ONCE", 1)
    assert [one.pk for one in inbox.take(real_now=T0, limit=10)] == [rows[1].pk]


def test_the_oldest_that_waits_counts_also_while_it_is_put_off_and_never_what_is_quarantined():
    """A webhook whose order is kept, or that met a fault, may hold a STOP; a quarantined one holds its sender."""
    assert inbox.oldest_waiting_age(real_now=T0) == timedelta(0)
    stored(1, state="quarantined", minutes=9)
    stored(2, state="done", minutes=8)
    assert inbox.oldest_waiting_age(real_now=T0) == timedelta(0)
    stored(3, minutes=3, next_try_at=T0 + timedelta(minutes=1))
    stored(4, minutes=1)
    assert inbox.oldest_waiting_age(real_now=T0) == timedelta(minutes=3)
    assert inbox.oldest_waiting_age(real_now=T0 - timedelta(hours=1)) == timedelta(0)


@pytest.mark.parametrize("done", [[0, 1, 2, 3, 4, 5], [0, 1, 3, 5], [0, 5], [4]])
def test_what_went_well_is_done_and_what_arrived_in_between_is_not(done: list[int]):
    rows = [stored(number) for number in range(6)]
    inbox.finish_all([rows[place].pk for place in reversed(done)], real_now=T0)
    states = list(InboxRow.objects.order_by("id").values_list("state", flat=True))
    assert [place for place, state in enumerate(states) if state == "done"] == done


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL plans by statistics")
def test_asking_what_waits_reads_no_row_that_is_done():
    """Five million rows that are done must not make it slower."""
    with CaptureQueriesContext(connection) as captured:
        inbox.oldest_waiting_age(real_now=T0)
        inbox.take(real_now=T0, limit=10)
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            assert all("inbox_waiting" in row[3] for row in cursor.fetchall())


def test_only_what_still_waits_is_finished_or_put_off():
    """A webhook that another worker finished, or a person looked at, stays as it is."""
    waits, quarantined = stored(1), stored(2, state="quarantined", errors=[{"kind": "fault"}])
    inbox.finish_all([waits.pk, quarantined.pk], real_now=T0)
    inbox.put_off([quarantined.pk], until=T0)
    inbox.finish(quarantined.pk, errors=[], quarantined=False, real_now=T0)
    waits.refresh_from_db()
    quarantined.refresh_from_db()
    assert (waits.state, waits.processed_at) == ("done", T0)
    assert (quarantined.state, quarantined.errors, quarantined.next_try_at) == (
        "quarantined",
        [{"kind": "fault"}],
        None,
    )
    assert inbox.one(waits.pk) == []
