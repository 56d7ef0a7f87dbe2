"""Conditions on the product: its outbox, its pages, its ledger, its answer to "may we write to them?"."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import Answer as GateAnswer
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.words import Text
from wakeel.rehearsal import screens
from wakeel.rehearsal.conditions_phone import keep_from
from wakeel.rehearsal.kinds import NO_WORDS, DealName, Pattern, Person, Words
from wakeel.rehearsal.page_pieces import piece, reading
from wakeel.rehearsal.phrases import holds, shows
from wakeel.rehearsal.stage import OPERATOR, Stage, words

SETTLES_S = 30.0
OFFERS = Words("offers")


@dataclass(frozen=True, slots=True)
class Outbox:
    """The newest approved message to a person. status: what WhatsApp said of it; code: of the failure; hold: why it
    waits; tries: it was claimed at least so often; count: how many there are, 0 for none since the scenario began."""

    to: Person
    state: OutboxState | None = None
    status: str | None = None
    code: int | None = None
    hold: ReasonCode | None = None
    tries: int | None = None
    count: int | None = None
    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        wanted = {"state": self.state, "status": self.status, "code": self.code, "hold": self.hold}
        asked = {name: value for name, value in wanted.items() if value is not None}

        def look() -> bool:
            rows = self._rows(stage)
            if self.count is not None and len(rows) != self.count:
                return False
            if not rows:
                return not asked and self.tries is None
            return asked.items() <= rows[-1].items() and rows[-1]["tries"] >= (self.tries or 0)

        told = [f"{name}: {value}" for name, value in asked.items()]
        told += [] if self.tries is None else [f"tries: {self.tries}+"]
        told += [] if self.count is None else [f"count: {self.count}"]
        expected = Text(f"في الصادر إلى {self.to}: {', '.join(told)}", f"in the outbox to {self.to}: {', '.join(told)}")
        stage.until(look, expected, within=self.within, seen=lambda: [str(row) for row in self._rows(stage)])

    def _rows(self, stage: Stage) -> list[dict[str, Any]]:
        sql = (
            "SELECT o.state, o.status, o.failure_code, o.hold_code, o.fence FROM outbox o"
            " JOIN contact_alias a ON a.contact_id = o.contact_id"
            " WHERE o.audience = 'contact' AND o.intent = '' AND a.value = ? ORDER BY o.created_at, o.id"
        )
        names = ("state", "status", "code", "hold", "tries")
        rows = stage.home.rows(sql, (f"+{stage.numbers[self.to]}",))
        return [dict(zip(names, row, strict=True)) for row in rows]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the screens, and of it the smallest piece in which all of about, contains and buttons stand together.

    by: whose log-in sees it; buttons: all that the piece has, in order; lacks: words it must not have; shows: an answer
    of the product's stands there; keep: what a pattern finds in the HTML of the whole page.
    """

    page: Words
    about: tuple[Words, ...] = ()
    contains: tuple[Words, ...] = ()
    lacks: tuple[Words, ...] = ()
    buttons: tuple[Words, ...] | None = None
    shows: AnswerCode | None = None
    keep: dict[str, Pattern] = field(default_factory=dict)
    status: int = 200
    by: Person = OPERATOR
    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        last: list[str] = []

        def look() -> bool:
            last[:] = self._missing(stage)
            return not last

        stage.until(
            look,
            Text(f"صفحة {self._told(stage)}", f"a page {self._told(stage)}"),
            within=self.within,
            seen=lambda: last,
        )
        keep_from(stage, stage.screens(self.by).get(stage.fill(self.page)).raw, self.keep)

    def _told(self, stage: Stage) -> str:
        wanted = [words(stage.fill(text)) for text in self.contains]
        wanted += [f"≠ {words(stage.fill(text))}" for text in self.lacks]
        wanted += [f"[{stage.fill(text)}]" for text in self.buttons or ()] + ([self.shows] if self.shows else [])
        about = [words(stage.fill(text)) for text in self.about]
        return " ".join([stage.fill(self.page), *about, *wanted])

    def _missing(self, stage: Stage) -> list[str]:
        """What is not as it should be; nothing if all is."""
        whole = stage.screens(self.by).get(stage.fill(self.page))
        if whole.status != self.status:
            return [f"HTTP {whole.status} {whole.url}"]
        wanted = [stage.fill(text) for text in (*self.about, *self.contains, *(self.buttons or ()))]
        part = piece(whole, *wanted) if wanted else whole
        if part is None:
            return [f"≠ {words(one)}" for one in wanted if not holds(reading(whole), one)] + [reading(whole)[:1500]]
        return self._wrong(stage, part)

    def _wrong(self, stage: Stage, part: screens.Page) -> list[str]:
        """What the piece that is meant has too much, or has not."""
        text = reading(part)
        wrong = [f"= {words(one)}" for one in map(stage.fill, self.lacks) if holds(text, one)]
        there = [button.words for form in part.forms for button in form.buttons]
        if self.buttons is not None and there != [stage.fill(one) for one in self.buttons]:
            wrong.append(" ".join(f"[{one}]" for one in there) or "—")
        if self.shows is not None and not shows(part.text, self.shows):
            wrong.append(f"≠ {self.shows}")
        return [*wrong, text[:600]] if wrong else []


@dataclass(frozen=True, slots=True)
class MayContact:
    """The product's answer to "may we write to them now?"."""

    who: Person
    answer: GateAnswer
    because: ReasonCode | None = None
    category: Category = Category.MARKETING
    purpose: Words = OFFERS

    def run(self, stage: Stage) -> None:
        found = stage.home.clerk("may_contact", who=f"+{stage.numbers[self.who]}", purpose=self.purpose)
        [line] = [line for line in found["lines"] if line["category"] == self.category]
        wanted = [self.answer.value] + ([self.because.value] if self.because else [])
        told = [line["answer"], *line["all_codes"]]
        if told[0] != wanted[0] or not set(wanted) <= set(told):
            stage.fail(Text(f"الجواب: {' '.join(wanted)}", f"the answer {' '.join(wanted)}"), [" ".join(told)])


@dataclass(frozen=True, slots=True)
class Ledger:
    """Entries of one type in a person's consent ledger. sources: of all of them, oldest first; or count."""

    who: Person
    type: str
    sources: tuple[Words, ...] | None = None
    count: int | None = None
    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        def look() -> bool:
            found = self._sources(stage)
            if self.sources is not None:
                return tuple(found) == self.sources
            return len(found) == self.count if self.count is not None else bool(found)

        told = f"{self.type} {list(self.sources) if self.sources is not None else self.count}"
        expected = Text(f"في سجل {self.who}: {told}", f"in the ledger of {self.who}: {told}")
        stage.until(look, expected, within=self.within, seen=lambda: self._sources(stage))

    def _sources(self, stage: Stage) -> list[str]:
        sql = (
            "SELECT e.source FROM consent_event e JOIN consent_payload p ON p.event_id = e.id"
            " JOIN contact_alias a ON a.contact_id = p.contact_id WHERE a.value = ? AND e.type = ? ORDER BY e.seq"
        )
        return [source for (source,) in stage.home.rows(sql, (f"+{stage.numbers[self.who]}", self.type))]


@dataclass(frozen=True, slots=True)
class DealIs:
    """Where an opportunity stands, and what was really decided about it, in order."""

    deal: DealName
    state: str | None = None
    decided: tuple[Words, ...] | None = None
    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        key = stage.values[f"{self.deal}.key"]

        def found() -> tuple[str, tuple[str, ...]]:
            states = stage.home.rows("SELECT state FROM opportunity WHERE external_key = ?", (key,))
            sql = (
                "SELECT d.action FROM decision d JOIN opportunity p ON p.id = d.opportunity_id"
                " WHERE d.carried_out AND p.external_key = ? ORDER BY d.id"
            )
            return (states[0][0] if states else "—"), tuple(action for (action,) in stage.home.rows(sql, (key,)))

        def look() -> bool:
            state, decided = found()
            return self.state in {None, state} and (self.decided is None or decided == self.decided)

        told = " ".join([self.state or "", *(self.decided or ())])
        expected = Text(f"الفرصة {self.deal}: {told}", f"the deal {self.deal}: {told}")
        stage.until(look, expected, within=self.within, seen=lambda: [str(found())])


@dataclass(frozen=True, slots=True)
class Posts:
    """How many requests to /messages were made since the scenario began, accepted or not. count: exactly."""

    count: int
    containing: Words = NO_WORDS

    def run(self, stage: Stage) -> None:
        asked = stage.fill(self.containing)
        rows = [
            row for row in stage.bench("GET", "/api/wire")
            if row["n"] > stage.wire_before and row["towards"] == "simulator" and row["path"].endswith("/messages")
        ]  # fmt: skip
        found = [row for row in rows if asked in row["body"] or asked in re.sub(r"\s", "", row["body"])]
        if len(found) != self.count:
            expected = Text(f"{self.count} طلبًا إلى /messages", f"{self.count} requests to /messages")
            stage.fail(expected, [row["body"][:200] for row in found])


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing is under way any more: no webhook, no answer, no card. Ask after this what must not have happened."""

    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        expected = Text("هدوء: لا شيء في الطريق", "quiet: nothing under way")
        within = self.within or timedelta(seconds=SETTLES_S)
        stage.until(stage.is_quiet, expected, within=within)
