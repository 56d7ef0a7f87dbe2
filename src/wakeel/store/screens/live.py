"""What changed since one moment, and how the rows it names stand now. Read by the live stream, a few times a second."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max, Min, QuerySet

from wakeel.domain.drafts import UNDECIDED
from wakeel.domain.gate import window_closes_at
from wakeel.domain.live import Noun
from wakeel.store.compiled import Compiled
from wakeel.store.models import Draft, LiveEvent, Opportunity, OutboxMessage
from wakeel.store.screens import queue


class Change(NamedTuple):
    """One row of the events table."""

    id: int
    business_id: str
    noun: str
    subject: str
    news: str


@dataclass(frozen=True, slots=True)
class MessageNow:
    """One message to a contact. opportunity_id: '' for a fixed text. status: '' before WhatsApp took it."""

    opportunity_id: str
    contact_id: str
    state: str
    status: str
    due_at: datetime
    is_tried_again: bool


@dataclass(frozen=True, slots=True)
class DealNow:
    """One opportunity. draft_state: of the draft that waits, else of its newest one; '' without one. message: the
    newest of that draft; None before one. window_closes_at: None if they never wrote."""

    contact_id: str
    state: str
    draft_state: str
    message: MessageNow | None
    window_closes_at: datetime | None


def ends() -> tuple[int, int]:
    """Ids of the oldest and the newest change that is kept; zeros without any."""
    found = LiveEvent.objects.aggregate(oldest=Min("id"), newest=Max("id"))
    return found["oldest"] or 0, found["newest"] or 0


def since(last: int, *, limit: int) -> list[Change]:
    """The oldest of those after `last`."""
    return _changes("id > %s ORDER BY id LIMIT %s", [last, limit])


def those(ids: Collection[int]) -> list[Change]:
    """Of these the ones that are there by now: on PostgreSQL a number may be taken long before its commit."""
    return _changes(f"id IN ({', '.join(['%s'] * len(ids))})", list(ids)) if ids else []


def _changes(which: str, values: list[int]) -> list[Change]:
    # Written out: it is asked for several times a second, for ever.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, business_id, noun, subject, news FROM live_event WHERE {which}", values)  # noqa: S608
        return [Change(*row) for row in cursor.fetchall()]


def messages(business_id: str, ids: Collection[str]) -> dict[str, MessageNow]:
    """By id; without those of other businesses."""
    rows = _messages(business=business_id, ids=list(ids)) if ids else []
    return {pk: _message(*rest) for pk, *rest in rows}


def deals(business_id: str, ids: Collection[str]) -> dict[str, DealNow]:
    """By id; without those of other businesses."""
    if not ids:
        return {}
    found = _deals(business=business_id, ids=list(ids))
    drafts: dict[str, tuple[str, str]] = {}
    for pk, opportunity_id, state in _drafts(opportunities=[row[0] for row in found]):
        if opportunity_id not in drafts or state in UNDECIDED or drafts[opportunity_id][1] not in UNDECIDED:
            drafts[opportunity_id] = (pk, state)
    newest = {draft: _message(*rest) for draft, *rest in _of_drafts(drafts=[pk for pk, _ in drafts.values()])}
    return {
        pk: DealNow(
            contact_id=contact_id,
            state=state,
            draft_state=drafts[pk][1] if pk in drafts else "",
            message=newest.get(drafts[pk][0]) if pk in drafts else None,
            window_closes_at=window_closes_at(last_inbound_at),
        )
        for pk, contact_id, state, last_inbound_at in found
    }


def deals_of(business_id: str, contact_ids: Collection[str]) -> list[str]:
    """Opportunities of these people, closed ones too: what they say stands on each of their timelines."""
    rows = _of_people(business=business_id, contacts=list(contact_ids)) if contact_ids else []
    return [pk for (pk,) in rows]


def in_queue_of(operator_id: str | None, ids: Iterable[str]) -> set[str]:
    """Which of these opportunities wait, with or without a draft, for this operator; None: for anybody."""
    known = list(ids)
    if not known:
        return set()
    drafts = Draft.objects.filter(opportunity__in=known, state__in=[state.value for state in UNDECIDED])
    waiting = Opportunity.objects.filter(pk__in=known, state__in=["new", "presented"])
    if operator_id is not None:
        drafts = drafts.filter(queue.own_drafts(operator_id))
        waiting = waiting.filter(queue.own(operator_id))
    return {*drafts.values_list("opportunity_id", flat=True), *waiting.values_list("pk", flat=True)}


def key(noun: Noun, pk: str) -> str:
    """How a place on a page names what it shows: `opportunity:opp_1`, `stop`."""
    return f"{noun.value}:{pk}" if pk else noun.value


def _message(
    opportunity_id: str | None, contact_id: str | None, state: str, status: str | None, due_at: datetime, fence: int
) -> MessageNow:
    return MessageNow(opportunity_id or "", contact_id or "", state, status or "", due_at, fence > 0)


_OF_MESSAGE = ("draft__opportunity", "contact", "state", "status", "due_at", "fence")


@Compiled
def _messages(*, business: Any, ids: Any) -> QuerySet[OutboxMessage, Any]:
    return OutboxMessage.objects.filter(business_id=business, pk__in=ids).values_list("pk", *_OF_MESSAGE)


@Compiled
def _of_drafts(*, drafts: Any) -> QuerySet[OutboxMessage, Any]:
    return OutboxMessage.objects.filter(draft__in=drafts).order_by("id").values_list("draft", *_OF_MESSAGE)


@Compiled
def _deals(*, business: Any, ids: Any) -> QuerySet[Opportunity, Any]:
    rows = Opportunity.objects.filter(business_id=business, pk__in=ids)
    return rows.values_list("pk", "contact", "state", "contact__last_inbound_at")


@Compiled
def _drafts(*, opportunities: Any) -> QuerySet[Draft, Any]:
    rows = Draft.objects.filter(opportunity__in=opportunities).order_by("created_at", "id")
    return rows.values_list("pk", "opportunity", "state")


@Compiled
def _of_people(*, business: Any, contacts: Any) -> QuerySet[Opportunity, Any]:
    return Opportunity.objects.filter(business_id=business, contact__in=contacts).values_list("pk")[:1000]
