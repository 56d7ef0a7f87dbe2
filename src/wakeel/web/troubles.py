"""The failure desk: every message in trouble with its reason in words and the steps that work, grouped by reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.failures import Trouble, outages
from wakeel.flows.failure_desk import Advice, Case, advise, cause_of
from wakeel.flows.reply import local_time
from wakeel.flows.settle_message import TOGETHER, SettleVerb
from wakeel.store.screens.failures import TroubleRow
from wakeel.web.steps import DrawnStep, Subject, draw


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One message. by_itself: what the product does on its own, in words. steps: what a person can do."""

    row: TroubleRow
    by_itself: str
    steps: tuple[DrawnStep, ...]


@dataclass(frozen=True, slots=True)
class Outage:
    """Unanswered messages of one number that were tried in one outage. of: any one of them. verbs: what can be decided
    for all of them at once."""

    of: str
    count: int
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """Messages with the same reason. code: Meta's number or our word, small. trouble: of the first of them.

    outages: of unanswered ones, where more than one belongs to it.
    """

    reason: str
    code: str
    trouble: Trouble
    rows: tuple[DeskRow, ...]
    outages: tuple[Outage, ...]


def grouped(
    rows: Sequence[TroubleRow], *, business_id: str, our_phone: str, language: str, now: datetime, real_now: datetime
) -> tuple[DeskGroup, ...]:
    """The reason met first comes first; within a reason the order stays."""
    cases = {row.id: case_of(row) for row in rows}
    advice = advise(business_id, list(cases.values()), now=now, real_now=real_now)
    groups: dict[tuple[str, str], list[DeskRow]] = {}
    for row in rows:
        found = advice[row.id]
        key = (found.reason.say(language), cause_of(cases[row.id]))
        subject = Subject(row.contact_id, row.opportunity_id or "", row.id)
        drawn = DeskRow(row, by_itself(found, language), draw(found.steps, subject, our_phone=our_phone))
        groups.setdefault(key, []).append(drawn)
    return tuple(
        DeskGroup(reason, code, found[0].row.trouble, tuple(found), _outages(found, advice))
        for (reason, code), found in groups.items()
    )


def by_itself(advice: Advice, language: str) -> str:
    """What the product does on its own, with its time where it has one."""
    return advice.by_itself.say(language, t=local_time(advice.until, language) if advice.until else "")


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
