"""What an operator is told about what they did: one code with its values, said in their language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from babel.dates import format_datetime, get_timezone

from wakeel import config
from wakeel.domain.answers import ANSWERS, PURPOSE_WORDS, SCOPE_WORDS, STATE_WORDS, AnswerCode
from wakeel.domain.gate import Verdict
from wakeel.domain.reasons import REASONS
from wakeel.domain.words import Text
from wakeel.flows.step_links import Steps


@dataclass(frozen=True, slots=True)
class ReasonOf:
    """The words of a verdict, its times in the business's zone."""

    verdict: Verdict

    def say(self, language: str) -> str:
        return reason_words(self.verdict.code, self.verdict.facts, language)


Value = str | int | datetime | Text | Steps | ReasonOf


@dataclass(frozen=True, slots=True)
class Reply:
    """code and values: what to say. carried_out: True if something was decided or changed."""

    code: AnswerCode
    values: Mapping[str, Value] = field(default_factory=dict)
    carried_out: bool = False

    def say(self, language: str) -> str:
        return ANSWERS[self.code].say(language, **{name: _said(v, language) for name, v in self.values.items()})


def state_words(state: str) -> Text:
    return STATE_WORDS.get(state, Text(state, state))


def reason_words(code: str, facts: Mapping[str, object], language: str) -> str:
    """The sentence for a reason code; facts as stored with the verdict (times may be ISO strings)."""
    values: dict[str, object] = {"t": "—", "purpose": "—", "scope": "—"}
    for name, value in facts.items():
        words = {"purpose": PURPOSE_WORDS, "scope": SCOPE_WORDS}.get(name, {}).get(str(value))
        values[name] = words.say(language) if words else _said(_time(value), language)
    return REASONS[code].text.say(language, **values)  # type: ignore[index]


def local_time(at: datetime, language: str) -> str:
    """Date and time in the business's zone with Latin digits, without invisible marks."""
    zone = get_timezone(config.get().time_zone)
    said = format_datetime(at, "d MMMM yyyy، h:mm a" if language != "en" else "d MMMM yyyy, h:mm a", zone, language)
    return said.replace("\u200f", "")


def _time(value: object) -> Value:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value if isinstance(value, datetime) else str(value)


def _said(value: Value, language: str) -> object:
    match value:
        case Text() | Steps() | ReasonOf():
            return value.say(language)
        case datetime():
            return local_time(value, language)
        case _:
            return value
