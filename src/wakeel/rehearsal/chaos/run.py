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

TOLD_WITHIN_S, SETTLED_WITHIN_S = 90.0, 60.0
POLL_S = 0.05
COMES_WITHIN_S = 1.0
CONSENT = {
    "categories": "marketing", "purpose": "offers", "happened_at": "2026-06-01T10:00",
    "wording": "أوافق على استلام العروض", "evidence": "نموذج ورقي", "collected_directly": "نعم",
}  # fmt: skip
HEARD = "SELECT count(*) FROM inbound_message WHERE wamid IN ({marks})"
HELLO = "السلام عليكم، أرسلوا التفاصيل"


@dataclass(frozen=True, slots=True)
class Ended:
    """What one plan came to. kills: (process, where it hit) to how often. faults: name to how often it happened."""

    evidence: Evidence
    kills: Mapping[tuple[str, str], int] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def disturbed(home: Household, plan: Plan) -> Ended:
    """The plan with everything that goes wrong in it."""
    return _run(home, plan, kills=True)


def undisturbed(home: Household, plan: Plan) -> Ended:
    """The same people and their own refusals, in peace."""
    return _run(home, plan, kills=False)


def _run(home: Household, plan: Plan, *, kills: bool) -> Ended:
    started = time.monotonic()
    _invite(home, plan)
    before = home.bench("GET", "/api/faults")["hits"]
    people = People(home, plan.stories)
    killer = Killer(home, people.notes, random.Random(plan.seed))  # noqa: S311  (a rehearsal repeats itself)
    home.bench("POST", "/api/faults", _wish(plan, disturbed=kills))
    people.begin()
    try:
        for wish in plan.kills if kills else ():
            killer.kill(wish)
        _until(lambda: people.are_done, within_s=TOLD_WITHIN_S)
        # What is still held or late comes now; the refusals of a story of its own are used up.
        home.bench("POST", "/api/faults", {"reset": True})
        _until(lambda: people.is_settled, within_s=SETTLED_WITHIN_S)
        if plan.has_late_copies:
            _let_late_ones_come(home)
    finally:
        people.end()
    hits = home.bench("GET", "/api/faults")["hits"]
    final = final_state(home, people.eyes, plan.stories)
    return Ended(
        gather(home, people, plan.stories, final=final),
        {(process, str(hit)): count for (process, hit), count in killer.hits.items()},
        {name: count - before.get(name, 0) for name, count in hits.items() if count > before.get(name, 0)},
        time.monotonic() - started,
    )


def _let_late_ones_come(home: Household) -> None:
    """Six days later; in the undisturbed run the time passes as well."""
    home.advance(LATE_S + 60)
    time.sleep(COMES_WITHIN_S)
    _until(home.is_quiet, within_s=SETTLED_WITHIN_S)


def _wish(plan: Plan, *, disturbed: bool) -> dict[str, Any]:
    wish: dict[str, Any] = {"reset": True, **(plan.faults if disturbed else {})}
    return wish | {"next_sends": [*plan.own, *wish.get("next_sends", [])]}


def _invite(home: Household, plan: Plan) -> None:
    """Everybody has a phone and wrote once; who agreed to offers did so on paper; their opportunities are imported."""
    for story in plan.stories:
        home.add_phone(story.wa_id, name=story.name)
    hellos = [home.bench.say(story.wa_id, HELLO) for story in plan.stories]
    home.bench.say(home.operator, "صباح الخير")  # business time runs fast: their window stays open
    heard = HEARD.format(marks=marks(hellos))
    home.until(lambda: home.rows(heard, hellos) == [(len(hellos),)], what="the people were not heard", within_s=30)
    agreed = [story for story in plan.stories if story.kind is not Kind.NOT_AGREED]
    home.take_in("consents", [{"phone": f"+{one.wa_id}", "name": one.name, **CONSENT} for one in agreed])
    rows = [{"title": s.title, "phone": f"+{s.wa_id}", "name": s.name, "key": s.key} for s in plan.stories]
    home.take_in("opportunities", rows)


def _until(look: Any, *, within_s: float) -> bool:
    """True once it holds; False if it does not in time: the evidence says what is missing."""
    ends = time.monotonic() + within_s
    while not look():
        if time.monotonic() > ends:
            return False
        time.sleep(POLL_S)
    return True
