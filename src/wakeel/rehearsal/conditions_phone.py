"""Conditions on the phones: what arrived, what was answered, what WhatsApp accepted, what did not come."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from wakeel.domain.answers import AnswerCode
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.words import Text
from wakeel.rehearsal.kinds import Json, MessageName, NewName, Pattern, Person, Words
from wakeel.rehearsal.phrases import because, holds, is_like, says
from wakeel.rehearsal.stage import Stage, words
from wakeel.rehearsal.steps_phone import choices


@dataclass(frozen=True, slots=True)
class Receives:
    """A message arrives that no earlier step has expected: the oldest one that is like this.

    text: exactly; like: with `*` for anything; contains, lacks: words; says, because: a sentence of the product's;
    type: as Meta calls it; buttons: the titles of all of them, in order; keep: what a pattern finds, for later steps.
    """

    who: Person
    contains: tuple[Words, ...] = ()
    lacks: tuple[Words, ...] = ()
    text: Words | None = None
    like: Words | None = None
    says: AnswerCode | None = None
    because: ReasonCode | None = None
    type: str | None = None
    buttons: tuple[Words, ...] = ()
    as_: NewName | None = None
    keep: dict[str, Pattern] = field(default_factory=dict)
    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        def look() -> Json | None:
            rows = (row for row in stage.arrived(self.who) if row["wamid"] not in stage.taken)
            return next((row for row in rows if self.fits(stage, row)), None)

        row = stage.until(
            look, self._expected(stage), within=self.within, seen=lambda: _lines(stage, stage.arrived(self.who))
        )
        self._take(stage, row)

    def _take(self, stage: Stage, row: Json) -> None:
        stage.taken.add(row["wamid"])
        stage.name(self.as_, self.who, row["wamid"], row)
        keep_from(stage, row["text"], self.keep)

    def fits(self, stage: Stage, row: Json) -> bool:
        """True if this is such a message."""
        text = row["text"]
        titles = [choice["title"] for choice in choices(row)]
        return (
            (self.type is None or row["type"] == self.type)
            and (not self.buttons or titles == [stage.fill(title) for title in self.buttons])
            and (self.text is None or text == stage.fill(self.text))
            and (self.like is None or is_like(text, stage.fill(self.like)))
            and all(holds(text, stage.fill(part)) for part in self.contains)
            and not any(holds(text, stage.fill(part)) for part in self.lacks)
            and (self.says is None or says(text, self.says))
            and (self.because is None or because(text, self.because))
        )

    def _expected(self, stage: Stage) -> Text:
        return Text(f"رسالة إلى {self.who}: {_wanted(stage, self)}", f"a message to {self.who}: {_wanted(stage, self)}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An operator is told something about one tap or text of theirs: the last one, or the named one."""

    to: MessageName | None = None
    says: AnswerCode | None = None
    because: ReasonCode | None = None
    contains: tuple[Words, ...] = ()
    lacks: tuple[Words, ...] = ()
    as_: NewName | None = None
    keep: dict[str, Pattern] = field(default_factory=dict)
    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        named = stage.messages[self.to] if self.to else None
        about, who = (named.wamid, named.who) if named else (stage.last_act, stage.last_actor)
        sql = "SELECT wamid FROM outbox WHERE request_key = ? AND state = 'accepted'"

        def look() -> Json | None:
            wamids = {wamid for (wamid,) in stage.home.rows(sql, (f"answer:{about}",))}
            return next((row for row in stage.arrived(who) if row["wamid"] in wamids), None)

        expected = Text(f"جواب للمشغّل: {_wanted(stage, self)}", f"an answer to the operator: {_wanted(stage, self)}")
        row = stage.until(look, expected, within=self.within, seen=lambda: _lines(stage, stage.arrived(who)))
        same = Receives(who, says=self.says, because=self.because, contains=self.contains, lacks=self.lacks)
        if not same.fits(stage, row):
            stage.fail(expected, [row["text"]])
        stage.taken.add(row["wamid"])
        stage.name(self.as_, who, row["wamid"], row)
        keep_from(stage, row["text"], self.keep)


@dataclass(frozen=True, slots=True)
class NothingMore:
    """By now, nothing lies on this phone that no step has expected; contains: nothing with these words."""

    who: Person
    contains: tuple[Words, ...] = ()

    def run(self, stage: Stage) -> None:
        rows = [row for row in stage.arrived(self.who) if row["wamid"] not in stage.taken]
        like = [row for row in rows if all(holds(row["text"], stage.fill(part)) for part in self.contains)]
        if like:
            expected = Text(f"لا شيء آخر على هاتف {self.who}", f"nothing more on the phone of {self.who}")
            stage.fail(expected, _lines(stage, like))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What WhatsApp accepted for this person since the scenario began. texts: all of them, in order; or how many."""

    to: Person
    texts: tuple[Words, ...] | None = None
    count: int | None = None
    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        wanted = None if self.texts is None else [stage.fill(text) for text in self.texts]
        number = len(wanted) if wanted is not None else self.count

        def look() -> bool:
            found = self._accepted(stage)
            return len(found) == number and wanted in (None, found)

        expected = Text(f"قبل واتساب إلى {self.to}: {number}", f"accepted by WhatsApp for {self.to}: {number}")
        stage.until(look, expected, within=self.within, seen=lambda: self._accepted(stage))

    def _accepted(self, stage: Stage) -> list[str]:
        rows = stage.bench("GET", f"/api/sent?skip={stage.posted_before}")
        theirs = {stage.numbers[self.to], stage.phone(self.to)["bsuid"]}
        return [_body(row["payload"]) for row in rows if row["to"] in theirs]


@dataclass(frozen=True, slots=True)
class Ticks:
    """A message got as far as this, whoever wrote it: sent, delivered, read, failed. writing: its phone also shows that
    an answer is being written."""

    message: MessageName
    status: str
    writing: bool = False
    within: timedelta | None = None

    def run(self, stage: Stage) -> None:
        named = stage.messages[self.message]

        def look() -> bool:
            phone = stage.phone(named.who)
            is_so = any(row["wamid"] == named.wamid and row["status"] == self.status for row in phone["messages"])
            return is_so and (not self.writing or (phone["typing_until"] or 0) > stage.now())

        stage.until(look, Text(f"{self.message}: {self.status}", f"{self.message}: {self.status}"), within=self.within)


def keep_from(stage: Stage, text: str, keep: dict[str, Pattern]) -> None:
    """What each pattern finds in a text becomes a value. Raises Unmet."""
    for name, pattern in keep.items():
        found = re.search(pattern, text)
        if found is None:
            stage.fail(Text(f"نص يطابق {pattern}", f"a text that matches {pattern}"), [text])
        stage.values[name] = found[1]


def _body(payload: Json) -> str:
    """The words of one request; its type where it has none."""
    if "text" in payload:
        return str(payload["text"]["body"])
    return str(payload.get("interactive", {}).get("body", {}).get("text") or f"[{payload['type']}]")


def _lines(stage: Stage, rows: Sequence[Json]) -> list[str]:
    return [_line(row) + ("" if row["wamid"] not in stage.taken else " ✓") for row in rows]


def _line(row: Json) -> str:
    buttons = "".join(f" [{choice['title']}]" for choice in choices(row))
    text = " ".join(row["text"].split())
    return f"{text if len(text) <= 300 else text[:300] + '…'}{buttons}" or f"[{row['type']}]"  # noqa: PLR2004


def _wanted(stage: Stage, asked: "Receives | Answer") -> str:
    parts = [str(code) for code in (asked.says, asked.because) if code]
    parts += [words(stage.fill(part)) for part in asked.contains]
    if isinstance(asked, Receives):
        parts += [words(stage.fill(part)) for part in (asked.text, asked.like) if part]
        parts += [f"[{stage.fill(title)}]" for title in asked.buttons] + ([asked.type] if asked.type else [])
    parts += [f"≠ {words(stage.fill(part))}" for part in asked.lacks]
    return " ".join(parts) or "…"
