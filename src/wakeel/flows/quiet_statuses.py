"""News of known messages that only moves their ticks forward: many at once, as `record_status` does it for one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from wakeel.domain.events import StatusReceived
from wakeel.domain.statuses import MessageStatus, merge
from wakeel.store import status_batches
from wakeel.store.status_batches import Known, News, Prepared

OfWamids = Mapping[str, Mapping[str, Known]]
"""What we sent: by business, then by wamid."""

# A few words, again and again.
_merge = lru_cache(maxsize=256)(merge)


def look_up(events: Iterable[tuple[str, StatusReceived]]) -> OfWamids:
    """What we sent, of everything these statuses speak of. events: with their business."""
    wamids: dict[str, set[str]] = {}
    for business_id, event in events:
        wamids.setdefault(business_id, set()).add(event.wamid)
    return {business_id: status_batches.known(business_id, asked) for business_id, asked in wamids.items()}


def as_news(business_id: str, event: StatusReceived, known: Known | None) -> News | None:
    """The status, if nothing but its ticks follows from it; None if it must be looked at by itself.

    A failure is told to people; an attempt of ours that is named and has no such wamid yet is settled by it. What
    matches nothing and names nothing is parked, a failure too.
    """
    if known is None:
        return None if event.callback_data else News(business_id, event, None)
    if event.status == MessageStatus.FAILED or event.callback_data not in {None, "", known.attempt_id}:
        return None
    return News(business_id, event, known)


def prepare(news: Sequence[News], *, now: datetime) -> Prepared:
    """What does not need the lock."""
    return status_batches.prepared(news, now=now)


def record_quiet(news: Sequence[News], rows: Prepared) -> bool:
    """Keep them and merge what is new, inside the caller's transaction. rows: of `prepare`.

    False, and nothing was done, if one that matched nothing does by now: then they must be looked at one by one.
    """
    parked: dict[str, set[str]] = {}
    for one in news:
        if one.about is None:
            parked.setdefault(one.business_id, set()).add(one.event.wamid)
    if any(status_batches.any_known(business_id, wamids) for business_id, wamids in parked.items()):
        return False
    words: dict[Known, MessageStatus | None] = {}
    for about, word in status_batches.keep_all(rows):
        words[about] = _merge(words.get(about), word)
    status_batches.raise_all({about: status for about, status in words.items() if status is not None})
    return True
