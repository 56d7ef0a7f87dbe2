"""Steps at the product itself: files come in, buttons of its screens are pressed, its processes die and come back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from wakeel.domain.words import Text
from wakeel.rehearsal.household import USERNAME, as_csv
from wakeel.rehearsal.kinds import NO_WORDS, Person, Words
from wakeel.rehearsal.page_pieces import piece, reading
from wakeel.rehearsal.phrases import holds
from wakeel.rehearsal.screens import Button, Form, Page
from wakeel.rehearsal.stage import OPERATOR, Stage, Unmet, words

Row = dict[str, Words]
Process = Literal["web", "worker", "ingest", "simulator"]


@dataclass(frozen=True, slots=True)
class Import:
    """A file comes in, its rows written here. samples: the demo's own files of these kinds. faults: the columns that
    must be refused; then nothing is imported.
    """

    opportunities: tuple[Row, ...] = ()
    consents: tuple[Row, ...] = ()
    samples: tuple[Literal["opportunities", "consents"], ...] = ()
    faults: tuple[Words, ...] = ()

    def run(self, stage: Stage) -> None:
        for kind in self.samples:
            self._take_in(stage, kind, stage.sample(f"{kind}.csv"))
        for kind, rows in (("opportunities", self.opportunities), ("consents", self.consents)):
            if rows:
                self._take_in(stage, kind, _table([stage.filled(row) for row in rows]))

    def _take_in(self, stage: Stage, kind: str, text: str) -> None:
        found = stage.home.clerk(kind, text=text)["faults"]
        if sorted(fault["column"] for fault in found) != sorted(self.faults):
            expected = Text(f"أخطاء الأعمدة: {words(*self.faults)}", f"faults in the columns {words(*self.faults)}")
            if not self.faults:
                expected = Text("ملف بلا أخطاء", "a file without faults")
            raise Unmet(expected, [f"{fault['line']}, {fault['column']}: {fault['reason']}" for fault in found])


def _table(rows: Sequence[dict[str, str]]) -> str:
    columns = dict.fromkeys(column for row in rows for column in row)
    return as_csv([{column: row.get(column, "") for column in columns} for row in rows])


@dataclass(frozen=True, slots=True)
class Press:
    """A person presses a button of a screen.

    by: who has linked a phone to a log-in. page: its path. about: the words that the piece of the page with this button
    has too, where several have one. form: how the path ends that the form goes to. fill: what is written into the form.
    shows: words of the page that follows.
    """

    page: Words
    button: Words
    about: tuple[Words, ...] = ()
    form: Words = NO_WORDS
    fill: Row = field(default_factory=dict)
    shows: tuple[Words, ...] = ()
    status: int = 200
    by: Person = OPERATOR

    def run(self, stage: Stage) -> None:
        screens = stage.screens(self.by)
        form, button = self._find(stage, screens.get(stage.fill(self.page)))
        own = {button.name: button.value} if button.name else {}
        filled = {name: self._typed(stage, value) for name, value in self.fill.items()}
        answer = screens.send(form, **own, **filled)
        self._check(stage, answer)

    def _find(self, stage: Stage, page: Page) -> tuple[Form, Button]:
        asked, action = stage.fill(self.button), stage.fill(self.form)
        about = [stage.fill(text) for text in self.about]
        part = piece(page, *about, asked) if about else page
        pairs = [(form, button) for form in part.forms for button in form.buttons] if part else []
        for form, button in pairs:
            if button.words == asked and form.action.endswith(action):
                return form, button
        where = Text(f"الزر {words(asked)} في {page.url}", f"the button {words(asked)} on {page.url}")
        raise Unmet(where, [button.words for form in page.forms for button in form.buttons] or [reading(page)[:400]])

    def _typed(self, stage: Stage, value: Words) -> str:
        """`${password}` is the log-in's; it stands in no file."""
        return stage.home.password if value == "${password}" else stage.fill(value)

    def _check(self, stage: Stage, answer: Page) -> None:
        missing = [text for text in map(stage.fill, self.shows) if not holds(reading(answer), text)]
        if answer.status != self.status or missing:
            expected = Text(
                f"صفحة {self.status} فيها {words(*missing)}", f"a page {self.status} with {words(*missing)}"
            )
            raise Unmet(expected, [f"{answer.status} {answer.url}", reading(answer)[:600]])


@dataclass(frozen=True, slots=True)
class Enrol:
    """A phone is linked to the log-in, as a person does it: the code, the code from the phone, the password. Somebody
    else than the operator gets a log-in of their own, which is no administrator's. supervises: it is a supervisor's.
    """

    who: Person = OPERATOR
    supervises: bool = False

    def run(self, stage: Stage) -> None:
        wa_id = stage.numbers[self.who]
        if self.who == OPERATOR:
            stage.home.enrol(wa_id, username=USERNAME)
            return
        name = stage.values[f"{self.who}.name"]
        stage.logins[self.who] = stage.home.join(wa_id, name=name, supervises=self.supervises)


@dataclass(frozen=True, slots=True)
class Kill:
    """`kill -9` one process."""

    WHOLE: ClassVar[bool] = True
    process: Process

    def run(self, stage: Stage) -> None:
        stage.home.crew.kill(self.process)


@dataclass(frozen=True, slots=True)
class Stop:
    """One process is asked to end, and ends with code 0."""

    WHOLE: ClassVar[bool] = True
    process: Process

    def run(self, stage: Stage) -> None:
        code = stage.home.crew.stop(self.process)
        if code:
            raise Unmet(Text(f"توقف {self.process} بسلام", f"a clean end of {self.process}"), [f"exit code {code}"])


@dataclass(frozen=True, slots=True)
class Start:
    """One process that was killed or stopped starts again."""

    WHOLE: ClassVar[bool] = True
    process: Process

    def run(self, stage: Stage) -> None:
        stage.home.crew.start(self.process)
