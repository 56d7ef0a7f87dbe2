"""What left or may have left to people, for caps, pauses and repetitions. One query for any number of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from wakeel.domain.gate_request import History, Outcome, Send
from wakeel.domain.statuses import MessageStatus
from wakeel.store.compiled import Compiled
from wakeel.store.models import Attempt
from wakeel.store.subjects import Record

UNDELIVERABLE = 131026
PLATFORM_LIMIT = 131049
"""Meta's codes: the message could not be delivered; the person's own limit of marketing messages (WA 5.6)."""

_ARRIVED = frozenset({MessageStatus.DELIVERED.value, MessageStatus.READ.value})
"""Later proof beats the failure that was reported first."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Left:
    """What left or may have left to the people asked about, as rows of one query, by contact."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def history(self, group: Collection[str]) -> History:
        own = [row for contact_id in group for row in self.rows.get(contact_id, ())]
        limited = [row["claimed_at"] for row in own if row["outbox__failure_code"] == PLATFORM_LIMIT]
        sends = tuple(send for row in own if (send := _send(row)) is not None)
        return History(sends=sends, platform_limit_at=max(limited, default=None))

    def is_unreachable(self, contact: Record, group: Collection[str]) -> bool:
        """Until they write again, or an operator made sure."""
        lost = [
            row["claimed_at"]
            for contact_id in group
            for row in self.rows.get(contact_id, ())
            if row["outbox__failure_code"] == UNDELIVERABLE and row["outbox__status"] not in _ARRIVED
        ]
        if not lost:
            return False
        since = max(at or _NEVER for at in (contact.last_inbound_at, contact.checked_at))
        return any(at > since for at in lost)


def _send(row: Mapping[str, Any]) -> Send | None:
    """An attempt with a wamid left, also when a person had settled it as "did not arrive" before the proof came; one
    that WhatsApp took and then reported as failed did not arrive."""
    outcome = row["outcome"]
    if outcome == "not_sent":
        return None
    if row["outbox__status"] == MessageStatus.FAILED.value or (outcome == "failed" and row["wamid"] is None):
        said = Outcome.FAILED
    else:
        said = Outcome.SENT if outcome == "accepted" or row["wamid"] is not None else Outcome.UNKNOWN
    draft = row["outbox__draft"]
    return Send(
        at=row["claimed_at"],
        category=row["outbox__category"],
        body_hash=row["outbox__content_hash"],
        request_key=draft_key(draft, row["outbox__draft_version"]) if draft else row["outbox__request_key"],
        outcome=said,
        intent=row["outbox__intent"] or None,
    )


def draft_key(draft_id: str, version: int | None) -> str:
    return f"{draft_id}:{version}"


def read(contacts: Collection[str], drafts: Collection[str], *, since: datetime) -> Left:
    """Attempts to these people since then, every one of these drafts, and every message that could not be delivered."""
    by_contact: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _left(contacts=contacts, drafts=drafts, since=since):
        named = dict(zip(_COLUMNS, row, strict=True))
        by_contact[named["outbox__contact"]].append(named)
    return Left(by_contact)


_COLUMNS = (
    "outcome", "wamid", "claimed_at", "outbox__contact", "outbox__draft", "outbox__draft_version",
    "outbox__category", "outbox__content_hash", "outbox__request_key", "outbox__intent", "outbox__status",
    "outbox__failure_code",
)  # fmt: skip


@Compiled
def _left(*, contacts: Any, drafts: Any, since: Any) -> "QuerySet[Attempt, Any]":
    recent = Q(outbox__contact__in=contacts) & (Q(claimed_at__gte=since) | Q(outbox__failure_code=UNDELIVERABLE))
    return Attempt.objects.filter(recent | Q(outbox__draft__in=drafts)).values_list(*_COLUMNS)
