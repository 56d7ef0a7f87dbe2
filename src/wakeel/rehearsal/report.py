"""How a rehearsal goes, for whoever watches, and what became of it at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from wakeel.domain.words import Text
from wakeel.rehearsal.exchanges import about, answered
from wakeel.rehearsal.kinds import Json
from wakeel.rehearsal.run import Failure, Outcome
from wakeel.rehearsal.scenario import Placed, Scenario

STEP = Text("الخطوة {number} من {of}: {word}", "step {number} of {of}: {word}")
BEFORE = Text("قبل الخطوة الأولى", "before the first step")
EXPECTED = Text("المتوقع: {what}", "expected: {what}")
SEEN = Text("الموجود:", "seen:")
NOTHING = Text("لا شيء", "nothing")
WIRE = Text("آخر ما مر على الشبكة:", "last on the wire:")
GREEN = Text("{number} سيناريو، كلها سليمة ({seconds:.0f} ث)", "{number} scenarios, all green ({seconds:.0f} s)")
RED = Text(
    "{failed} من {number} سيناريو لم تتم ({seconds:.0f} ث)", "{failed} of {number} scenarios failed ({seconds:.0f} s)"
)
KEPT = Text("السجلات: {folder}", "logs: {folder}")
TOWARDS = {
    "product": Text("إلى المنتج", "to the product"),
    "simulator": Text("من المنتج", "from the product"),
}
UNANSWERED = Text("بلا جواب", "no answer")
LONGEST = 220

# First strong isolate and its end: a path or a code inside an Arabic sentence keeps its own direction.
_ISOLATE, _END = "\u2068", "\u2069"
_ERASE = "\r\x1b[K"


@dataclass(slots=True)
class Report:
    """language: ar or en. live: the stream is a terminal, where the step under way can be shown and wiped again."""

    language: str
    stream: TextIO
    live: bool
    total: int
    number: int = 0

    def begun(self, scenario: Scenario) -> None:
        self.number += 1
        self._show(self._place(scenario))

    def at(self, scenario: Scenario, number: int, placed: Placed) -> None:
        step = STEP.say(self.language, number=number, of=len(scenario.steps), word=_own(placed.word))
        self._show(f"{self._place(scenario)} · {step}")

    def ended(self, outcome: Outcome) -> None:
        mark = "✗" if outcome.failure else "✓"
        self._line(f"{mark} {self._place(outcome.scenario)} · {outcome.seconds:.1f} s")
        if outcome.failure is not None:
            for line in self._failure(outcome, outcome.failure):
                self._line(f"    {line}")

    def close(self, outcomes: Sequence[Outcome], *, kept: bool) -> None:
        """The last words."""
        failed = sum(outcome.failure is not None for outcome in outcomes)
        seconds = sum(outcome.seconds for outcome in outcomes)
        words = RED if failed else GREEN
        self._line(words.say(self.language, failed=failed, number=len(outcomes), seconds=seconds))
        if kept and outcomes:
            self._line(KEPT.say(self.language, folder=_own(str(outcomes[0].folder))))

    def _place(self, scenario: Scenario) -> str:
        title = scenario.head.title.en if self.language == "en" else scenario.head.title.ar
        return f"{self.number}/{self.total} {title} ({_own(scenario.name)})"

    def _failure(self, outcome: Outcome, failure: Failure) -> list[str]:
        scenario = outcome.scenario
        where = BEFORE.say(self.language)
        if failure.number:
            where = STEP.say(self.language, number=failure.number, of=len(scenario.steps), word=_own(failure.word))
        expected = failure.expected.en if self.language == "en" else failure.expected.ar
        lines = [f"{where} · {_own(f'{scenario.path}:{failure.line}')}" if failure.line else where]
        lines += [EXPECTED.say(self.language, what=expected), SEEN.say(self.language)]
        lines += [f"  {line}" for line in failure.seen] or [f"  {NOTHING.say(self.language)}"]
        if failure.wire:
            lines += [WIRE.say(self.language), *(f"  {self._exchange(row)}" for row in failure.wire)]
        return lines

    def _exchange(self, row: Json) -> str:
        towards = TOWARDS[row["towards"]].say(self.language)
        status = row["status"] or UNANSWERED.say(self.language)
        answer = answered(row)
        line = f"{towards}: {_own(row['path'])} {_own(about(row))} → {status}"
        return f"{line} {_own(answer)}" if answer else line

    def _show(self, text: str) -> None:
        if self.live:
            self.stream.write(f"{_ERASE}{text[:LONGEST]}")
            self.stream.flush()

    def _line(self, text: str) -> None:
        self.stream.write(f"{_ERASE if self.live else ''}{text}\n")
        self.stream.flush()


def _own(text: str) -> str:
    return f"{_ISOLATE}{text}{_END}"
