"""What people do with their phones, over real HTTP: the webhook says it as Meta does, and the product can read it."""

import base64
import json
from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, HIDDEN, NUMBER_ID, Simulator, eventually
from wakeel.domain.events import (
    Event,
    IdentityChanged,
    Malformed,
    OtherMessage,
    PreferenceChanged,
    TextReceived,
    Unrecognised,
)
from wakeel.domain.message_contents import (
    Edit,
    FlowReply,
    Location,
    Media,
    Order,
    Product,
    Reaction,
    Revocation,
    SharedContacts,
    Unsupported,
)
from wakeel.whatsapp.webhook import decode

Json = dict[str, Any]
DAY_S = 24 * 3600
A_PICTURE = base64.b64encode(b"\xff\xd8\xff\xe0 a picture of one's own").decode()

FORWARDED = {"type": "text", "text": "انظر", "forwarded": "often"}
QUESTION = {"type": "text", "text": "هل هذا متوفر؟", "product": "sku-9"}


def posted(simulator: Simulator, path: str, wish: Json, *, statuses: bool = False) -> Json:
    """Do an act; the change of the webhook that follows, with its raw body under `body`. statuses: it is one."""
    eventually(lambda: simulator.state()["webhook"]["waiting"] == 0)
    before = len(simulator.receiver.came)
    simulator.post(path, wish)

    def look() -> Json | None:
        for _, body in simulator.receiver.came[before:]:
            [entry] = json.loads(body)["entry"]
            if ("statuses" in entry["changes"][0]["value"]) == statuses:
                return entry["changes"][0] | {"body": body, "time": entry.get("time")}
        return None

    return eventually(look)


def said(simulator: Simulator, wish: Json, *, wa_id: str = CONTACT) -> Json:
    """Let a person send something; the message as the webhook has it, and the product's reading under `event`."""
    change = posted(simulator, f"/api/phones/{wa_id}/send", wish)
    [message] = change["value"]["messages"]
    return message | {"event": read(change), "contact": change["value"]["contacts"][0]}


def read(change: Json) -> Event:
    """What the product makes of it; everything a simulator sends must be known to it."""
    [event] = decode(change["body"])
    assert not isinstance(event, Malformed | Unrecognised)
    return event


SENT: list[tuple[Json, str, type[Any] | None]] = [
    ({"type": "image", "caption": "كتالوج"}, "image", Media),
    ({"type": "video"}, "video", Media),
    ({"type": "audio"}, "audio", Media),
    ({"type": "voice"}, "audio", Media),
    ({"type": "document", "filename": "عرض.pdf", "caption": "العرض"}, "document", Media),
    ({"type": "sticker", "animated": True}, "sticker", Media),
    ({"type": "location", "name": "المكتب", "address": "الرياض"}, "location", Location),
    ({"type": "contacts", "name": "مريم سعد", "phone": "+966 50 972 2233"}, "contacts", SharedContacts),
    ({"type": "own_number"}, "contacts", SharedContacts),
    ({"type": "order", "items": [{"product": "sku-1", "quantity": 2}]}, "order", Order),
    ({"type": "flow", "answers": {"يوم": "الأحد"}}, "nfm_reply", FlowReply),
    ({"type": "unsupported", "kind": "poll"}, "unsupported", Unsupported),
    ({"type": "hologram", "content": {"id": "1"}}, "hologram", None),
]


@pytest.mark.parametrize(("wish", "kind", "content"), SENT, ids=[wish["type"] for wish, _, _ in SENT])
def test_everything_a_person_can_send_is_read_by_the_product(
    simulator: Simulator, wish: Json, kind: str, content: type[Any] | None
):
    event = said(simulator, wish)["event"]
    assert isinstance(event, OtherMessage)
    assert event.type == kind
    assert event.opens_window
    assert event.content is None if content is None else isinstance(event.content, content)
    shown = simulator.phone(CONTACT)["messages"][-1]
    assert (shown["wamid"], shown["direction"]) == (event.wamid, "sent")


@pytest.mark.parametrize("wish", [FORWARDED, QUESTION, {"type": "referral", "text": "معلومات"}])
def test_text_says_where_it_comes_from(simulator: Simulator, wish: Json):
    event = said(simulator, wish)["event"]
    assert isinstance(event, TextReceived)
    assert event.text == wish["text"]
    assert event.is_forwarded == ("forwarded" in wish)
    assert event.product == (Product(catalog_id="194836987000001", product_id="sku-9") if "product" in wish else None)
    assert (event.referral is not None) == (wish["type"] == "referral")


def test_a_file_of_ones_own_can_be_fetched_as_it_was(simulator: Simulator):
    message = said(simulator, {"type": "image", "data": A_PICTURE, "mime": "image/png", "caption": "صورة"})
    part = message["image"]
    assert part["mime_type"] == "image/png"
    assert part["caption"] == "صورة"
    path = part["url"].removeprefix(f"http://127.0.0.1:{simulator.port}")
    assert path != part["url"]
    shown = simulator.phone(CONTACT)["messages"][-1]["media"]
    assert (shown["kind"], shown["url"]) == ("image", f"/api/media/{part['id']}")
    assert shown["size"] == len(base64.b64decode(A_PICTURE))


def test_a_voice_note_is_told_from_a_music_file(simulator: Simulator):
    note, music = (said(simulator, {"type": kind})["audio"] for kind in ("voice", "audio"))
    assert (note["voice"], note["mime_type"]) == (True, "audio/ogg; codecs=opus")
    assert (music["voice"], music["mime_type"]) == (False, "audio/mpeg")


def test_a_quote_names_the_message_it_answers(simulator: Simulator):
    message = said(simulator, {"type": "location", "context_wamid": "wamid.CARD"})
    assert message["context"] == {"from": "966110000001", "id": "wamid.CARD"}
    assert simulator.phone(CONTACT)["messages"][-1]["context_wamid"] == "wamid.CARD"


def test_a_reaction_hangs_on_its_target_and_goes_away_again(simulator: Simulator):
    target = simulator.open_window()
    before = simulator.phone(CONTACT)
    added = said(simulator, {"type": "reaction", "wamid": target, "emoji": "👍"})
    assert added["event"].content == Reaction(wamid=target, emoji="👍")
    phone = simulator.phone(CONTACT)
    assert phone["messages"][-1]["wamid"] == target
    assert phone["messages"][-1]["reactions"] == [{"by": "owner", "emoji": "👍"}]
    assert phone["window_open_until"] == before["window_open_until"]
    assert "emoji" not in said(simulator, {"type": "reaction", "wamid": target})["reaction"]
    assert simulator.phone(CONTACT)["messages"][-1]["reactions"] == []


def test_an_own_message_is_edited_and_then_deleted_for_everyone(simulator: Simulator):
    wamid = simulator.open_window()
    edited = posted(simulator, f"/api/phones/{CONTACT}/edit", {"wamid": wamid, "text": "أقصد الأحد"})
    event = read(edited)
    assert isinstance(event, OtherMessage)
    assert (event.caption, event.content, event.opens_window) == ("أقصد الأحد", Edit(wamid=wamid), False)
    shown = simulator.phone(CONTACT)["messages"][-1]
    assert (shown["wamid"], shown["text"], shown["edited"]) == (wamid, "أقصد الأحد", True)
    deleted = read(posted(simulator, f"/api/phones/{CONTACT}/revoke", {"wamid": wamid}))
    assert isinstance(deleted, OtherMessage)
    assert deleted.content == Revocation(wamid=wamid)
    assert simulator.phone(CONTACT)["messages"][-1]["revoked"]
    assert simulator.call("POST", f"/api/phones/{CONTACT}/edit", {"wamid": wamid, "text": "بعد"})[0] == 400


def test_the_words_under_a_picture_are_edited_as_a_caption(simulator: Simulator):
    picture = said(simulator, {"type": "image", "caption": "قديم"})
    event = read(posted(simulator, f"/api/phones/{CONTACT}/edit", {"wamid": picture["id"], "text": "جديد"}))
    assert isinstance(event, OtherMessage)
    assert event.caption == "جديد"
    assert simulator.phone(CONTACT)["messages"][-1]["text"] == "جديد"


def test_who_hides_the_number_is_known_by_id_and_username_alone(simulator: Simulator):
    message = said(simulator, {"type": "voice"}, wa_id=HIDDEN)
    assert "from" not in message
    assert message["contact"]["profile"]["username"] == "noura.alsubaie"
    assert "wa_id" not in message["contact"]
    event = message["event"]
    assert event.sender.wa_id is None
    assert event.sender.bsuid == simulator.phone(HIDDEN)["bsuid"]


def test_a_profile_changes_and_takes_its_username_and_number_out_of_sight(simulator: Simulator):
    add(simulator, "966501119901", name="هالة")
    path = "/api/phones/966501119901/profile"
    simulator.post(path, {"name": "هالة العمر", "username": "hala.omar", "hide_phone": True})
    hidden = said(simulator, {"type": "sticker"}, wa_id="966501119901")
    assert "from" not in hidden
    assert hidden["contact"]["profile"] == {"name": "هالة العمر", "username": "hala.omar"}
    simulator.post(path, {"username": None, "hide_phone": False})
    shown = said(simulator, {"type": "sticker"}, wa_id="966501119901")
    assert shown["from"] == "966501119901"
    assert shown["contact"]["profile"] == {"name": "هالة العمر"}


def add(simulator: Simulator, wa_id: str, **more: object) -> Json:
    return simulator.post("/api/phones", {"wa_id": wa_id} | more)


def test_a_new_number_is_told_with_both_user_ids(simulator: Simulator):
    old = add(simulator, "966501119911", name="رنا")["bsuid"]
    simulator.open_window("966501119911")
    change = posted(simulator, "/api/phones/966501119911/number", {"wa_id": "966501119912"})
    assert "contacts" not in change["value"]
    event = read(change)
    assert isinstance(event, IdentityChanged)
    assert (event.kind, event.sender.wa_id, event.sender.bsuid) == ("user_changed_number", "966501119911", old)
    moved = simulator.phone("966501119912")
    assert (event.new_wa_id, event.new_bsuid) == ("966501119912", moved["bsuid"])
    assert moved["bsuid"] != old
    assert [message["text"] for message in moved["messages"]] == ["مرحبا"]
    assert simulator.call("POST", "/api/phones/966501119911/text", {"text": "x"})[0] == 404
    assert simulator.call("POST", "/api/phones/966501119912/number", {"wa_id": CONTACT})[0] == 400


def test_a_new_number_can_be_told_without_the_former_id_or_not_at_all(simulator: Simulator):
    add(simulator, "966501119921", name="رنا")
    told = posted(simulator, "/api/phones/966501119921/number", {"wa_id": "966501119922", "former": False})
    assert "previous_user_id" not in told["value"]["messages"][0]["system"]
    simulator.post("/api/phones/966501119922/number", {"wa_id": "966501119923", "tell": False})
    stranger = said(simulator, {"type": "text", "text": "مرحباً"}, wa_id="966501119923")
    assert (stranger["type"], stranger["from"]) == ("text", "966501119923")


def test_behind_a_username_a_new_number_is_only_a_new_user_id(simulator: Simulator):
    old = add(simulator, "966501119931", name="رنا", hide_phone=True, username="rana")["bsuid"]
    change = posted(simulator, "/api/phones/966501119931/number", {"wa_id": "966501119932"})
    [message] = change["value"]["messages"]
    assert "from" not in message
    assert "wa_id" not in message["system"]
    event = read(change)
    assert isinstance(event, IdentityChanged)
    new = simulator.phone("966501119932")["bsuid"]
    assert (event.kind, event.sender.bsuid, event.new_bsuid) == ("user_changed_user_id", old, new)


def test_a_user_id_alone_changes_loudly_or_silently(simulator: Simulator):
    old = add(simulator, "966501119941", name="رنا")["bsuid"]
    wish = {"bsuid": "SA.LOUD", "tell": True}
    event = read(posted(simulator, "/api/phones/966501119941/bsuid", wish))
    assert isinstance(event, IdentityChanged)
    assert (event.sender.bsuid, event.new_bsuid) == (old, "SA.LOUD")
    simulator.post("/api/phones/966501119941/bsuid", {"bsuid": "SA.SILENT"})
    assert said(simulator, {"type": "text", "text": "أنا"}, wa_id="966501119941")["from_user_id"] == "SA.SILENT"


def test_a_new_device_is_told_as_a_change_of_identity(simulator: Simulator):
    change = posted(simulator, f"/api/phones/{CONTACT}/identity", {})
    event = read(change)
    assert isinstance(event, IdentityChanged)
    assert (event.kind, event.sender.wa_id) == ("customer_identity_changed", CONTACT)
    assert change["value"]["messages"][0]["identity"]["hash"] == simulator.phone(CONTACT)["identity_hash"]


def test_the_identity_of_a_person_is_named_once_the_number_asks_for_it(simulator: Simulator):
    assert "identity_key_hash" not in said(simulator, {"type": "sticker"})["contact"]
    for wanted in (True, False):
        wish = {"user_identity_change": {"enable_identity_key_check": wanted}}
        answer = simulator.call("POST", f"/v25.0/{NUMBER_ID}/settings", wish, Authorization="Bearer practice")
        assert answer == (200, {"success": True})
        named = said(simulator, {"type": "sticker"})["contact"].get("identity_key_hash")
        assert named == (simulator.phone(CONTACT)["identity_hash"] if wanted else None)


@pytest.mark.parametrize("choice", ["stop", "resume"])
def test_a_person_stops_and_resumes_marketing_inside_whatsapp(simulator: Simulator, choice: str):
    change = posted(simulator, f"/api/phones/{CONTACT}/preferences", {"marketing": choice})
    assert change["field"] == "user_preferences"
    assert isinstance(change["value"]["user_preferences"][0]["timestamp"], int)
    event = read(change)
    assert isinstance(event, PreferenceChanged)
    assert (event.sender.wa_id, event.category, event.value) == (CONTACT, "marketing_messages", choice)


def sends(simulator: Simulator, payload: Json) -> str:
    """A message of the business that is taken; its wamid."""
    frame = {"messaging_product": "whatsapp", "to": f"+{CONTACT}"}
    status, answer = simulator.send(frame | payload)
    assert status == 200, answer
    return answer["messages"][0]["id"]


def told(simulator: Simulator, wamid: str, *, until: str) -> list[str]:
    """The statuses of a message in the order of the ladder, once this one came. They are posted one by one, so that
    the last one may come first: `until` names all that must be there, with spaces between them."""

    def look() -> list[str] | None:
        came = [row["status"] for row in simulator.receiver.statuses(wamid)]
        return came if set(until.split()) <= set(came) else None

    return sorted(eventually(look), key=["sent", "delivered", "read", "played"].index)


def test_habits_decide_what_the_business_hears_and_reading_by_hand_says_it_at_once(simulator: Simulator):
    simulator.open_window()
    path = f"/api/phones/{CONTACT}"
    text = {"type": "text", "text": {"body": "مرحباً"}}
    simulator.post(f"{path}/profile", {"reads": "delivered"})
    unread = sends(simulator, text)
    assert told(simulator, unread, until="sent delivered") == ["sent", "delivered"]
    simulator.post(f"{path}/profile", {"reads": "off"})
    waiting = sends(simulator, text)
    assert told(simulator, waiting, until="sent") == ["sent"]
    assert simulator.post(f"{path}/read", {"wamid": unread}) == {"read": [unread]}
    assert told(simulator, unread, until="sent delivered read") == ["sent", "delivered", "read"]
    assert simulator.post(f"{path}/read", {}) == {"read": [waiting]}
    assert told(simulator, waiting, until="sent read") == ["sent", "read"]
    simulator.post(f"{path}/profile", {"reads": "read", "reads_after_s": 0})


def test_a_phone_that_was_off_tells_what_it_owed_once_it_is_on(simulator: Simulator):
    simulator.open_window()
    simulator.post(f"/api/phones/{CONTACT}/profile", {"reads": "off"})
    wamid = sends(simulator, {"type": "text", "text": {"body": "مرحباً"}})
    told(simulator, wamid, until="sent")
    simulator.post(f"/api/phones/{CONTACT}/profile", {"reads": "read", "reads_after_s": None})
    assert told(simulator, wamid, until="sent delivered read") == ["sent", "delivered", "read"]


def test_a_status_told_by_hand_is_not_told_again(simulator: Simulator):
    simulator.open_window()
    simulator.post("/api/faults", {"hold_statuses": True})
    first = sends(simulator, {"type": "text", "text": {"body": "أ"}})
    simulator.post("/api/statuses", {"wamid": first, "status": "read"})
    simulator.post("/api/faults", {"hold_statuses": False})
    told(simulator, sends(simulator, {"type": "text", "text": {"body": "ب"}}), until="read")
    assert told(simulator, first, until="sent read") == ["sent", "read"]


def test_who_is_blocked_writes_and_nobody_hears_it(simulator: Simulator):
    simulator.open_window()
    user = {"messaging_product": "whatsapp", "block_users": [{"user": f"+{CONTACT}"}]}
    path, token = f"/v25.0/{NUMBER_ID}/block_users", {"Authorization": "Bearer practice"}
    assert simulator.call("POST", path, user, **token)[0] == 200
    unheard = simulator.post(f"/api/phones/{CONTACT}/text", {"text": "هل تسمعونني؟"})["wamid"]
    simulator.post(f"/api/phones/{CONTACT}/edit", {"wamid": unheard, "text": "هل من أحد؟"})
    assert simulator.phone(CONTACT)["messages"][-1]["status"] == "waiting"
    assert simulator.call("DELETE", path, user, **token)[0] == 200
    simulator.open_window()
    eventually(lambda: simulator.state()["webhook"]["waiting"] == 0)
    assert all(unheard.encode() not in body for _, body in simulator.receiver.came)


@pytest.mark.parametrize(
    ("act", "wish"),
    [
        ("send", {}),
        ("send", {"type": "text"}),
        ("send", {"type": "hologram"}),
        ("send", {"type": "image", "data": "no base64!"}),
        ("send", {"type": "contacts", "contacts": []}),
        ("send", {"type": "order", "items": ["x"]}),
        ("send", {"type": "text", "text": "x", "forwarded": "never"}),
        ("send", {"type": "location", "latitude": "north"}),
        ("edit", {"wamid": "wamid.none", "text": "x"}),
        ("revoke", {}),
        ("read", {"wamid": "wamid.none"}),
        ("profile", {"reads": "sometimes"}),
        ("profile", {"reads_after_s": -1}),
        ("profile", {"hide_phone": "yes"}),
        ("number", {"wa_id": "+966"}),
        ("number", {"wa_id": CONTACT}),
        ("preferences", {"marketing": "perhaps"}),
        ("script", {"script": "nobody's"}),
    ],
)
def test_a_mistaken_act_is_answered_in_words(simulator: Simulator, act: str, wish: Json):
    status, answer = simulator.call("POST", f"/api/phones/{CONTACT}/{act}", wish)
    assert status in {400, 404}
    assert answer["error"]
