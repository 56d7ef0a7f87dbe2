"""Token buckets: how fast a number may send, to everybody and to one person. Pure: every instant comes from outside.

Sources: reference WA 5.6 (80 messages a second of a number, 20 with the app beside it, up to 1,000 after Meta's
upgrade; one message in 6 s to one person, with bursts), design section 7; both read 2026-11-22. Instants are seconds on
a clock that never jumps.
"""

from dataclasses import dataclass, replace

PAIR_EVERY_S = 6.0
"""To one person one message in so many seconds, when the burst is used up."""
OPERATOR_BURST, CONTACT_BURST = 10, 3

BURST_S = 0.1
"""A number that was silent may send so much of a second's messages at once, and never more beside its rate."""
SLOWEST = 1.0
"""Messages a second that are always tried: at no speed at all nothing could ever be learnt."""
SAME_BURST_S = 5.0
"""Refusals within this time are about the same burst: the speed is halved once for all of them."""
RECOVERS_IN_S = 300.0
"""From nothing to the full speed again takes so long; nothing is added while SAME_BURST_S lasts."""

_ALMOST = 1e-9  # a token that rounding left unfinished


@dataclass(frozen=True, slots=True)
class Bucket:
    """rate: tokens a second, more than 0. burst: most it ever holds. tokens: at `at`; below 0 if more left than may."""

    rate: float
    burst: float
    tokens: float
    at: float

    def refilled(self, at: float) -> "Bucket":
        """As it is at `at`; an instant that is past changes nothing."""
        if at <= self.at:
            return self
        return Bucket(self.rate, self.burst, min(self.burst, self.tokens + (at - self.at) * self.rate), at)

    def whole(self, at: float) -> int:
        """How many messages may leave at `at`; 0 or more."""
        return max(0, int(self.refilled(at).tokens + _ALMOST))

    def spent(self, count: int, *, at: float) -> "Bucket":
        """After `count` messages left at `at`, whether they might or not."""
        now = self.refilled(at)
        return Bucket(now.rate, now.burst, now.tokens - count, now.at)

    def is_full(self, at: float) -> bool:
        """True when nothing of what was ever spent counts any more."""
        return self.refilled(at).tokens + _ALMOST >= self.burst


def pair_bucket(*, every_s: float, burst: int, at: float) -> Bucket:
    """One person to whom nothing left lately."""
    return Bucket(rate=1 / every_s, burst=burst, tokens=burst, at=at)


def pair_bucket_after(*, every_s: float, burst: int, left_at: list[float], at: float) -> Bucket:
    """What is known of one person after a restart. left_at: of every message since `burst * every_s` before `at`.

    Conservative: whatever left before that, there were never fewer tokens than this says.
    """
    bucket = Bucket(rate=1 / every_s, burst=burst, tokens=0.0, at=at - burst * every_s)
    for moment in sorted(moment for moment in left_at if moment > bucket.at):
        bucket = bucket.spent(1, at=moment)
    return bucket.refilled(at)


@dataclass(frozen=True, slots=True)
class NumberPace:
    """The bucket of one number. limit: messages a second it may send by what Meta says. slowed_at: of the last
    refusal that halved the speed, None without one; slowed_to: the speed since then.
    """

    limit: int
    bucket: Bucket
    slowed_to: float = 0.0
    slowed_at: float | None = None

    def rate(self, at: float) -> float:
        """Messages a second at `at`: halved by a refusal, then slowly more again, never over the limit."""
        if self.slowed_at is None:
            return float(self.limit)
        recovering = max(0.0, at - self.slowed_at - SAME_BURST_S)
        return min(float(self.limit), self.slowed_to + recovering * self.limit / RECOVERS_IN_S)

    def whole(self, at: float) -> int:
        """How many messages may leave at `at`."""
        return self.bucket.whole(at)

    def spent(self, count: int, *, at: float) -> "NumberPace":
        """After `count` messages left at `at`. What was refilled until then came at the lower, earlier rate."""
        rate = self.rate(at)
        bucket = self.bucket.spent(count, at=at)
        return replace(self, bucket=replace(bucket, rate=rate, burst=_burst(rate)))

    def slowed(self, at: float) -> "NumberPace":
        """After WhatsApp refused one message as too fast (130429) at `at`: half the speed, and nothing at once."""
        if self.slowed_at is not None and at - self.slowed_at < SAME_BURST_S:
            return self
        rate = max(SLOWEST, self.rate(at) / 2)
        bucket = Bucket(rate=rate, burst=_burst(rate), tokens=min(0.0, self.bucket.refilled(at).tokens), at=at)
        return replace(self, bucket=bucket, slowed_to=rate, slowed_at=at)

    def limited(self, limit: int, *, at: float) -> "NumberPace":
        """The same number by another limit."""
        return self if limit == self.limit else replace(self, limit=limit).spent(0, at=at)


def number_pace(limit: int, *, at: float) -> NumberPace:
    """A number nothing is known of: it begins without tokens, because another worker may have spent them just now."""
    return NumberPace(limit, Bucket(rate=float(limit), burst=_burst(limit), tokens=0.0, at=at))


def _burst(rate: float) -> float:
    return max(1.0, rate * BURST_S)
