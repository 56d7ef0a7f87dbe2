"""Runs scenarios one after the other: in one household that several share, or in one of their own, or against a product
that stands already.
"""

import contextlib
import http.client
import itertools
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from wakeel.domain.words import Text
from wakeel.rehearsal import opening
from wakeel.rehearsal.bench import Bench, BenchRefused
from wakeel.rehearsal.clerk_line import ClerkGone, ClerkRefused
from wakeel.rehearsal.crew import DidNotStart
from wakeel.rehearsal.databases import Blank, blank
from wakeel.rehearsal.homes import SHARED, wishes_of
from wakeel.rehearsal.household import Household, NotInTime, household
from wakeel.rehearsal.kinds import Json
from wakeel.rehearsal.scenario import Placed, Scenario
from wakeel.rehearsal.screens import NotOnThePage
from wakeel.rehearsal.stage import Stage, Unmet

WIRE_ROWS = 8
FIRST_SERIAL = 1

BROKEN = (
    BenchRefused, ClerkGone, ClerkRefused, DidNotStart, NotInTime, NotOnThePage, OSError, http.client.HTTPException,
)  # fmt: skip
"""What a step may meet besides its own expectation: a process is gone, or a call of the file makes no sense."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Where and why a scenario ended. number: of the step, 0 before the first; line: of the file."""

    number: int
    line: int
    word: str
    expected: Text
    seen: Sequence[str]
    wire: Sequence[Json]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scenario. failure: None if everything was as it should be. folder: its logs, if kept."""

    scenario: Scenario
    seconds: float
    failure: Failure | None
    folder: Path | None = None


class Listener(Protocol):
    """Hears how it goes."""

    def begun(self, scenario: Scenario) -> None: ...

    def at(self, scenario: Scenario, number: int, placed: Placed) -> None: ...

    def ended(self, outcome: Outcome) -> None: ...


@dataclass(slots=True)
class Homes:
    """Households as scenarios need them.

    folder: theirs are below it. empty: the database they copy. samples: the demo's files, None where there are none.
    """

    folder: Path
    empty: Blank
    samples: Path | None = None
    _shared: Household | None = None
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextlib.contextmanager
    def lent(self, scenario: Scenario) -> Iterator[Household]:
        """The shared household, tidied, or a fresh one. One in which something went wrong is not lent again."""
        if scenario.is_alone:
            with self._fresh(scenario) as home:
                yield home
            return
        if self._shared is None:
            self._shared = self._stack.enter_context(self._fresh(None))
        try:
            opening.tidy(self._shared)
            yield self._shared
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._shared = None
        self._stack.close()

    def _fresh(self, scenario: Scenario | None) -> contextlib.AbstractContextManager[Household]:
        folder = self.folder / f"{next(self._numbers):02d}-{scenario.name if scenario else 'shared'}"
        wishes = wishes_of(scenario.head, folder, samples=self.samples) if scenario else SHARED
        return household(folder, empty=self.empty, wishes=wishes)


@dataclass(slots=True)
class Runner:
    """homes: None when they run against the product behind `bench`. serials: of phones that nobody has; runs: of
    scenarios, so that the same file can be run twice in one household."""

    tell: Listener
    homes: Homes | None
    bench: Bench | None = None
    serials: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_SERIAL))
    runs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, scenarios: Sequence[Scenario]) -> list[Outcome]:
        """All of them; one that fails ends only itself."""
        return [self._one(scenario) for scenario in scenarios]

    def _one(self, scenario: Scenario) -> Outcome:
        self.tell.begun(scenario)
        began = time.monotonic()
        failure: Failure | None = None
        try:
            with self._stage(scenario) as stage:
                self._play(stage, scenario)
        except _Failed as failed:
            failure = failed.failure
        except (*BROKEN, Unmet) as broken:  # no household stood, or none could be tidied
            failure = Failure(0, 0, "", *_told(broken), [])
        folder = self.homes.folder if self.homes else None
        outcome = Outcome(scenario, time.monotonic() - began, failure, folder)
        self.tell.ended(outcome)
        return outcome

    @contextlib.contextmanager
    def _stage(self, scenario: Scenario) -> Iterator[Stage]:
        if self.homes is None:
            assert self.bench is not None  # noqa: S101  (one of both is there)
            yield Stage(self.bench, None)
            return
        with self.homes.lent(scenario) as home:
            yield Stage(home.bench, home, samples=self.homes.samples)

    def _play(self, stage: Stage, scenario: Scenario) -> None:
        """Raises _Failed."""
        place = (0, 0, "")
        try:
            if scenario.head.start == "demo" and self.homes and self.homes.samples:
                opening.as_the_demo(stage.home, self.homes.samples)
            opening.begin(stage, scenario, serials=self.serials, run=next(self.runs))
            for number, placed in enumerate(scenario.steps, 1):
                place = (number, placed.line, placed.word)
                self.tell.at(scenario, number, placed)
                placed.step.run(stage)
        except (*BROKEN, Unmet, ValueError, KeyError) as broken:
            expected, seen = _told(broken)
            raise _Failed(Failure(*place, expected, seen, _wire(stage))) from broken


class _Failed(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.word)
        self.failure = failure


@contextlib.contextmanager
def homes(*, server: str = "", keep: Path | None = None, samples: Path | None = None) -> Iterator[Homes]:
    """Room for households. server: of PostgreSQL, '' for SQLite files; keep: a folder that stays afterwards.

    samples: where the demo's files are; without them no scenario can begin as the demo does.
    """
    folder = keep or Path(tempfile.mkdtemp(prefix="wakeel-rehearsal-"))
    try:
        with blank(folder / "blank", server=server) as empty:
            room = Homes(folder, empty, samples)
            try:
                yield room
            finally:
                room.close()
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _told(broken: BaseException) -> tuple[Text, list[str]]:
    if isinstance(broken, Unmet):
        return broken.expected, broken.seen
    expected = Text("تنفيذ الخطوة", "the step carried out")
    return expected, [f"{type(broken).__name__}: {line}" for line in (str(broken) or "—").splitlines()[:20]]


def _wire(stage: Stage) -> list[Json]:
    """The last exchanges, newest last; none where nobody can be asked any more."""
    try:
        rows: list[Json] = stage.bench("GET", f"/api/wire?last={WIRE_ROWS}")
    except (*BROKEN, ValueError):
        return []
    return rows
