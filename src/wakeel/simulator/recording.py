"""A recorded session as a scenario file: the acts as steps, what followed them as what must follow again.

Texts are compared by what does not change from one day to the next: from the first digit or link of a line on, anything
may stand there. The format is that of `wakeel rehearse` (docs/how-to/rehearse.md). Pure: no clock, no phones.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from wakeel.simulator.wishes import Json

PATIENCE_S = 20
"""How long a rehearsal waits by itself."""
SHORTEST_NAME = 3
"""Letters; a shorter one may be a part of any word."""
_CHANGES = re.compile(r"\S*(?:\d|https?://).*")
_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Act:
    """One POST at the bench that succeeded. began: business time."""

    path: str
    wish: Json
    answer: Json
    began: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message of the business on a phone, as the page draws it. at: business time."""

    wa_id: str
    at: float
    row: Json


@dataclass(frozen=True, slots=True)
class Figure:
    """Who holds a phone."""

    wa_id: str
    name: str
    role: str
    hide_phone: bool = False
    username: str = ""

    def entry(self) -> Json:
        row: Json = {"name": escaped(self.name), "wa_id": self.wa_id}
        row |= {"role": self.role} if self.role == _OPERATOR else {}
        row |= {"hide_phone": True} if self.hide_phone else {}
        return row | ({"username": self.username} if self.username else {})


@dataclass(slots=True)
class Recording:
    """start: how it begins again. went_on: the chats had begun in an earlier process. earlier: what lay on the phones,
    wamid -> phone and row. keys: phone -> the person's name in the file."""

    start: str
    went_on: bool
    done: list[Act | Arrival] = field(default_factory=list)
    earlier: dict[str, tuple[str, Json]] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def meet(self, figure: Figure) -> None:
        """Somebody new; the first who decides is the operator."""
        is_operator = figure.role == _OPERATOR and _OPERATOR not in self.figures
        key = _OPERATOR if is_operator else f"p{figure.wa_id}"
        self.figures[key] = figure
        self.keys[figure.wa_id] = key


def as_yaml(recording: Recording) -> str:
    """The file; it says when it cannot be run again as it is."""
    writer = _Writer(recording)
    steps = [*writer.prelude(), *writer.steps()]
    people = {key: figure.entry() for key, figure in recording.figures.items() if key in writer.people}
    people.pop(_OPERATOR, None)
    document: Json = {"title": {"ar": "جلسة مسجّلة", "en": "A recorded session"}, "start": recording.start}
    document |= {"people": people} if people else {}
    document["steps"] = steps or [{"quiet": None}]
    head = "# Recorded at the phones. Run it again: wakeel rehearse FILE\n"
    if recording.went_on:
        head += "# These chats had begun before the recording did: begin it after a reset to have all of them.\n"
    return head + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)


def pattern(text: str) -> str:
    """What of a text must come again: `*` stands for the rest of a line from its first digit or link on."""
    return "\n".join(_CHANGES.sub("*", line) for line in escaped(text).split("\n"))


def escaped(text: str) -> str:
    """A text of somebody's in which nothing is meant to be filled in."""
    return text.replace("${", "$${")


class _Writer:
    """Gives names to the messages that later acts are about."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._names: dict[str, str] = {}
        self.people: set[str] = set()
        for act in (done for done in recording.done if isinstance(done, Act)):
            for wamid in _about(act):
                self._names.setdefault(wamid, f"m{len(self._names) + 1}")

    def prelude(self) -> Iterator[Json]:
        """Messages that lay there before and were tapped or answered later."""
        for wamid, (wa_id, row) in self._recording.earlier.items():
            if wamid in self._names and row["direction"] == "received":
                yield self._receives(wa_id, row, patience_s=0)

    def steps(self) -> Iterator[Json]:
        began: float | None = None
        for done in self._recording.done:
            if isinstance(done, Arrival):
                yield self._receives(done.wa_id, done.row, patience_s=done.at - began if began is not None else 0)
            else:
                began = None if done.path == "/api/clock" else done.began
                yield from self._act(done)

    def _receives(self, wa_id: str, row: Json, *, patience_s: float) -> Json:
        asked: Json = {"who": self._who(wa_id), "type": row["type"]}
        asked |= {"like": self._with_people(pattern(row["text"]))} if row["text"] else {}
        titles = [choice["title"] for choice in _choices(row)]
        asked |= {"buttons": [escaped(title) for title in titles]} if titles else {}
        asked |= {"as": self._names[row["wamid"]]} if row["wamid"] in self._names else {}
        late = 2 * patience_s > PATIENCE_S
        return {"receives": asked | ({"within": f"{math.ceil(2 * patience_s)}s"} if late else {})}

    def _with_people(self, text: str) -> str:
        """Names by whose they are: where somebody is called so already, they get another one."""
        for key, figure in sorted(self._recording.figures.items(), key=lambda known: -len(known[1].name)):
            if len(figure.name) >= SHORTEST_NAME and escaped(figure.name) in text:
                self.people.add(key)
                text = text.replace(escaped(figure.name), f"${{{key}.name}}")
        return text

    def _act(self, act: Act) -> Iterator[Json]:
        parts = act.path.split("/")
        if parts[:3] == ["", "api", "phones"] and len(parts) == 5:  # noqa: PLR2004  (/api/phones/{wa_id}/{verb})
            yield self._personal(parts[3], parts[4], act)
            return
        wish = _escaped(act.wish)
        match act.path:
            case "/api/phones":
                self._who(str(wish["wa_id"]))  # they are there from the beginning when it is run again
            case "/api/faults" | "/api/rules" | "/api/templates" | "/api/account" | "/api/platform":
                yield {parts[2].removesuffix("s"): wish}
            case "/api/clock":
                yield {"clock": f"{act.wish['advance_s']}s"}
            case "/api/statuses" if act.wish["wamid"] in self._names:
                yield {"status": self._named(wish, "wamid", "message")}
            case "/api/raw":
                sign = {True: "right", False: "none"}.get(act.wish.get("sign", True), "wrong")
                yield {"webhook": {"body": wish["body"], "sign": sign, "status": act.answer["status"]}}
            case _:
                yield {"bench": {"path": act.path, "body": wish}}

    def _personal(self, wa_id: str, verb: str, act: Act) -> Json:
        who, wish = {"who": self._who(wa_id)}, _escaped(act.wish)
        when = {"ago": f"{max(0, int(act.began - act.wish['timestamp']))}s"} if act.wish.get("timestamp") else {}
        name = {"as": self._names[wamid]} if (wamid := act.answer.get("wamid")) in self._names else {}
        quoted = {"quoting": self._names[quote]} if (quote := wish.get("context_wamid")) in self._names else {}
        match verb:
            case "text":
                return {"say": who | {"text": wish["text"]} | quoted | when | name}
            case "tap":
                return {"tap": who | self._tapped(wish) | when | name}
            case "send":
                own = {"type", "context_wamid", "timestamp"}
                fields = {field: value for field, value in wish.items() if field not in own}
                fields |= {"wamid": self._names[wish["wamid"]]} if wish.get("wamid") in self._names else {}
                return {"send": who | {"type": wish["type"], "fields": fields} | quoted | when | name}
            case "edit" | "revoke" if wish["wamid"] in self._names:
                return {verb: who | self._named(wish, "wamid", "message")}
            case "profile" if wish.keys() <= {"name", "username", "hide_phone"} and None not in wish.values():
                return {"profile": who | wish}
            case "number" if wish.keys() <= {"wa_id", "tell"}:
                return {"new_number": who | {"to": wish["wa_id"], "tell": wish.get("tell", True)}}
            case "preferences" | "script" if len(wish) == 1:
                return {verb: who | wish}
            case "read" if not wish:
                return {"read": who}
        body = wish | ({"wamid": self._names[wish["wamid"]]} if wish.get("wamid") in self._names else {})
        return {"bench": {"path": f"/api/phones/${{{who['who']}.wa_id}}/{verb}", "body": body}}

    def _tapped(self, wish: Json) -> Json:
        """By its title where the message has such a button, else by its id."""
        row = self._row(wish["wamid"])
        title = next((choice["title"] for choice in _choices(row) if choice["id"] == wish["id"]), None)
        asked: Json = {"on": self._names[wish["wamid"]], "button": escaped(title) if title else wish["id"]}
        asked |= {"title": wish.get("title") or wish["id"]} if "title" in wish or title is None else {}
        return asked | ({"context": False} if wish.get("context") is False else {})

    def _row(self, wamid: str) -> Json:
        arrived = (done.row for done in self._recording.done if isinstance(done, Arrival))
        found = next((row for row in arrived if row["wamid"] == wamid), None)
        return found or self._recording.earlier.get(wamid, ("", {}))[1]

    def _named(self, wish: Json, field: str, name: str) -> Json:
        rest = {key: value for key, value in wish.items() if key != field}
        return {name: self._names[wish[field]]} | rest

    def _who(self, wa_id: str) -> str:
        key = self._recording.keys.get(wa_id, f"p{wa_id}")
        self.people.add(key)
        return key


def _about(act: Act) -> list[str]:
    """The messages an act is about."""
    return [act.wish[name] for name in ("wamid", "context_wamid") if isinstance(act.wish.get(name), str)]


def _choices(row: Json) -> list[Json]:
    listed = (row.get("list") or {}).get("rows") or []
    carousel = [choice for card in row.get("cards") or [] for choice in _choices(card)]
    return [*(row.get("buttons") or []), *listed, *carousel]


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _escaped(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    return escaped(value) if isinstance(value, str) else value
