"""What a tap on an opportunity card means, held against the table of allowed moves."""

from itertools import product

import pytest

from wakeel.domain.opportunities import (
    ALLOWED,
    IN_WORK,
    OPEN_STATES,
    PUT_OFF,
    LaterAction,
    OpportunityAction,
    OpportunityRuling,
    OpportunityState,
    Ruling,
    rule_on,
    rule_on_later,
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
def test_what_stands_on_lists_is_not_on_the_card(state: S):
    assert rule_on(state, "schedule") == OpportunityRuling(Ruling.NOT_OFFERED)


@pytest.mark.parametrize(("state", "action"), product(sorted(PUT_OFF), OpportunityAction))
def test_who_put_it_off_may_decide_sooner(state: S, action: OpportunityAction):
    assert rule_on(state, action, is_theirs=True) == rule_on(S.PRESENTED, action)
    assert rule_on(state, action).ruling is Ruling.ALREADY


# what comes after


@pytest.mark.parametrize(("state", "action"), product(S, LaterAction))
def test_no_later_ruling_moves_where_the_table_does_not(state: S, action: LaterAction):
    """Whatever is not presented comes back first: taken up, put off, taken up again."""
    ruled = rule_on_later(state, action)
    assert (ruled.to is not None) == (ruled.ruling in {Ruling.MOVE, Ruling.TAKE_BACK})
    if ruled.to is not None:
        assert ruled.to in ALLOWED[S.PRESENTED]
        assert state is S.PRESENTED or S.PRESENTED in ALLOWED[state]


def test_a_meeting_is_planned_only_after_accept_or_draft():
    plans = {state for state in S if rule_on_later(state, LaterAction.SCHEDULE).ruling is Ruling.PLAN}
    assert plans == {S.ACCEPTED, S.DRAFTING, S.CONTACTED, S.REPLIED}


def test_what_left_is_only_asked_about_again():
    for state in (S.CONTACTED, S.REPLIED):
        assert rule_on_later(state, LaterAction.SNOOZE) == OpportunityRuling(Ruling.REMIND)
        assert rule_on_later(state, LaterAction.NEEDS_RESEARCH).ruling is Ruling.ALREADY


@pytest.mark.parametrize("state", [S.SKIPPED, S.EXPIRED, S.WON, S.LOST])
def test_what_has_ended_is_not_put_off(state: S):
    assert {rule_on_later(state, action).ruling for action in LaterAction} == {Ruling.ALREADY}
