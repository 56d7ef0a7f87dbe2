"""What an operator is told about what they did: one code with its values, said in their language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone, get_timezone_location

from wakeel import config
from wakeel.domain.answers import ANSWERS, PURPOSE_WORDS, SCOPE_WORDS, STATE_WORDS, AnswerCode
from wakeel.domain.consent_words import CATEGORY_WORDS
from wakeel.domain.content import KIND_WORDS
from wakeel.domain.gate_request import Verdict
from wakeel.domain.reason_values import NO_END_WORDS, STATUS_WORDS, UNTIL_WORDS
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.suppression import CAUSE_WORDS
from wakeel.domain.words import Text
from wakeel.flows.list_question import ListQuestion
from wakeel.flows.step_links import Steps


@dataclass(frozen=True, slots=True)
class ReasonOf:
    """The words of a verdict. zones: of the recipient; their times are named where they differ from ours."""

    verdict: Verdict
    zones: tuple[str, ...] = ()

    def say(self, language: str) -> str:
        return verdict_words(self.verdict, language, zones=self.zones)


Value = str | int | datetime | Text | Steps | ReasonOf


@dataclass(frozen=True, slots=True)
class Reply:
    """code and values: what to say. carried_out: True if something was decided or changed.

    asks: on the phone the answer carries this list too, so that one message does for both; None for a plain answer.
    names: ids of the contacts that the words name, if it is not one that the decision is about.
    """

    code: AnswerCode
    values: Mapping[str, Value] = field(default_factory=dict)
    carried_out: bool = False
    asks: ListQuestion | None = None
    names: Sequence[str] = ()

    def say(self, language: str) -> str:
        return ANSWERS[self.code].say(language, **{name: _said(v, language) for name, v in self.values.items()})


def state_words(state: str) -> Text:
    return STATE_WORDS.get(state, Text(state, state))


_THERE_AND_HERE = Text("{there}، أي {here} عندنا", "{there}, {here} here")
_THEIR_TIME = Text("{t} (بتوقيت {place})", "{t} ({place} time)")
_AND_THEN = Text("لا تخرج قبل {t}، وعندها: {reason}", "It could not go before {t}, and then: {reason}")


def verdict_words(verdict: Verdict, language: str, *, zones: Sequence[str] = (), **named: str) -> str:
    """The sentence of a verdict; of one about a later moment, also when that is. named: values instead of its facts."""
    said = reason_words(verdict.code, {**verdict.facts, **named}, language, zones=zones)
    if verdict.evaluated_at is None:
        return said
    return _AND_THEN.say(language, t=_recipients_time(verdict.evaluated_at, language, zones), reason=said)


def reason_words(code: str, facts: Mapping[str, object], language: str, *, zones: Sequence[str] = ()) -> str:
    """The sentence for a reason code; facts as stored with the verdict (times may be ISO strings).

    zones: where the recipient may be; () for times by our clock. Raises ValueError for a code that is not ours.
    """
    reason = ReasonCode(code)
    text = REASONS[reason].text
    values: dict[str, object] = {name: "—" for _, name, _, _ in Formatter().parse(text.ar) if name}
    if reason in NO_END_WORDS:
        values["until"] = NO_END_WORDS[reason].say(language)
    for name, value in facts.items():
        words = _WORDS.get(name, {}).get(str(value))
        at = _time(value) if name in _TIMES else str(value)
        said = _recipients_time(at, language, zones) if isinstance(at, datetime) else _said(at, language)
        if name == "until" and reason in UNTIL_WORDS:
            said = UNTIL_WORDS[reason].say(language, t=said)
        values[name] = words.say(language) if words else said
    return text.say(language, **values)


_TIMES = frozenset({"t", "until"})
_WORDS: dict[str, Mapping[Any, Text]] = {
    "purpose": PURPOSE_WORDS,
    "scope": SCOPE_WORDS,
    "cause": CAUSE_WORDS,
    "kind": KIND_WORDS,
    "phrase": KIND_WORDS,
    "status": STATUS_WORDS,
    "actual": CATEGORY_WORDS,
    "declared": CATEGORY_WORDS,
}


def local_time(at: datetime, language: str, *, zone: str = "") -> str:
    """Date and time with Latin digits, without invisible marks. zone: '' for the business's own."""
    found = get_timezone(zone or config.get().time_zone)
    said = format_datetime(at, "d MMMM yyyy، h:mm a" if language != "en" else "d MMMM yyyy, h:mm a", found, language)
    return said.replace("\u200f", "")


def local_day(at: datetime, language: str) -> str:
    """The date in the business's zone."""
    return format_date(at.astimezone(ZoneInfo(config.get().time_zone)), "d MMMM yyyy", language).replace("\u200f", "")


def times_here_and_there(at: datetime, language: str, *, zones: Sequence[str]) -> str:
    """The recipient's time with the place named, and ours behind it; ours alone where both clocks show the same, or
    where nobody knows which of several clocks is theirs."""
    there = _differing_zone(at, zones)
    if there is None:
        return local_time(at, language)
    values = {"there": _recipients_time(at, language, zones), "here": local_time(at, language)}
    return _THERE_AND_HERE.say(language, **values)


def _recipients_time(at: datetime, language: str, zones: Sequence[str]) -> str:
    there = _differing_zone(at, zones)
    if there is None:
        return local_time(at, language)
    place = get_timezone_location(there, locale=language, return_city=True)
    return _THEIR_TIME.say(language, t=local_time(at, language, zone=there), place=place)


def _differing_zone(at: datetime, zones: Sequence[str]) -> str | None:
    """The recipient's zone if it is sure what their clock shows then and it is not what ours shows."""
    offsets = {ZoneInfo(zone).utcoffset(at.astimezone(ZoneInfo(zone))) for zone in zones}
    ours = at.astimezone(ZoneInfo(config.get().time_zone)).utcoffset()
    return zones[0] if len(offsets) == 1 and ours not in offsets else None


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
