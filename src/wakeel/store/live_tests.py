"""The cards of a real-device test and the taps on them: found by their keys, no rows of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.outbox import OutboxState
from wakeel.store.models import InboundMessage, OutboxMessage

_CARDS = 2


@dataclass(frozen=True, slots=True)
class CardSeen:
    """One message of a test. state: of the outbox; status: Meta's newest word, '' before any; failure_code: Meta's."""

    state: str
    status: str
    failure_code: int | None
    body: dict[str, Any]


def key(test_id: str, place: int) -> str:
    """The request key of one of its messages."""
    return f"live_test:{test_id}:{place}"


def cards(business_id: str, test_id: str) -> list[CardSeen]:
    """In the order in which they were queued."""
    rows = _messages(business_id, test_id).order_by("request_key")
    return [CardSeen(row.state, row.status or "", row.failure_code, row.body) for row in rows]


def tapped(business_id: str, test_id: str) -> list[str]:
    """Ids of the buttons of a test that came back, each once, in the order of arrival."""
    messages = _messages(business_id, test_id)
    rows = InboundMessage.objects.filter(
        business_id=business_id, operator__in=messages.values("operator"), button_id__in=_button_ids(messages)
    )
    return list(dict.fromkeys(rows.order_by("id").values_list("button_id", flat=True)))


def take_back(business_id: str, test_id: str, *, now: datetime) -> None:
    """Suppress what of it has not left."""
    rows = _messages(business_id, test_id).filter(state=OutboxState.PENDING)
    rows.update(state=OutboxState.SUPPRESSED, updated_at=now)


def _messages(business_id: str, test_id: str) -> Any:
    keys = [key(test_id, place) for place in range(_CARDS)]
    return OutboxMessage.objects.filter(business_id=business_id, request_key__in=keys)


def _button_ids(messages: Any) -> list[str]:
    bodies = messages.values_list("body", flat=True)
    return [button["reply"]["id"] for body in bodies for button in body["interactive"]["action"]["buttons"]]
