"""The raw inbox in numbers, what of it nobody has settled, and what it holds that this version does not act on."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from wakeel.domain.inbox_notes import NoteKind
from wakeel.store.models import InboxRow, InboxState

COUNTED_TO = 20_000
"""Counting a day of millions would take longer than looking at the page."""
SHOWN = 20
_LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """Of webhooks, not of items. arrived, done, quarantined_today: of those received today; is_cut: more than
    COUNTED_TO, and these three are of the first ones. waiting, quarantined: of all days, at most COUNTED_TO.
    oldest_at: real time of the oldest that waits; None if none does."""

    arrived: int
    done: int
    quarantined_today: int
    waiting: int
    quarantined: int
    oldest_at: datetime | None
    is_cut: bool


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


def counts(*, since: datetime) -> Counts:
    """since: when today began."""
    rows = InboxRow.objects.filter(received_at__gte=since).order_by("received_at")
    today = Counter(rows.values_list("state", flat=True)[: COUNTED_TO + 1])
    waiting = InboxRow.objects.filter(state=InboxState.RECEIVED)
    return Counts(
        arrived=min(today.total(), COUNTED_TO),
        done=today[InboxState.DONE],
        quarantined_today=today[InboxState.QUARANTINED],
        waiting=waiting[:COUNTED_TO].count(),
        quarantined=InboxRow.objects.filter(state=InboxState.QUARANTINED)[:COUNTED_TO].count(),
        oldest_at=waiting.order_by("id").values_list("received_at", flat=True).first(),
        is_cut=today.total() > COUNTED_TO,
    )


def unrecognised() -> tuple[NotedLine, ...]:
    """The newest items of a kind that this version does not act on."""
    return _noted(_with_notes(), {NoteKind.UNRECOGNISED})


def settled() -> tuple[NotedLine, ...]:
    """Items that were tried again or put aside, of the newest webhooks first."""
    return _noted(_with_notes(), {NoteKind.REPLAYED, NoteKind.DISMISSED})


def _with_notes() -> QuerySet[InboxRow]:
    rows = InboxRow.objects.filter(~Q(errors=[])).exclude(state=InboxState.RECEIVED)
    return rows.order_by("-id").only("received_at", "errors")


def _noted(rows: QuerySet[InboxRow], kinds: set[NoteKind]) -> tuple[NotedLine, ...]:
    found = [
        (row.received_at, note) for row in rows[:_LOOKED_THROUGH] for note in row.errors if note.get("kind") in kinds
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
