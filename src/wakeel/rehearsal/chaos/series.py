"""Many plans one after the other: each in one household with everything that goes wrong, and in another one in peace.

Both households stand from the first plan to the last, so that what one plan left behind meets the next one as well.
"""

import contextlib
import http.client
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wakeel.rehearsal.bench import BenchRefused
from wakeel.rehearsal.chaos.invariants import broken
from wakeel.rehearsal.chaos.plan import Plan
from wakeel.rehearsal.chaos.run import Ended, disturbed, undisturbed
from wakeel.rehearsal.clerk_line import ClerkGone
from wakeel.rehearsal.crew import DidNotStart
from wakeel.rehearsal.databases import Blank
from wakeel.rehearsal.household import Household, NotInTime, Wishes, household
from wakeel.rehearsal.hurried import HURRIED

SIMULATOR = ("--fast-statuses", "--quiet-personas", "--rule", "pair_rate=off", "--rule", "messaging_limit=off")
"""One operator's phone gets more cards than Meta lets a business send to one person, outside of any fault."""
UNDO_S = 2
"""Short: who cancels at once races with the message."""


BROKEN_OFF = (DidNotStart, NotInTime, BenchRefused, ClerkGone, OSError, http.client.HTTPException)
"""What ends a round early. Whatever else goes wrong is a mistake in the rehearsal itself and is raised."""
FELL = "broken off: a household does not stand any more, no round follows"


@dataclass(slots=True)
class Side:
    """One of the two households. judged: how many requests of it WhatsApp had accepted when the last round ended."""

    home: Household
    judged: int = 0


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


def series(
    plans: Iterable[Plan], folder: Path, *, empty: Blank, ingest: bool = False
) -> Generator[Verdict, None, None]:
    """One verdict a plan, in their order. Must be used from one thread that lives as long as the series.

    It ends early after a broken round that left one of the households not standing. Raises what `household` raises.
    ingest: where things go wrong, webhooks are taken by a process of their own, which is killed as well.
    """
    settings = {"WAKEEL_UNDO_SECONDS": str(UNDO_S)}
    peaceful = Wishes(settings=settings, entry=HURRIED, arguments=SIMULATOR)
    wishes = {"calm": peaceful, "wild": replace(peaceful, ingest=ingest)}
    with contextlib.ExitStack() as stack:
        calm, wild = (
            Side(stack.enter_context(household(folder / name, empty=empty, wishes=wished)))
            for name, wished in wishes.items()
        )
        for plan in plans:
            verdict = judged(plan, calm=calm, wild=wild)
            if verdict.broken and not (calm.home.stands() and wild.home.stands()):
                yield replace(verdict, broken=(*verdict.broken, FELL))
                return
            yield verdict


def judged(plan: Plan, *, calm: Side, wild: Side) -> Verdict:
    """One round. What ends it early, on whichever side, breaks it; nothing that is in BROKEN_OFF is raised."""
    peace = _Beside(plan, calm)
    ended = _outcome(disturbed, plan, wild)
    quiet = peace.ended()
    troubled = [quiet] if isinstance(quiet, str) else broken(quiet.evidence, None)
    in_peace = [f"in peace: {one}" for one in troubled]
    if isinstance(ended, str):
        return Verdict(plan, (ended, *in_peace), {}, {}, 0, 0.0)
    found = broken(ended.evidence, None if isinstance(quiet, str) else quiet.evidence.final)
    return Verdict(plan, (*found, *in_peace), ended.kills, ended.faults, len(ended.evidence.sent), ended.seconds)


def _outcome(run: Callable[..., Ended], plan: Plan, side: Side) -> Ended | str:
    """How the round ended there, or the sentence that says why it was broken off."""
    try:
        ended = run(side.home, plan, since=side.judged)
    except BROKEN_OFF as wrong:
        # What it sent is not judged: it must not be held against the next one.
        with contextlib.suppress(*BROKEN_OFF):
            side.judged = len(side.home.bench("GET", "/api/sent"))
        why = str(wrong).partition("\n")[0] or type(wrong).__name__
        return f"broken off: {why}"
    side.judged = ended.accepted
    return ended


class _Beside:
    """The undisturbed run, at the same time: it starts no process, so any thread will do."""

    def __init__(self, plan: Plan, side: Side) -> None:
        self._found: list[Ended | str | BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(plan, side), daemon=True)
        self._thread.start()

    def ended(self) -> Ended | str:
        """See `_outcome`. Raises what it raised."""
        self._thread.join()
        [found] = self._found
        if isinstance(found, BaseException):
            raise found
        return found

    def _run(self, plan: Plan, side: Side) -> None:
        try:
            self._found.append(_outcome(undisturbed, plan, side))
        except BaseException as wrong:
            self._found.append(wrong)
