"""An import is taken back as far as nothing has happened to what it made: such opportunities go, and the people that
only it brought. Consents are never taken back: the ledger forgets nothing. Walk 5.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.imports import OVER, ImportKind, ImportState
from wakeel.domain.words import Text
from wakeel.flows.audit import note
from wakeel.store import import_runs, imported
from wakeel.store.models import ImportRun

ROWS_A_COMMIT = 10


@dataclass(frozen=True, slots=True)
class Undoable:
    """What taking an import back would do. untouched: opportunities that go; kept: that stay, for somebody decided
    about them or they changed since.
    """

    untouched: int
    kept: int


def look(business_id: str, run_id: str) -> Undoable | Text | None:
    """What taking an import back would do as things stand now, or why it cannot be; None if it is not over, or taken
    back already, or nobody's. Changes nothing."""
    run = import_runs.find(business_id, run_id)
    if run is None or run.state not in {state.value for state in OVER}:
        return None
    return _why_not(run) or Undoable(*imported.counts(run))


def _why_not(run: ImportRun) -> Text | None:
    if run.kind == ImportKind.CONSENTS:
        return _STAYS
    return None if import_runs.made_anything(run) else _NOTHING_LEFT


_STAYS = Text(
    "الموافقات المسجّلة لا تُحذف: السجل لا ينسى شيئًا. ما لا يصح منها يُنهى من صفحة صاحبه.",
    "Recorded consents are never deleted: the ledger forgets nothing. One that should not count is ended on the "
    "person's page.",
)
_NOTHING_LEFT = Text(
    "لم يُضف هذا الاستيراد جديدًا يمكن التراجع عنه.", "This import added nothing that could be taken back."
)


def begin(business_id: str, run_id: str, *, operator_id: str, now: datetime) -> bool:
    """Have the worker take an import back; False if it cannot be, or somebody was first."""
    with transaction.atomic():
        run = import_runs.find(business_id, run_id)
        if run is None or _why_not(run) is not None:
            return False
        fields = {"undone_by_id": operator_id, "undone_at": now, "starts": 0, "lease_until": None}
        begun = import_runs.move(run, ImportState.UNDOING, come_from=OVER, **fields)
        if begun:
            note(business_id, by=operator_id, action=Action.IMPORT_UNDONE, subject=run_id, now=now)
        return begun


def one_part(run: ImportRun, *, now: datetime, real_now: datetime) -> int | None:
    """Take back some of what it made, the last first, inside the caller's transaction. None after the last part, else
    the line of the file that the import had come to."""
    rows = import_runs.made_last(run, limit=ROWS_A_COMMIT)
    if not rows:
        import_runs.move(run, ImportState.UNDONE, come_from=[ImportState.UNDOING], lease_until=None)
        return None
    gone = imported.take_back(run.business_id, rows, now=now)
    import_runs.looked_at(rows)
    grown = import_runs.counted(taken_back=gone.taken_back, closed=gone.closed, kept=gone.kept)
    import_runs.step(run, real_now=real_now, **grown)
    return run.line
