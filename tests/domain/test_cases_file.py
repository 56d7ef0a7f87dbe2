"""The oracle file (tests/data/SOURCES.md), case by case: decisions and consent standing.

The other kinds: test_keyword_cases, test_text_cases, flows/test_phone_cases.
"""

from datetime import datetime

import pytest

from tests.oracle import FILE, Json, cases, name
from wakeel.domain.cases import Case, answer, read_cases

ORACLE = read_cases(FILE.read_text(encoding="utf-8"))
BY_ID: dict[str, Case] = {case.id: case for case in ORACLE.cases}
DECISIONS, CONSENT_STATES = cases("decision"), cases("consent_state")


def test_the_file_still_holds_what_these_tests_were_written_for():
    assert not ORACLE.faults
    assert (len(DECISIONS), len(CONSENT_STATES), len(ORACLE.cases)) == (146, 25, 267)
    assert len(BY_ID) == 267


def instant(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


@pytest.mark.parametrize("case", DECISIONS, ids=name)
def test_the_decision_is_the_oracles(case: Json):
    got, expected = answer(BY_ID[case["id"]], ORACLE.defaults), case["expected"]
    assert (got["decision"], got["reason_code"]) == (expected["decision"], expected["reason_code"])
    assert instant(got["next_allowed_at"]) == instant(expected["next_allowed_at"])
    assert instant(got["evaluated_at"]) == instant(expected.get("evaluated_at"))
    assert set(expected.get("also", ())) <= set(got["all_codes"])


@pytest.mark.parametrize("case", CONSENT_STATES, ids=name)
def test_consent_standing_is_the_oracles(case: Json):
    assert answer(BY_ID[case["id"]], ORACLE.defaults)["state"] == case["expected"]["state"]
