"""What the rules remember of what was sent. Pure: the clock is handed in, as business time in Unix seconds."""

from dataclasses import dataclass, field

from wakeel.simulator.durations import DAY_S


@dataclass(slots=True)
class Bucket:
    """A rate with a burst on credit, per key: after a burst the credit is paid back before the next one leaves.

    Kept as the moment at which a key owes nothing any more, so nothing has to be filled up by a timer.
    """

    free_at: dict[str, float] = field(default_factory=dict)

    def is_full(self, key: str, *, every_s: float, burst: int, now: float) -> bool:
        """True if one more would be beyond the burst."""
        owed_s = self.free_at.get(key, now) - now
        return owed_s > (burst - 1) * every_s + 1e-6

    def add(self, key: str, *, every_s: float, now: float) -> None:
        """One more left."""
        self.free_at[key] = max(now, self.free_at.get(key, now)) + every_s


@dataclass(slots=True)
class Ledger:
    """Outlives the process.

    reached: person to the business time at which they were last reached outside their window.
    marketing: person to the times of marketing templates outside their window. paced: template to its sends so far.
    pairs: what each person's pair rate still owes.
    """

    reached: dict[str, float] = field(default_factory=dict)
    marketing: dict[str, list[float]] = field(default_factory=dict)
    paced: dict[str, int] = field(default_factory=dict)
    pairs: Bucket = field(default_factory=Bucket)

    def people(self, *, now: float) -> int:
        """How many people were reached outside their windows in the last 24 hours; forgets older ones."""
        self.reached = {person: at for person, at in self.reached.items() if now - at < DAY_S}
        return len(self.reached)

    def marketing_today(self, person: str, *, now: float) -> int:
        """Marketing templates to this person in the last 24 hours."""
        kept = self.marketing[person] = [at for at in self.marketing.get(person, []) if now - at < DAY_S]
        return len(kept)
