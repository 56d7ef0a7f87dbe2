"""News of the account, numbers and templates: when it was, and what makes a repetition the same news."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from wakeel.domain.events import Event, Malformed, StatusReceived
from wakeel.domain.platform_events import (
    AccountAlerted,
    AccountErred,
    AccountUpdated,
    CapabilityChanged,
    Restriction,
    TemplateStatusChanged,
)
from wakeel.whatsapp.webhook import decode

TEMPLATE = {"event": "PAUSED", "message_template_name": "offer_v1", "message_template_language": "ar"}
AT = datetime.fromtimestamp(1763800041, UTC)


def body(field: str, value: Any, *, waba: str = "2155", **entry: Any) -> dict[str, Any]:
    entry = {"id": waba, "changes": [{"field": field, "value": value}]} | entry
    return {"object": "whatsapp_business_account", "entry": [entry]}


def news(field: str, value: Any, **entry: Any) -> Any:
    (event,) = decode(json.dumps(body(field, value, **entry)).encode())
    return event


@pytest.mark.parametrize(
    ("entry", "at"),
    [
        ({"time": 1763800041}, AT),
        ({"time": "1763800041"}, AT),
        ({}, None),
        ({"time": None}, None),
        ({"time": "yesterday"}, None),
        ({"time": 1763800041000}, None),
        ({"time": [1]}, None),
        ({"time": True}, None),
    ],
)
def test_the_time_of_news_is_the_entrys_or_unknown(entry: dict[str, Any], at: datetime | None):
    event = news("account_update", {"event": "ACCOUNT_DELETED"}, **entry)
    assert isinstance(event, AccountUpdated)
    assert event.at == at


def test_a_repetition_has_the_same_key_however_its_json_is_written():
    value = {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM", "x": 1.5}}
    turned = {"violation_info": {"x": 1.5, "violation_type": "SPAM"}, "event": "ACCOUNT_VIOLATION"}
    first = news("account_update", value, time=1763800041)
    spaced = json.dumps(body("account_update", turned, time="1763800041"), indent=3, ensure_ascii=False)
    (again,) = decode(spaced.encode())
    assert (first.key, len(first.key)) == (again.key, 64)


def test_other_news_have_other_keys():
    value = {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM"}}
    found = [
        news("account_update", value, time=1),
        news("account_update", value, time=2),
        news("account_update", value),
        news("account_update", value, time=1, waba="2156"),
        news("account_update", value | {"violation_info": {"violation_type": "OTHER"}}, time=1),
        news("account_update", value | {"event": "ACCOUNT_RESTRICTION"}, time=1),
        news("security", {"event": "PIN_CHANGED", "display_phone_number": "966110000001"}, time=1),
    ]
    assert len({event.key for event in found}) == len(found)


@pytest.mark.parametrize(
    ("details", "restrictions"),
    [
        ("all", ()),
        ({"restriction_type": "X"}, ()),
        ([5, {"restriction_type": "RESTRICTED_X", "expiration": "soon"}], (Restriction(type="RESTRICTED_X"),)),
        (None, ()),
    ],
)
def test_a_restriction_is_never_hidden_by_details_that_cannot_be_read(details: Any, restrictions: Any):
    """It stops sending at once."""
    event = news("account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": details, "ban_info": []})
    assert isinstance(event, AccountUpdated)
    assert (event.event, event.restrictions) == ("ACCOUNT_RESTRICTION", restrictions)


def test_meta_may_use_longer_words_for_an_account_than_for_a_message():
    word = "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO"
    event = news("account_alerts", {"entity_type": "BUSINESS", "entity_id": 7, "alert_type": word})
    assert isinstance(event, AccountAlerted)
    assert (event.alert, event.entity) == (word, "BUSINESS 7")


def test_a_template_id_may_be_missing_and_words_may_be_new():
    event = news("message_template_status_update", TEMPLATE | {"event": "HIBERNATED", "other_info": "soon"})
    assert isinstance(event, TemplateStatusChanged)
    assert (event.template_id, event.event, event.category, event.note) == ("", "HIBERNATED", None, "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message_template_status_update", TEMPLATE | {"message_template_name": ""}),
        ("message_template_status_update", TEMPLATE | {"message_template_language": "ar'; --"}),
        ("message_template_status_update", TEMPLATE | {"message_template_id": "x"}),
        ("message_template_status_update", {"event": "PAUSED"}),
        ("message_template_components_update", TEMPLATE),
        ("account_update", {}),
        ("account_update", {"event": "x" * 101}),
        ("account_alerts", {"alert_info": 5}),
        ("security", None),
        ("business_capability_update", []),
    ],
)
def test_news_that_cannot_be_read_are_set_apart_alone(field: str, value: Any):
    written = body(field, value)
    written["entry"].append(body("account_update", {"event": "ACCOUNT_DELETED"})["entry"][0])
    events: list[Event] = decode(json.dumps(written).encode())
    assert [type(event) for event in events] == [Malformed, AccountUpdated]
    assert (events[0].path, events[0].waba_id) == ("entry[0].changes[0]", "2155")


def test_a_limit_of_zero_is_a_limit():
    event = news(
        "business_capability_update", {"max_daily_conversations_per_business": 0, "max_phone_numbers_per_waba": 0}
    )
    assert isinstance(event, CapabilityChanged)
    assert (event.messaging_limit, event.max_numbers) == ("0", 0)


def test_an_error_of_the_account_beside_a_status_is_never_lost():
    errors = [{"code": "x"}, {"code": 130429, "error_data": {"details": "slow down"}}]
    status = {"id": "wamid.1", "status": "sent", "timestamp": "1"}
    value = {"metadata": {"phone_number_id": "1055"}, "statuses": [status], "errors": errors}
    found = decode(json.dumps(body("messages", value)).encode())
    assert [type(event) for event in found] == [StatusReceived, Malformed, AccountErred]
    erred = found[2]
    assert isinstance(erred, AccountErred)
    assert (erred.code, erred.details, erred.phone_number_id) == (130429, "slow down", "1055")
