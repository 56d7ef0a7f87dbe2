"""The failure desk: every message in trouble with its reason in words and the steps that work, grouped by reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.outbox import LEASE, SETTLE_GRACE
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.steps import Step
from wakeel.domain.words import Text
from wakeel.flows.reply import reason_words
from wakeel.store.screens.failures import Trouble, TroubleRow
from wakeel.web.steps import DrawnStep, Subject, draw
from wakeel.whatsapp import errors

_CODES = {code.value for code in ReasonCode}

UNCONFIRMED = Text(
    "لم تصل نتيجة واضحة من واتساب، وقد تكون الرسالة وصلت. لا تُعاد تلقائيًا أبدًا.",
    "WhatsApp gave no clear answer, and the message may have arrived. It is never resent by itself.",
)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One message with its steps."""

    row: TroubleRow
    steps: tuple[DrawnStep, ...]


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """Messages with the same reason. code: Meta's number or our word, small. trouble: of the first of them."""

    reason: str
    code: str
    trouble: Trouble
    rows: tuple[DeskRow, ...]


def grouped(rows: Iterable[TroubleRow], *, our_phone: str, language: str, real_now: datetime) -> tuple[DeskGroup, ...]:
    """The reason met first comes first; within a reason the order stays."""
    groups: dict[tuple[str, str], list[DeskRow]] = {}
    for row in rows:
        key = (why(row, language=language), code_of(row))
        subject = Subject(row.contact_id, row.opportunity_id or "", row.id)
        drawn = draw(steps_of(row, real_now=real_now), subject, our_phone=our_phone)
        groups.setdefault(key, []).append(DeskRow(row, drawn))
    return tuple(
        DeskGroup(reason, code, found[0].row.trouble, tuple(found)) for (reason, code), found in groups.items()
    )


def why(row: TroubleRow, *, language: str) -> str:
    """The reason in words."""
    match row.trouble:
        case Trouble.HELD | Trouble.SUPPRESSED:
            return held_words(row.hold_code, row.facts, language)
        case Trouble.UNKNOWN:
            return UNCONFIRMED.say(language)
        case _:
            return errors.reason(row.failure_code, details=row.failure_details).say(language)


def held_words(code: str, facts: Mapping[str, Any], language: str) -> str:
    """The words of a reason code; the bare code if a later version wrote it."""
    return reason_words(code, facts, language) if code in _CODES else code


def code_of(row: TroubleRow) -> str:
    """What support asks for: Meta's number, or our word."""
    match row.trouble:
        case Trouble.HELD | Trouble.SUPPRESSED:
            return row.hold_code
        case Trouble.UNKNOWN:
            return ""
        case _:
            return str(row.failure_code) if row.failure_code is not None else row.failure_details


def steps_of(row: TroubleRow, *, real_now: datetime) -> tuple[Step, ...]:
    """What a person can do, without what would not work for this message."""
    if row.draft_id is None and row.hold_code == ReasonCode.APPROVAL_MISSING:
        return (Step.APPROVE_TEXTS,)
    return tuple(step for step in _steps(row, real_now=real_now) if _works(step, row))


def _steps(row: TroubleRow, *, real_now: datetime) -> tuple[Step, ...]:
    match row.trouble:
        case Trouble.HELD | Trouble.SUPPRESSED:
            return REASONS[ReasonCode(row.hold_code)].steps if row.hold_code in _CODES else ()
        case Trouble.UNKNOWN:
            # Before this the first try may still be on its way, or its status may.
            is_over = row.attempted_at is None or real_now >= row.attempted_at + LEASE + SETTLE_GRACE
            return (Step.IT_ARRIVED, Step.SEND_AGAIN, Step.GIVE_UP) if is_over else (Step.IT_ARRIVED, Step.GIVE_UP)
        case _:
            return errors.steps(row.failure_code, details=row.failure_details)


def _works(step: Step, row: TroubleRow) -> bool:
    if step in {Step.EDIT_TEXT, Step.APPROVE_AGAIN}:
        return row.may_be_rewritten
    # What WhatsApp accepted once has an id and a status there; the same row cannot be sent a second time.
    return step is not Step.RETRY or row.trouble is not Trouble.FAILED_STATUS
