"""A file that a person said yes to is taken by the worker: in short commits, each with its place, so that a crash costs
nothing and no row is taken twice. Walk 5.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from wakeel.domain.imports import AT_WORK, ImportKind, ImportState, WhyStopped
from wakeel.flows import undo_import
from wakeel.flows.import_consents import ConsentsTaken
from wakeel.flows.import_opportunities import OpportunitiesTaken
from wakeel.flows.table_file import Lines
from wakeel.flows.table_report import Report
from wakeel.store import import_runs
from wakeel.store.give_way import taking_turns
from wakeel.store.import_runs import NotOurs
from wakeel.store.models import ImportRun


class File(Protocol):
    """A file that was read whole. lines: what stands where; rows_a_commit: so many lines are taken at once."""

    rows_a_commit: int
    lines: Lines

    def take(self, found: Sequence[Any], *, now: datetime) -> Report: ...

    def finish(self, *, now: datetime) -> None: ...


class Imports:
    """What one worker has in hand: a file is read once and taken part by part."""

    def __init__(self) -> None:
        self._run: ImportRun | None = None
        self._file: File | None = None
        self._places: list[int] = []

    def advance(self, *, now: datetime, real_now: datetime) -> bool:
        """Do one part of what waits; True if there may be more."""
        run, self._run = self._run, None
        if run is None:
            return self._begin(now=now, real_now=real_now)
        try:
            with taking_turns(), transaction.atomic():
                line = self._one_part(run, now=now, real_now=real_now)
        except NotOurs:
            return True
        if line is not None:
            # In hand again only now: after a part that failed, the file is read anew once its lease is over.
            self._run, run.line = run, line
        return True

    def _begin(self, *, now: datetime, real_now: datetime) -> bool:
        run = import_runs.next_at_work(real_now=real_now)
        if run is None or not import_runs.claim(run, real_now=real_now):
            return run is not None
        if run.starts > import_runs.MOST_STARTS:
            _give_up(run, now=now)
            return True
        if run.state == ImportState.UNDOING:
            self._run = run
            return True
        data = import_runs.contents(run)
        if data is None:
            return True
        self._file = _read(run, data, now=now)
        self._places = sorted(self._file.lines)
        if run.state == ImportState.RUNNING or import_runs.move(
            run, ImportState.RUNNING, come_from=[ImportState.QUEUED], total=len(self._places)
        ):
            self._run = run
        return True

    def _one_part(self, run: ImportRun, *, now: datetime, real_now: datetime) -> int | None:
        """The line it came to; None after the last part."""
        if run.state == ImportState.UNDOING:
            return undo_import.one_part(run, now=now, real_now=real_now)
        if self._file is None:
            raise NotOurs
        begin = bisect_right(self._places, run.line)
        places = self._places[begin : begin + self._file.rows_a_commit]
        if not places:
            self._file.finish(now=now)
            running = [ImportState.RUNNING]
            import_runs.move(run, ImportState.DONE, come_from=running, ended_at=now, **import_runs.OVER_WITH)
            return None
        report = self._file.take([one for place in places for one in self._file.lines[place]], now=now)
        faults = [(one.line, one.column, one.reason.say("ar"), one.reason.say("en")) for one in report.faults]
        import_runs.note(run, made=report.made, faults=faults)
        grown = import_runs.counted(
            done=len(places), imported=report.imported, updated=report.updated, unchanged=report.unchanged,
            withdrawn=report.withdrawn, refused=report.refused_lines, conflicts=report.conflicts,
        )  # fmt: skip
        import_runs.step(run, real_now=real_now, line=places[-1], **grown)
        return places[-1]


def _give_up(run: ImportRun, *, now: datetime) -> None:
    """What ended the worker again and again is left alone; what was taken, or taken back, stays so."""
    over = ImportState.UNDONE if run.state == ImportState.UNDOING else ImportState.STOPPED
    fields = {"why": WhyStopped.FAILED.value, "ended_at": now, **import_runs.OVER_WITH}
    import_runs.move(run, over, come_from=AT_WORK, **fields)


def _read(run: ImportRun, data: bytes, *, now: datetime) -> File:
    if run.kind == ImportKind.CONSENTS:
        return ConsentsTaken(run.business_id, data, chosen=run.columns, by=run.operator_id, now=now)
    return OpportunitiesTaken(run.business_id, data, chosen=run.columns)
