"""At each start, and every few seconds while a worker runs: is this still the newest database? Design section 7.

A copy that somebody put back does not know what left after it was made. It starts with the stop switch on and all
unsent messages to contacts held; an administrator looks, and releases them.
"""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.outbox import UNCLAIMED, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.runs import DOUBTFUL, WHAT_HAPPENED, Mark, RunFinding, judge
from wakeel.domain.steps import Step
from wakeel.domain.stop_switches import EVERYWHERE
from wakeel.flows.stop_sending import press_stop
from wakeel.flows.tell_operators import tell_operators
from wakeel.store import businesses, run_file, runs, stops
from wakeel.store.retry import whole_transaction

ROLE = "worker"
PRESSED_BY = "wakeel"
"""Who pressed the stop switch when a copy was recognised."""


def begin(path: Path, *, now: datetime, real_now: datetime) -> tuple[Mark, RunFinding]:
    """Compare, stop if there is a doubt, and count one further in both places, the database first.

    path: of the file. What cannot be written there is noted for the health page; the start goes on.
    """
    mark, finding = _begin(path, now=now, real_now=real_now)
    return mark, finding if keep(path, mark) else RunFinding.UNWRITABLE


def go_on(path: Path, last: Mark, *, now: datetime, real_now: datetime) -> Mark:
    """Count one further in the database; what was replaced beneath a running worker is judged like a start.

    The caller writes the file with `keep`, or leaves it as it is if the mark is not newer.
    """
    mark = runs.advance(last.database)
    if mark is not None and mark.number > last.number:
        return mark
    return begin(path, now=now, real_now=real_now)[0]


def keep(path: Path, mark: Mark) -> bool:
    """Write the file; False if that is not possible, which is noted."""
    try:
        run_file.write(path, mark)
    except OSError:
        runs.note_unwritable()
        return False
    return True


@whole_transaction
def _begin(path: Path, *, now: datetime, real_now: datetime) -> tuple[Mark, RunFinding]:
    file = run_file.read(path)
    with transaction.atomic():
        kept = runs.mark()
        has_company = runs.has_company(ROLE, real_now=real_now)
        finding = judge(kept, file, has_messages=runs.has_messages(), has_company=has_company)
        is_doubtful = finding in DOUBTFUL
        mark = runs.begin(kept, file.mark, finding=finding, is_doubtful=is_doubtful, real_now=real_now)
        if is_doubtful:
            _hold_everything(mark, finding, now=now)
        return mark, finding


def _hold_everything(mark: Mark, finding: RunFinding, *, now: datetime) -> None:
    """Also what was held for another reason: that may have ended, and the message left, after the copy was made."""
    for state in UNCLAIMED:
        unsent = stops.covered(EVERYWHERE).filter(state=state)
        unsent.update(state=OutboxState.HELD, hold_code=ReasonCode.RESTORED, updated_at=now)
    press_stop(EVERYWHERE, PRESSED_BY, now=now, reason=finding.value)
    for business_id in businesses.under(EVERYWHERE):
        key = f"restored:{mark.database}:{mark.number}"
        values = {"what": WHAT_HAPPENED[finding]}
        tell_operators(business_id, AnswerCode.DATABASE_RESTORED, values, key=key, steps=(Step.RELEASE_STOP,), now=now)
