"""A few seeds of chaos on this run's database; fifty in a row are `make soak-chaos`."""

from pathlib import Path

import pytest

from wakeel.rehearsal.chaos.plan import make
from wakeel.rehearsal.chaos.series import series
from wakeel.rehearsal.databases import Blank

pytestmark = [pytest.mark.processes, pytest.mark.timeout(400)]

SEEDS = (1, 2)


def test_people_at_random_under_every_fault_and_kill_lose_nothing_and_get_nothing_twice(tmp_path: Path, empty: Blank):
    plans = [make(seed, stories=7, kills=3, ingest=True) for seed in SEEDS]
    verdicts = list(series(plans, tmp_path, empty=empty, ingest=True))
    assert [verdict.broken for verdict in verdicts] == [()] * len(SEEDS)
    assert all(sum(verdict.kills.values()) == 3 for verdict in verdicts)
    assert all(verdict.faults and verdict.sent for verdict in verdicts)
