"""Every shape that the samples of the product document is one that the simulator makes: same keys, same kinds of value.

The samples are written from Meta's pages, the simulator from the same pages but apart from them (tests/samples).
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.conftest import CONTACT, HIDDEN, Simulator
from tests.simulator.test_acts import Json, posted
from wakeel.whatsapp.webhook import decode

SAMPLES = Path(__file__).parents[1] / "samples" / "whatsapp"
PHONE, NAMELESS = f"/api/phones/{CONTACT}", f"/api/phones/{HIDDEN}"
MOVING = ("966501119971", "966501119972", "966501119973")
MOVED = {"wa_id": "966501119982"}
QUOTED = {"context_wamid": "wamid.CARD"}
WHY = {"reason": "NAME_VIOLATION"}
OFFER = {"name": "sample_offer"}
REMEDY = {"restriction": "RESTRICTED_BIZ_INITIATED_MESSAGING", "days": 3, "remediation": "..."}

MADE: dict[str, tuple[str, Json]] = {
    "text_with_phone": (f"{PHONE}/text", {"text": "السلام عليكم"}),
    "text_username_only": (f"{NAMELESS}/text", {"text": "نعم"}),
    "text_quoting_a_card": (f"{PHONE}/text", {"text": "نعم"} | QUOTED),
    "button_reply": (f"{PHONE}/tap", {"wamid": "wamid.CARD", "id": "msg:1:approve", "title": "اعتماد"}),
    "button_reply_username_only": (f"{NAMELESS}/tap", {"wamid": "wamid.CARD", "id": "msg:1:approve", "title": "نعم"}),
    "flow_completion": (f"{PHONE}/send", {"type": "flow", "answers": {"draft": "نص"}} | QUOTED),
    "image": (f"{PHONE}/send", {"type": "image", "caption": "كتالوج"}),
    "video": (f"{PHONE}/send", {"type": "video", "caption": "جولة"}),
    "document": (f"{PHONE}/send", {"type": "document", "caption": "العرض"}),
    "audio_file": (f"{PHONE}/send", {"type": "audio"}),
    "voice": (f"{PHONE}/send", {"type": "voice"}),
    "sticker": (f"{PHONE}/send", {"type": "sticker"}),
    "location": (f"{PHONE}/send", {"type": "location", "name": "المكتب", "address": "الرياض"}),
    "location_pin": (f"{PHONE}/send", {"type": "location"}),
    "contacts_shared": (f"{NAMELESS}/send", {"type": "own_number"}),
    "contacts_shared_by_hand": (f"{PHONE}/send", {"type": "contacts", "name": "مريم", "phone": "+966 50 972 2233"}),
    "reaction_added": (f"{PHONE}/send", {"type": "reaction", "wamid": "wamid.CARD", "emoji": "👍"}),
    "reaction_removed": (f"{PHONE}/send", {"type": "reaction", "wamid": "wamid.CARD"}),
    "order": (f"{PHONE}/send", {"type": "order"}),
    "order_with_words": (f"{PHONE}/send", {"type": "order", "text": "أريد هذا"}),
    "product_question": (f"{PHONE}/send", {"type": "text", "text": "متوفر؟", "product": "sku-1"} | QUOTED),
    "referral": (f"{PHONE}/send", {"type": "referral"}),
    "referral_without_click_id": (f"{PHONE}/send", {"type": "referral", "in_status": True}),
    "forwarded": (f"{PHONE}/send", {"type": "text", "text": "...", "forwarded": True}),
    "forwarded_many_times": (f"{PHONE}/send", {"type": "text", "text": "...", "forwarded": "often"}),
    "unsupported": (f"{PHONE}/send", {"type": "unsupported"}),
    "unknown_type": (f"{PHONE}/send", {"type": "hologram", "content": {"id": "1"}}),
    "customer_identity_changed": (f"{PHONE}/identity", {}),
    "customer_identity_changed_username_only": (f"{NAMELESS}/identity", {}),
    "user_changed_number": (f"/api/phones/{MOVING[0]}/number", {"wa_id": "966501119981"}),
    "user_changed_number_without_former_id": (f"/api/phones/{MOVING[1]}/number", MOVED | {"former": False}),
    "user_changed_user_id": (f"/api/phones/{MOVING[2]}/bsuid", {"bsuid": "SA.9667", "tell": True}),
    "user_preferences": (f"{PHONE}/preferences", {"marketing": "stop"}),
    "user_preferences_resume": (f"{PHONE}/preferences", {"marketing": "resume"}),
    "message_echoes": (f"{PHONE}/echo", {"text": "..."}),
    "message_echoes_username_only": (f"{NAMELESS}/echo", {"text": "..."}),
    "account_error": ("/api/errors", {"code": 130429}),
    "account_update": ("/api/account", {"event": "ACCOUNT_RESTRICTION"} | REMEDY),
    "account_violation": ("/api/account", {"event": "ACCOUNT_VIOLATION"}),
    "account_disabled": ("/api/account", {"event": "DISABLED_UPDATE", "ban_state": "SCHEDULE_FOR_DISABLE"}),
    "account_deleted": ("/api/account", {"event": "ACCOUNT_DELETED"}),
    "account_volume_tier": ("/api/account", {"event": "VOLUME_BASED_PRICING_TIER_UPDATE"}),
    "account_alerts": ("/api/news", {"event": "account_alert"}),
    "account_review_update": ("/api/news", {"event": "account_review"}),
    "security_pin_changed": ("/api/news", {"event": "security", "what": "PIN_CHANGED"}),
    "phone_number_quality_update": ("/api/news", {"event": "number_quality"}),
    "phone_number_name_approved": ("/api/news", {"event": "number_name", "name": "شركة"}),
    "phone_number_name_rejected": ("/api/news", {"event": "number_name", "name": "شركة", "decision": "REJECTED"} | WHY),
    "capability_as_number": ("/api/news", {"event": "capability", "limit": 2000}),
    "business_username_reserved": ("/api/news", {"event": "business_username"}),
    "business_username_deleted": ("/api/news", {"event": "business_username", "status": "deleted"}),
    "flow_news": ("/api/news", {"event": "flow"}),
    "contact_book": (f"{PHONE}/contact_book", {}),
    "template_approved": ("/api/templates", OFFER | {"event": "APPROVED"}),
    "template_paused": ("/api/templates", OFFER | {"event": "PAUSED", "title": "FIRST_PAUSE"}),
    "template_disabled": ("/api/templates", OFFER | {"event": "DISABLED"}),
    "template_status_update": ("/api/templates", OFFER | {"event": "REJECTED", "reason": "INVALID_FORMAT"}),
    "template_quality_update": ("/api/templates", OFFER | {"quality": "YELLOW"}),
    "template_category_done": ("/api/templates", OFFER | {"category": "MARKETING"}),
    "template_category_announced": ("/api/templates", OFFER | {"category": "UTILITY", "announced": True}),
}  # fmt: skip
"""Sample to the bench's path and wish that makes the same kind of webhook."""

TOLD: dict[str, tuple[str, Json]] = {
    "status_sent": (CONTACT, {"status": "sent", "callback": "att_1"}),
    "status_delivered": (CONTACT, {"status": "delivered", "callback": "att_1"}),
    "status_free": (CONTACT, {"status": "delivered"}),
    "status_read": (CONTACT, {"status": "read"}),
    "status_read_username_only": (HIDDEN, {"status": "read"}),
    "status_to_bsuid": (HIDDEN, {"status": "delivered"}),
    "status_failed": (CONTACT, {"status": "failed", "code": 131049}),
    "status_failed_to_bsuid": (HIDDEN, {"status": "failed", "code": 131026}),
    "status_played": (CONTACT, {"status": "played"}),
    "status_warning": (CONTACT, {"status": "warning"}),
    "status_deleted": (CONTACT, {"status": "deleted"}),
    "status_held": (CONTACT, {"status": "held_for_quality_assessment"}),
}
"""Sample to the phone a status is for, and the status."""


def shape(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every key with the kind of its value; lists are as their elements are."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from shape(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for item in value:
            yield from shape(item, path)
    else:
        yield path, "number" if isinstance(value, float) or type(value) is int else type(value).__name__


@pytest.mark.parametrize("sample", MADE)
def test_a_webhook_is_as_its_sample_and_read_as_it_is(simulator: Simulator, sample: str):
    path, wish = MADE[sample]
    for wa_id in MOVING:
        simulator.call("POST", "/api/phones", {"wa_id": wa_id, "name": "منى"})  # refused where it is there already
    compare(sample, posted(simulator, path, wish)["body"])


@pytest.mark.parametrize("sample", TOLD)
def test_a_status_is_as_its_sample_and_read_as_it_is(simulator: Simulator, sample: str):
    to, wish = TOLD[sample]
    wish |= {"wamid": f"wamid.{sample}", "to": to}
    compare(sample, posted(simulator, "/api/statuses", wish, statuses=True)["body"])


def compare(sample: str, made: bytes) -> None:
    documented = (SAMPLES / f"{sample}.json").read_bytes()
    missing = set(shape(json.loads(documented))) - set(shape(json.loads(made)))
    assert not missing
    assert [type(event) for event in decode(made)] == [type(event) for event in decode(documented)]
