"""The failure desk's engine: why a message is in trouble, what the product does by itself, and the steps that can work.

Screens and WhatsApp answers ask here, so that both say the same. Walk 3.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wakeel.domain.failures import (
    AFTER_ATTENTION,
    AFTER_MACHINE,
    ASKED_WHEN_CURED,
    ASKED_WHEN_THEY_WRITE,
    FINAL,
    LEAVES_LATER,
    NEVER_AGAIN,
    NUMBER_WAITS,
    ONCE_MORE,
    SETTLES_ITSELF,
    TEMPLATE_HIDDEN,
    TRIED_AGAIN,
    WITHDRAWN,
    Trouble,
)
from wakeel.domain.outbox import LEASE, SETTLE_GRACE
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.steps import Step
from wakeel.domain.words import Text
from wakeel.flows.fitting_templates import with_choice
from wakeel.flows.reply import reason_words
from wakeel.store import breakers, outbox
from wakeel.whatsapp import errors
from wakeel.whatsapp.errors import FailureClass

PLATFORM_LIMIT = 131049
STOPPED_MARKETING = 131050
_CODES = {code.value for code in ReasonCode}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One message in trouble. at: business time of its last change. attempted_at: real time of its last try, None
    before. may_be_rewritten: its draft can still become another version. opportunity_id, draft_id: '' without one.
    due_at: business time at which it is tried again or leaves, None where it does not by itself.
    """

    outbox_id: str
    trouble: Trouble
    number_id: str
    opportunity_id: str
    draft_id: str
    hold_code: str
    facts: Mapping[str, Any]
    failure_code: int | None
    failure_details: str
    at: datetime
    attempted_at: datetime | None
    may_be_rewritten: bool
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """reason: why, in both languages. by_itself: what the product does on its own; `{t}` in it is `until`, a business
    time, None without one. steps: what a person can do, the likeliest first, none that would not work."""

    reason: Text
    by_itself: Text
    until: datetime | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around the cases: numbers that send nothing, opportunities with a template, drafts that met
    WhatsApp's own limit more than once."""

    shut: frozenset[str]
    with_template: Collection[str]
    limited_again: Collection[str]
    now: datetime
    real_now: datetime


def advise(business_id: str, cases: Sequence[Case], *, now: datetime, real_now: datetime) -> dict[str, Advice]:
    """By message id; a handful of queries for any number of cases of one business."""
    may_reengage = {case.opportunity_id for case in cases if not _BY_TEMPLATE.isdisjoint(_possible(case))} - {""}
    limited = {case.draft_id for case in cases if case.failure_code == PLATFORM_LIMIT} - {""}
    around = _Around(
        shut=frozenset(row.pk for row in breakers.of_business(business_id)) if cases else frozenset(),
        with_template=with_choice(may_reengage, now=now),
        limited_again=outbox.failed_again(limited, code=PLATFORM_LIMIT),
        now=now,
        real_now=real_now,
    )
    return {case.outbox_id: _advice(case, around) for case in cases}


_BY_TEMPLATE = frozenset({Step.USE_TEMPLATE, Step.FILL_VALUES, Step.CHANGE_VALUES, Step.OTHER_TEMPLATE})
_WHILE_SHUT = frozenset({Step.RESUME_NUMBER, Step.RENEW_ACCESS, Step.REVIEW_QUALITY})
_GATED = frozenset({Trouble.HELD, Trouble.SUPPRESSED, Trouble.LATER})


def reason_of(case: Case) -> Text:
    """Why, in words; the bare code of a hold that a later version wrote."""
    match case.trouble:
        case Trouble.HELD | Trouble.SUPPRESSED | Trouble.LATER if case.hold_code in _CODES:
            return Text.both(lambda language: reason_words(case.hold_code, case.facts, language))
        case Trouble.HELD | Trouble.SUPPRESSED | Trouble.LATER:
            return Text(case.hold_code, case.hold_code)
        case Trouble.UNKNOWN:
            return UNCONFIRMED
        case _:
            return errors.reason(case.failure_code, details=case.failure_details)


UNCONFIRMED = Text(
    "لم تصل نتيجة واضحة من واتساب، وقد تكون الرسالة وصلت. لا تُعاد تلقائيًا أبدًا.",
    "WhatsApp gave no clear answer, and the message may have arrived. It is never resent by itself.",
)


def _advice(case: Case, around: _Around) -> Advice:
    by_itself, until = _by_itself(case, around)
    steps = tuple(step for step in _possible(case) if _works(step, case, around))
    return Advice(reason_of(case), by_itself, until, steps)


def _possible(case: Case) -> tuple[Step, ...]:
    match case.trouble:
        case Trouble.HELD if not case.draft_id and case.hold_code == ReasonCode.APPROVAL_MISSING:
            return (Step.APPROVE_TEXTS,)
        case Trouble.HELD | Trouble.SUPPRESSED:
            steps = REASONS[ReasonCode(case.hold_code)].steps if case.hold_code in _CODES else ()
            ends = (Step.GIVE_UP,) if case.trouble is Trouble.HELD and Step.GIVE_UP not in steps else ()
            return (*steps, *ends)
        case Trouble.RETRYING:
            return errors.steps(case.failure_code, details=case.failure_details, retried_by_machine=True)
        case Trouble.LATER:
            return (Step.CHANGE_TIME,)
        case Trouble.UNKNOWN:
            return (Step.IT_ARRIVED, Step.SEND_AGAIN, Step.GIVE_UP)
        case _:
            return errors.steps(case.failure_code, details=case.failure_details)


def _works(step: Step, case: Case, around: _Around) -> bool:
    match step:
        case Step.EDIT_TEXT | Step.APPROVE_AGAIN:
            return case.may_be_rewritten
        case Step.USE_TEMPLATE | Step.FILL_VALUES | Step.CHANGE_VALUES | Step.OTHER_TEMPLATE:
            return case.opportunity_id in around.with_template
        case Step.SEND_AGAIN:
            # Before this the first try may still be on its way, or its status may.
            return case.attempted_at is None or around.real_now >= case.attempted_at + LEASE + SETTLE_GRACE
        case _ if step in _WHILE_SHUT:
            return case.number_id in around.shut
        case Step.RETRY:
            return _may_be_retried(case, around)
        case _:
            return True


def _may_be_retried(case: Case, around: _Around) -> bool:
    """Not while the number sends nothing, not before WhatsApp would take it, and 131049 once only."""
    waits = errors.retry_after(case.failure_code, details=case.failure_details)
    return (
        case.number_id not in around.shut
        and around.now >= case.at + waits
        and case.draft_id not in around.limited_again
        and bool(case.draft_id)
    )


def _by_itself(case: Case, around: _Around) -> tuple[Text, datetime | None]:
    match case.trouble:
        case Trouble.UNKNOWN:
            return SETTLES_ITSELF, None
        case Trouble.RETRYING:
            return TRIED_AGAIN, case.due_at
        case Trouble.LATER:
            return LEAVES_LATER, case.due_at
        case Trouble.SUPPRESSED:
            return FINAL, None
        case Trouble.HELD:
            waits_for_them = case.hold_code == ReasonCode.WINDOW_CLOSED
            return (ASKED_WHEN_THEY_WRITE if waits_for_them else ASKED_WHEN_CURED), None
        case _:
            return _after_failure(case, around)


def _after_failure(case: Case, around: _Around) -> tuple[Text, datetime | None]:
    failure_class = errors.classify(case.failure_code, details=case.failure_details).failure_class
    waits = errors.retry_after(case.failure_code, details=case.failure_details)
    if case.number_id in around.shut:
        return NUMBER_WAITS, None
    if failure_class is FailureClass.REENGAGE:
        return ASKED_WHEN_THEY_WRITE, None
    if waits > timedelta(0) and around.now < case.at + waits and case.draft_id not in around.limited_again:
        return ONCE_MORE, case.at + waits
    if case.failure_code == STOPPED_MARKETING:
        return WITHDRAWN, None
    if errors.template_state(case.failure_code):
        return TEMPLATE_HIDDEN, None
    if errors.tries(case.failure_code, details=case.failure_details) > 1 and case.trouble is Trouble.FAILED:
        return AFTER_MACHINE, None
    return (NEVER_AGAIN if failure_class is FailureClass.PERSON else AFTER_ATTENTION), None


def cause_of(case: Case) -> str:
    """What it is about, in one word: Meta's number, the name of our own refusal, or the reason code; '' if unknown."""
    match case.trouble:
        case _ if case.trouble in _GATED:
            return case.hold_code
        case Trouble.UNKNOWN:
            return ""
        case _:
            return str(case.failure_code) if case.failure_code is not None else case.failure_details
