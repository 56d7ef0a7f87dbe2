"""`wakeel rehearse --chaos SEED --minutes N`: one plan after the other until the time is over, and the report."""

import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from wakeel.domain.words import Language
from wakeel.rehearsal.chaos import plan, report
from wakeel.rehearsal.chaos.plan import Plan
from wakeel.rehearsal.chaos.series import Verdict, series
from wakeel.rehearsal.databases import blank

STORIES, KILLS = 12, 4
"""Of each plan."""


def chaos(seed: int, *, minutes: float, server: str, language: Language, keep: Path | None = None) -> int:
    """0: every promise held; 1: one did not, and the report says which.

    server: address of a PostgreSQL server, '' for SQLite. keep: a folder that stays, with data and logs; None for one
    that is removed. Before the first round it raises CannotMigrate, DidNotStart, NotInTime, BenchRefused or ClerkGone;
    later such a thing is a broken promise.
    """
    with tempfile.TemporaryDirectory(prefix="wakeel-chaos-") as temporary:
        verdicts = told(_plans(seed, until=time.monotonic() + 60 * minutes), keep or Path(temporary), server, language)
    return 1 if any(verdict.broken for verdict in verdicts) else 0


def told(plans: Iterable[Plan], folder: Path, server: str, language: Language) -> list[Verdict]:
    """Run them and say what came of each as soon as it is known, then of all."""
    verdicts = []
    with blank(folder / "blank", server=server) as empty:
        for verdict in series(plans, folder, empty=empty, ingest=True):
            verdicts.append(verdict)
            _say(report.of_one(verdict, language=language))
    _say(report.of_all(verdicts, language=language))
    return verdicts


def _plans(seed: int, *, until: float) -> Iterator[Plan]:
    """At least one; none that begins after the time is over."""
    number = 0
    while number == 0 or time.monotonic() < until:
        yield plan.make(seed, stories=STORIES, kills=KILLS, ingest=True, round_number=number)
        number += 1


def _say(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
