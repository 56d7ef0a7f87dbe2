"""What comes behind the batch in hand is read in the pauses: nothing is lost, doubled, or out of order by that."""

import pytest

from tests import rows
from tests.flows.inbox_stage import put, text
from tests.flows.stage import Stage
from wakeel.domain.events import TextReceived
from wakeel.flows import read_ahead
from wakeel.flows.inbox_batch import Opened
from wakeel.flows.read_ahead import ReadAhead
from wakeel.store import inbox
from wakeel.store.models import InboxRow


def said(found: list[Opened]) -> list[str]:
    return [event.text for _, events in found for event in events if isinstance(event, TextReceived)]


def arrive(stage: Stage, *words: str) -> list[InboxRow]:
    return [put(stage, text(stage, word, by="966509722233", wamid=f"wamid.{word}")) for word in words]


def done(found: list[Opened]) -> None:
    inbox.finish_all([row.id for row, _ in found], real_now=rows.T0)


def test_a_batch_has_what_was_read_ahead_what_came_later_and_what_is_due_again_in_order(stage: Stage):
    first, _, _, late = arrive(stage, "a", "b", "c", "d")
    inbox.put_off([first.pk], until=stage.now + rows.MINUTE)
    ahead = ReadAhead(limit=2)
    taken = ahead.take(real_now=stage.now)
    assert said(taken) == ["b", "c"]
    ahead.read_on(real_now=stage.now)
    arrive(stage, "e")
    done(taken)
    assert said(ahead.take(real_now=stage.now + rows.MINUTE)) == ["a", "d"]
    inbox.finish_all([first.pk, late.pk], real_now=stage.now)
    assert said(ahead.take(real_now=stage.now + rows.MINUTE)) == ["e"]


def test_what_somebody_else_carried_out_after_it_was_read_is_not_carried_out_again(stage: Stage):
    arrive(stage, "a")
    ahead = ReadAhead(limit=2)
    done(ahead.take(real_now=stage.now))
    [row, _] = arrive(stage, "b", "c")
    ahead.read_on(real_now=stage.now)
    inbox.finish_all([row.pk], real_now=stage.now)
    assert said(ahead.take(real_now=stage.now)) == ["c"]


def test_a_worker_that_decodes_again_knows_nothing_from_before(stage: Stage):
    [row] = arrive(stage, "a")
    ahead = ReadAhead(limit=2)
    ahead.read_on(real_now=stage.now)
    InboxRow.objects.filter(pk=row.pk).update(attempts=3)
    ahead.forget()
    assert [one.attempts for one, _ in ahead.take(real_now=stage.now)] == [3]


def test_no_more_is_read_than_a_batch_has_and_no_more_bytes_than_fit_in_hand(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(read_ahead, "ROWS_AT_ONCE", 1)
    arrive(stage, "a", "b", "c", "d")
    ahead = ReadAhead(limit=2)
    assert ahead.read_on(real_now=stage.now)
    assert ahead.read_on(real_now=stage.now)
    assert not ahead.read_on(real_now=stage.now)
    monkeypatch.setattr(inbox, "BYTES_AT_ONCE", 1)
    small = ReadAhead(limit=9)
    assert not small.read_on(real_now=stage.now)
    assert not small.read_on(real_now=stage.now)
    assert said(small.take(real_now=stage.now)) == ["a"]
