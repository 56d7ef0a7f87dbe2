"""What an error of Meta's, or a refusal of our own client, means for us. The codes themselves: `error_table`.

An error means the same whether it came as an answer or as a status; only a refusal read in an answer is tried again by
the machine.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from wakeel.domain.steps import Step
from wakeel.domain.words import Text
from wakeel.whatsapp.error_table import (
    BAD_PHONE_NUMBER_ID,
    CODES,
    CONNECTION_FAILED,
    HTTPS_REQUIRED,
    LIVE_SEND_OFF,
    LOCAL,
    NO_TOKEN,
    PEER_NOT_LOOPBACK,
    RANGES,
    UNKNOWN,
    UNSENDABLE_TEXT,
    FailureClass,
    Row,
    Stop,
)

__all__ = [
    "BAD_PHONE_NUMBER_ID",
    "CODES",
    "CONNECTION_FAILED",
    "HTTPS_REQUIRED",
    "LIVE_SEND_OFF",
    "LOCAL",
    "NO_TOKEN",
    "PEER_NOT_LOOPBACK",
    "UNSENDABLE_TEXT",
    "Failure",
    "FailureClass",
    "Stop",
    "classify",
    "machine_wait",
    "reason",
    "refused_here",
    "retry_after",
    "steps",
    "stop_of",
    "template_state",
    "tries",
]

JITTER = 0.25
"""A wait is longer by up to this share of itself, never shorter, so that what failed together does not return so."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not sent, or not delivered.

    code: Meta's; None if Meta was not asked (then details is one of the `LOCAL` names). http_status: None if it came
    in a status webhook or Meta was not asked. details: Meta's words; they may name a person, so they stay out of repr.
    """

    code: int | None
    http_status: int | None
    details: str = field(repr=False)
    failure_class: FailureClass


def classify(code: int | None, *, details: str = "", http_status: int | None = None) -> Failure:
    """The failure behind an error code; never raises, what is not in the table is UNKNOWN.

    details: `error_data.details`. http_status: None for an error of a status webhook.
    """
    failure_class = _row(code, details).failure_class
    return Failure(code=code, http_status=http_status, details=details, failure_class=failure_class)


def refused_here(name: str) -> Failure:
    """The failure of a request that our own client did not make; name: a key of `LOCAL`."""
    return Failure(code=None, http_status=None, details=name, failure_class=LOCAL[name].failure_class)


def reason(code: int | None, *, details: str = "") -> Text:
    """Why, in both languages. details matter only without a code, where they are a key of `LOCAL`."""
    return _row(code, details).text


def steps(code: int | None, *, details: str = "", retried_by_machine: bool = False) -> tuple[Step, ...]:
    """What a person can do about it, the likeliest first.

    retried_by_machine: True while the message is pending again after a refusal; a failed status never is.
    """
    return (Step.NONE_AUTOMATIC, Step.STOP_RETRY) if retried_by_machine else _row(code, details).steps


def machine_wait(failure: Failure, *, tries: int, share: float) -> timedelta | None:
    """The wait before the machine tries a refused message again after `tries` tries; None: it is a person's turn.

    share: 0 to 1, how much of the jitter this one gets.
    """
    waits_s = _row(failure.code, failure.details).waits_s
    if not 0 < tries <= len(waits_s):
        return None
    return timedelta(seconds=waits_s[tries - 1] * (1 + JITTER * share))


def tries(code: int | None, *, details: str = "") -> int:
    """How often the machine tries a message that is refused so, the first time counted."""
    return len(_row(code, details).waits_s) + 1


def retry_after(code: int | None, *, details: str = "") -> timedelta:
    """How long after the try a person's "try again" can work; zero: at once."""
    return _row(code, details).retry_after


def stop_of(code: int | None, *, details: str = "") -> Stop:
    """What such an error stops at once, until a person settled it with Meta."""
    return _row(code, details).stop


def template_state(code: int | None) -> str:
    """What the message's template is from now on, in Meta's word; '' if the error says nothing of it."""
    return _row(code, "").template_state


def _row(code: int | None, details: str) -> Row:
    if code is None:
        return LOCAL.get(details, UNKNOWN)
    found = CODES.get(code)
    if found is not None:
        return found
    return next((row for codes, row in RANGES if code in codes), UNKNOWN)
