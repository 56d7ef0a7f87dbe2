"""A database that somebody put back from a backup, beside the file that knows more than it."""

from pathlib import Path

import pytest

from tests.flows.stage import Stage
from wakeel.domain.runs import Mark, RunFinding
from wakeel.domain.stop_switches import EVERYWHERE
from wakeel.flows import note_run, release_stop
from wakeel.store import run_file, runs
from wakeel.store.models import DatabaseRun, OutboxMessage, StopSwitch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "run"


def begin(stage: Stage, path: Path) -> RunFinding:
    return note_run.begin(path, now=stage.now, real_now=stage.now)[1]


def go_on(stage: Stage, path: Path, last: Mark) -> Mark:
    mark = note_run.go_on(path, last, now=stage.now, real_now=stage.now)
    assert note_run.keep(path, mark)
    return mark


def test_starts_count_on_in_both_places_and_stop_nothing(stage: Stage, path: Path):
    message = stage.approved()
    assert begin(stage, path) is RunFinding.FIRST
    assert begin(stage, path) is RunFinding.SAME
    row = DatabaseRun.objects.get()
    assert run_file.read(path).mark == Mark(row.database, 2)
    assert not StopSwitch.objects.exists()
    message.refresh_from_db()
    assert message.state == "pending"


def test_a_copy_made_while_the_worker_ran_is_recognised_without_a_start_in_between(stage: Stage, path: Path):
    """The usual case: one start on Monday, a backup on Tuesday, the disk lost on Wednesday."""
    message = stage.approved()
    mark, _ = note_run.begin(path, now=stage.now, real_now=stage.now)
    copied = go_on(stage, path, mark)
    go_on(stage, path, copied)
    DatabaseRun.objects.update(number=copied.number)
    assert begin(stage, path) is RunFinding.BEHIND
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "RESTORED")
    stage.wait(minutes=1)
    stage.deliver()
    assert stage.to_contacts() == []
    assert any("نسخة احتياطية" in text for text in stage.told())
    # The copy is the database from now on: the next start is an ordinary one, the switch stays.
    assert begin(stage, path) is RunFinding.SAME
    assert StopSwitch.objects.get().reason == "behind"


@pytest.mark.parametrize("send", [True, False])
def test_an_administrator_sends_or_asks_again(stage: Stage, path: Path, send: bool):
    message = stage.approved()
    begin(stage, path)
    DatabaseRun.objects.update(number=0)
    begin(stage, path)
    waiting = release_stop.what_waits(EVERYWHERE, now=stage.now)
    assert (waiting.leaving, waiting.total) == (1, 1)
    done = release_stop.release_stop(EVERYWHERE, send=send, now=stage.now)
    assert (done.leaving, done.asked) == ((1, 0) if send else (0, 1))
    stage.wait(seconds=11)
    stage.deliver()
    assert len(stage.to_contacts()) == send
    assert OutboxMessage.objects.get(pk=message.pk).state == ("accepted" if send else "suppressed")


def test_what_was_held_for_another_reason_waits_for_the_administrator_too(stage: Stage, path: Path):
    """Its reason may have ended, and the message left, after the copy was made."""
    message = stage.approved()
    OutboxMessage.objects.filter(pk=message.pk).update(state="held", hold_code="NO_CONSENT")
    begin(stage, path)
    DatabaseRun.objects.update(number=0)
    begin(stage, path)
    assert OutboxMessage.objects.get(pk=message.pk).hold_code == "RESTORED"


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (None, RunFinding.MISSING),
        (b"\xff{", RunFinding.UNREADABLE),
        (b'{"run": 3}', RunFinding.UNREADABLE),
        (b'{"database": "x", "run": 3}', RunFinding.OTHER),
    ],
)
def test_where_nothing_can_be_compared_nothing_leaves_before_somebody_looked(
    stage: Stage, path: Path, content: bytes | None, finding: RunFinding
):
    stage.approved()
    begin(stage, path)
    path.unlink() if content is None else path.write_bytes(content)
    # On PostgreSQL a worker that lives would be company.
    stage.wait(minutes=5)
    assert begin(stage, path) is finding
    assert StopSwitch.objects.get().reason == finding.value
    assert begin(stage, path) is RunFinding.SAME


def test_a_database_replaced_beneath_a_running_worker_is_recognised(stage: Stage, path: Path):
    message = stage.approved()
    mark, _ = note_run.begin(path, now=stage.now, real_now=stage.now)
    mark = go_on(stage, path, go_on(stage, path, mark))
    DatabaseRun.objects.update(number=0)
    assert go_on(stage, path, mark).number > mark.number
    message.refresh_from_db()
    assert message.hold_code == "RESTORED"


def test_a_folder_that_cannot_be_written_is_told_and_stops_nothing(stage: Stage, tmp_path: Path):
    (tmp_path / "a file").touch()
    assert begin(stage, tmp_path / "a file" / "run") is RunFinding.UNWRITABLE
    kept = runs.read()
    assert kept is not None
    assert kept.finding == "unwritable"
    assert not StopSwitch.objects.exists()
