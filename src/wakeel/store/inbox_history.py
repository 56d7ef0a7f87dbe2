"""Rows of the raw inbox that the worker is through with: what replay and the webhooks page look at.

Rows that are still `received` are the worker's alone; nothing here sees or changes them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from wakeel.domain.inbox_notes import NoteKind
from wakeel.store.models import InboxRow, InboxState

_OUT_OF_ORDER = timedelta(minutes=1)
_IDS_OUT_OF_ORDER = 10_000
"""More rows than arrive while one of them waits for its commit."""


def read(row_id: int) -> InboxRow | None:
    """None if it is gone, or the worker has not carried it out yet."""
    return _through().filter(pk=row_id).first()


def lock(row_id: int) -> InboxRow | None:
    """The same, locked until the transaction ends."""
    return _through().filter(pk=row_id).select_for_update().first()


def note(row_id: int, errors: list[dict[str, Any]], *, quarantined: bool) -> None:
    """Write down what became of its items since; the caller holds the row's lock."""
    state = InboxState.QUARANTINED if quarantined else InboxState.DONE
    InboxRow.objects.filter(pk=row_id).update(state=state, errors=errors)


def ids_between(since: datetime, until: datetime, *, size: int) -> Iterator[list[int]]:
    """Ids of rows received in [since, until), in order of arrival; `size` at a time.

    Rows commit a moment after they were received, not always in that order: ids are looked for a little around.
    """
    arrived = InboxRow.objects.filter(received_at__gte=since - _OUT_OF_ORDER, received_at__lt=until + _OUT_OF_ORDER)
    first = arrived.order_by("received_at").values_list("id", flat=True).first()
    last = arrived.order_by("-received_at").values_list("id", flat=True).first()
    if first is None or last is None:
        return
    rows = _through().filter(received_at__gte=since, received_at__lt=until, id__lte=last + _IDS_OUT_OF_ORDER)
    after = first - 1 - _IDS_OUT_OF_ORDER
    while found := list(rows.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:size]):
        yield found
        after = found[-1]


def quarantined(*, limit: int) -> list[InboxRow]:
    """Rows with an item that nobody has settled, the newest first."""
    return list(InboxRow.objects.filter(state=InboxState.QUARANTINED).order_by("-id")[:limit])


def waiting_for_a_person(*, limit: int) -> list[InboxRow]:
    """The same, without those that are only for no number of ours."""
    rows = InboxRow.objects.filter(~ONLY_NOT_OURS, state=InboxState.QUARANTINED)
    return list(rows.order_by("-id")[:limit])


def _notes_say(kind: NoteKind) -> Q:
    """Both databases write a note's words as Python does, so that they are found in it as text."""
    return Q(Contains(Cast("errors", TextField()), Value(f'"kind": "{kind.value}"')))


_MEANT_FOR_US = (NoteKind.UNREADABLE, NoteKind.MALFORMED, NoteKind.FAULT)
ONLY_NOT_OURS = _notes_say(NoteKind.NOT_OURS) & ~reduce(or_, map(_notes_say, _MEANT_FOR_US))
"""Nothing stands against the body but that it names no number of ours."""


def _through() -> QuerySet[InboxRow]:
    return InboxRow.objects.exclude(state=InboxState.RECEIVED)
