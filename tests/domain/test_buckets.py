"""Token buckets: never faster than the limit, learnt from refusals, and cautious about what is not known."""

import math

from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.buckets import (
    BURST_S,
    CONTACT_BURST,
    OPERATOR_BURST,
    PAIR_EVERY_S,
    RECOVERS_IN_S,
    SAME_BURST_S,
    SLOWEST,
    Bucket,
    number_pace,
    pair_bucket,
    pair_bucket_after,
)
from wakeel.domain.sending_limits import HIGH_THROUGHPUT, USUAL_THROUGHPUT

WAITS = st.lists(st.floats(0, 20), min_size=1, max_size=60)
LIMITS = st.sampled_from([1, 20, USUAL_THROUGHPUT, HIGH_THROUGHPUT])


def greedy(bucket: Bucket, waits: list[float]) -> tuple[Bucket, list[float]]:
    """Whoever takes every token there is after each wait: the bucket, and when each message left."""
    at, left = bucket.at, []
    for wait in waits:
        at += wait
        count = bucket.whole(at)
        bucket = bucket.spent(count, at=at)
        left += [at] * count
    return bucket, left


@given(WAITS, st.sampled_from([OPERATOR_BURST, CONTACT_BURST]))
def test_no_span_of_time_holds_more_messages_to_one_person_than_burst_and_rate_allow(waits: list[float], burst: int):
    _, left = greedy(pair_bucket(every_s=PAIR_EVERY_S, burst=burst, at=0), waits)
    for first, start in enumerate(left):
        for last in range(first, len(left)):
            assert last - first + 1 <= burst + (left[last] - start) / PAIR_EVERY_S + 1e-6


@given(WAITS, LIMITS)
def test_no_second_of_a_number_holds_more_than_its_limit_and_a_tenth(waits: list[float], limit: int):
    pace, left, at = number_pace(limit, at=0), [], 0.0
    for wait in waits:
        at += wait / 10
        count = pace.whole(at)
        pace = pace.spent(count, at=at)
        left.append((at, count))
    for start, _ in left:
        assert sum(count for at, count in left if start <= at < start + 1) <= limit + max(1, limit * BURST_S) + 1e-6


def test_a_number_that_is_asked_often_sends_its_full_limit():
    for limit in (20, USUAL_THROUGHPUT, HIGH_THROUGHPUT):
        pace, sent = number_pace(limit, at=0), 0
        for tick in range(1, 1001):
            count = pace.whole(tick / 100)
            pace, sent = pace.spent(count, at=tick / 100), sent + count
        assert sent == limit * 10


@given(WAITS, WAITS, st.sampled_from([OPERATOR_BURST, CONTACT_BURST]))
def test_after_a_restart_nobody_has_more_tokens_than_before(before: list[float], last: list[float], burst: int):
    """Only what left lately is read again; how full the bucket was before that, nobody knows any more."""
    bucket, left = greedy(pair_bucket(every_s=PAIR_EVERY_S, burst=burst, at=0), [*before, *last])
    horizon = burst * PAIR_EVERY_S
    known = [moment for moment in left if moment > bucket.at - horizon]
    again = pair_bucket_after(every_s=PAIR_EVERY_S, burst=burst, left_at=known, at=bucket.at)
    assert again.whole(bucket.at) <= bucket.whole(bucket.at)


def test_a_restart_forgets_nobody_to_whom_nothing_left_within_the_burst():
    again = pair_bucket_after(every_s=PAIR_EVERY_S, burst=CONTACT_BURST, left_at=[], at=1000)
    assert again.whole(1000) == CONTACT_BURST


@given(st.lists(st.floats(-50, 50), max_size=40))
def test_a_clock_that_is_asked_about_the_past_adds_nothing(moments: list[float]):
    bucket = pair_bucket(every_s=PAIR_EVERY_S, burst=OPERATOR_BURST, at=0).spent(OPERATOR_BURST, at=0)
    for moment in moments:
        bucket = bucket.refilled(moment)
    assert bucket.tokens <= max([0.0, *moments]) / PAIR_EVERY_S + 1e-6


def test_a_refusal_halves_the_speed_once_for_a_whole_burst_and_it_comes_back_slowly():
    pace = number_pace(USUAL_THROUGHPUT, at=0).spent(0, at=100)
    for tick in range(40):
        pace = pace.slowed(100 + tick / 100)
    assert pace.rate(100) == USUAL_THROUGHPUT / 2
    assert pace.whole(100.4) < pace.rate(100), "nothing was left over at the moment of the refusal"
    assert pace.rate(100 + SAME_BURST_S) == USUAL_THROUGHPUT / 2
    half = pace.rate(100 + SAME_BURST_S + RECOVERS_IN_S / 4)
    assert math.isclose(half, USUAL_THROUGHPUT * 0.75)
    assert pace.rate(100 + SAME_BURST_S + RECOVERS_IN_S) == USUAL_THROUGHPUT


@given(st.lists(st.floats(0, 60), min_size=1, max_size=50), LIMITS)
def test_however_often_it_is_refused_a_number_tries_on_and_never_exceeds_its_limit(waits: list[float], limit: int):
    pace, at = number_pace(limit, at=0), 0.0
    for wait in waits:
        at += wait
        pace = pace.slowed(at)
        assert min(SLOWEST, limit) <= pace.rate(at) <= limit
        assert pace.spent(pace.whole(at + 2), at=at + 2).bucket.tokens >= 0
    assert pace.whole(at + 2) >= 1


def test_another_limit_counts_at_once():
    pace = number_pace(USUAL_THROUGHPUT, at=0).limited(HIGH_THROUGHPUT, at=10)
    assert pace.rate(10) == HIGH_THROUGHPUT
    assert pace.limited(20, at=10).whole(11) <= 20
