"""The 29 phone cases of the oracle: what people type, and ids that WhatsApp gave us."""

import pytest

from tests.oracle import Json, cases, name
from wakeel.flows.phone_numbers import of_wa_id, read_number

CASES = cases("phone")


def test_no_case_of_the_oracle_is_missing():
    assert len(CASES) == 29


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_number_is_what_the_oracle_says(case: Json):
    given, expected = case["given"], case["expected"]
    from_whatsapp = given.get("source") == "wa_id"
    found = of_wa_id(given["raw"]) if from_whatsapp else read_number(given["raw"], region=given.get("default_region"))
    assert found.status == expected["status"]
    assert found.note == expected.get("note")
    assert found.match_keys == frozenset(expected.get("match_keys", ()))
    if from_whatsapp:
        assert found.reply_to == expected["reply_to"]
    else:
        assert found.e164 == expected["e164"]
        assert found.reply_to is None
