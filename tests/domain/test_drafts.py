"""Drafts: what a tap means in every situation, the digest an approval is bound to, and texts that are refused."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.drafts import (
    ALLOWED,
    LIVING,
    MAX_TEXT,
    DraftAction,
    DraftRuling,
    DraftState,
    FinalRequest,
    OutboxPhase,
    TextRefused,
    digest,
    refuse_text,
    rule_on,
    standard_text,
)
from wakeel.domain.text import measure

S, A, P, R = DraftState, DraftAction, OutboxPhase, DraftRuling

MOVES = {
    R.APPROVE: S.APPROVED,
    R.EDIT: S.EDITING,
    R.EDIT_APPROVED: S.EDITING,
    R.CANCEL: S.CANCELLED,
    R.UNDO: S.CANCELLED,
}
"""Rulings that change a draft's state, and to what."""


def test_every_state_has_its_row():
    assert set(ALLOWED) == set(S)
    assert {state for state, after in ALLOWED.items() if after} == LIVING


@pytest.mark.parametrize(("state", "action", "phase"), product(S, A, P))
def test_no_ruling_moves_where_the_table_does_not(state: S, action: A, phase: P):
    ruling = rule_on(state, action, phase=phase)
    after = MOVES.get(ruling)
    # Asking once more for the text of a draft that is being edited changes nobody's state.
    assert after is None or after is state or after in ALLOWED[state]


@pytest.mark.parametrize(("state", "action", "phase"), product(sorted(set(S) - LIVING), A, P))
def test_a_closed_draft_stays_closed(state: S, action: A, phase: P):
    assert rule_on(state, action, phase=phase) is R.CLOSED


@pytest.mark.parametrize("action", list(A))
def test_what_left_cannot_be_recalled_and_what_may_have_left_cannot_be_sent_again(action: A):
    assert rule_on(S.APPROVED, action, phase=P.LEFT) is R.ALREADY_LEFT
    assert rule_on(S.APPROVED, action, phase=P.UNKNOWN) is R.OUTCOME_UNKNOWN


@pytest.mark.parametrize("phase", [P.UNCLAIMED, P.HELD, P.HELD_BY_REPLY, P.NOT_SENT])
def test_undo_works_as_long_as_nothing_left(phase: P):
    assert rule_on(S.APPROVED, A.CANCEL, phase=phase) is R.UNDO
    assert rule_on(S.APPROVED, A.EDIT, phase=phase) is R.EDIT_APPROVED


def test_approving_twice_approves_once():
    assert rule_on(S.APPROVED, A.APPROVE, phase=P.UNCLAIMED) is R.ALREADY_APPROVED
    assert rule_on(S.APPROVED, A.APPROVE, phase=P.HELD_BY_REPLY) is R.RELEASE
    assert rule_on(S.APPROVED, A.APPROVE, phase=P.HELD) is R.STILL_HELD


def test_what_is_being_rewritten_cannot_be_approved():
    assert rule_on(S.EDITING, A.APPROVE, phase=P.NONE) is R.WAITS_FOR_TEXT


REQUEST = FinalRequest(
    body={"to": "+966509722233", "type": "text", "text": {"body": "أهلًا", "preview_url": False}},
    phone_number_id="105500000000002",
    contact_id="con_1",
    category="marketing",
    purpose="offers",
    grant_id="cns_1",
)
CHANGES: list[dict[str, Any]] = [
    {"body": {**REQUEST.body, "to": "+966509722234"}},
    {"body": {**REQUEST.body, "text": {"body": "أهلًا ", "preview_url": False}}},
    {"body": {**REQUEST.body, "text": {"body": "أهلًا", "preview_url": True}}},
    {"body": {**REQUEST.body, "context": {"message_id": "wamid.1"}}},
    {"phone_number_id": "105500000000003"},
    {"contact_id": "con_2"},
    {"category": "utility"},
    {"purpose": "meetings"},
    {"grant_id": "cns_2"},
    {"grant_id": None},
    {"template": {"name": "offer", "language": "ar"}},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_any_drift_gives_another_digest(change: dict[str, Any]):
    assert digest(replace(REQUEST, **change)) != digest(REQUEST)


def test_the_digest_is_a_public_value_that_must_not_change_silently():
    """Approvals in the database carry it: another way of writing it down would make every one of them stale."""
    assert digest(REQUEST) == "8c8f8f36a29e9a607f27e79e6d9c43168713a5071766fe4fd6df046c723dc64f"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(max_size=6), json_values, max_size=4))
def test_the_order_of_keys_is_not_part_of_the_request(body: dict[str, Any]):
    """Databases and libraries hand keys back in their own order."""
    try:
        before = digest(replace(REQUEST, body=body))
    except UnicodeEncodeError:
        return  # half a surrogate pair can be in no request
    assert digest(replace(REQUEST, body=_reversed(body))) == before


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", TextRefused.EMPTY),
        (" \n\u00a0\t", TextRefused.EMPTY),
        ("نعم", None),
        ("س" * MAX_TEXT, None),
        ("س" * (MAX_TEXT + 1), TextRefused.TOO_LONG),
        ("😀" * (MAX_TEXT // 2), None),
        ("😀" * (MAX_TEXT // 2 + 1), TextRefused.TOO_LONG),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_version_says_something_and_fits(text: str, refused: TextRefused | None):
    assert refuse_text(text) is refused


@pytest.mark.parametrize("text", ["\u0958" * MAX_TEXT, "\u0344" * MAX_TEXT], ids=["qa", "dialytika tonos"])
def test_a_text_is_counted_as_it_will_be_sent(text: str):
    """These letters fall apart when they are normalised; counted before, they would not fit the message after."""
    assert measure(text) > MAX_TEXT
    assert refuse_text(text) is TextRefused.TOO_LONG


def test_the_standard_text_names_the_sender_and_the_way_out():
    text = standard_text(name="مريم", title="تجديد العقد", business="أفق")
    assert "أفق" in text
    assert "إيقاف" in text
    assert refuse_text(standard_text(name="م" * 200, title="ت" * 300, business="أ" * 120)) is None
    assert standard_text(name="", title="ت", business="أ").startswith("السلام عليكم،")
