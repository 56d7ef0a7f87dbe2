"""Merging news of a message: any order, any repetition, one answer."""

from collections.abc import Iterable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.statuses import MessageStatus, merge

S = MessageStatus
words = st.sampled_from(["accepted", "sent", "delivered", "read", "failed", "played", "held_by_meta", "deleted", ""])


def merge_all(events: Iterable[str]) -> MessageStatus | None:
    known: MessageStatus | None = None
    for news in events:
        known = merge(known, news)
    return known


@given(st.lists(words, max_size=8), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(news: list[str], random):
    again = news + [word for word in news if random.random() < 0.5]
    random.shuffle(again)
    assert merge_all(again) is merge_all(news)


@given(st.lists(words, max_size=8), words)
def test_a_status_never_goes_back(news: list[str], more: str):
    """Except that a failure closes what was only sent, which is later in the order."""
    order = list(MessageStatus)
    before, after = merge_all(news), merge(merge_all(news), more)
    assert before is None or (after is not None and order.index(after) >= order.index(before))


@pytest.mark.parametrize(
    ("news", "merged"),
    [
        (["sent", "delivered", "read"], S.READ),
        (["sent", "failed"], S.FAILED),
        (["failed", "delivered"], S.DELIVERED),
        (["failed", "read"], S.READ),
        (["played"], S.READ),
        (["sent", "something_new"], S.SENT),
    ],
)
def test_what_the_merge_says(news: list[str], merged: MessageStatus):
    for order in permutations(news):
        assert merge_all(order) is merged


def test_nothing_heard_is_nothing_known():
    assert merge_all([]) is None
    assert merge_all(["something_new"]) is None
