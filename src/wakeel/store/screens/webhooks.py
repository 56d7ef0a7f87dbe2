"""The raw inbox in numbers, what of it nobody has settled, and what it holds that this version does not act on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from wakeel.domain.inbox_notes import Note, NoteKind, concerns, waits
from wakeel.store.compiled import Compiled, HowMany
from wakeel.store.models import Business, InboxRow, InboxState

COUNTED_TO = 20_000
"""Counting a day of millions would take longer than looking at the page."""
SHOWN = 20
_LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """Of webhooks, not of items. arrived, done, quarantined_today: of those received today, whoever they are for: of a
    webhook nobody knows that before it is read, and it may be for several; is_cut: more than COUNTED_TO arrived.
    waiting: of all days, at most COUNTED_TO. quarantined: of all days, with an item that this business may see, of the
    newest _LOOKED_THROUGH. oldest_at: real time of the oldest that waits; None if none does. is_shared: the deployment
    serves more than one business."""

    arrived: int
    done: int
    quarantined_today: int
    waiting: int
    quarantined: int
    oldest_at: datetime | None
    is_cut: bool
    is_shared: bool


@dataclass(frozen=True, slots=True)
class NotedLine:
    """One item that is not acted on, or was settled. what: Meta's field and our word, or the error it had.

    by, at: who settled it and when; '' and None if nobody had to.
    """

    received_at: datetime
    path: str
    kind: str
    what: str
    by: str = ""
    at: datetime | None = None


def counts(business_id: str, *, since: datetime) -> Counts:
    """since: when today began."""
    businesses, arrived, waiting, waiting_today, quarantined_today = _numbers.first(business=business_id, since=since)
    oldest = _oldest.first()
    return Counts(
        arrived=min(arrived, COUNTED_TO),
        done=max(0, arrived - waiting_today - quarantined_today),
        quarantined_today=quarantined_today,
        waiting=waiting,
        quarantined=len({row_id for row_id, _, _ in quarantined(business_id)}),
        oldest_at=oldest[0] if oldest else None,
        is_cut=arrived > COUNTED_TO,
        is_shared=businesses > 1,
    )


def quarantined(business_id: str) -> list[tuple[int, datetime, Note]]:
    """What waits for a person and is not another business's, the newest first: row, when it was received, the note."""
    return [
        (row_id, received_at, note)
        for row_id, received_at, errors in _quarantined()
        for note in errors or [{}]
        if waits(note) and concerns(note, business_id)
    ]


def unrecognised(business_id: str) -> tuple[NotedLine, ...]:
    """The newest items of a kind that this version does not act on."""
    return _noted(business_id, {NoteKind.UNRECOGNISED})


def settled(business_id: str) -> tuple[NotedLine, ...]:
    """Items that were tried again or put aside, of the newest webhooks first."""
    return _noted(business_id, {NoteKind.REPLAYED, NoteKind.DISMISSED})


@Compiled
def _numbers(*, business: Any, since: Any) -> QuerySet[Business, Any]:
    """How many businesses there are, webhooks arrived today, wait, wait of today's, are quarantined of today's."""
    rows = InboxRow.objects.values("pk")
    waiting = rows.filter(state=InboxState.RECEIVED)
    today = rows.filter(received_at__gte=since)
    in_trouble = rows.filter(state=InboxState.QUARANTINED, received_at__gte=since)
    # By their ids, as the indexes of these few have them: looking through all that arrived today would take long.
    wanted = (today, waiting, waiting.filter(received_at__gte=since).order_by("id"), in_trouble.order_by("id"))
    counted = (HowMany(some[: COUNTED_TO + 1]) for some in wanted)
    return Business.objects.filter(pk=business).values_list(HowMany(Business.objects.values("pk")[:2]), *counted)


@Compiled
def _oldest() -> QuerySet[InboxRow, Any]:
    return InboxRow.objects.filter(state=InboxState.RECEIVED).order_by("id").values_list("received_at")[:1]


@Compiled
def _quarantined() -> QuerySet[InboxRow, Any]:
    rows = InboxRow.objects.filter(state=InboxState.QUARANTINED).order_by("-id")
    return rows.values_list("id", "received_at", "errors")[:_LOOKED_THROUGH]


@Compiled
def _with_notes() -> QuerySet[InboxRow, Any]:
    rows = InboxRow.objects.filter(~Q(errors=[])).exclude(state=InboxState.RECEIVED).order_by("-id")
    return rows.values_list("received_at", "errors")[:_LOOKED_THROUGH]


def _noted(business_id: str, kinds: set[NoteKind]) -> tuple[NotedLine, ...]:
    found = [
        (received_at, note)
        for received_at, errors in _with_notes()
        for note in errors
        if note.get("kind") in kinds and concerns(note, business_id)
    ][:SHOWN]
    names = _names({str(note.get("by", "")) for _, note in found})
    return tuple(
        NotedLine(
            received_at=received_at,
            path=str(note.get("path", "")),
            kind=str(note["kind"]),
            what=str(note.get("error", "")),
            by=names.get(str(note.get("by", "")), str(note.get("by", ""))),
            at=datetime.fromisoformat(note["at"]) if "at" in note else None,
        )
        for received_at, note in found
    )


def _names(account_ids: set[str]) -> dict[str, str]:
    """Web accounts' names by their id as text; a command stands for itself."""
    ids = [int(account_id) for account_id in account_ids if account_id.isdecimal()]
    return {str(user.pk): user.get_full_name() or user.get_username() for user in User.objects.filter(pk__in=ids)}
