"""How large the simulated month is, and how often what happens in it. Shares are of each occasion."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """silent_share: of mornings on which an operator begins to be silent, for silent_days at most."""

    days: int
    operators: int
    contacts: int
    opportunities: int
    consenting: float = 0.8
    silent_share: float = 0.12
    silent_days: int = 4
    answers_a_tick: int = 6
    ignored: float = 0.3
    replies: float = 0.3
    stops: float = 0.03
    writes_a_tick: float = 0.004
    lost_answer: float = 0.01
    refused: float = 0.01
    refused_for_good: float = 0.004
    dead_worker: float = 0.004
    never_arrives: float = 0.01
    told_twice: float = 0.05
    """Of statuses."""


PLAN = Plan(days=30, operators=5, contacts=400, opportunities=2_000)
QUICK = Plan(days=4, operators=2, contacts=30, opportunities=60)
