"""An answer of the gate as one line for people: yes or no, the rule that decides, when, on which consent, what helps"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.consent import Category, ConsentState
from wakeel.domain.consent_words import CATEGORY_WORDS, source_words
from wakeel.domain.content import findings
from wakeel.domain.gate_moment import moment
from wakeel.domain.gate_request import GateRequest, Verdict
from wakeel.domain.reasons import Answer, ReasonCode, steps_for
from wakeel.domain.steps import STEP_WORDS, Step
from wakeel.domain.text import shorten
from wakeel.domain.words import Text
from wakeel.flows.reply import local_day, times_here_and_there, verdict_words

ANSWER_WORDS: dict[Answer, Text] = {
    Answer.ALLOW: Text("نعم، الآن", "yes, now"),
    Answer.SIMULATE: Text("نعم، تجربةً فقط", "yes, as a dry run"),
    Answer.DEFER: Text("لاحقًا، تلقائيًا", "later, by itself"),
    Answer.HOLD: Text("ليس بعد", "not yet"),
    Answer.BLOCK: Text("لا", "no"),
}
_EARLIEST = Text("أقرب وقت: {t}.", "Earliest: {t}.")
_CONSENT = Text("الموافقة: {basis}.", "Consent: {basis}.")
_BASIS = Text("{purpose}، منذ {day}، {source}", "{purpose}, since {day}, {source}")
_UNTIL = Text("، وتنتهي {day}", ", ends {day}")
_CHANGES = Text("ما يغيّر ذلك: {steps}.", "What would change it: {steps}.")
_OR = Text("، أو ", ", or ")
_PHRASE_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Basis:
    """The consent a message would rest on. at: when it was given. ends_at: None without an end."""

    grant_id: str
    source: str
    at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """zones: IANA names where the recipient may be. basis: None without a consent, or where none is needed.

    phrase: the words of the text that the deciding check stumbled over, '' for every other check.
    """

    category: Category
    purpose: str
    verdict: Verdict
    zones: tuple[str, ...] = ()
    basis: Basis | None = None
    phrase: str = ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """What would change the answer; nothing where it is yes or comes by itself. A template is chosen for a draft,
        where it is known which of them fit."""
        found = steps_for(self.verdict.code, self.verdict.answer)
        return tuple(step for step in found if step not in {Step.NONE_AUTOMATIC, Step.USE_TEMPLATE})

    def what(self, language: str) -> str:
        """What kind of message it is about; an answer to them has no purpose of its own."""
        category = CATEGORY_WORDS[self.category].say(language)
        return category if self.category is Category.SERVICE else f"{category} ({self._purpose(language)})"

    def answer(self, language: str) -> str:
        return ANSWER_WORDS[self.verdict.answer].say(language)

    def reason(self, language: str) -> str:
        """The sentence of the rule that decides, with the words it stumbled over."""
        if self.phrase and self.verdict.code is ReasonCode.CONTENT_RISKY_CLAIM:
            return verdict_words(self.verdict, language, zones=self.zones, phrase=self.phrase)
        said = verdict_words(self.verdict, language, zones=self.zones)
        return f"{said} «{self.phrase}»" if self.phrase else said

    def earliest(self, language: str) -> str:
        """The first lawful moment, by the recipient's clock and by ours where they differ; '' unless it is to wait."""
        at = self.verdict.next_allowed_at
        return _EARLIEST.say(language, t=times_here_and_there(at, language, zones=self.zones)) if at else ""

    def consent(self, language: str) -> str:
        """What the consent is for, since when and how it was given; '' without one."""
        if self.basis is None:
            return ""
        words = {"purpose": self._purpose(language), "source": source_words(self.basis.source).say(language)}
        said = _BASIS.say(language, day=local_day(self.basis.at, language), **words)
        ends_at = self.basis.ends_at
        return said + (_UNTIL.say(language, day=local_day(ends_at, language)) if ends_at else "")

    def changes(self, language: str) -> str:
        """What would change the answer; '' where nothing has to."""
        words = [STEP_WORDS[step].say(language) for step in self.steps]
        return _CHANGES.say(language, steps=_OR.say(language).join(words)) if words else ""

    def note(self, language: str) -> str:
        """What stands between approving and leaving at once; '' if nothing does."""
        if self.verdict.answer is Answer.ALLOW:
            return ""
        return " ".join(part for part in (self.reason(language), self.earliest(language)) if part)

    def say(self, language: str) -> str:
        """Everything in one line."""
        decided = f"{self.what(language)}: {self.answer(language)}. {self.reason(language)} [{self.verdict.code.value}]"
        basis = self.consent(language)
        consent = _CONSENT.say(language, basis=basis) if basis else ""
        rest = (self.earliest(language), consent, self.changes(language))
        return " ".join(part for part in (decided, *rest) if part)

    def as_document(self) -> dict[str, Any]:
        """The same as JSON-able data; instants in ISO 8601, words in both languages."""
        verdict, basis = self.verdict, self.basis
        return {
            "category": self.category.value,
            "purpose": self.purpose,
            "answer": verdict.answer.value,
            "code": verdict.code.value,
            "all_codes": [code.value for code in verdict.all_codes],
            "reason": {language: self.reason(language) for language in ("ar", "en")},
            "next_allowed_at": _iso(verdict.next_allowed_at),
            "evaluated_at": _iso(verdict.evaluated_at),
            "time_zones": list(self.zones),
            "consent": basis
            and {"id": basis.grant_id, "source": basis.source, "at": _iso(basis.at), "ends_at": _iso(basis.ends_at)},
            "steps": [{"step": one.value, "ar": STEP_WORDS[one].ar, "en": STEP_WORDS[one].en} for one in self.steps],
            "ledger_seq": verdict.ledger_seq,
            "policy_version": verdict.policy_version,
        }

    def _purpose(self, language: str) -> str:
        return PURPOSE_WORDS.get(self.purpose, Text(self.purpose, self.purpose)).say(language)


def line_of(request: GateRequest, verdict: Verdict, *, now: datetime, text: str = "") -> Line:
    """The line of a verdict. request: what it was given on. text: of the message, '' while nobody has written one."""
    found = (text[one.start : one.end] for one in findings(text) if one.code is verdict.code)
    return Line(
        category=Category(request.message.category),
        purpose=request.message.purpose,
        verdict=verdict,
        zones=request.recipient.time_zones,
        basis=_basis(request, moment(request, now).consent),
        phrase=shorten(" ".join(next(found, "").split()), limit=_PHRASE_SHOWN),
    )


def _basis(request: GateRequest, state: ConsentState | None) -> Basis | None:
    grant_id = state.grant_id if state is not None else None
    grant = next((event for event in request.consent_events if event.id == grant_id), None)
    if state is None or grant is None or grant.at is None:
        return None
    return Basis(grant.id, grant.source, grant.at, state.ends_at)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
