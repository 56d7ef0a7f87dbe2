"""Every outgoing type over real HTTP: what the phone shows of it, and what a tap on it sends (operator-ui 10)."""

from typing import Any

import pytest

from tests.simulator import payloads as p
from tests.simulator.conftest import CONTACT, HIDDEN, NUMBER_ID, OPERATOR, Simulator, eventually
from tests.simulator.payloads import EVERY, changed

Json = dict[str, Any]

DISPLAY = "966110000001"
WABA_ID = "215500000000001"


def send(simulator: Simulator, payload: Json) -> str:
    """The wamid of a message that must be taken."""
    status, answer = simulator.send(payload)
    assert status == 200, answer
    return answer["messages"][0]["id"]


def shown(simulator: Simulator, wamid: str, wa_id: str = CONTACT) -> Json:
    return next(row for row in simulator.phone(wa_id)["messages"] if row["wamid"] == wamid)


def drawn(simulator: Simulator, payload: Json) -> Json:
    """The row of a message to the contact."""
    return shown(simulator, send(simulator, payload))


def tap(simulator: Simulator, wamid: str, choice: str) -> Json:
    wish = {"wamid": wamid, "id": choice}
    message = simulator.receiver.message(simulator.post(f"/api/phones/{CONTACT}/tap", wish)["wamid"])
    assert message["context"] == {"from": DISPLAY, "id": wamid}
    return message


def failure(simulator: Simulator, wamid: str) -> Json:
    """The failed status of a message that was accepted."""
    rows = eventually(lambda: [row for row in simulator.receiver.statuses(wamid) if row["status"] == "failed"])
    return rows[0]["errors"][0]


def upload(simulator: Simulator, mime: str, name: str, content: bytes = b"bytes") -> str:
    """The id of a file the business brought."""
    fields = [
        b'--b\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n',
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
        f"Content-Type: {mime}\r\n\r\n".encode() + content + b"\r\n--b--\r\n",
    ]
    status, answer = simulator.call(
        "POST",
        f"/v25.0/{NUMBER_ID}/media",
        raw=b"".join(fields),
        Authorization="Bearer practice",
        Content_Type="multipart/form-data; boundary=b",
    )
    assert status == 200, answer
    return answer["id"]


@pytest.fixture(autouse=True)
def _in_the_window(simulator: Simulator) -> None:
    simulator.post("/api/rules", {"pair_rate": False})
    if not simulator.phone(CONTACT)["messages"]:
        simulator.open_window()


SESSION = {name: payload for name, payload in EVERY.items() if name not in {"template", "reaction"}}

PARTS: dict[str, Json] = {
    "text": {"text": "نص"},
    "image": {"text": "صورة", "media": {"kind": "image", "link": p.LINK, "url": None, "id": None, "size": None}},
    "video": {"text": "فيلم", "media": {"kind": "video", "link": p.LINK}},
    "audio": {"media": {"kind": "audio", "voice": True}},
    "document": {"text": "ملف", "media": {"kind": "document", "filename": "عرض.pdf"}},
    "sticker": {"media": {"kind": "sticker", "animated": False}},
    "location": {"location": {"latitude": 24.7, "longitude": 46.6, "name": "المكتب", "address": "الرياض"}},
    "contacts": {"contacts": [{"name": "منى السبيعي", "phones": ["+966500000001"]}]},
    "buttons": {"footer": "ذيل", "buttons": [{"id": "نعم", "title": "نعم"}, {"id": "لا", "title": "لا"}]},
    "list": {"list": {"button": "اختيار", "rows": p.ROWS, "sections": [{"title": "قسم", "rows": p.ROWS}]}},
    "cta_url": {"links": [{"kind": "url", "title": "فتح", "value": "https://example.com/a"}]},
    "flow": {"named": {"kind": "flow", "title": "77"}, "links": [{"kind": "flow", "title": "تعديل", "value": "77"}]},
    "product": {"named": {"kind": "product", "title": "sku-1"}},
    "product_list": {
        "named": {"kind": "product_list", "title": "sku-1، sku-2"},
        "header": {"kind": "text", "text": "منتجاتنا", "media": None},
    },
    "catalog": {"named": {"kind": "catalog", "title": "sku-1"}},
    "location_request": {"asks_location": True},
    "address": {"named": {"kind": "address", "title": "IN"}},
    "number_request": {"buttons": [{"id": "request_contact_info", "title": "مشاركة رقم الهاتف"}]},
    "call_permission": {"named": {"kind": "call_permission", "title": ""}},
    "voice_call": {"links": [{"kind": "call", "title": "اتصل", "value": ""}]},
    "carousel": {},
}


@pytest.mark.parametrize("name", SESSION)
def test_every_type_reaches_the_phone_as_it_was_sent(simulator: Simulator, name: str):
    row = drawn(simulator, SESSION[name])
    assert (row["type"], row["direction"], row["unknown"]) == (SESSION[name]["type"], "received", None)
    for key, value in PARTS[name].items():
        found = row[key]
        if isinstance(value, dict):
            found = {each: found[each] for each in value}
        assert found == value
    if SESSION[name]["type"] == "interactive":
        assert row["text"] == "نص"


def test_every_type_climbs_the_ladder(simulator: Simulator):
    for wamid in [send(simulator, payload) for payload in SESSION.values()]:
        ladder = eventually(lambda: len(rows := simulator.receiver.statuses(wamid)) == 3 and rows)  # noqa: B023
        assert {row["status"] for row in ladder} == {"sent", "delivered", "read"}


def test_no_type_but_a_template_leaves_outside_the_window(simulator: Simulator):
    for payload in SESSION.values():
        status, answer = simulator.send(payload | {"to": "+966501110012"})
        assert (status, answer["error"]["code"]) == (400, 131047)


def test_the_cards_of_a_carousel_are_drawn_like_bubbles(simulator: Simulator):
    row = drawn(simulator, p.CAROUSEL)
    assert [card["text"] for card in row["cards"]] == ["بطاقة 0", "بطاقة 1"]
    assert row["cards"][1]["header"]["media"]["link"] == p.LINK
    assert row["cards"][1]["buttons"] == [{"id": "a1", "title": "a1"}, {"id": "b1", "title": "b1"}]
    assert tap(simulator, row["wamid"], "b1")["interactive"]["button_reply"] == {"id": "b1", "title": "b1"}


def test_an_uploaded_file_is_shown_with_its_name_and_size(simulator: Simulator):
    media_id = upload(simulator, "application/pdf", "offer.pdf", b"%PDF-1.4 five")
    payload = p.message("document", {"id": media_id, "caption": "عرضنا"})
    media = drawn(simulator, payload)["media"]
    assert (media["filename"], media["mime"], media["size"]) == ("offer.pdf", "application/pdf", 13)
    assert media["url"] == f"/api/media/{media_id}"
    headed = changed(p.BUTTONS, "interactive.header", {"type": "document", "document": {"id": media_id}})
    assert drawn(simulator, headed)["header"]["media"]["url"] == media["url"]


def test_an_unknown_upload_is_refused_and_a_misfit_fails_later(simulator: Simulator):
    status, answer = simulator.send(p.message("image", {"id": "999"}))
    assert (status, answer["error"]["code"]) == (400, 100)
    assert answer["error"]["message"].startswith("(#100) Param image['id'] is not a valid whatsapp")
    as_sticker = p.message("sticker", {"id": upload(simulator, "image/png", "a.png")})
    error = failure(simulator, send(simulator, as_sticker))
    assert (error["code"], "image/png" in error["error_data"]["details"]) == (131053, True)


def test_a_reaction_hangs_on_its_target_and_an_empty_one_takes_it_away(simulator: Simulator):
    target = simulator.open_window()
    bubbles = len(simulator.phone(CONTACT)["messages"])
    wamid = send(simulator, p.message("reaction", {"message_id": target, "emoji": "👍"}))
    assert shown(simulator, target)["reactions"] == [{"by": "business", "emoji": "👍"}]
    assert len(simulator.phone(CONTACT)["messages"]) == bubbles
    eventually(lambda: simulator.receiver.statuses(wamid))
    later = send(simulator, p.message("reaction", {"message_id": target, "emoji": ""}))
    assert shown(simulator, target)["reactions"] == []
    text = send(simulator, p.TEXT)
    eventually(lambda: len(simulator.receiver.statuses(text)) == 3 and simulator.receiver.statuses(later))
    for each in (wamid, later):
        assert [row["status"] for row in simulator.receiver.statuses(each)] == ["sent"]


def test_a_reaction_to_nothing_fails_after_the_yes(simulator: Simulator):
    first = send(simulator, p.message("reaction", {"message_id": simulator.open_window(), "emoji": "👍"}))
    for target in ("wamid.nobody", first):
        wamid = send(simulator, p.message("reaction", {"message_id": target, "emoji": "👍"}))
        assert failure(simulator, wamid)["code"] == 131009


def test_a_quote_is_shown_only_where_whatsapp_shows_one(simulator: Simulator):
    """An id that is unknown, of another chat or deleted is taken all the same."""
    known = simulator.open_window()
    assert drawn(simulator, p.TEXT | {"context": {"message_id": known}})["context_wamid"] == known
    assert drawn(simulator, p.TEXT | {"context": {"message_id": "wamid.gone"}})["context_wamid"] is None
    other = simulator.open_window(HIDDEN)
    assert drawn(simulator, p.TEXT | {"context": {"message_id": other}})["context_wamid"] is None
    simulator.post(f"/api/phones/{CONTACT}/revoke", {"wamid": known})
    assert drawn(simulator, p.TEXT | {"context": {"message_id": known}})["context_wamid"] is None


def test_a_message_for_an_older_device_is_not_delivered(simulator: Simulator):
    current = simulator.phone(CONTACT)["identity_hash"]
    good = send(simulator, p.TEXT | {"recipient_identity_key_hash": current})
    assert eventually(lambda: len(simulator.receiver.statuses(good)) == 3)
    simulator.post(f"/api/phones/{CONTACT}/identity", {})
    stale = send(simulator, p.TEXT | {"recipient_identity_key_hash": current})
    assert failure(simulator, stale)["code"] == 137000


def test_to_wins_over_recipient(simulator: Simulator):
    bsuid = simulator.phone(HIDDEN)["bsuid"]
    status, answer = simulator.send(p.TEXT | {"recipient": bsuid})
    assert (status, answer["contacts"]) == (200, [{"input": p.TO, "wa_id": CONTACT}])


# ---------------------------------------------------------------- taps


def test_a_reply_button_sends_its_id_and_title(simulator: Simulator):
    message = tap(simulator, send(simulator, p.BUTTONS), "نعم")
    assert message["interactive"] == {"type": "button_reply", "button_reply": {"id": "نعم", "title": "نعم"}}


def test_a_row_sends_its_description_too(simulator: Simulator):
    card = send(simulator, p.LIST)
    assert tap(simulator, card, "1")["interactive"] == {"type": "list_reply", "list_reply": p.ROWS[0]}
    assert tap(simulator, card, "2")["interactive"]["list_reply"] == p.ROWS[1]


def test_a_position_that_was_asked_for_is_a_location_that_quotes_the_question(simulator: Simulator):
    card = send(simulator, p.LOCATION_REQUEST)
    wish = {"type": "location", "latitude": 24.7, "longitude": 46.6, "context_wamid": card}
    message = simulator.receiver.message(simulator.post(f"/api/phones/{CONTACT}/send", wish)["wamid"])
    assert (message["type"], message["context"]["id"]) == ("location", card)
    assert message["location"]["latitude"] == 24.7


def test_a_number_that_was_asked_for_proves_whose_it_is(simulator: Simulator):
    message = tap(simulator, send(simulator, p.NUMBER_REQUEST), "request_contact_info")
    [contact] = message["contacts"]
    assert (contact["origin"], contact["phones"][0]["wa_id"]) == ("contact_request", CONTACT)
    assert "vcard" not in contact


@pytest.mark.parametrize("name", ["cta_url", "flow", "voice_call"])
def test_what_whatsapp_keeps_to_itself_cannot_be_tapped(simulator: Simulator, name: str):
    """A tap on a link, a form or a call tells the business nothing."""
    row = drawn(simulator, SESSION[name])
    assert (row["buttons"], len(row["links"])) == ([], 1)
    wish = {"wamid": row["wamid"], "id": row["links"][0]["title"]}
    assert simulator.call("POST", f"/api/phones/{CONTACT}/tap", wish)[0] == 404


# ---------------------------------------------------------------- templates

RICH = [
    {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::a"]}},
    {"type": "BODY", "text": "أهلاً {{1}}، طلبك جاهز.", "example": {"body_text": [["منى"]]}},
    {"type": "FOOTER", "text": "مكتب وكيل"},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "استلام"},
            {"type": "QUICK_REPLY", "text": "لاحقاً"},
            {"type": "URL", "text": "تتبع", "url": "https://example.com/{{1}}", "example": ["https://example.com/a"]},
            {"type": "PHONE_NUMBER", "text": "اتصل", "phone_number": "+966110000001"},
        ],
    },
]


@pytest.fixture(scope="module")
def rich(shared: Simulator) -> str:
    """The name of an approved template with a picture, quick replies, a link and a call."""
    wish = {"name": "order_ready", "language": "ar", "category": "UTILITY", "components": RICH}
    status, answer = shared.call("POST", f"/v25.0/{WABA_ID}/message_templates", wish, Authorization="Bearer x")
    assert status == 200, answer
    shared.post("/api/templates", {"name": "order_ready", "language": "ar", "event": "APPROVED"})
    return "order_ready"


def of_rich(name: str, **changes: Json) -> Json:
    parts: Json = {
        "header": {"type": "header", "parameters": [{"type": "image", "image": {"link": p.LINK}}]},
        "body": {"type": "body", "parameters": [{"type": "text", "text": "منى"}]},
        "reply": {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "order:5:take"}],
        },
        "link": {"type": "button", "sub_type": "url", "index": "2", "parameters": [{"type": "text", "text": "5"}]},
    }
    return p.template(*(parts | changes).values(), name=name)


def test_a_template_is_drawn_with_its_values_and_stays_as_it_was(simulator: Simulator, rich: str):
    row = drawn(simulator, of_rich(rich))
    assert row["template"] == {"name": rich, "language": "ar", "category": "UTILITY"}
    assert (row["text"], row["footer"]) == ("أهلاً منى، طلبك جاهز.", "مكتب وكيل")
    assert row["header"]["media"]["link"] == p.LINK
    assert row["buttons"] == [{"id": "order:5:take", "title": "استلام"}, {"id": "لاحقاً", "title": "لاحقاً"}]
    assert row["links"] == [
        {"kind": "url", "title": "تتبع", "value": "https://example.com/5"},
        {"kind": "call", "title": "اتصل", "value": "+966110000001"},
    ]


def test_a_template_never_quotes(simulator: Simulator, rich: str):
    assert (
        drawn(simulator, of_rich(rich) | {"context": {"message_id": simulator.open_window()}})["context_wamid"] is None
    )


def test_a_quick_reply_sends_its_payload_or_else_its_label(simulator: Simulator, rich: str):
    card = send(simulator, of_rich(rich))
    message = tap(simulator, card, "order:5:take")
    assert (message["type"], message["button"]) == ("button", {"payload": "order:5:take", "text": "استلام"})
    assert tap(simulator, card, "لاحقاً")["button"] == {"payload": "لاحقاً", "text": "لاحقاً"}
    assert simulator.phone(CONTACT)["messages"][-1]["text"] == "لاحقاً"


def test_a_template_that_is_sent_wrongly_is_refused_with_the_place(simulator: Simulator, rich: str):
    text_header = {"type": "header", "parameters": [{"type": "text", "text": "س"}]}
    no_values: Json = {"type": "body", "parameters": []}
    for payload, code, word in (
        (of_rich(rich, header=text_header), 132012, "expected IMAGE, received TEXT"),
        (of_rich(rich, body=no_values), 132000, "number of localizable_params (0)"),
        (of_rich("nowhere"), 132001, "does not exist in ar"),
    ):
        answer = simulator.send(payload)[1]
        assert (answer["error"]["code"], word in answer["error"]["error_data"]["details"]) == (code, True)


def test_a_code_needs_a_phone_number(simulator: Simulator):
    """Meta, "Business-scoped user IDs": authentication templates cannot be addressed by BSUID."""
    parts: list[Json] = [
        {"type": "BODY", "add_security_recommendation": True},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "نسخ"}]},
    ]
    wish = {"name": "login_code", "language": "ar", "category": "AUTHENTICATION", "components": parts}
    simulator.call("POST", f"/v25.0/{WABA_ID}/message_templates", wish, Authorization="Bearer x")
    simulator.post("/api/templates", {"name": "login_code", "language": "ar", "event": "APPROVED"})
    code = [{"type": "text", "text": "4821"}]
    payload = p.template(
        {"type": "body", "parameters": code},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": code},
        name="login_code",
    )
    assert drawn(simulator, payload)["links"] == [{"kind": "copy_code", "title": "نسخ", "value": "4821"}]
    by_bsuid = {key: value for key, value in payload.items() if key != "to"}
    answer = simulator.send(by_bsuid | {"recipient": simulator.phone(CONTACT)["bsuid"]})[1]
    assert answer["error"]["code"] == 131062


def test_what_a_phone_missed_too_long_is_never_delivered(simulator: Simulator):
    """Nobody promises a `failed` for it; a later message arrives."""
    parts: list[Json] = [{"type": "BODY", "text": "رمز الاستلام جاهز."}]
    wish = {"name": "short", "language": "ar", "category": "UTILITY", "message_send_ttl_seconds": 30}
    simulator.call(
        "POST", f"/v25.0/{WABA_ID}/message_templates", wish | {"components": parts}, Authorization="Bearer x"
    )
    simulator.post("/api/templates", {"name": "short", "language": "ar", "event": "APPROVED"})
    profile = f"/api/phones/{CONTACT}/profile"
    simulator.post(profile, {"reads": "off"})
    short = send(simulator, p.template(name="short"))
    simulator.post("/api/clock", {"advance_s": 31})
    text = send(simulator, p.TEXT)
    simulator.open_window(OPERATOR)
    other = send(simulator, p.TEXT | {"to": f"+{OPERATOR}"})
    eventually(lambda: len(simulator.receiver.statuses(other)) == 3)
    assert [row["status"] for row in simulator.receiver.statuses(text)] == ["sent"]
    simulator.post(profile, {"reads": "read"})
    eventually(lambda: len(simulator.receiver.statuses(text)) == 3)
    assert [row["status"] for row in simulator.receiver.statuses(short)] == ["sent"]


def test_a_refusal_carries_everything_meta_puts_there(simulator: Simulator):
    status, answer = simulator.send(changed(p.TEXT, "text.body", "س" * 4097))
    error = answer["error"]
    assert (status, error["message"], error["type"]) == (
        400,
        "(#131009) Parameter value is not valid",
        "OAuthException",
    )
    assert error["error_data"] == {
        "messaging_product": "whatsapp",
        "details": "text.body length invalid. Min length: 1, Max length: 4096",
    }
    assert error["fbtrace_id"]
