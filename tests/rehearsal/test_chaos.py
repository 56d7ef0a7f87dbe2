"""One seed of chaos on this run's database; fifty in a row are `make soak-chaos`."""

from collections import deque
from collections.abc import Callable, Iterator

import pytest

from wakeel.rehearsal.chaos.plan import Plan, make
from wakeel.rehearsal.chaos.series import Verdict, series
from wakeel.rehearsal.databases import Blank

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory, empty: Blank) -> Iterator[Callable[[Plan], Verdict]]:
    """One series for all seeds: its two households are started once, and what one seed left meets the next."""
    given: deque[Plan] = deque()
    verdicts = series(iter(given.popleft, None), tmp_path_factory.mktemp("chaos"), empty=empty, ingest=True)

    def one(plan: Plan) -> Verdict:
        given.append(plan)
        return next(verdicts)

    yield one
    verdicts.close()


@pytest.mark.parametrize("seed", [1])
def test_people_at_random_under_every_fault_and_kill_lose_nothing_and_get_nothing_twice(
    judge: Callable[[Plan], Verdict], seed: int
):
    verdict = judge(make(seed, stories=7, kills=3, ingest=True))
    assert verdict.broken == ()
    assert sum(verdict.kills.values()) == 3
    assert verdict.faults
    assert verdict.sent
