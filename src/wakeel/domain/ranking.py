"""Which opportunity comes first, with the reasons that are shown. No model: imported score, window, what was before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from wakeel.domain.amounts import amount_words
from wakeel.domain.gate import window_closes_at
from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.skip_reasons import REASON_WORDS, SkipReason, lesson_of
from wakeel.domain.words import Language, Text

CLOSING_SOON = timedelta(hours=4)
CLOSES_SOON, WROTE = 170, 140
"""An open window comes before the best score with all that came before, one that closes soon also before somebody's own
with both."""
WROTE_FIRST = 60
"""Of somebody who wrote by themselves and waits for an answer: no file gives them a score."""
HAS_OWNER = 30
"""Somebody took it on before: it was put off, its draft was cancelled, or it was assigned."""
WON_BEFORE, WON_AT_MOST = 15, 30
WORTH_AT_MOST = 8
"""What they were worth adds a point for each digit: ten times as much is one point more."""
LOST_BEFORE, LOST_AT_MOST = 5, 15
COLLEAGUES_AT_MOST = 24


@dataclass(frozen=True, slots=True)
class Rank:
    """points: more comes first. reasons: why, in both languages: the window first, then what the file says, then what
    came before."""

    points: int
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier opportunity of this person, or of somebody in the same organisation, that is decided.

    reason: why it was skipped, '1' to '5', '' for none given. at: when it was decided, aware UTC. value: what a won one
    was worth, None if nobody said.
    """

    state: OpportunityState
    reason: str
    purpose: str
    at: datetime
    is_same_person: bool = True
    value: Decimal | None = None


def rank(
    *, score: int | None, last_inbound_at: datetime | None, purpose: str, earlier: Sequence[Earlier] = (),
    has_owner: bool = False, wrote_first: bool = False, now: datetime,
) -> Rank:  # fmt: skip
    """Points and reasons for one opportunity.

    score: imported, 0 to 100, None if the file had none. earlier: what was skipped, won and lost before. wrote_first:
    it was opened by what they wrote, which counts while they can be answered.
    """
    counted: list[tuple[int, Text]] = []
    closes_at = window_closes_at(last_inbound_at)
    if closes_at is not None and now < closes_at:
        soon = closes_at - now <= CLOSING_SOON
        counted.append((CLOSES_SOON, _CLOSES_SOON) if soon else (WROTE, _WROTE))
        if wrote_first:
            counted.append((WROTE_FIRST, _WROTE_FIRST))
    if has_owner:
        counted.append((HAS_OWNER, _HAS_OWNER))
    if score is not None:
        counted.append((score, Text(*(_SCORED.say(language, score=score) for language in Language))))
    counted += _ended(earlier)
    counted += _skipped(earlier, purpose=purpose, now=now)
    return Rank(sum(points for points, _ in counted), tuple(reason for _, reason in counted))


def _ended(earlier: Iterable[Earlier]) -> Iterator[tuple[int, Text]]:
    """By this person, not by their colleagues."""
    theirs = [one for one in earlier if one.is_same_person]
    if won := [one for one in theirs if one.state is OpportunityState.WON]:
        worth = sum((one.value for one in won if one.value), Decimal())
        yield min(len(won) * WON_BEFORE, WON_AT_MOST) + _points_for(worth), _won_words(worth)
    if lost := sum(one.state is OpportunityState.LOST for one in theirs):
        yield -min(lost * LOST_BEFORE, LOST_AT_MOST), _LOST


def _points_for(worth: Decimal) -> int:
    return min(len(str(int(worth))), WORTH_AT_MOST) if worth else 0


def _won_words(worth: Decimal) -> Text:
    if not worth:
        return _WON
    return Text(*(_WON_WORTH.say(language, worth=amount_words(worth)) for language in Language))


def _skipped(earlier: Iterable[Earlier], *, purpose: str, now: datetime) -> Iterator[tuple[int, Text]]:
    skips = [one for one in earlier if one.state is OpportunityState.SKIPPED and _teaches(one, purpose, now=now)]
    theirs = [one for one in skips if one.is_same_person and lesson_of(one.reason).person]
    if theirs:
        heaviest = max(theirs, key=lambda one: lesson_of(one.reason).person)
        yield -sum(lesson_of(one.reason).person for one in theirs), _skip_words(heaviest.reason)
    others = sum(lesson_of(one.reason).colleague for one in skips if not one.is_same_person)
    if others:
        yield -min(others, COLLEAGUES_AT_MOST), _COLLEAGUES


def _teaches(skip: Earlier, purpose: str, *, now: datetime) -> bool:
    lesson = lesson_of(skip.reason)
    if lesson.only_purpose and skip.purpose != purpose:
        return False
    return lesson.fades is None or now - skip.at < lesson.fades


def _skip_words(reason: str) -> Text:
    if not reason:
        return _SKIPPED
    words = REASON_WORDS[SkipReason(reason)]
    return Text(f"{_SKIPPED.ar}: {words.ar}", f"{_SKIPPED.en}: {words.en}")


_CLOSES_SOON = Text("نافذة الرد تُغلق قريبًا", "The reply window closes soon")
_SCORED = Text("الدرجة في الملف {score} من 100", "Scored {score} of 100 in the file")
_WROTE = Text("كتب خلال آخر 24 ساعة", "Wrote within the last 24 hours")
_WROTE_FIRST = Text("كتب من نفسه وينتظر قرارًا", "Wrote by themselves and waits for a decision")
_HAS_OWNER = Text("لها مسؤول من قبل", "Somebody took it on before")
_WON = Text("نجحت له فرصة من قبل", "An earlier opportunity of theirs was won")
_WON_WORTH = Text("نجحت له فرصة من قبل، بقيمة {worth}", "An earlier opportunity of theirs was won, worth {worth}")
_LOST = Text("خُسرت له فرصة من قبل", "An earlier opportunity of theirs was lost")
_SKIPPED = Text("تُجوّزت له فرصة من قبل", "An earlier opportunity of theirs was skipped")
_COLLEAGUES = Text("عرض مماثل لم يناسب جهته", "A like offer did not fit their organisation")
