"""Names in a scenario file that must mean something: people, deals, messages, values. Checked before anything runs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from wakeel.rehearsal.kinds import NAME, VALUE, DealName, MessageName, NewName, Pattern, Person, Words, pattern_fault
from wakeel.rehearsal.yaml_reader import Mention, Reader

OF_A_PERSON = ("name", "wa_id", "phone", "id", "page")
OF_A_DEAL = ("title", "name", "id", "page")
VALUES = "${now}, ${person.name|wa_id|phone|id|page}, ${deal.title|name|id|page}, ${what a `keep` found}"


@dataclass(slots=True)
class Known:
    """What may be named at this point of a file."""

    people: set[str]
    deals: set[str]
    messages: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, people: Iterable[str], deals: Iterable[str]) -> "Known":
        known = cls({*people, "operator"}, set(deals))
        known.values = {"now", "password"}
        known.values |= {f"{who}.{what}" for who in known.people for what in OF_A_PERSON}
        known.values |= {f"{deal}.{what}" for deal in known.deals for what in OF_A_DEAL}
        return known


def check(reader: Reader, known: Known) -> None:
    """Look at what was read since the last time; what a step names itself is known to the steps after it."""
    mentions, reader.mentions = reader.mentions, []
    for mention in mentions:
        _look_up(reader, mention, known)
    for mention in mentions:
        if mention.kind is NewName:
            known.messages.add(mention.value)
        elif mention.kind is Pattern:
            known.values.add(mention.path.rsplit(".", 1)[-1])


def _look_up(reader: Reader, mention: Mention, known: Known) -> None:
    kind, value = mention.kind, mention.value
    there = {Person: known.people, DealName: known.deals, MessageName: known.messages}.get(kind)
    if there is not None and value not in there:
        what = {Person: "person", DealName: "deal", MessageName: "message named before"}[kind]
        reader.blame(mention.node, mention.path, f"no {what} is called {value!r}; allowed: {_all(there)}")
    elif kind is NewName and not NAME.fullmatch(value):
        reader.blame(mention.node, mention.path, "a name is a Latin letter, then letters, digits, _ or -, 40 at most")
    elif kind is Pattern and (fault := pattern_fault(value)):
        reader.blame(mention.node, mention.path, fault)
    elif kind is Words:
        for found in VALUE.findall(value):
            if found.strip() not in known.values:
                reader.blame(mention.node, mention.path, f"${{{found}}} is unknown; allowed: {_close(found, known)}")


def _close(name: str, known: Known) -> str:
    """What could be meant: everything about the same person or deal, else all kinds of values."""
    who = re.split(r"\.", name.strip())[0]
    same = {value for value in known.values if value.startswith(f"{who}.")}
    return _all(same) if same else VALUES


def _all(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none yet"
