"""Steps of people with phones: they write, tap, send, change their number, stop offers."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Literal

from wakeel.domain.words import Text
from wakeel.rehearsal.kinds import Json, MessageName, NewName, Person, Words
from wakeel.rehearsal.stage import Stage, Unmet, words


@dataclass(frozen=True, slots=True)
class Say:
    """A person types. quoting: the message they answer; ago: they wrote it so long ago; as: names it."""

    who: Person
    text: Words
    quoting: MessageName | None = None
    ago: timedelta | None = None
    as_: NewName | None = None

    def run(self, stage: Stage) -> None:
        wish: Json = {"text": stage.fill(self.text), **stage.at(self.ago)}
        if self.quoting is not None:
            wish["context_wamid"] = stage.messages[self.quoting].wamid
        sent = _post(stage, self.who, "text", wish)
        stage.acted(self.as_, self.who, sent["wamid"])


@dataclass(frozen=True, slots=True)
class Tap:
    """A person taps a button or a row of a message.

    button: its title or id; one that the message does not have is sent all the same, under `title`. context: false
    leaves out which message was tapped, which WhatsApp never does.
    """

    who: Person
    on: MessageName
    button: Words
    title: Words | None = None
    ago: timedelta | None = None
    context: bool = True
    as_: NewName | None = None

    def run(self, stage: Stage) -> None:
        card, asked = stage.messages[self.on], stage.fill(self.button)
        choice = next((row for row in choices(card.row) if asked in {row["title"], row["id"]}), None)
        if choice is None and self.title is None:
            seen = [f"{row['title']} ({row['id']})" for row in choices(card.row)]
            raise Unmet(Text(f"الزر {words(asked)} على {self.on}", f"the button {words(asked)} on {self.on}"), seen)
        wish: Json = {"wamid": card.wamid, "id": choice["id"] if choice else asked, **stage.at(self.ago)}
        if self.title is not None:
            wish["title"] = stage.fill(self.title)
        elif choice and card.who != self.who:
            wish["title"] = choice["title"]
        if not self.context:
            wish["context"] = False
        stage.acted(self.as_, self.who, _post(stage, self.who, "tap", wish)["wamid"])


@dataclass(frozen=True, slots=True)
class Send:
    """A person sends something that is not text. fields: of its type, as the bench's `send` takes them."""

    who: Person
    type: str
    fields: dict[str, Any] = field(default_factory=dict)
    quoting: MessageName | None = None
    ago: timedelta | None = None
    as_: NewName | None = None

    def run(self, stage: Stage) -> None:
        wish: Json = {**messages_in(stage, self.fields), "type": self.type, **stage.at(self.ago)}
        if self.quoting is not None:
            wish["context_wamid"] = stage.messages[self.quoting].wamid
        stage.acted(self.as_, self.who, _post(stage, self.who, "send", wish)["wamid"])


@dataclass(frozen=True, slots=True)
class Edit:
    """A person changes a message of theirs."""

    who: Person
    message: MessageName
    text: Words

    def run(self, stage: Stage) -> None:
        wish = {"wamid": stage.messages[self.message].wamid, "text": stage.fill(self.text)}
        _post(stage, self.who, "edit", wish)


@dataclass(frozen=True, slots=True)
class Revoke:
    """A person takes a message of theirs back."""

    who: Person
    message: MessageName

    def run(self, stage: Stage) -> None:
        _post(stage, self.who, "revoke", {"wamid": stage.messages[self.message].wamid})


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person shows of themselves, from now on."""

    who: Person
    name: Words | None = None
    username: Words | None = None
    hide_phone: bool | None = None

    def run(self, stage: Stage) -> None:
        wish = {"name": self.name, "username": self.username, "hide_phone": self.hide_phone}
        given = {name: value for name, value in wish.items() if value is not None}
        _post(stage, self.who, "profile", stage.filled(given))
        if self.name is not None:
            stage.values[f"{self.who}.name"] = stage.fill(self.name)


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A person takes another number along. to: its digits, a free one without; tell: WhatsApp says so."""

    who: Person
    to: Words | None = None
    tell: bool = True

    def run(self, stage: Stage) -> None:
        to = stage.fill(self.to) if self.to else stage.free_number()
        _post(stage, self.who, "number", {"wa_id": to, "tell": self.tell})
        stage.move(self.who, to)


@dataclass(frozen=True, slots=True)
class NewOwner:
    """Somebody else holds this number from now on; WhatsApp tells nobody."""

    who: Person

    def run(self, stage: Stage) -> None:
        _post(stage, self.who, "bsuid", {"bsuid": f"SA.{stage.free_number()}"})


@dataclass(frozen=True, slots=True)
class Preferences:
    """WhatsApp's own switch for offers, turned by a person."""

    who: Person
    marketing: Literal["stop", "resume"]

    def run(self, stage: Stage) -> None:
        _post(stage, self.who, "preferences", {"marketing": self.marketing})


@dataclass(frozen=True, slots=True)
class Read:
    """A person reads what the business sent."""

    who: Person

    def run(self, stage: Stage) -> None:
        _post(stage, self.who, "read", {})


@dataclass(frozen=True, slots=True)
class Script:
    """A person's answers come by one of the bench's scripts from now on; null ends it."""

    who: Person
    script: str | None

    def run(self, stage: Stage) -> None:
        _post(stage, self.who, "script", {"script": self.script})


@dataclass(frozen=True, slots=True)
class Arrive:
    """Somebody comes who was not there before; the fields are those of the personas file."""

    WHOLE: ClassVar[bool] = True
    wish: Json

    def run(self, stage: Stage) -> None:
        stage.bench("POST", "/api/phones", stage.filled(self.wish))


def choices(row: Json) -> list[Json]:
    """Everything that can be tapped on a message: id and title."""
    listed = row.get("list") or {}
    carousel = [choice for card in row.get("cards") or [] for choice in choices(card)]
    return [*(row.get("buttons") or []), *(listed.get("rows") or []), *carousel]


def messages_in(stage: Stage, wish: Any) -> Any:
    """Filled in; `wamid` may be the name of a message."""
    filled = stage.filled(wish)
    if isinstance(filled, dict) and filled.get("wamid") in stage.messages:
        return filled | {"wamid": stage.messages[filled["wamid"]].wamid}
    return filled


def _post(stage: Stage, who: Person, verb: str, wish: Json) -> Json:
    answer: Json = stage.bench("POST", f"/api/phones/{stage.numbers[who]}/{verb}", wish)
    return answer
