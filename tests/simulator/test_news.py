"""What Meta says by itself, over real HTTP: each field is read by the product as what it is."""

from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, HIDDEN, Simulator, eventually
from tests.simulator.test_acts import Json, posted, read, sends
from wakeel.domain.events import MessageEchoed, StatusReceived, Unrecognised
from wakeel.domain.platform_events import (
    AccountAlerted,
    AccountErred,
    AccountReviewed,
    AccountUpdated,
    BusinessUsernameChanged,
    CapabilityChanged,
    NumberLimitChanged,
    NumberNameDecided,
    SecurityChanged,
)
from wakeel.whatsapp.webhook import decode

NEWS: list[tuple[str, Json, type[Any]]] = [
    ("/api/news", {"event": "number_quality", "limit": "TIER_2K"}, NumberLimitChanged),
    ("/api/news", {"event": "number_name", "name": "شركة"}, NumberNameDecided),
    ("/api/news", {"event": "capability", "limit": 2000}, CapabilityChanged),
    ("/api/news", {"event": "account_alert"}, AccountAlerted),
    ("/api/news", {"event": "account_review", "decision": "REJECTED"}, AccountReviewed),
    ("/api/news", {"event": "security", "what": "PIN_CHANGED"}, SecurityChanged),
    ("/api/news", {"event": "business_username"}, BusinessUsernameChanged),
    ("/api/news", {"event": "business_username", "status": "deleted"}, BusinessUsernameChanged),
    ("/api/account", {"event": "ACCOUNT_VIOLATION"}, AccountUpdated),
    ("/api/account", {"event": "PARTNER_ADDED"}, AccountUpdated),
    ("/api/account", {"event": "VOLUME_BASED_PRICING_TIER_UPDATE"}, AccountUpdated),
    ("/api/errors", {"code": 130429, "details": "Too many messages at once."}, AccountErred),
]


@pytest.mark.parametrize(("path", "wish", "kind"), NEWS)
def test_news_of_the_account_are_read_as_what_they_are(simulator: Simulator, path: str, wish: Json, kind: type[Any]):
    assert isinstance(read(posted(simulator, path, wish)), kind)


def test_a_restriction_ends_in_business_time_and_a_ban_names_its_day(simulator: Simulator):
    wish = {"event": "ACCOUNT_RESTRICTION", "restriction": "RESTRICTED_BIZ_INITIATED_MESSAGING", "days": 3}
    event = read(posted(simulator, "/api/account", wish))
    assert isinstance(event, AccountUpdated)
    [restriction] = event.restrictions
    assert restriction.until is not None
    assert restriction.until.timestamp() == pytest.approx(simulator.state()["clock"]["now"] + 3 * 86_400, abs=5)
    ban = read(posted(simulator, "/api/account", {"event": "DISABLED_UPDATE", "ban_state": "DISABLE"}))
    assert isinstance(ban, AccountUpdated)
    assert ban.ban_state == "DISABLE"


def test_any_other_change_is_posted_as_it_is_given(simulator: Simulator):
    wish = {"field": "calls", "value": {"calls": [{"id": "wacid.1"}]}, "at": 1_763_800_046}
    change = posted(simulator, "/api/platform", wish)
    assert (change["field"], change["value"], change["time"]) == ("calls", wish["value"], wish["at"])


def test_what_the_business_writes_in_its_own_app_is_echoed(simulator: Simulator):
    for wa_id, key in ((CONTACT, "to"), (HIDDEN, "to_user_id")):
        change = posted(simulator, f"/api/phones/{wa_id}/echo", {"text": "أهلاً بك"})
        assert change["field"] == "smb_message_echoes"
        assert key in change["value"]["message_echoes"][0]
        event = read(change)
        assert isinstance(event, MessageEchoed)
        assert event.text == "أهلاً بك"
        shown = simulator.phone(wa_id)["messages"][-1]
        assert (shown["wamid"], shown["direction"]) == (event.wamid, "received")
    book = posted(simulator, f"/api/phones/{CONTACT}/contact_book", {})
    assert [type(event) for event in decode(book["body"])] == [Unrecognised]
    assert book["value"]["state_sync"][0]["contact"]["phone_number"] == CONTACT


def status_of(simulator: Simulator, wish: Json) -> StatusReceived:
    """One status by hand, as the product reads it."""
    before = len(simulator.receiver.came)
    simulator.post("/api/statuses", wish)

    def look() -> StatusReceived | None:
        events = [event for _, body in simulator.receiver.came[before:] for event in decode(body)]
        known = [event for event in events if isinstance(event, StatusReceived) and event.wamid == wish["wamid"]]
        return next((event for event in known if event.status == wish["status"]), None)

    return eventually(look)


def test_a_status_of_a_message_nobody_knows_reaches_the_product(simulator: Simulator):
    wish = {"wamid": "wamid.NOBODYS", "status": "delivered", "to": CONTACT, "callback": "att_1"}
    event = status_of(simulator, wish)
    assert (event.recipient_wa_id, event.callback_data) == (CONTACT, "att_1")
    assert simulator.call("POST", "/api/statuses", wish | {"to": "1"})[0] == 404


@pytest.mark.parametrize(
    ("status", "code"),
    [("warning", 131053), ("held_for_quality_assessment", None), ("deleted", None), ("failed", 131049)],
)
def test_rarer_statuses_carry_an_error_only_where_meta_has_one(simulator: Simulator, status: str, code: int | None):
    wish = {"wamid": "wamid.RARE", "status": status, "to": CONTACT, "code": code, "timestamp": 1_763_800_036}
    event = status_of(simulator, wish | {"details": "كما كُتب"})
    assert [error.code for error in event.errors] == ([] if code is None else [code])
    assert all(error.details == "كما كُتب" for error in event.errors)
    assert event.at.timestamp() == 1_763_800_036


def test_a_voice_message_is_played_once_a_text_never(simulator: Simulator):
    simulator.open_window()
    text = sends(simulator, {"type": "text", "text": {"body": "مرحباً"}})
    assert simulator.call("POST", f"/api/phones/{CONTACT}/play", {"wamid": text})[0] == 400
    voice = sends(simulator, {"type": "audio", "audio": {"link": "https://example.com/v.ogg"}})
    simulator.post(f"/api/phones/{CONTACT}/play", {"wamid": voice})
    eventually(lambda: "played" in {row["status"] for row in simulator.receiver.statuses(voice)})


def test_what_a_message_costs_stands_on_sent_and_once_more(simulator: Simulator):
    """Per-message pricing since 2026-10-01: templates cost, free text is free within the month's free tier."""
    simulator.open_window()
    text = sends(simulator, {"type": "text", "text": {"body": "مرحباً"}})
    language = {"name": "meeting_reminder", "language": {"code": "ar"}}
    body = {"type": "body", "parameters": [{"type": "text", "text": word} for word in ("غداً", "سعود")]}
    template = sends(simulator, {"type": "template", "template": language | {"components": [body]}})
    costs = {}
    for wamid in (text, template):
        rows = eventually(lambda wamid=wamid: (came := simulator.receiver.statuses(wamid)) and came[2:] and came)
        priced = {row["status"]: row["pricing"] for row in rows if "pricing" in row}
        assert set(priced) == {"sent", "delivered"}
        assert priced["sent"] == priced["delivered"]
        costs[wamid] = (priced["sent"]["type"], priced["sent"]["category"], priced["sent"]["billable"])
    assert costs == {text: ("free_customer_service", "service", False), template: ("regular", "utility", True)}


def test_who_comes_from_an_ad_is_free_for_three_days_after_the_answer(simulator: Simulator):
    simulator.post("/api/phones", {"wa_id": "966501119951", "name": "دلال"})
    simulator.post("/api/phones/966501119951/send", {"type": "referral"})
    payload = {"messaging_product": "whatsapp", "to": "+966501119951", "type": "text", "text": {"body": "أهلاً"}}
    wamid = simulator.send(payload)[1]["messages"][0]["id"]
    rows = eventually(lambda: simulator.receiver.statuses(wamid))
    assert rows[0]["pricing"]["type"] == "free_entry_point"
    assert rows[0]["conversation"]["origin"] == {"type": "referral_conversion"}
