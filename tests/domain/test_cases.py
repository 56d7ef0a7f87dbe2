"""Case files: reading them, what a bad line says, what counts as a difference."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import FILE
from wakeel.domain.case_facts import BadFacts
from wakeel.domain.cases import Case, answer, differences, read_cases
from wakeel.domain.document_reader import merged

META = {"kind": "meta", "schema": "contactability-cases/1", "defaults": {}}
ORACLE = read_cases(FILE.read_text(encoding="utf-8"))


def case(kind: str, given: dict[str, Any], **expected: Any) -> Case:
    return Case(line=2, kind=kind, id="M1", title="ours", given=given, expected=expected)


def lines(*objects: object) -> str:
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in objects)


@pytest.mark.parametrize(
    ("patch", "result"),
    [
        ({"a": {"b": 2}}, {"a": {"b": 2, "c": [1, 2]}, "d": 4}),
        ({"a": {"c": [3]}}, {"a": {"b": 1, "c": [3]}, "d": 4}),
        ({"a": None}, {"d": 4}),
        ({"a": 1}, {"a": 1, "d": 4}),
        ({"d": {"e": None, "f": 1}}, {"a": {"b": 1, "c": [1, 2]}, "d": {"f": 1}}),
        ({}, {"a": {"b": 1, "c": [1, 2]}, "d": 4}),
    ],
)
def test_given_is_merged_into_the_defaults_as_rfc_7386_says(patch, result):
    document = {"a": {"b": 1, "c": [1, 2]}, "d": 4}
    assert merged(document, patch) == result
    assert document == {"a": {"b": 1, "c": [1, 2]}, "d": 4}, "the defaults serve every case"


def test_a_bad_line_is_named_and_its_neighbours_are_read():
    good = {"kind": "keyword", "id": "A", "given": {"text": "x"}, "expected": {}}
    found = read_cases(lines(META, "{", good, {"kind": "song"}, "", {"kind": "phone", "id": "B"}, "[1]"))
    assert [(one.id, one.line) for one in found.cases] == [("A", 3)]
    assert [fault.line for fault in found.faults] == [2, 4, 6, 7]


@pytest.mark.parametrize("first", ["", "{}", lines(META | {"schema": "other/9"}), lines(META | {"defaults": 3}), "x"])
def test_without_its_meta_line_a_file_says_so_once(first: str):
    found = read_cases(lines(first, {"kind": "keyword", "id": "A", "given": {}, "expected": {}}))
    assert not found.cases
    assert len(found.faults) == 1


def test_a_case_that_cannot_be_read_names_every_fault_and_no_value():
    unreadable = {
        "now": "2026-11-22T09:00:00Z",
        "contact": {"last_inbound_at": "yesterday", "time_zones": "Riyadh"},
        "history": {"sends": [{"outcome": "sent"}]},
        "consent_events": [{"type": "nod", "recorded_at": "2026-11-22T09:00:00Z"}],
    }
    with pytest.raises(BadFacts) as caught:
        answer(case("decision", unreadable), ORACLE.defaults)
    assert {fault.path for fault in caught.value.faults} == {
        "contact.last_inbound_at", "contact.time_zones", "history.sends[0].at", "consent_events[0].type",
    }  # fmt: skip
    assert "yesterday" not in str(caught.value)


def test_a_fault_of_the_policy_is_named_by_its_path():
    with pytest.raises(BadFacts, match=r"policy\.caps\[0\]\.max"):
        answer(
            case("decision", {"policy": {"caps": [{"category": "utility", "window_s": 1, "max": 0}]}}), ORACLE.defaults
        )


def test_a_consent_case_needs_the_offset_of_every_time():
    given = {"as_of": "2026-11-22T09:00:00", "scope": {"category": "marketing", "purpose": "offers"}}
    with pytest.raises(BadFacts):
        answer(case("consent_state", given), ORACLE.defaults)


def test_unknown_keys_are_left_alone():
    """The schema may grow; an old reader must still read a new file."""
    given = {"weather": 1, "contact": {"height": 2}, "policy": {"mood": 3}}
    assert answer(case("decision", given), ORACLE.defaults)["reason_code"] == "OK"


def test_what_differs_is_told_field_by_field():
    asked = case("decision", {}, decision="BLOCK", reason_code="OK", next_allowed_at=None, also=["PAIR_RATE"])
    found = differences(asked, answer(asked, ORACLE.defaults))
    assert [(one.field, one.expected, one.got) for one in found] == [
        ("decision", "BLOCK", "ALLOW"), ("also", ["PAIR_RATE"], []),
    ]  # fmt: skip


def test_times_are_compared_as_instants_and_keys_as_a_set():
    deferred = case(
        "decision", {"now": "2026-11-22T18:00:00Z"}, decision="DEFER", next_allowed_at="2026-11-23T09:00:00+03:00"
    )
    assert not differences(deferred, answer(deferred, ORACLE.defaults))
    keys = case("phone", {}, match_keys=["2", "1"])
    assert not differences(keys, {"match_keys": ["1", "2"]})
    assert differences(keys, {"match_keys": ["1"]})
    assert differences(case("phone", {}), {"note": "assumed_region"}), "a guess that nobody expected is a difference"


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["now", "contact", "message", "policy", "template", "approval", "history", "sender", "system", "consent_events"]
)


@given(st.dictionaries(FIELDS, json_like, max_size=3))
def test_any_nonsense_is_answered_or_refused(nonsense: dict[str, Any]):
    with suppress(BadFacts):
        got = answer(case("decision", nonsense), ORACLE.defaults)
        assert got["decision"] in {"ALLOW", "SIMULATE", "DEFER", "HOLD", "BLOCK"}


@given(json_like | st.text())
def test_no_file_content_breaks_the_reader(content: object):
    text = content if isinstance(content, str) else json.dumps(content)
    found = read_cases(lines(META, text))
    assert len(found.cases) + len(found.faults) <= len(text.splitlines())
