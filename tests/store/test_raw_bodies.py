"""Raw bodies as they lie in the database: sealed, found again for an erasure, deleted when they are old."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.keys import own_keys, started_again
from wakeel.store import key_files, raw_bodies
from wakeel.store.body_seal import BodySeal
from wakeel.store.keyring import check_value
from wakeel.store.models import InboxRow, InboxState, KeyCheck
from wakeel.store.raw_bodies import StaysSealed

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(raw_bodies, "_alarm", raw_bodies._Alarm())
    with own_keys(tmp_path / "keys") as made:
        yield made


def kept(body: bytes, *, at: datetime = NOON, state: str = InboxState.RECEIVED) -> InboxRow:
    """As the inbox writer keeps it."""
    digest, seal = hashlib.sha256(body).digest(), raw_bodies.seal()
    return InboxRow.objects.create(
        digest=digest, body=seal.seal(body, digest), key_epoch=seal.epoch, received_at=at, state=state
    )


def test_a_body_reads_as_it_came_and_does_not_lie_so():
    row = kept(b"words of a person")
    row.refresh_from_db()
    assert raw_bodies.opened(row) == b"words of a person"
    assert b"words" not in bytes(row.body)


def test_a_body_from_before_the_sealing_reads_as_it_lies():
    row = InboxRow.objects.create(digest=b"d" * 32, body=b"as it came", received_at=NOON)
    assert raw_bodies.opened(row) == b"as it came"


def test_a_new_key_that_is_not_the_databases_leaves_the_others_in_use(folder: Path):
    """Somebody put another deployment's file into the folder: what was sealed before must still be heard."""
    before, after = kept(b"before"), kept(b"after")
    KeyCheck.objects.create(name="field.2", check_value=check_value("field.2", b"k" * 32))
    InboxRow.objects.filter(pk=after.pk).update(key_epoch=2)
    after.refresh_from_db()
    key_files.make(folder, "field.2")
    for _ in range(2):
        with pytest.raises(StaysSealed):
            raw_bodies.opened(after)
        assert raw_bodies.opened(before) == b"before"


def test_the_same_body_is_never_sealed_to_the_same_bytes():
    digest = b"d" * 32
    assert raw_bodies.seal().seal(b"yes", digest) != raw_bodies.seal().seal(b"yes", digest)


def test_a_body_that_was_put_to_another_row_or_changed_stays_sealed():
    """Who can write to the database only must not be able to make up webhooks."""
    one, other = kept(b"one"), kept(b"other")
    InboxRow.objects.filter(pk=one.pk).update(body=other.body)
    InboxRow.objects.filter(pk=other.pk).update(body=bytes(other.body)[:-1] + b"\x00")
    for row in (one, other):
        row.refresh_from_db()
        with pytest.raises(StaysSealed):
            raw_bodies.opened(row)


def test_after_a_rotation_old_bodies_still_read_and_new_ones_take_the_new_key(folder: Path):
    old = kept(b"old")
    key_files.make(folder, "field.2")
    started_again()
    new = kept(b"new")
    assert (old.key_epoch, new.key_epoch) == (1, 2)
    assert [raw_bodies.opened(row) for row in (old, new)] == [b"old", b"new"]


def test_a_key_that_another_process_uses_before_us_is_found_without_a_restart(folder: Path):
    """Web is started with the new key first, and the worker still runs with the old ones."""
    assert raw_bodies.seal().epoch == 1
    fresh, digest = BodySeal({2: key_files.make(folder, "field.2")}), b"d" * 32
    row = InboxRow(digest=digest, body=fresh.seal(b"sealed elsewhere", digest), key_epoch=2, received_at=NOON)
    assert raw_bodies.opened(row) == b"sealed elsewhere"
    assert raw_bodies.seal().epoch == 2


def test_a_key_that_is_lost_keeps_the_body_sealed_alarms_once_and_says_nothing_of_it(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    row = kept(b"words of a person")
    InboxRow.objects.filter(pk=row.pk).update(key_epoch=7)
    row.refresh_from_db()
    for _ in range(3):
        with pytest.raises(StaysSealed, match=r"field\.7"):
            raw_bodies.opened(row)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "words" not in caplog.text
    assert raw_bodies.keyring().field.keys() == {1}, "the other keys stay in use"


def test_bodies_that_hold_a_text_are_found_sealed_or_not():
    found = kept(b'{"from": "966500000007"}')
    plain = InboxRow.objects.create(digest=b"p" * 32, body=b"966500000007", received_at=NOON)
    for number in range(70):
        kept(b'{"from": "966511111111", "n": %d}' % number)
    last = kept(b'{"to": "966500000007"}')
    assert raw_bodies.holding(["966500000007", "SA.1"]) == [found.pk, plain.pk, last.pk]
    assert raw_bodies.holding(["966500000007"], after=plain.pk) == [last.pk]
    assert len(raw_bodies.holding(["966511111111"])) == 70, "none is left out between two portions"
    assert raw_bodies.holding([]) == []


def test_a_body_that_stays_sealed_stops_the_search():
    """It may hold what is searched for: an erasure that skipped it would say more than it knows."""
    row = kept(b"unknown")
    InboxRow.objects.filter(pk=row.pk).update(key_epoch=7)
    with pytest.raises(StaysSealed):
        raw_bodies.holding(["966500000007"])


def test_a_body_written_anew_is_sealed_again_under_the_digest_of_what_came():
    row = kept(b"with a name")
    raw_bodies.rewrite(row, b"without", errors=[{"kind": "x"}])
    row.refresh_from_db()
    assert raw_bodies.opened(row) == b"without"
    assert bytes(row.digest) == hashlib.sha256(b"with a name").digest()
    assert b"without" not in bytes(row.body)
    assert row.errors == [{"kind": "x"}]


def test_only_what_was_carried_out_and_is_old_is_deleted_the_oldest_first():
    month = timedelta(days=30)
    done = [kept(b"done %d" % days, at=NOON - timedelta(days=days), state=InboxState.DONE) for days in (31, 40, 29)]
    kept(b"waits for a person", at=NOON - 2 * month, state=InboxState.QUARANTINED)
    kept(b"waits for the worker", at=NOON - 2 * month)
    assert raw_bodies.done_before(NOON - month, limit=10) == [done[1].pk, done[0].pk]
    assert raw_bodies.done_before(NOON - month, limit=1) == [done[1].pk]
    InboxRow.objects.filter(pk=done[0].pk).update(state=InboxState.RECEIVED)
    assert raw_bodies.delete_done([done[1].pk, done[0].pk]) == 1, "one of them is being replayed"
    assert InboxRow.objects.count() == 4
