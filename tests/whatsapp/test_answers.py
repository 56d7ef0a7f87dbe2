import json

import pytest

from wakeel.whatsapp.answers import Accepted, NoAnswer, Refused, outcome_of
from wakeel.whatsapp.errors import FailureClass

OK = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+966500000001", "wa_id": "966500000001"}],
    "messages": [{"id": "wamid.X"}],
}
ERROR = {
    "error": {
        "message": "(#131047) x",
        "code": 131047,
        "error_data": {"messaging_product": "whatsapp", "details": "closed"},
    }
}


def raw(value: object) -> bytes:
    return json.dumps(value).encode()


def test_a_wamid_in_a_2xx_is_accepted():
    assert outcome_of(200, raw(OK)) == Accepted("wamid.X", "accepted", 200)


def test_metas_own_hold_is_kept():
    held = OK | {"messages": [{"id": "wamid.X", "message_status": "held_for_quality_assessment"}]}
    assert outcome_of(200, raw(held)) == Accepted("wamid.X", "held_for_quality_assessment", 200)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"messages":[]}', b'{"messages":[{"id":""}]}', b"\xff", b"[" * 100_000]
)
@pytest.mark.parametrize("status", [200, 400])
def test_an_unreadable_answer_proves_nothing(status: int, body: bytes):
    assert outcome_of(status, body) == NoAnswer("unreadable_answer")


@pytest.mark.parametrize("status", [400, 401, 404, 429])
def test_a_readable_error_in_a_4xx_is_a_refusal(status: int):
    outcome = outcome_of(status, raw(ERROR))
    assert isinstance(outcome, Refused)
    assert not outcome.before_wire
    assert (outcome.failure.code, outcome.failure.http_status) == (131047, status)
    assert outcome.failure.details == "closed"
    assert outcome.failure.failure_class is FailureClass.REENGAGE


@pytest.mark.parametrize("status", [301, 302, 307, 500, 502, 503])
def test_a_redirect_or_a_5xx_proves_nothing_whatever_it_carries(status: int):
    assert outcome_of(status, raw(ERROR)) == NoAnswer(f"http_{status}")


def test_error_data_may_be_a_plain_text_or_missing():
    plain = outcome_of(400, raw({"error": {"code": 100, "error_data": "bad"}}))
    bare = outcome_of(400, raw({"error": {"code": 100, "message": "why"}}))
    assert isinstance(plain, Refused)
    assert isinstance(bare, Refused)
    assert (plain.failure.details, bare.failure.details) == ("bad", "why")
