"""Many plans one after the other: each in one household with everything that goes wrong, and in another one in peace.

Both households stand from the first plan to the last, so that what one plan left behind meets the next one as well.
"""

import contextlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wakeel.rehearsal.chaos.invariants import broken
from wakeel.rehearsal.chaos.plan import Plan
from wakeel.rehearsal.chaos.run import Ended, disturbed, undisturbed
from wakeel.rehearsal.databases import Blank
from wakeel.rehearsal.household import Household, Wishes, household

HURRIED = {name: ("-m", "wakeel.rehearsal.hurried", name) for name in ("worker", "web")}
SIMULATOR = ("--fast-statuses", "--quiet-personas", "--rule", "pair_rate=off", "--rule", "messaging_limit=off")
"""One operator's phone gets more cards than Meta lets a business send to one person, outside of any fault."""
UNDO_S = 2
"""Short: who cancels at once races with the message."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one plan came to. broken: a sentence for every promise that did not hold. kills: (process, where it hit).

    seconds: of the disturbed run.
    """

    plan: Plan
    broken: tuple[str, ...]
    kills: Mapping[tuple[str, str], int]
    faults: Mapping[str, int]
    sent: int
    seconds: float


def series(plans: Iterable[Plan], folder: Path, *, empty: Blank, ingest: bool = False) -> Iterator[Verdict]:
    """One verdict a plan, in their order. Must be used from one thread that lives as long as the series.

    ingest: where things go wrong, webhooks are taken by a process of their own, which is killed as well.
    """
    settings = {"WAKEEL_UNDO_SECONDS": str(UNDO_S)}
    peaceful = Wishes(settings=settings, entry=HURRIED, arguments=SIMULATOR)
    wishes = {"calm": peaceful, "wild": replace(peaceful, ingest=ingest)}
    with contextlib.ExitStack() as stack:
        calm, wild = (
            stack.enter_context(household(folder / name, empty=empty, wishes=wished)) for name, wished in wishes.items()
        )
        for plan in plans:
            yield _judged(plan, calm=calm, wild=wild)


def _judged(plan: Plan, *, calm: Household, wild: Household) -> Verdict:
    peace = _Beside(plan, calm)
    ended = disturbed(wild, plan)
    quiet = peace.ended()
    troubled = [f"in peace: {one}" for one in broken(quiet.evidence, None)]
    found = (*broken(ended.evidence, quiet.evidence.final), *troubled)
    return Verdict(plan, found, ended.kills, ended.faults, len(ended.evidence.sent), ended.seconds)


class _Beside:
    """The undisturbed run, at the same time: it starts no process, so any thread will do."""

    def __init__(self, plan: Plan, home: Household) -> None:
        self._found: list[Ended | BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(plan, home), daemon=True)
        self._thread.start()

    def ended(self) -> Ended:
        """Raises what it raised."""
        self._thread.join()
        [found] = self._found
        if isinstance(found, BaseException):
            raise found
        return found

    def _run(self, plan: Plan, home: Household) -> None:
        try:
            self._found.append(undisturbed(home, plan))
        except BaseException as wrong:
            self._found.append(wrong)
