"""The faults there are, and how one of them is asked for. Source of the list: operator-ui.md section 10."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wakeel.simulator.durations import DAY_S
from wakeel.simulator.wishes import Mistake, one_of


class Kind(StrEnum):
    """What happens to one POST to /messages."""

    REFUSE = "refuse"  # Meta's error body with a chosen code
    FAIL = "fail"  # accepted, then a `failed` status with a chosen code instead of the others
    ANSWER_LOST = "answer_lost"  # accepted, statuses flow, the connection closes without an answer
    NEVER_REACHED = "never_reached"  # the connection closes, nothing was accepted
    CONNECTION_RESET = "connection_reset"  # the connection breaks; accepted only if asked for
    TIMEOUT_AFTER = "timeout_after"  # accepted, statuses flow, the connection stays open and silent
    TIMEOUT_BEFORE = "timeout_before"  # nothing was accepted, the connection stays open and silent
    HTTP_500 = "http_500"  # an HTTP 500; accepted only if asked for
    HTTP_503 = "http_503"  # an HTTP 503; accepted only if asked for
    INVALID_JSON = "invalid_json"  # HTTP 200 with half an answer; accepted unless asked otherwise
    SLOW = "slow"  # handled at once, answered late
    STATUS_FIRST = "status_first"  # the webhook of `sent` and `delivered` has come before the answer


class WebhookKind(StrEnum):
    """What happens to one update on its way to the product."""

    DROP = "drop"  # the first try does not arrive; the next one does, after the back-off
    LOSE = "lose"  # it never arrives
    DUPLICATE = "duplicate"  # it comes twice, byte for byte; the copy `seconds` of business time later
    REORDER = "reorder"  # `count` of them are held and released backwards, one after the other
    DELAY = "delay"  # it comes `seconds` of real time later
    LATE = "late"  # it comes `seconds` of business time later: six days
    BATCH = "batch"  # the next `count` come in one POST
    WRONG_SIGNATURE = "wrong_signature"  # first with a signature of another key, then rightly
    NO_SIGNATURE = "no_signature"  # first without a signature, then rightly
    ALTERED = "altered"  # first changed after signing, then rightly
    UNKNOWN_FIELDS = "unknown_fields"  # with fields no client knows, on every level
    VERY_LARGE = "very_large"  # with a field that fills the body to just below Meta's 3 MB


class Only(StrEnum):
    """The updates a webhook fault waits for."""

    MESSAGES = "messages"  # what people write and tap
    STATUSES = "statuses"
    MANAGEMENT = "management"  # everything about account, numbers and templates


DEFAULT_CODE = {Kind.REFUSE: 131000, Kind.FAIL: 131026}
DEFAULT_SEND_S = {Kind.SLOW: 20.0, Kind.TIMEOUT_BEFORE: 60.0, Kind.TIMEOUT_AFTER: 60.0, Kind.STATUS_FIRST: 5.0}
DEFAULT_WEBHOOK_S = {
    WebhookKind.DELAY: 2.0,
    WebhookKind.LATE: 6.0 * DAY_S,
    WebhookKind.REORDER: 2.0,
    WebhookKind.BATCH: 2.0,
}
DEFAULT_COUNT = {WebhookKind.REORDER: 3, WebhookKind.BATCH: 10}

MOST_AT_ONCE = 1_000
"""Of `times` and `count`; also the most updates Meta puts into one POST ("Webhooks", read 2026-11-22)."""


@dataclass(frozen=True, slots=True)
class SendFault:
    """One fault for one send.

    code: for refuse and fail; details: its `error_data.details`. http_status: for refuse, None for the code's own.
    seconds: slow answers after so long, a timeout closes the connection after so long, status_first waits no longer.
    accepted: for http_500, http_503, connection_reset, invalid_json; None for the usual (see Kind).
    to: wa_id of the only recipient it waits for; None takes the next send to anybody.
    """

    kind: Kind
    code: int = 131000
    http_status: int | None = None
    details: str = ""
    seconds: float = 0.0
    accepted: bool | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookFault:
    """One fault for one update (or, for reorder and batch, for `count` of them).

    seconds: of delay, late, duplicate; for reorder and batch, when those that came are released all the same.
    only: None for any update. to: wa_id of the only person it waits for; None for anybody's and for management.
    """

    kind: WebhookKind
    seconds: float = 0.0
    count: int = 1
    only: Only | None = None
    to: str | None = None


_NUMBER = (int, float)
_SEND_FIELDS: dict[str, tuple[type, ...]] = {
    "code": (int,), "http_status": (int,), "details": (str,), "seconds": _NUMBER, "accepted": (bool,), "to": (str,),
}  # fmt: skip
_WEBHOOK_FIELDS: dict[str, tuple[type, ...]] = {"seconds": _NUMBER, "count": (int,), "only": (str,), "to": (str,)}


def send_faults(wishes: object) -> list[SendFault]:
    """The faults of a list `next_sends`, each as often as its `times` says. Raises Mistake."""
    return [fault for wish, times in _listed(wishes, "next_sends") for fault in [send_fault(wish)] * times]


def webhook_faults(wishes: object) -> list[WebhookFault]:
    """The same for `next_webhooks`."""
    return [fault for wish, times in _listed(wishes, "next_webhooks") for fault in [webhook_fault(wish)] * times]


def send_fault(wish: Mapping[str, Any]) -> SendFault:
    """One fault with the defaults of its kind. Raises Mistake."""
    kind = one_of(wish, "kind", Kind, where="next_sends: ")
    given = _fields(wish, _SEND_FIELDS, "next_sends")
    usual = {"code": DEFAULT_CODE.get(kind, 131000), "seconds": DEFAULT_SEND_S.get(kind, 0.0)}
    return SendFault(kind=kind, **(usual | given))


def webhook_fault(wish: Mapping[str, Any]) -> WebhookFault:
    """The same for an update."""
    kind = one_of(wish, "kind", WebhookKind, where="next_webhooks: ")
    given = _fields(wish, _WEBHOOK_FIELDS, "next_webhooks")
    if "only" in given:
        given["only"] = one_of(given, "only", Only, where="next_webhooks: ")
    usual = {"seconds": DEFAULT_WEBHOOK_S.get(kind, 0.0), "count": DEFAULT_COUNT.get(kind, 1)}
    fault = WebhookFault(kind=kind, **(usual | given))
    if not 1 <= fault.count <= MOST_AT_ONCE:
        raise Mistake(f"next_webhooks: count must be 1 to {MOST_AT_ONCE}")
    return fault


def _listed(wishes: object, name: str) -> Iterable[tuple[Mapping[str, Any], int]]:
    if not isinstance(wishes, list):
        raise Mistake(f"{name} must be a list")
    for wish in wishes:
        if not isinstance(wish, dict):
            raise Mistake(f"each of {name} must be an object")
        times = wish.get("times", 1)
        if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MOST_AT_ONCE:
            raise Mistake(f"{name}: times must be 1 to {MOST_AT_ONCE}")
        yield {key: value for key, value in wish.items() if key != "times"}, times


def _fields(wish: Mapping[str, Any], known: Mapping[str, tuple[type, ...]], where: str) -> dict[str, Any]:
    """What was given beside the kind; null stands for not given."""
    given = {name: value for name, value in wish.items() if name != "kind" and value is not None}
    for name, value in given.items():
        wrong = name not in known or not isinstance(value, known[name])
        if wrong or (isinstance(value, bool) and bool not in known[name]):
            raise Mistake(f"{where}: {name} is unknown or has the wrong type")
        if not isinstance(value, str) and value < 0:
            raise Mistake(f"{where}: {name} must not be negative")
    return given
