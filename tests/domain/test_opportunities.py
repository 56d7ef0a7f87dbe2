"""What a tap on an opportunity card means, held against the table of allowed moves."""

from itertools import product

import pytest

from wakeel.domain.opportunities import (
    ALLOWED,
    IN_WORK,
    OPEN_STATES,
    OpportunityAction,
    OpportunityRuling,
    OpportunityState,
    Ruling,
    rule_on,
)

S = OpportunityState


def test_every_state_has_its_row():
    assert set(ALLOWED) == set(S)
    assert not any(state in after for state, after in ALLOWED.items()), "a move goes somewhere else"


@pytest.mark.parametrize(("state", "action"), product(S, OpportunityAction))
def test_no_ruling_moves_where_the_table_does_not(state: S, action: OpportunityAction):
    """A new opportunity is tapped before its card's answer came back: it is presented and decided in one."""
    ruled = rule_on(state, action)
    if ruled.to is None:
        assert ruled.ruling not in {Ruling.MOVE, Ruling.TAKE_BACK}
        return
    come_from = S.PRESENTED if state is S.NEW else state
    assert ruled.to in ALLOWED[come_from]


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_the_first_tap_decides(state: S):
    assert rule_on(state, "accept") == OpportunityRuling(Ruling.MOVE, S.ACCEPTED)
    assert rule_on(state, "draft") == OpportunityRuling(Ruling.MOVE, S.DRAFTING)
    assert rule_on(state, "skip") == OpportunityRuling(Ruling.MOVE, S.SKIPPED)


@pytest.mark.parametrize("state", sorted(IN_WORK))
def test_what_is_in_work_can_be_shown_again_or_taken_back(state: S):
    assert rule_on(state, "draft") == OpportunityRuling(Ruling.SHOW_DRAFT)
    assert rule_on(state, "skip") == OpportunityRuling(Ruling.TAKE_BACK, S.SKIPPED)
    assert rule_on(state, "accept") == OpportunityRuling(Ruling.ALREADY)


@pytest.mark.parametrize("state", sorted(set(S) - OPEN_STATES - IN_WORK))
def test_everything_else_is_decided(state: S):
    assert {rule_on(state, action).ruling for action in OpportunityAction} == {Ruling.ALREADY}


@pytest.mark.parametrize("state", list(S))
def test_buttons_of_later_versions_are_not_offered(state: S):
    assert rule_on(state, "schedule") == OpportunityRuling(Ruling.NOT_OFFERED)
