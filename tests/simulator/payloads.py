"""One good request of every type, and small changes of it."""

import copy
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

TO = "+966501110001"
LINK = "https://example.com/file"


def message(kind: str, part: object, **more: object) -> Json:
    return {"messaging_product": "whatsapp", "to": TO, "type": kind, kind: part} | more


def interactive(kind: str, action: Json, **more: object) -> Json:
    return message("interactive", {"type": kind, "body": {"text": "نص"}, "action": action} | more)


def template(*components: Json, name: str = "t") -> Json:
    return message("template", {"name": name, "language": {"code": "ar"}, "components": list(components)})


def named(action: str, **parameters: object) -> Json:
    return {"name": action, "parameters": parameters}


def changed(payload: Json, path: str, value: object) -> Json:
    """A copy with one place changed; `value` None removes it. path: keys and indexes joined by dots."""
    copied = copy.deepcopy(payload)
    holder: Any = copied
    *way, last = path.split(".")
    for step in way:
        holder = holder[int(step)] if step.isdigit() else holder.setdefault(step, {})
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return copied


def card(at: int, action: Json) -> Json:
    return {"card_index": at, "header": {"type": "image", "image": {"link": LINK}}, "body": {"text": f"بطاقة {at}"}} | {
        "action": action
    }


def quick(*ids: str) -> Json:
    return {"buttons": [{"type": "quick_reply", "quick_reply": {"id": each, "title": each}} for each in ids]}


TEXT = message("text", {"body": "نص", "preview_url": True})
IMAGE = message("image", {"link": LINK, "caption": "صورة"})
VIDEO = message("video", {"link": LINK, "caption": "فيلم"})
AUDIO = message("audio", {"link": LINK, "voice": True})
DOCUMENT = message("document", {"link": LINK, "caption": "ملف", "filename": "عرض.pdf"})
STICKER = message("sticker", {"link": LINK})
LOCATION = message("location", {"latitude": 24.7, "longitude": "46.6", "name": "المكتب", "address": "الرياض"})
PERSON = {
    "name": {"formatted_name": "منى السبيعي", "first_name": "منى"},
    "phones": [{"phone": "+966500000001", "type": "CELL", "wa_id": "966500000001"}],
    "emails": [{"email": "a@example.com", "type": "WORK"}],
    "urls": [{"url": "https://example.com", "type": "WORK"}],
    "addresses": [{"city": "الرياض", "country_code": "sa", "type": "HOME"}],
    "org": {"company": "شركة", "title": "مديرة"},
    "birthday": "1990-02-28",
}
CONTACTS = message("contacts", [PERSON])
REACTION = message("reaction", {"message_id": "wamid.A", "emoji": "👍🏽"})

REPLIES = [{"type": "reply", "reply": {"id": each, "title": each}} for each in ("نعم", "لا")]
BUTTONS = interactive("button", {"buttons": REPLIES}, footer={"text": "ذيل"})
ROWS = [{"id": "1", "title": "الأول", "description": "وصف"}, {"id": "2", "title": "الثاني"}]
LIST = interactive("list", {"button": "اختيار", "sections": [{"title": "قسم", "rows": ROWS}]})
CTA_URL = interactive("cta_url", named("cta_url", display_text="فتح", url="https://example.com/a"))
FLOW = interactive(
    "flow", named("flow", flow_message_version="3", flow_id="77", flow_cta="تعديل", flow_token="tok", mode="published")
)
PRODUCT = interactive("product", {"catalog_id": "9", "product_retailer_id": "sku-1"})
ITEMS = [{"product_retailer_id": "sku-1"}, {"product_retailer_id": "sku-2"}]
PRODUCT_LIST = interactive(
    "product_list",
    {"catalog_id": "9", "sections": [{"title": "قسم", "product_items": ITEMS}]},
    header={"type": "text", "text": "منتجاتنا"},
)
CATALOG = interactive("catalog_message", named("catalog_message", thumbnail_product_retailer_id="sku-1"))
LOCATION_REQUEST = interactive("location_request_message", {"name": "send_location"})
ADDRESS = interactive("address_message", named("address_message", country="IN"))
NUMBER_REQUEST = interactive("request_contact_info", {"name": "request_contact_info"})
CALL_PERMISSION = interactive("call_permission_request", {"name": "call_permission_request"})
VOICE_CALL = interactive("voice_call", named("voice_call", display_text="اتصل", ttl_minutes=60))
CAROUSEL = interactive("carousel", {"cards": [card(0, quick("a0", "b0")), card(1, quick("a1", "b1"))]})

BODY = {"type": "body", "parameters": [{"type": "text", "text": "منى"}]}
TEMPLATE = template(
    {"type": "header", "parameters": [{"type": "image", "image": {"link": LINK}}]},
    {
        "type": "body",
        "parameters": [
            {"type": "text", "parameter_name": "name", "text": "منى"},
            {"type": "currency", "currency": {"fallback_value": "١٠ ر.س", "code": "SAR", "amount_1000": 10000}},
            {"type": "date_time", "date_time": {"fallback_value": "الأحد"}},
        ],
    },
    {
        "type": "button",
        "sub_type": "quick_reply",
        "index": "0",
        "parameters": [{"type": "payload", "payload": "msg:1:approve"}],
    },
    {"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "a/1"}]},
)

EVERY = {
    "text": TEXT,
    "image": IMAGE,
    "video": VIDEO,
    "audio": AUDIO,
    "document": DOCUMENT,
    "sticker": STICKER,
    "location": LOCATION,
    "contacts": CONTACTS,
    "reaction": REACTION,
    "buttons": BUTTONS,
    "list": LIST,
    "cta_url": CTA_URL,
    "flow": FLOW,
    "product": PRODUCT,
    "product_list": PRODUCT_LIST,
    "catalog": CATALOG,
    "location_request": LOCATION_REQUEST,
    "address": ADDRESS,
    "number_request": NUMBER_REQUEST,
    "call_permission": CALL_PERMISSION,
    "voice_call": VOICE_CALL,
    "carousel": CAROUSEL,
    "template": TEMPLATE,
}
"""Every type the messages path knows."""

ODD: tuple[Any, ...] = (None, True, 0, 5, -1.5, 7.0, "", " ", "x", "9" * 5000, [], [None], ["x"], [{}], {}, {"a": 1})


def mutants(value: Any) -> Iterator[Any]:
    """Copies of a JSON value with one place of it replaced by something odd."""
    yield from ODD
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        for mutant in mutants(part):
            copied = value.copy()
            copied[key] = mutant
            yield copied
