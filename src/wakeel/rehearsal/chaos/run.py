"""One plan in one household: people, faults and kills until every story is over; then what came of it."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wakeel.rehearsal.chaos.evidence import Evidence, gather
from wakeel.rehearsal.chaos.final import final_state
from wakeel.rehearsal.chaos.kills import Killer
from wakeel.rehearsal.chaos.people import People
from wakeel.rehearsal.chaos.plan import LATE_S, Kind, Plan
from wakeel.rehearsal.databases import marks
from wakeel.rehearsal.household import Household
from wakeel.rehearsal.opening import CONSENT, FIRST_WORDS

TOLD_WITHIN_S, SETTLED_WITHIN_S = 90.0, 60.0
POLL_S = 0.05
COMES_WITHIN_S = 1.0
HEARD = "SELECT count(*) FROM inbound_message WHERE wamid IN ({marks})"


@dataclass(frozen=True, slots=True)
class Ended:
    """What one plan came to. kills: (process, where it hit) to how often. faults: name to how often it happened.

    accepted: how many requests of this household WhatsApp had accepted in its life when the run was judged.
    """

    evidence: Evidence
    kills: Mapping[tuple[str, str], int] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    accepted: int = 0


def disturbed(home: Household, plan: Plan, *, since: int) -> Ended:
    """The plan with everything that goes wrong in it. since: see `Ended.accepted`, of the run before."""
    return _run(home, plan, since=since, kills=True)


def undisturbed(home: Household, plan: Plan, *, since: int) -> Ended:
    """The same people and their own refusals, in peace."""
    return _run(home, plan, since=since, kills=False)


def _run(home: Household, plan: Plan, *, since: int, kills: bool) -> Ended:
    started = time.monotonic()
    _invite(home, plan)
    before = home.bench("GET", "/api/faults")["hits"]
    people = People(home, plan.stories, since=since)
    killer = Killer(home, people.notes, random.Random(plan.seed))  # noqa: S311  (a rehearsal repeats itself)
    home.bench("POST", "/api/faults", _wish(plan, disturbed=kills))
    people.begin()
    try:
        for wish in plan.kills if kills else ():
            killer.kill(wish)
        _wait_for_stories(people)
        # What is still held or late comes now; the refusals of a story of its own are used up.
        home.bench("POST", "/api/faults", {"reset": True})
        left_over = _settled(people)
        if plan.has_late_copies and not left_over:
            left_over = _after_late_ones(home, people)
    finally:
        people.end()
    hits = home.bench("GET", "/api/faults")["hits"]
    final = final_state(home, people.eyes, plan.stories)
    return Ended(
        gather(home, people, plan.stories, left_over=left_over, final=final),
        {(process, str(hit)): count for (process, hit), count in killer.hits.items()},
        {name: count - before.get(name, 0) for name, count in hits.items() if count > before.get(name, 0)},
        time.monotonic() - started,
        since + len(people.eyes.sent),
    )


def _wait_for_stories(people: People) -> None:
    """Until each is told or the time is over; those that are not get a last chance without faults (`_settled`)."""
    ends = time.monotonic() + TOLD_WITHIN_S
    while not people.are_done and time.monotonic() < ends:
        time.sleep(POLL_S)


def _settled(people: People) -> list[str]:
    """Wait until every story is told and nothing is under way; what is when the time is over, [] if it came to rest."""
    ends = time.monotonic() + SETTLED_WITHIN_S
    while (left_over := people.under_way()) or not people.are_done:
        if time.monotonic() > ends:
            break
        time.sleep(POLL_S)
    return left_over


def _after_late_ones(home: Household, people: People) -> list[str]:
    """Six days later; in the undisturbed run the time passes as well. What is still under way then."""
    home.advance(LATE_S + 60)
    time.sleep(COMES_WITHIN_S)
    return _settled(people)


def _wish(plan: Plan, *, disturbed: bool) -> dict[str, Any]:
    wish: dict[str, Any] = {"reset": True, **(plan.faults if disturbed else {})}
    return wish | {"next_sends": [*plan.own, *wish.get("next_sends", [])]}


def _invite(home: Household, plan: Plan) -> None:
    """Everybody has a phone and wrote once; who agreed to offers did so on paper; their opportunities are imported."""
    for story in plan.stories:
        home.add_phone(story.wa_id, name=story.name)
    hellos = [home.bench.say(story.wa_id, FIRST_WORDS) for story in plan.stories]
    home.bench.say(home.operator, "صباح الخير")  # business time runs fast: their window stays open
    heard = HEARD.format(marks=marks(hellos))
    home.until(lambda: home.rows(heard, hellos) == [(len(hellos),)], what="the people were not heard", within_s=30)
    agreed = [story for story in plan.stories if story.kind is not Kind.NOT_AGREED]
    home.take_in("consents", [{"phone": f"+{one.wa_id}", "name": one.name, **CONSENT} for one in agreed])
    rows = [{"title": s.title, "phone": f"+{s.wa_id}", "name": s.name, "key": s.key} for s in plan.stories]
    home.take_in("opportunities", rows)
