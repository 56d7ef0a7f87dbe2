"""`kill -9` at moments that count, and where each of them really hit.

A process is frozen (SIGSTOP), looked at from both sides, killed while frozen and started again. What it was doing is
read from the database (what is journalled and unrecorded, what waits, whether it stood inside a transaction) and from
the wire (whether the simulator has seen and answered its requests).
"""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from wakeel.rehearsal.chaos.notes import Notes
from wakeel.rehearsal.chaos.plan import KillWish, Moment
from wakeel.rehearsal.household import Household
from wakeel.rehearsal.under_way import DUE, RECEIVED, counts
from wakeel.store.sqlite.driver import Database

REACHED_WITHIN_S = 3.0
"""A moment that does not come by then is not waited for: the kill hits what there is."""
LOOKS_S, LOOKS_AGAIN_S = 0.004, 0.03
LOCK_LOOKS, LOCK_PAUSE_S = 4, 0.005
ON_THE_WIRE_S = 0.05


class Hit(StrEnum):
    """What a kill interrupted."""

    CLAIM = "in a claim"  # inside a transaction while messages were due
    CLAIMED = "claimed, not posted"
    FLIGHT = "in flight"  # posted, not answered
    ANSWERED = "after the answer"  # answered, not recorded
    DECODING = "decoding"  # inside a transaction while webhooks waited
    BETWEEN = "between webhooks"  # webhooks waited, no transaction was open
    WRITING = "in another write"
    DECISION = "in a web decision"
    WEBHOOK = "taking a webhook"
    IDLE = "idle"


MEANT = {
    Moment.CLAIM: {Hit.CLAIM, Hit.CLAIMED},
    Moment.FLIGHT: {Hit.FLIGHT},
    Moment.ANSWERED: {Hit.ANSWERED},
    Moment.DECODING: {Hit.DECODING},
    Moment.DECISION: {Hit.DECISION},
    Moment.WEBHOOK: {Hit.WEBHOOK},
    Moment.ANY: set(Hit),
}
"""What each wish is content with."""


@dataclass(slots=True)
class Killer:
    """hits: by process and what it was doing."""

    home: Household
    notes: Notes
    dice: random.Random
    hits: Counter[tuple[str, Hit]] = field(default_factory=Counter)
    _orphans: set[str] = field(default_factory=set)

    def kill(self, wish: KillWish) -> None:
        """One kill and the start after it. It is struck where it was wished, or after a while where the process is."""
        time.sleep(wish.after_s)
        ends = time.monotonic() + REACHED_WITHIN_S
        while True:
            self._wait_for(wish.moment, until=ends)
            hit, leaving = self._frozen(wish.process)
            if hit in MEANT[wish.moment] or time.monotonic() > ends:
                break
            self.home.crew.thaw(wish.process)
            time.sleep(self.dice.uniform(0, LOOKS_AGAIN_S))
        self.home.crew.kill(wish.process)
        self.hits[wish.process, hit] += 1
        self._orphans |= leaving
        self.home.crew.start(wish.process)

    def _frozen(self, process: str) -> tuple[Hit, set[str]]:
        """Freeze it and look; it goes on if nobody can look."""
        self.home.crew.freeze(process)
        try:
            return self._look(process)
        except BaseException:
            self.home.crew.thaw(process)
            raise

    def _wait_for(self, moment: Moment, *, until: float) -> None:
        while time.monotonic() < until and not self._has_come(moment):
            time.sleep(LOOKS_S)

    def _look(self, process: str) -> tuple[Hit, set[str]]:
        """What the frozen process was doing, and the attempts that it leaves behind."""
        if process != "worker":
            pressing = self.notes.pressing > 0 and process == "web"
            return Hit.DECISION if pressing else Hit.WEBHOOK if self._coming() else Hit.IDLE, set()
        inside, leaving = self._is_inside(process), self._leaving()
        waiting, due = self._counts()
        return self._of_worker(leaving, inside=inside, waiting=waiting, due=due), leaving

    def _has_come(self, moment: Moment) -> bool:
        match moment:
            case Moment.CLAIM:
                return self._counts()[1] > 0
            case Moment.FLIGHT:
                return bool(self._leaving())
            case Moment.ANSWERED:
                return any(answered for _, answered in self._posted(self._leaving()))
            case Moment.DECODING:
                return self._counts()[0] > 0
            case Moment.DECISION:
                return self.notes.pressing > 0
            case Moment.WEBHOOK:
                return self._coming()
            case Moment.ANY:
                return True

    def _of_worker(self, leaving: set[str], *, inside: bool, waiting: int, due: int) -> Hit:
        if leaving:
            time.sleep(ON_THE_WIRE_S)
            posted = self._posted(leaving)
            if not posted:
                return Hit.CLAIMED
            return Hit.ANSWERED if any(answered for _, answered in posted) else Hit.FLIGHT
        if inside:
            return Hit.DECODING if waiting else Hit.CLAIM if due else Hit.WRITING
        return Hit.BETWEEN if waiting else Hit.IDLE

    def _leaving(self) -> set[str]:
        """Attempts that are journalled and not recorded; those of workers that died before are nobody's."""
        return {pk for (pk,) in self.home.rows("SELECT id FROM attempt WHERE outcome = 'sending'")} - self._orphans

    def _counts(self) -> tuple[int, int]:
        """Webhooks that wait, messages that wait to leave."""
        waiting, due = counts(self.home.database, RECEIVED, DUE)
        return waiting, due

    def _posted(self, attempts: set[str]) -> Sequence[tuple[str, bool]]:
        """Those of these attempts that the simulator has seen, and whether it has answered."""
        if not attempts:
            return []
        rows = [row for row in self.home.bench("GET", "/api/wire?last=60") if row["towards"] == "simulator"]
        return [(attempt, row["status"] is not None) for attempt in attempts for row in rows if attempt in row["body"]]

    def _coming(self) -> bool:
        """True if a webhook is on its way to the product at this moment."""
        rows = self.home.bench("GET", "/api/wire?last=20")
        return any(row["towards"] == "product" and row["status"] is None and not row["answer"] for row in rows)

    def _is_inside(self, name: str) -> bool:
        """True if the frozen process stands inside a transaction that writes."""
        if self.home.database.sqlite is None:
            sql = "SELECT 1 FROM pg_stat_activity WHERE application_name = ? AND datname = current_database()"
            return bool(self.home.rows(f"{sql} AND xact_start IS NOT NULL", [name]))
        for _ in range(LOCK_LOOKS):
            if not self._is_locked():
                return False
            time.sleep(LOCK_PAUSE_S)
        # Any other process holds the lock for a few milliseconds only.
        return True

    def _is_locked(self) -> bool:
        connection = Database.connect(str(self.home.database.sqlite), timeout=0, isolation_level=None)
        with contextlib.closing(connection):
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
            except Database.OperationalError:
                return True
        return False
