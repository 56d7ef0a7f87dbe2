"""What one scenario knows while it runs: who is who, which message has which name, what lay there before it began."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from wakeel.domain.words import Text
from wakeel.rehearsal.bench import Bench
from wakeel.rehearsal.kinds import VALUE, Json, MessageName, NewName, Person, Words

if TYPE_CHECKING:
    from wakeel.rehearsal.household import Household
    from wakeel.rehearsal.screens import Screens

T = TypeVar("T")

OPERATOR = Person("operator")
PATIENCE_S = 20.0
POLL_S = 0.05
CALM_S = 1.5
NOBODY = ""
"""Whose phone is asked for when the phones do not matter."""
NO_SAMPLES = Text("ملفات العينة (examples)", "the sample files of a checkout (examples)")
MOST_SEEN = 8
"""Lines of what was there instead."""


class Unmet(Exception):
    """What a step expected did not come about. seen: what was there instead, a line each; texts of phones and pages."""

    def __init__(self, expected: Text, seen: Iterable[str] = ()) -> None:
        super().__init__(expected.en)
        self.expected = expected
        self.seen = [line.strip() for line in seen][-MOST_SEEN:]


@dataclass(frozen=True, slots=True)
class Named:
    """A message that a step gave a name. who: on whose phone; row: as the bench showed it then, {} for one sent."""

    who: Person
    wamid: str
    row: Json


@dataclass(slots=True)
class Stage:
    """household: None when the scenario runs against somebody else's product: then there are no screens and no rows.

    numbers: the phone of each person. values: what `${…}` stands for. before: wamids that lay on the phones when the
    scenario began; taken: those that a step has expected already. posted_before: how many requests WhatsApp had
    accepted by then; wire_before: the last number of the wire log. spare: serials of phone numbers that nobody has.
    samples: where the demo's files are, None where there are none. logins: of those who linked a phone to one of their
    own; nobody's else decides but the household's.
    """

    bench: Bench
    household: "Household | None"
    numbers: dict[Person, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    messages: dict[MessageName, Named] = field(default_factory=dict)
    before: frozenset[str] = frozenset()
    taken: set[str] = field(default_factory=set)
    posted_before: int = 0
    wire_before: int = 0
    last_act: str = ""
    last_actor: Person = OPERATOR
    logins: dict[Person, str] = field(default_factory=dict)
    _chats: dict[str, tuple[int, list[Json]]] = field(default_factory=dict)
    spare: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    samples: Path | None = None

    @property
    def home(self) -> "Household":
        """The product under test; scenarios that need it are refused before they start where there is none."""
        if self.household is None:
            raise Unmet(Text("منتج تُقرأ صفحاته وسجلاته", "a product whose pages and rows can be read"))
        return self.household

    def screens(self, who: Person) -> "Screens":
        """The pages as this person's log-in shows them."""
        if who == OPERATOR:
            return self.home.screens
        if who not in self.logins:
            raise Unmet(Text(f"حساب دخول لـ {who}: خطوة enrol أولًا", f"a log-in of {who}: the step enrol comes first"))
        return self.home.screens_of(self.logins[who])

    def sample(self, name: str) -> str:
        """What stands in one of the demo's own files."""
        if self.samples is None:
            raise Unmet(NO_SAMPLES)
        return (self.samples / name).read_text(encoding="utf-8")

    def fill(self, words: str) -> str:
        """Put in what `${…}` stands for; every name was checked when the file was read."""
        return VALUE.sub(lambda found: self.value(found[1].strip()), words).replace("$${", "${")

    def filled(self, wish: Any) -> Any:
        """The same for every text of a JSON value; a text that is a person's key and nothing else is left alone."""
        if isinstance(wish, dict):
            return {name: self.filled(value) for name, value in wish.items()}
        if isinstance(wish, list):
            return [self.filled(value) for value in wish]
        return self.fill(wish) if isinstance(wish, str) else wish

    def value(self, name: str) -> str:
        if name == "now":
            return str(self.now())
        if name in self.values:
            return self.values[name]
        return self._page_of(name)

    def _page_of(self, name: str) -> str:
        """`laila.id`, `laila.page`, `offer.id`, `offer.page`: known once the product knows them."""
        who, _, what = name.partition(".")
        known = self.numbers.get(Person(who))
        if known is not None:
            rows = self.home.rows(
                "SELECT contact_id FROM contact_alias WHERE value = ? AND valid_to IS NULL", (f"+{known}",)
            )
            place = "contacts"
        else:
            key = self.values[f"{who}.key"]
            rows = self.home.rows("SELECT id FROM opportunity WHERE external_key = ?", (key,))
            place = "i"
        if not rows:
            raise Unmet(Text(f"سجل {who} في المنتج", f"a record of {who} in the product"))
        return str(rows[0][0]) if what == "id" else f"/{place}/{rows[0][0]}/"

    def now(self) -> int:
        """Business time in Unix seconds."""
        return int(self.bench.state(phone=NOBODY)["clock"]["now"])

    def phone(self, who: Person) -> Json:
        return self.bench.phone(self.numbers[who])

    def arrived(self, who: Person) -> list[Json]:
        """What came to this phone since the scenario began, oldest first. Drawn again only after a change."""
        wa_id, revision = self.numbers[who], self.bench.state(phone=NOBODY)["revision"]
        known, rows = self._chats.get(wa_id, (-1, []))
        if known != revision:
            rows = [row for row in self.bench.received(wa_id) if row["wamid"] not in self.before]
            self._chats[wa_id] = (revision, rows)
        return rows

    def name(self, name: NewName | None, who: Person, wamid: str, row: Json | None = None) -> None:
        """Give a message the name a step asked for, if it asked."""
        if name is not None:
            self.messages[MessageName(name)] = Named(who, wamid, row or {})

    def acted(self, name: NewName | None, who: Person, wamid: str) -> None:
        """Somebody wrote or tapped: the next `answer` is about it."""
        self.last_act, self.last_actor = wamid, who
        self.name(name, who, wamid)

    def at(self, ago: timedelta | None) -> Json:
        """The `timestamp` of an act that happened some time ago; nothing for now."""
        return {} if ago is None else {"timestamp": self.now() - int(ago.total_seconds())}

    def free_number(self) -> str:
        """The digits of a phone that nobody has."""
        taken = {row["wa_id"] for row in self.bench.state()["phones"]}
        return next(number for serial in self.spare if (number := f"9665055{serial:05d}") not in taken)

    def move(self, who: Person, wa_id: str) -> None:
        """This person is reached at another number from now on."""
        self.numbers[who] = wa_id
        self.values |= {f"{who}.wa_id": wa_id, f"{who}.phone": f"+{wa_id}"}

    def is_quiet(self) -> bool:
        """True if nothing is under way. Where only the bench can be asked: no webhook waits, no request for a while."""
        if self.household is not None:
            return self.household.is_quiet()
        last = [row["at"] for row in self.bench("GET", "/api/wire?last=1")]
        calm = not last or time.time() - last[0] > CALM_S
        return calm and not self.bench.state(phone=NOBODY)["webhook"]["waiting"]

    def fail(self, expected: Text, seen: Iterable[str] = ()) -> NoReturn:
        raise Unmet(expected, seen)

    def until(
        self, look: Callable[[], T | None], expected: Text, *, within: timedelta | None,
        seen: Callable[[], Iterable[str]] = tuple,
    ) -> T:  # fmt: skip
        """The first true answer of `look`. Raises Unmet with what `seen` says when there is none in time."""
        patience_s = PATIENCE_S if within is None else within.total_seconds()
        ends = time.monotonic() + patience_s
        while True:
            if found := look():
                return found
            if time.monotonic() > ends:
                raise Unmet(expected, seen())
            time.sleep(POLL_S)


def words(*texts: Words | str) -> str:
    """Quoted, for a sentence of the report."""
    return " · ".join(f"«{text}»" for text in texts)
