"""The 10 text-length cases of the oracle."""

import pytest

from tests.oracle import Json, cases, name
from wakeel.domain.text import fits, lengths

CASES = cases("text_length")


def test_no_case_of_the_oracle_is_missing():
    assert len(CASES) == 10


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_text_is_counted_as_the_oracle_counts_it(case: Json):
    given, expected = case["given"], case["expected"]
    found = lengths(given["text"])
    assert found.code_points == expected["code_points"]
    assert found.utf16_units == expected["utf16_units"]
    assert found.graphemes == expected["graphemes"]
    assert fits(given["text"], limit=given["limit"]) is expected["fits"]
    assert (found.counted <= given["limit"]) is expected["fits"]
