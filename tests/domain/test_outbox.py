"""The outbox's table of moves and the waits between tries."""

from datetime import timedelta

from wakeel.domain.outbox import ALLOWED, LEASE, PROVED_FROM, SETTLE_GRACE, UNCLAIMED, OutboxState

S = OutboxState


def test_every_state_has_its_row():
    assert set(ALLOWED) == set(S)


def test_only_what_is_pending_can_start_to_leave():
    assert [state for state in S if S.SENDING in ALLOWED[state]] == [S.PENDING]


def test_only_proof_moves_to_accepted_what_is_not_on_the_wire():
    """A person settled it as not arrived, and a status said that it had left after all."""
    on_the_wire = {S.SENDING, S.UNKNOWN}
    assert {state for state in S if S.ACCEPTED in ALLOWED[state]} - on_the_wire == PROVED_FROM


def test_what_was_accepted_or_taken_back_never_moves_again():
    for state in (S.ACCEPTED, S.SUPPRESSED, S.SIMULATED):
        assert not ALLOWED[state]


def test_only_what_nobody_claimed_can_be_taken_back():
    assert {state for state in S if S.SUPPRESSED in ALLOWED[state]} == UNCLAIMED


def test_an_unanswered_try_is_never_queued_by_being_held():
    """From unknown the only ways are proof, giving up, and a person who sends again."""
    assert ALLOWED[S.UNKNOWN] == {S.ACCEPTED, S.FAILED, S.PENDING}


def test_a_person_may_send_again_only_after_a_whole_lease_and_more():
    assert timedelta(seconds=60) <= SETTLE_GRACE
    assert timedelta(seconds=20) < LEASE, "one request takes that long at most"
