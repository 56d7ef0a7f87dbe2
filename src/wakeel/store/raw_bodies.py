"""Raw webhook bodies, sealed as they lie: opening them, finding those with somebody's traces, writing them anew."""

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db.models import Q

from wakeel.store import inbox_history, key_files
from wakeel.store.body_seal import BodySeal, DoesNotOpen
from wakeel.store.inbox import Waiting
from wakeel.store.keyring import KeyRefused, Keyring, keyring
from wakeel.store.models import InboxRow, InboxState

log = logging.getLogger(__name__)

ALARM_EVERY_S = 60.0
_SLICE = 200
_OPENED_AT_ONCE = 32
"""A body may have 3 MB."""


class StaysSealed(Exception):
    """A body cannot be opened here and now. row_id: of the inbox; nothing is lost, the row stays as it is."""

    def __init__(self, row_id: int, why: str) -> None:
        super().__init__(f"the body of inbox row {row_id} {why}")
        self.row_id = row_id


class _Alarm:
    """One line for many rows: each of them is tried again and again."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def raise_for(self, sealed: StaysSealed) -> NoReturn:
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + ALARM_EVERY_S
            log.error("%s", sealed)
        raise sealed from None


_alarm = _Alarm()


class _Made:
    """The seal of one keyring: it is asked for with every body."""

    latest: tuple[Keyring, BodySeal] | None = None


def seal() -> BodySeal:
    """What this process seals and opens bodies with. Raises KeyRefused."""
    ring, made = keyring(), _Made.latest
    if made is None or made[0] is not ring:
        made = _Made.latest = ring, BodySeal(ring.field)
    return made[1]


def opened(row: InboxRow | Waiting) -> bytes:
    """The body as it came. Raises StaysSealed.

    A key that is not known yet is looked for: another process may have been started with a new one before us.
    """
    body, digest, epoch = bytes(row.body), bytes(row.digest), row.key_epoch
    if epoch is None:
        return body
    sealing = seal()
    if not sealing.has(epoch):
        _look_for(epoch, row.pk)
        sealing = seal()
    try:
        return sealing.open(body, digest, epoch=epoch)
    except DoesNotOpen:
        _alarm.raise_for(StaysSealed(row.pk, "was changed by hand, or belongs to another row"))


def _look_for(epoch: int, row_id: int) -> None:
    """Return if its key is here by now, else raise StaysSealed. Our other keys stay in use until it is."""
    name = f"field.{epoch}"
    try:
        if name in key_files.read(settings.DEPLOYMENT().keys_dir):
            keyring.__wrapped__()  # raises before those that work are given up
            keyring.cache_clear()
            return
    except KeyRefused as refused:
        _alarm.raise_for(StaysSealed(row_id, f"cannot be opened: {refused}"))
    _alarm.raise_for(StaysSealed(row_id, f"needs the key {name}: put the file from your backup into WAKEEL_KEYS_DIR"))


def holding(needles: Iterable[str], *, after: int = 0) -> list[int]:
    """Ids of bodies that hold one of these texts, the oldest first. Raises as `opened`: what stays sealed may hold one.

    Opens every body after that id, few at a time and without a lock: about half a minute for a million.
    """
    wanted = [needle.encode() for needle in needles]
    if not wanted:
        return []
    return [row.pk for row in _after(after) if _holds_one(opened(row), wanted)]


def _holds_one(body: bytes, wanted: list[bytes]) -> bool:
    return any(needle in body for needle in wanted)


def _after(row_id: int) -> Iterator[InboxRow]:
    rows = InboxRow.objects.order_by("id").only("digest", "body", "key_epoch")
    while part := list(rows.filter(pk__gt=row_id)[:_OPENED_AT_ONCE]):
        yield from part
        row_id = part[-1].pk


def last_id() -> int:
    """0 for an empty inbox."""
    return InboxRow.objects.order_by("-id").values_list("id", flat=True).first() or 0


def is_being_read(ids: list[int]) -> bool:
    """True if one of these has not been carried out yet."""
    return any(InboxRow.objects.filter(pk__in=part, state=InboxState.RECEIVED).exists() for part in _parts(ids))


def read(ids: list[int]) -> Iterator[InboxRow]:
    for part in _parts(ids):
        yield from InboxRow.objects.filter(pk__in=part).order_by("id")


def rewrite(row: InboxRow, body: bytes, *, errors: list[dict[str, Any]]) -> None:
    """Sealed again, with the newest key. The digest stays that of what came, so that Meta's repetition of it is still
    the same row.
    """
    sealing = seal()
    InboxRow.objects.filter(pk=row.pk).update(
        body=sealing.seal(body, bytes(row.digest)), key_epoch=sealing.epoch, errors=errors
    )


def done_before(moment: datetime, *, limit: int) -> list[int]:
    """Ids of bodies that came before that and wait for nobody, the oldest first.

    Nobody is waited for in what was carried out, and in what names no number of ours: whoever added the number since
    could have it carried out until now.
    """
    rows = InboxRow.objects.filter(_WAITS_FOR_NOBODY, received_at__lt=moment).order_by("received_at")
    return list(rows.values_list("id", flat=True)[:limit])


def delete_done(ids: list[int]) -> int:
    """How many are gone; one that is being replayed meanwhile stays."""
    gone, _ = InboxRow.objects.filter(_WAITS_FOR_NOBODY, pk__in=ids).delete()
    return gone


_WAITS_FOR_NOBODY = Q(state=InboxState.DONE) | Q(state=InboxState.QUARANTINED) & inbox_history.ONLY_NOT_OURS


def _parts(ids: list[int]) -> Iterator[list[int]]:
    yield from (ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE))
