"""The failure desk: every message in trouble with its reason in words and the steps that work, by whose turn it is."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.failures import HEADINGS, NOT_CONFIRMED, TURN_WORDS, Trouble, Turn, outages, turn_of
from wakeel.domain.roles import Act
from wakeel.domain.words import Text
from wakeel.flows.failure_desk import Advice, Case, advise, cause_of
from wakeel.flows.reply import local_time
from wakeel.flows.settle_message import TOGETHER, SettleVerb
from wakeel.store.screens.failures import TroubleRow
from wakeel.web.steps import DrawnStep, How, Subject, draw
from wakeel.whatsapp import errors

_LONG_NUMBER = re.compile(r"\d{7,}")


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One message. by_itself: what the product does on its own, in words; until: when, None without a time. main: the
    step that comes first, None if there is nothing to do; others: what else works. choices: of an unanswered one, in
    place of both. details: of the fault, for whoever mends it, '' where there is none. tries: made and possible.
    owner: the colleague who settles it, '' where it is for whoever looks."""

    row: TroubleRow
    by_itself: str
    until: datetime | None
    main: DrawnStep | None
    others: tuple[DrawnStep, ...]
    choices: tuple[DrawnStep, ...]
    details: str
    tries: tuple[int, int]
    owner: str = ""

    @property
    def steps(self) -> tuple[DrawnStep, ...]:
        """All of them."""
        return self.choices or ((self.main, *self.others) if self.main else self.others)

    @property
    def waits_to_resend(self) -> bool:
        """It is too early to say that it did not arrive."""
        return bool(self.choices) and all(step.verb != SettleVerb.SEND_AGAIN for step in self.choices)

    @property
    def is_counted_down(self) -> bool:
        return self.row.trouble is Trouble.RETRYING


@dataclass(frozen=True, slots=True)
class Outage:
    """Unanswered messages of one number that were tried in one outage. of: any one of them. verbs: what can be decided
    for all of them at once."""

    of: str
    count: int
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """Messages with the same reason. why: the gate's own sentence, '' where the reason says all. code: Meta's number or
    our word, small. trouble: of the first of them. outages: of unanswered ones, where more than one belongs to it."""

    reason: str
    why: str
    code: str
    trouble: Trouble
    rows: tuple[DeskRow, ...]
    outages: tuple[Outage, ...]


@dataclass(frozen=True, slots=True)
class DeskPart:
    """What one side has to do, or nobody."""

    turn: Turn
    words: Text
    groups: tuple[DeskGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Who looks at the desk, and when. our_phone: digits, '' if no number is set up. others: opportunities that a
    colleague decides about, with who that is, by id."""

    business_id: str
    our_phone: str
    may: Callable[[Act], bool]
    others: Mapping[str, str]
    language: str
    now: datetime
    real_now: datetime


def desk(rows: Sequence[TroubleRow], looking: Looking) -> tuple[DeskPart, ...]:
    """By whose turn it is; the reason met first comes first, and within a reason the order stays."""
    cases = {row.id: case_of(row) for row in rows}
    advice = advise(looking.business_id, list(cases.values()), now=looking.now, real_now=looking.real_now)
    parts: dict[Turn, dict[tuple[str, str, str], list[DeskRow]]] = {turn: {} for turn in Turn}
    for row in rows:
        found, case = advice[row.id], cases[row.id]
        reason, why = _said(row, found.reason.say(looking.language), looking.language)
        groups = parts[turn_of(row.trouble, found.steps)]
        groups.setdefault((reason, why, cause_of(case)), []).append(_drawn(row, found, looking))
    return tuple(
        DeskPart(turn, TURN_WORDS[turn], tuple(_group(key, found, advice) for key, found in groups.items()))
        for turn, groups in parts.items()
        if groups
    )


def by_itself(advice: Advice, language: str) -> str:
    """What the product does on its own, with its time where it has one."""
    return advice.by_itself.say(language, t=local_time(advice.until, language) if advice.until else "")


def _said(row: TroubleRow, reason: str, language: str) -> tuple[str, str]:
    """The heading, and the sentence under it."""
    if row.trouble is Trouble.UNKNOWN:
        return NOT_CONFIRMED.say(language), reason
    short = HEADINGS.get(row.hold_code)
    return (short.say(language), reason) if short else (reason, "")


def _drawn(row: TroubleRow, found: Advice, looking: Looking) -> DeskRow:
    subject = Subject(row.contact_id, row.opportunity_id or "", row.id)
    owner = looking.others.get(subject.opportunity_id, "")
    steps = draw(found.steps, subject, our_phone=looking.our_phone, may=looking.may)
    steps = tuple(step for step in steps if not owner or step.how == How.COPY)
    is_choice = row.trouble is Trouble.UNKNOWN and any(step.how == How.SETTLE for step in steps)
    main = next(iter(steps), None) if not is_choice else None
    return DeskRow(
        row,
        by_itself(found, looking.language),
        found.until,
        main,
        steps[1:] if not is_choice else (),
        steps if is_choice else (),
        details_of(row) if row.last else "",
        (row.tries, errors.tries(row.failure_code, details=row.failure_details)),
        owner,
    )


def details_of(row: TroubleRow) -> str:
    """Line by line what support asks for; no name, no text, no phone number."""
    lines = {
        "message": row.id,
        "attempt": f"{row.last.id} ({row.last.number})" if row.last else "",
        "at": row.last.started_at.isoformat(timespec="seconds") if row.last else "",
        "phone_number_id": row.number_id,
        "wamid": row.last.wamid if row.last else "",
        "http_status": row.last.http_status if row.last else "",
        "code": row.failure_code,
        "details": _LONG_NUMBER.sub("…", row.failure_details),
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value not in {"", None})


def _group(key: tuple[str, str, str], rows: Sequence[DeskRow], advice: Mapping[str, Advice]) -> DeskGroup:
    reason, why, code = key
    return DeskGroup(reason, why, code, rows[0].row.trouble, tuple(rows), _outages(rows, advice))


def case_of(row: TroubleRow) -> Case:
    """The row as the engine asks for it."""
    return Case(
        outbox_id=row.id,
        trouble=row.trouble,
        number_id=row.number_id,
        opportunity_id=row.opportunity_id or "",
        draft_id=row.draft_id or "",
        hold_code=row.hold_code,
        facts=row.facts,
        failure_code=row.failure_code,
        failure_details=row.failure_details,
        at=row.at,
        attempted_at=row.attempted_at,
        may_be_rewritten=row.may_be_rewritten,
        due_at=row.due_at,
    )


def _outages(rows: Sequence[DeskRow], advice: Mapping[str, Advice]) -> tuple[Outage, ...]:
    found: list[Outage] = []
    for number_id in dict.fromkeys(entry.row.number_id for entry in rows):
        tries = [
            (entry.row.attempted_at, entry.row.id)
            for entry in rows
            if entry.row.number_id == number_id
            and entry.row.trouble is Trouble.UNKNOWN
            and entry.row.attempted_at is not None
        ]
        for run in outages(tries):
            verbs = set.intersection(*({step.value for step in advice[one].steps} for one in run))
            if len(run) > 1:
                found.append(Outage(run[0], len(run), tuple(verb for verb in SettleVerb if verb in verbs & TOGETHER)))
    return tuple(found)
