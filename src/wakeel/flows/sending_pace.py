"""How fast this worker may send: the seats it has, and the tokens of their numbers and recipients. Design section 7.

Everything is kept in memory by the one worker that claims for a number; what it cannot know after a start or a
take-over is read from the attempts of the last minute, never to Meta's disadvantage.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from wakeel import clock
from wakeel.domain.buckets import Bucket, NumberPace, number_pace, pair_bucket, pair_bucket_after
from wakeel.domain.outbox import Audience
from wakeel.domain.sending_limits import HIGH_THROUGHPUT, USUAL_THROUGHPUT
from wakeel.store import claims
from wakeel.store.claims import Due, Room
from wakeel.store.models import SendingNumber
from wakeel.store.sender_seat import SenderSeats

THROUGHPUT_REACHED, PAIR_RATE_REACHED = 130429, 131056
"""Meta's codes: too fast for this number; too fast for this person (WA 5.6, read 2026-11-22)."""
_SWEEP_EVERY_S = 10.0
NO_LIMIT = 1_000_000
"""More messages than anybody has waiting: no limit."""

_Pair = tuple[str, str]


class SendingPace:
    """Tokens decide before anything is claimed: what has none stays where it is. Safe to call from several threads."""

    def __init__(self, seats: SenderSeats) -> None:
        self._seats = seats
        self._guard = threading.Lock()
        self._numbers: dict[str, NumberPace] = {}
        self._pairs: dict[_Pair, Bucket] = {}
        self._empty: dict[str, dict[str, float]] = {}
        self._swept_at = 0.0

    def rooms(self, numbers: Sequence[SendingNumber], *, real_now: datetime) -> list[Room]:
        """What each of these numbers may send now, of those whose seat is ours, in the caller's transaction."""
        at, found = clock.boottime(), []
        with self._guard:
            held = self._seats.take(numbers, real_now=real_now)
            # Forgotten first: where taking over is cut short, it is still to be done the next time.
            for pk in (pk for pk, is_new in held.items() if is_new):
                self._numbers.pop(pk, None)
            for pk in held:
                number = next(one for one in numbers if one.pk == pk)
                if pk not in self._numbers:
                    self._take_over(number, at=at, real_now=real_now)
                pace = self._numbers[pk] = self._numbers[pk].limited(_limit(number), at=at)
                if count := pace.whole(at):
                    found.append(Room(number, count, self._waiting(pk, at=at)))
            self._sweep(at)
        return found

    def pair_tokens(self, message: Due) -> int:
        """How many messages may leave to this recipient at once."""
        every_s, burst = _pair_limit(message.number, message.audience)
        bucket = self._pairs.get((message.number_id, message.address))
        if not every_s:
            return NO_LIMIT
        return burst if bucket is None else bucket.whole(clock.boottime())

    def spend(self, messages: Sequence[Due]) -> None:
        """These are leaving."""
        at = clock.boottime()
        with self._guard:
            for number_id, count in Counter(message.number_id for message in messages).items():
                self._numbers[number_id] = self._numbers[number_id].spent(count, at=at)
            for message in messages:
                self._spend_pair(message, at=at)

    def refused(self, code: int | None, *, number_id: str, address: str) -> None:
        """Learn from a refusal: half the speed for this number, or a pause for this person; nothing for other codes."""
        at = clock.boottime()
        with self._guard:
            if code == THROUGHPUT_REACHED and number_id in self._numbers:
                self._numbers[number_id] = self._numbers[number_id].slowed(at)
            elif code == PAIR_RATE_REACHED and (bucket := self._pairs.get((number_id, address))) is not None:
                self._keep((number_id, address), bucket.spent(max(0, bucket.whole(at)), at=at))

    def _spend_pair(self, message: Due, *, at: float) -> None:
        every_s, burst = _pair_limit(message.number, message.audience)
        if every_s:
            pair = (message.number_id, message.address)
            bucket = self._pairs.get(pair) or pair_bucket(every_s=every_s, burst=burst, at=at)
            self._keep(pair, bucket.spent(1, at=at))

    def _keep(self, pair: _Pair, bucket: Bucket) -> None:
        self._pairs[pair] = bucket
        if bucket.tokens < 1:
            number_id, address = pair
            self._empty.setdefault(number_id, {})[address] = bucket.at + (1 - bucket.tokens) / bucket.rate

    def _waiting(self, number_id: str, *, at: float) -> list[str]:
        empty = self._empty.get(number_id, {})
        for address in [address for address, ready_at in empty.items() if ready_at <= at]:
            del empty[address]
        return [*empty]

    def _take_over(self, number: SendingNumber, *, at: float, real_now: datetime) -> None:
        for pair in [pair for pair in self._pairs if pair[0] == number.pk]:
            del self._pairs[pair]
        self._empty.pop(number.pk, None)
        self._remember_pairs(number, at=at, real_now=real_now)
        self._numbers[number.pk] = number_pace(_limit(number), at=at)

    def _remember_pairs(self, number: SendingNumber, *, at: float, real_now: datetime) -> None:
        every_s = number.pair_interval_ms / 1000
        if not every_s:
            return
        since = real_now - timedelta(seconds=every_s * max(number.operator_burst, number.contact_burst))
        left: dict[tuple[str, str], list[float]] = {}
        for audience, address, moment in claims.left_lately(number, since=since):
            left.setdefault((audience, address), []).append(at - (real_now - moment).total_seconds())
        for (audience, address), left_at in left.items():
            _, burst = _pair_limit(number, audience)
            self._keep((number.pk, address), pair_bucket_after(every_s=every_s, burst=burst, left_at=left_at, at=at))

    def _sweep(self, at: float) -> None:
        """Forget everybody to whom nothing left lately."""
        if at - self._swept_at < _SWEEP_EVERY_S:
            return
        self._swept_at = at
        self._pairs = {pair: bucket for pair, bucket in self._pairs.items() if not bucket.is_full(at)}


def _limit(number: SendingNumber) -> int:
    """Messages a second: what Meta says, or less where we want less."""
    limit = min(number.throughput_mps or USUAL_THROUGHPUT, HIGH_THROUGHPUT)
    return max(1, min(limit, number.own_limit_mps or limit))


def _pair_limit(number: SendingNumber, audience: str) -> tuple[float, int]:
    """Seconds for one message to one person, 0 for no limit, and how many may go at once."""
    burst = number.operator_burst if audience == Audience.OPERATOR else number.contact_burst
    return number.pair_interval_ms / 1000, max(1, burst)
