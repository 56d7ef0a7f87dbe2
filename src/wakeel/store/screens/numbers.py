"""The numbers of a period, added up from the counts of its days: one small row a day, however much happened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wakeel.domain.numbers import Stage, quantile
from wakeel.store.models import DayNumbers

P50, P90 = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Wait:
    """How long decisions took. p50_s, p90_s: seconds that half, and nine of ten, did not exceed; None without any."""

    decisions: int
    p50_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """messages: by how far they came. failed: of those that left or should have left on this day."""

    day: date
    messages: dict[Stage, int]
    failed: int
    wait: Wait


@dataclass(frozen=True, slots=True)
class Numbers:
    """days: every day of the period, oldest first. first: opportunities, by how far their first message came. failures:
    by code, the most first. decided: by `channel:action`. counted_at: of the newest day, None before the first count.
    """

    days: tuple[Day, ...]
    messages: dict[Stage, int]
    first: dict[Stage, int]
    failures: tuple[tuple[str, int], ...]
    decided: dict[str, int]
    wait: Wait
    counted_at: datetime | None


def read(business_id: str, days: Sequence[date], *, operator_id: str | None) -> Numbers:
    """operator_id: whose alone; None for everybody's, what nobody owns among it. days: in order, at least one."""
    rows = DayNumbers.objects.filter(business_id=business_id, day__gte=days[0], day__lte=days[-1]).order_by("day")
    counts = {row.day: _of(row, operator_id) for row in rows}
    whole: Counter[str] = sum(counts.values(), Counter())
    return Numbers(
        days=tuple(_day(day, counts.get(day, Counter())) for day in days),
        messages=_stages("messages", whole),
        first=_stages("first", whole),
        failures=tuple(_under("failed", whole).most_common()),
        decided=dict(_under("decided", whole)),
        wait=_wait(whole),
        counted_at=max((row.counted_at for row in rows), default=None),
    )


def _of(row: DayNumbers, operator_id: str | None) -> Counter[str]:
    if operator_id is not None:
        return Counter(row.counts.get(operator_id, {}))
    together: Counter[str] = Counter()
    for numbers in row.counts.values():
        together.update(numbers)
    return together


def _day(day: date, counts: Counter[str]) -> Day:
    return Day(day, _stages("messages", counts), _under("failed", counts).total(), _wait(counts))


def _stages(name: str, counts: Counter[str]) -> dict[Stage, int]:
    return {stage: counts[f"{name}:{stage}"] for stage in Stage}


def _wait(counts: Counter[str]) -> Wait:
    waits = {int(place): number for place, number in _under("wait", counts).items()}
    return Wait(sum(waits.values()), quantile(waits, P50), quantile(waits, P90))


def _under(kind: str, counts: Counter[str]) -> Counter[str]:
    """The numbers of one kind, by the rest of their names."""
    beginning = f"{kind}:"
    return Counter({name.removeprefix(beginning): n for name, n in counts.items() if name.startswith(beginning)})
