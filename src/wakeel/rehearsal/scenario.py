"""A scenario: who is there, what happens, what must follow. Read from a YAML file; every fault is told with its line.

    title: {ar: …, en: …}
    proves: [what it shows: a promise of the design, a row of the failure table]
    start: home | samples | demo    home: an operator and nobody else. samples: the demo's people and hours, nobody is
                                enrolled and nothing is imported. demo: as the scenario `demo` ends, which begins there
    mode: practice | dry        dry: the flag is off and no simulator is named; messages are stored, never posted
    hours: open | office        when contacts may be written to: at any hour, or from nine to nine
    leases: usual | short       short: lease and grace of a message in doubt are seconds, not a minute each
    settings: {NAME: value}     environment of the product, on top of the usual one
    people: {laila: {name: …, wrote: true, agreed: true}}
    deals: {offer: {about: laila, title: …}}
    steps: [{say: {who: laila, text: …}}, …]

`${laila.name}` in a text stands for what is known by then: see `references.VALUES`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from yaml.nodes import MappingNode, Node, SequenceNode

from wakeel.rehearsal.kinds import NO_WORDS, Json, Person, Words
from wakeel.rehearsal.references import Known, check
from wakeel.rehearsal.steps import PRODUCT, STEPS, Step
from wakeel.rehearsal.yaml_reader import NOTHING, Fault, Reader, ScenarioFaults, compose, fields_of

SHIPPED = Path(__file__).parent / "scenarios"
DEMO = SHIPPED / "demo.yaml"
"""How `wakeel demo` begins, and every scenario with `start: demo`."""
BEGIN_WITH_SAMPLES = frozenset({"samples", "demo"})


@dataclass(frozen=True, slots=True)
class Title:
    """What it shows, in one sentence."""

    ar: str
    en: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One person. wrote: they wrote before the first step, so their window is open; agreed: their consent to offers is
    recorded. wa_id: their phone, a free number without. The rest as in the personas file."""

    name: Words = NO_WORDS
    wrote: bool = False
    agreed: bool = False
    wa_id: str = ""
    bsuid: str = ""
    hide_phone: bool = False
    username: str = ""
    role: Literal["contact", "operator"] = "contact"
    replies: tuple[Json, ...] = ()

    def persona(self) -> Json:
        """As the bench takes it, without the phone."""
        row = {"name": self.name, "bsuid": self.bsuid, "hide_phone": self.hide_phone, "username": self.username}
        row |= {"role": self.role, "replies": list(self.replies)}
        return {name: value for name, value in row.items() if value}


@dataclass(frozen=True, slots=True)
class Deal:
    """One opportunity, imported before the first step. message: its draft's text; the rest: columns of the file.

    key: of one that is there already, such as one of the demo's; it is not imported.
    """

    about: Person
    title: Words
    key: str = ""
    message: Words = NO_WORDS
    summary: Words = NO_WORDS
    company: Words = NO_WORDS
    value: Words = NO_WORDS
    score: Words = NO_WORDS
    purpose: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Placed:
    """A step where it stands. line: of the file, from 1."""

    word: str
    line: int
    step: Step


@dataclass(frozen=True, slots=True)
class Head:
    """Everything of a file but its steps."""

    title: Title
    proves: tuple[str, ...] = ()
    start: Literal["home", "samples", "demo"] = "home"
    mode: Literal["practice", "dry"] = "practice"
    hours: Literal["open", "office"] = "open"
    leases: Literal["usual", "short"] = "usual"
    settings: dict[str, str] = field(default_factory=dict)
    people: dict[str, Figure] = field(default_factory=dict)
    deals: dict[str, Deal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file. name: how it is called in reports, its file's name without `.yaml`."""

    name: str
    path: Path
    head: Head
    steps: tuple[Placed, ...]

    @property
    def is_alone(self) -> bool:
        """True if it needs a household of its own: a special one."""
        head = self.head
        asked = (head.start, head.mode, head.hours, head.leases, head.settings)
        return asked != ("home", "practice", "open", "usual", {})

    def needs_product(self) -> str | None:
        """The first thing of it that only a product of our own can do; None if any product will do."""
        if self.head.deals or self.is_alone:
            return "deals, settings, mode, hours, leases, start"
        if any(figure.agreed for figure in self.head.people.values()):
            return "agreed"
        return next((placed.word for placed in self.steps if placed.word in PRODUCT), None)


def shipped() -> list[Path]:
    """The files that come with Wakeel, in the order of their names."""
    return sorted(SHIPPED.glob("*.yaml"))


def load(paths: Iterable[Path]) -> list[Scenario]:
    """Read files. Raises ScenarioFaults with every fault of all of them."""
    faults: list[Fault] = []
    scenarios = []
    for path in paths:
        scenario, found = _read(path)
        faults += found
        scenarios += [scenario] if scenario else []
    if faults:
        raise ScenarioFaults(faults)
    return scenarios


def _read(path: Path) -> tuple[Scenario | None, list[Fault]]:
    reader, node = compose(path, name=str(path))
    if node is None:
        return None, reader.faults
    head, steps = _parts(reader, node)
    if head is NOTHING or reader.faults:
        return None, reader.faults
    return Scenario(path.stem, path, head, tuple(steps)), []


def _parts(reader: Reader, node: Node) -> tuple[Any, list[Placed]]:
    allowed = ", ".join([*fields_of(Head)[0], "steps"])
    steps: Node | None = None
    rest = []
    for name, key, value in reader.entries(node, "", what=f"a mapping; fields: {allowed}"):
        if name == "steps":
            steps = value
        elif name not in fields_of(Head)[0]:
            reader.blame(key, name, f"unknown field; allowed: {allowed}")
        else:
            rest.append((key, value))
    if not isinstance(node, MappingNode):
        return NOTHING, []
    head = reader.record(MappingNode(node.tag, rest, node.start_mark, node.end_mark), Head, "")
    if steps is None:
        reader.blame(node, "steps", "is missing")
        return head, []
    known = Known.of(_names(node, "people"), _names(node, "deals"))
    check(reader, known)
    return head, _steps(reader, steps, known)


def _names(node: MappingNode, field: str) -> set[str]:
    """The keys of one mapping of the file; also when something else is wrong in it, so that only that is blamed."""
    found = [value for key, value in node.value if key.value == field and isinstance(value, MappingNode)]
    return {str(key.value) for value in found for key, _ in value.value}


def _steps(reader: Reader, node: Node, known: Known) -> list[Placed]:
    if not isinstance(node, SequenceNode) or not node.value:
        reader.blame(node, "steps", "must be a list of steps")
        return []
    placed = []
    for number, item in enumerate(node.value, 1):
        path = f"steps[{number}]"
        entries = reader.entries(item, path, what="one step, such as `say: {…}`")
        if len(entries) != 1:
            if entries or isinstance(item, MappingNode):
                reader.blame(
                    item, path, f"must be exactly one step; found {', '.join(e[0] for e in entries) or 'none'}"
                )
            continue
        [(word, key, value)] = entries
        if word not in STEPS:
            reader.blame(key, f"{path}.{word}", f"unknown step; allowed: {', '.join(sorted(STEPS))}")
            continue
        step = reader.read(value, STEPS[word], word)
        check(reader, known)
        if step is not NOTHING:
            placed.append(Placed(word, key.start_mark.line + 1, step))
    return placed
