"""Steps at the simulator's bench: faults, rules, the clock, what Meta says of messages, templates and the account."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from wakeel.domain.words import Text
from wakeel.rehearsal.kinds import Hour, Json, MessageName, Person, Words
from wakeel.rehearsal.stage import NOBODY, Stage, Unmet
from wakeel.rehearsal.steps_phone import messages_in

SIGNS: dict[str, bool | str] = {"right": True, "wrong": "wrong", "none": False}


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong from now on: the bench's faults. `to` may be a person."""

    WHOLE: ClassVar[bool] = True
    wish: Json

    def run(self, stage: Stage) -> None:
        stage.bench("POST", "/api/faults", _people_in(stage, stage.filled(self.wish)))


@dataclass(frozen=True, slots=True)
class Rule:
    """Which of WhatsApp's rules hold from now on: the bench's rules."""

    WHOLE: ClassVar[bool] = True
    wish: Json

    def run(self, stage: Stage) -> None:
        stage.bench("POST", "/api/rules", _people_in(stage, stage.filled(self.wish)))


@dataclass(frozen=True, slots=True)
class WriteFirst:
    """Everybody of the personas file who writes first does so now, unless their window is open."""

    def run(self, stage: Stage) -> None:
        stage.bench("POST", "/api/opening", {})


@dataclass(frozen=True, slots=True)
class Clock:
    """Business time goes on by so much; nobody waits."""

    WHOLE: ClassVar[bool] = True
    advance: timedelta

    def run(self, stage: Stage) -> None:
        stage.bench("POST", "/api/clock", {"advance_s": int(self.advance.total_seconds())})


@dataclass(frozen=True, slots=True)
class Until:
    """Business time goes on to the next time that it is so late where the phones are."""

    WHOLE: ClassVar[bool] = True
    hour: Hour

    def run(self, stage: Stage) -> None:
        zone = ZoneInfo(stage.bench.state(phone=NOBODY)["time_zone"])
        now = datetime.fromtimestamp(stage.now(), zone)
        then = now.replace(hour=self.hour.hours, minute=self.hour.minutes, second=0)
        while then <= now or self.hour.weekday not in {None, then.weekday()}:
            then += timedelta(days=1)
        stage.bench("POST", "/api/clock", {"advance_s": int((then - now).total_seconds())})


@dataclass(frozen=True, slots=True)
class Status:
    """WhatsApp says what became of a message of the business. code: why it failed."""

    message: MessageName
    status: str
    code: int | None = None

    def run(self, stage: Stage) -> None:
        wish: Json = {"wamid": stage.messages[self.message].wamid, "status": self.status}
        stage.bench("POST", "/api/statuses", wish | ({} if self.code is None else {"code": self.code}))


@dataclass(frozen=True, slots=True)
class Template:
    """WhatsApp says something of a template: the bench's templates."""

    WHOLE: ClassVar[bool] = True
    wish: Json

    def run(self, stage: Stage) -> None:
        stage.bench("POST", "/api/templates", stage.filled(self.wish))


@dataclass(frozen=True, slots=True)
class Account:
    """WhatsApp says something of the account."""

    WHOLE: ClassVar[bool] = True
    wish: Json

    def run(self, stage: Stage) -> None:
        stage.bench("POST", "/api/account", stage.filled(self.wish))


@dataclass(frozen=True, slots=True)
class Platform:
    """Any other webhook of management: `field` and its `value`."""

    WHOLE: ClassVar[bool] = True
    wish: Json

    def run(self, stage: Stage) -> None:
        stage.bench("POST", "/api/platform", stage.filled(self.wish))


@dataclass(frozen=True, slots=True)
class Webhook:
    """Bytes of our own at the product's webhook. body: JSON, or text that is sent as it stands; status: the answer."""

    body: Any
    sign: Literal["right", "wrong", "none"] = "right"
    status: int = 200

    def run(self, stage: Stage) -> None:
        body = stage.filled(self.body)
        text = body if isinstance(body, str) else json.dumps(body)
        sign = SIGNS[self.sign]
        answer = stage.bench("POST", "/api/raw", {"body": text, "sign": sign})
        if answer["status"] != self.status:
            expected = Text(f"جواب HTTP {self.status}", f"the answer HTTP {self.status}")
            raise Unmet(expected, [f"{answer['status']} {answer['answer']}"])


@dataclass(frozen=True, slots=True)
class BenchCall:
    """Anything else the bench can do. `wamid` in the body may be the name of a message."""

    path: Words
    body: Json = field(default_factory=dict)

    def run(self, stage: Stage) -> None:
        stage.bench("POST", stage.fill(self.path), messages_in(stage, self.body))


def _people_in(stage: Stage, wish: Any) -> Any:
    """The same with people's phones for their keys, wherever somebody is named by `to` or `wa_id`."""
    if isinstance(wish, list):
        return [_people_in(stage, one) for one in wish]
    if not isinstance(wish, dict):
        return wish
    found = {name: _people_in(stage, value) for name, value in wish.items()}
    for name in found.keys() & {"to", "wa_id"}:
        if isinstance(found[name], str):
            found[name] = stage.numbers.get(Person(found[name]), found[name])
    return found
