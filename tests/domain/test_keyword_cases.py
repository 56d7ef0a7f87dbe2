"""The 57 keyword cases of the oracle: what a person's words or button do to being written to."""

import pytest

from tests.oracle import Json, cases, name
from wakeel.domain.keywords import fold, match, match_payload

CASES = cases("keyword")


def test_no_case_of_the_oracle_is_missing():
    assert len(CASES) == 57


@pytest.mark.parametrize("case", CASES, ids=name)
def test_words_do_what_the_oracle_says(case: Json):
    given = case["given"]
    if "button_payload" in given:
        found = match_payload(given["button_payload"])
    else:
        found = match(
            given["text"],
            expecting=given.get("expecting"),
            last_outbound_marketing=given.get("last_outbound") == "marketing_within_72h",
        )
    assert found == case["expected"]["action"]


@pytest.mark.parametrize("case", [case for case in CASES if "normalised" in case["expected"]], ids=name)
def test_folding_is_the_oracles(case: Json):
    assert fold(case["given"]["text"]) == case["expected"]["normalised"]
