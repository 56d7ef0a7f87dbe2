"""What the answer to POST /messages means: accepted, refused, or nothing that can be relied on."""

from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from wakeel.domain.ids import Wamid
from wakeel.whatsapp.errors import Failure, classify


@dataclass(frozen=True, slots=True)
class Accepted:
    """Meta took the message. That says nothing about delivery.

    message_status: `accepted` also where Meta leaves it out; `held_for_quality_assessment` or `paused` mean that it
    may never leave.
    """

    wamid: Wamid
    message_status: str
    http_status: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It was certainly not sent.

    before_wire: True if not one byte was written: our own guard, or a new connection that failed.
    """

    failure: Failure
    before_wire: bool


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """It may have been sent or not. Never sent again by the machine.

    why: timeout, connection_lost, unreadable_answer, or `http_` with the status.
    """

    why: str


Outcome = Accepted | Refused | NoAnswer


class _SentMessage(msgspec.Struct):
    id: str
    message_status: str | None = None


class _Success(msgspec.Struct):
    messages: list[_SentMessage]


class _Error(msgspec.Struct):
    code: int
    error_data: object = None
    message: object = None


class _ErrorAnswer(msgspec.Struct):
    error: _Error


_SUCCESS = msgspec.json.Decoder(_Success)
_ERROR = msgspec.json.Decoder(_ErrorAnswer)


def outcome_of(status: int, raw: bytes) -> Outcome:
    """The outcome of an HTTP status with its body; never raises.

    A 5xx proves nothing, whatever code it carries, and a refusal counts only if its error can be read.
    """
    try:
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return _accepted(status, _SUCCESS.decode(raw))
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            error = _ERROR.decode(raw).error
            return Refused(classify(error.code, details=_details(error), http_status=status), before_wire=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NoAnswer("unreadable_answer")
    return NoAnswer(f"http_{status}")


def _accepted(status: int, answer: _Success) -> Outcome:
    if not answer.messages or not answer.messages[0].id:
        return NoAnswer("unreadable_answer")
    sent = answer.messages[0]
    return Accepted(Wamid(sent.id), sent.message_status or "accepted", status)


def _details(error: _Error) -> str:
    """`error_data.details`; some Graph errors have `error_data` as a text, or only a message."""
    data = error.error_data
    if isinstance(data, dict):
        data = data.get("details")
    found = data if isinstance(data, str) and data else error.message
    return found if isinstance(found, str) else ""
