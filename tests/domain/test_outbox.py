"""The outbox's table of moves and the waits between tries."""

from datetime import timedelta

from wakeel.domain.outbox import ALLOWED, LEASE, RETRY_DELAYS_S, SETTLE_GRACE, UNCLAIMED, OutboxState, retry_delay

S = OutboxState


def test_every_state_has_its_row():
    assert set(ALLOWED) == set(S)


def test_only_what_is_pending_can_start_to_leave():
    assert [state for state in S if S.SENDING in ALLOWED[state]] == [S.PENDING]


def test_what_was_accepted_or_taken_back_never_moves_again():
    for state in (S.ACCEPTED, S.SUPPRESSED, S.SIMULATED):
        assert not ALLOWED[state]


def test_only_what_nobody_claimed_can_be_taken_back():
    assert {state for state in S if S.SUPPRESSED in ALLOWED[state]} == UNCLAIMED


def test_an_unanswered_try_is_never_queued_by_being_held():
    """From unknown the only ways are proof, giving up, and a person who sends again."""
    assert ALLOWED[S.UNKNOWN] == {S.ACCEPTED, S.FAILED, S.PENDING}


def test_the_waits_grow_and_end():
    waits = [retry_delay(attempt, pair_rate=False) for attempt in range(1, len(RETRY_DELAYS_S) + 2)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert known[0] == timedelta(seconds=2)


def test_the_pair_rate_waits_as_meta_asks():
    """4^X seconds, X = 0, 1, 2 …"""
    waits = [retry_delay(attempt, pair_rate=True) for attempt in range(1, 7)]
    assert waits == [timedelta(seconds=s) for s in (1, 4, 16, 64, 256)] + [None]


def test_a_person_may_send_again_only_after_a_whole_lease_and_more():
    assert timedelta(seconds=60) <= SETTLE_GRACE
    assert timedelta(seconds=20) < LEASE, "one request takes that long at most"
