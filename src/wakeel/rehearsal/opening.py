"""What is so before the first step of a scenario: an empty operator's phone, people who wrote, their deals."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from wakeel.domain.words import Text
from wakeel.rehearsal.household import OPERATOR as OPERATORS_PHONE
from wakeel.rehearsal.household import OPERATOR_NAME, Household
from wakeel.rehearsal.kinds import Json, Person
from wakeel.rehearsal.scenario import BEGIN_WITH_SAMPLES, DEMO, Deal, Figure, Scenario, load
from wakeel.rehearsal.stage import OPERATOR, Stage, Unmet

FIRST_WORDS = "السلام عليكم، أرسلوا التفاصيل"
NO_FAULTS: Json = {"reset": True}
SHARED_RULES: Json = {"pair_rate": False, "messaging_limit": False}
"""One operator hears all scenarios of a run: with Meta's pace for one person they would take an hour."""
WINDOW_LEFT_S = 20 * 3600
"""Longer than the clock goes on in any scenario before its last look at the operator's phone."""
APART_S = 60
"""Longer than notices to one operator are gathered: what is told in one scenario keeps back nothing of the next."""
READ_WITHIN = timedelta(seconds=30)
ROUNDS, SETTLES_S = 40, 45.0
CONSENT = {
    "categories": "marketing", "purpose": "offers", "happened_at": "2026-06-01T10:00",
    "wording": "أوافق على استلام العروض", "evidence": "نموذج ورقي", "collected_directly": "نعم",
}  # fmt: skip


def tidy(home: Household) -> None:
    """Nothing of an earlier scenario is open: no fault, no card, no draft, and the operator can be reached."""
    home.bench("POST", "/api/faults", NO_FAULTS)
    home.bench("POST", "/api/rules", SHARED_RULES)
    until = home.bench.phone(home.operator)["window_open_until"]
    if until is None or until < home.now() + WINDOW_LEFT_S:
        home.bench.say(home.operator, "أهلاً")
    _let_pass(home)
    open_cards = (
        "SELECT s.wamid, c.kind, c.opportunity_id, c.draft_id FROM card c JOIN showing s ON s.card_id = c.id"
        " WHERE c.closed_at IS NULL AND s.wamid IS NOT NULL"
    )
    for _ in range(ROUNDS):
        home.until_quiet(within_s=SETTLES_S)
        found = home.rows(open_cards)
        if not found:
            _let_pass(home)
            return
        for wamid, kind, opportunity_id, draft_id in found:
            if kind == "approval":
                home.bench.tap(home.operator, wamid, f"msg:{draft_id}:cancel", title="إلغاء")
            else:
                home.bench.tap(home.operator, wamid, f"opp:{opportunity_id}:skip", title="تخطي")
    raise Unmet(Text("هاتف مشغّل بلا بطاقات", "an operator's phone without cards"))


def _let_pass(home: Household) -> None:
    home.bench("POST", "/api/clock", {"advance_s": APART_S})


def as_the_demo(home: Household, samples: Path) -> None:
    """Play the scenario of the demo, on a stage of its own: its cards are there for whoever comes next.

    samples: where the demo's files are. Raises what a step raises.
    """
    stage, [scenario] = Stage(home.bench, home, samples=samples), load([DEMO])
    begin(stage, scenario, serials=itertools.count(1), run=1)
    for placed in scenario.steps:
        placed.step.run(stage)


def begin(stage: Stage, scenario: Scenario, *, serials: Iterator[int], run: int) -> None:
    """Put everybody of a scenario there. serials: of phone numbers that nobody has; run: another one each time."""
    # What the demo begins with belongs to the scenario: its cards are there to be tapped.
    stage.before = frozenset() if scenario.head.start in BEGIN_WITH_SAMPLES else frozenset(
        row["wamid"] for phone in stage.bench.state()["phones"] for row in phone["messages"]
    )  # fmt: skip
    stage.posted_before = len(stage.bench("GET", "/api/sent"))
    stage.wire_before = max((row["n"] for row in stage.bench("GET", "/api/wire?last=1")), default=0)
    stage.spare = serials
    _know_operator(stage)
    figures = scenario.head.people
    for who, figure in figures.items():
        _come(stage, Person(who), figure)
    _write(stage, [Person(who) for who, figure in figures.items() if figure.wrote])
    if agreed := [Person(who) for who, figure in figures.items() if figure.agreed]:
        stage.home.take_in("consents", [_consent(stage, who) for who in agreed])
    rows = [_row(stage, name, deal, run=run) for name, deal in scenario.head.deals.items()]
    if fresh := [row for row, deal in zip(rows, scenario.head.deals.values(), strict=True) if not deal.key]:
        stage.home.take_in("opportunities", fresh)


def _know_operator(stage: Stage) -> None:
    """The household's; elsewhere the first phone that decides, if there is one."""
    if stage.household is not None:
        wa_id, name = OPERATORS_PHONE, OPERATOR_NAME
    else:
        rows = [row for row in stage.bench.state()["phones"] if row["role"] == "operator"]
        if not rows:
            return
        wa_id, name = rows[0]["wa_id"], rows[0]["name"]
    _is_called(stage, OPERATOR, wa_id, name)


def _come(stage: Stage, who: Person, figure: Figure) -> None:
    """A phone of their own; one that is there already is theirs."""
    there = {row["wa_id"]: row["name"] for row in stage.bench.state()["phones"]}
    wa_id = figure.wa_id or stage.free_number()
    if wa_id in there:
        _is_called(stage, who, wa_id, there[wa_id])
        return
    name = _unused(figure.name or who, set(there.values()))
    stage.bench("POST", "/api/phones", {**figure.persona(), "wa_id": wa_id, "name": name})
    _is_called(stage, who, wa_id, name)


def _is_called(stage: Stage, who: Person, wa_id: str, name: str) -> None:
    stage.values[f"{who}.name"] = name
    stage.move(who, wa_id)


def _unused(name: str, taken: set[str]) -> str:
    """The name, with a number if somebody is called so already: a page must tell them apart."""
    serial = 2
    fresh = name
    while fresh in taken:
        fresh, serial = f"{name} {serial}", serial + 1
    return fresh


def _write(stage: Stage, people: list[Person]) -> None:
    """They write, and the product has read it: its cards tell an open window from a closed one."""
    for who in people:
        stage.bench.say(stage.numbers[who], FIRST_WORDS)
    if people:
        _until_read(stage)


def _until_read(stage: Stage) -> None:
    stage.until(stage.is_quiet, Text("قراءة ما كُتب", "what they wrote is read"), within=READ_WITHIN)


def _consent(stage: Stage, who: Person) -> dict[str, str]:
    return {"phone": f"+{stage.numbers[who]}", "name": stage.values[f"{who}.name"], **CONSENT}


def _row(stage: Stage, name: str, deal: Deal, *, run: int) -> dict[str, str]:
    key = deal.key or f"{name}-{run}"
    stage.values |= {
        f"{name}.key": key, f"{name}.title": stage.fill(deal.title), f"{name}.name": stage.values[f"{deal.about}.name"],
    }  # fmt: skip
    columns = {
        "message": deal.message, "summary": deal.summary, "company": deal.company, "value": deal.value,
        "score": deal.score, "purpose": deal.purpose,
    }  # fmt: skip
    known = {"key": key, "title": deal.title, "phone": f"+{stage.numbers[deal.about]}"}
    known |= {"name": stage.values[f"{deal.about}.name"]}
    return {column: stage.fill(text) for column, text in (known | columns).items()}
