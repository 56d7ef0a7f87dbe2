"""What each sample of the fields `messages`, `user_preferences` and `smb_message_echoes` says; name → events."""

from typing import Any

from tests.whatsapp.sample_values import (
    APPROVE,
    BSUID,
    HIDDEN,
    MUNA,
    NEW_BSUID,
    NUMBER,
    NUMBER_ID,
    PHONE,
    SCHEDULE,
    WABA,
    at,
    inbound,
    key,
    other,
    seen,
    value_of,
)
from wakeel.domain.events import (
    ButtonTapped,
    Event,
    IdentityChanged,
    Malformed,
    MessageEchoed,
    PreferenceChanged,
    ReportedError,
    Sender,
    StatusReceived,
    TextReceived,
)
from wakeel.domain.message_contents import (
    Edit,
    FlowReply,
    Location,
    Media,
    Order,
    OrderLine,
    Product,
    Reaction,
    Referral,
    Revocation,
    SharedContacts,
    Unsupported,
)
from wakeel.domain.platform_events import AccountErred

ITEM = "entry[0].changes[0].value.{}[0]"
FORM = FlowReply(name="flow", answers={"flow_token": "msg:drf_4821", "draft": "نص معدل"})
SURVEY = FlowReply(name="survey", answers={"flow_token": "msg:drf_4821", "days": '["sun", "mon"]', "agrees": "true"})
IMAGE = Media(id="1003383421380001", mime_type="image/jpeg", sha256="SfInY0gG")
CLICKED = {
    "source_type": "ad", "source_id": "120226305854000001", "source_url": "https://fb.me/x", "headline": "عرض",
    "body": "...",
}  # fmt: skip
LINE = OrderLine(product_id="sku-1", quantity=2, price="30", currency="SAR")


def media(mime_type: str, id: str, sha256: str, **more: Any) -> Media:
    return Media(id=id, mime_type=mime_type, sha256=sha256, **more)


def moved(number: int, kind: str, sender: Sender, *, second: int | None = None, **more: Any) -> IdentityChanged:
    frame = {"wamid": f"wamid.SY{number}", "sent_at": at(second or number), "kind": kind, "sender": sender}
    return IdentityChanged(**NUMBER, **frame, **more)


def status(number: int, word: str, second: int, **more: Any) -> StatusReceived:
    known = {"recipient_wa_id": PHONE, "recipient_bsuid": BSUID}
    return StatusReceived(**NUMBER, wamid=f"wamid.OUT{number}", status=word, at=at(second), **(known | more))


def preference(second: int, value: str, sender: Sender = MUNA) -> PreferenceChanged:
    return PreferenceChanged(**NUMBER, sender=sender, category="marketing_messages", value=value, at=at(second))


def echo(number: int, second: int, type: str, to: Sender, text: str = "") -> MessageEchoed:
    return MessageEchoed(**NUMBER, wamid=f"wamid.ECHO{number}", sent_at=at(second), to=to, type=type, text=text)


def erred(stem: str, place: int, code: int, details: str = "") -> AccountErred:
    value = value_of(stem)["errors"][place]
    return AccountErred(
        **NUMBER, webhook_field="messages", key=key("messages", NUMBER_ID, "", value), code=code, details=details
    )


FAILED = status(3, "failed", 33, recipient_bsuid=None, errors=(ReportedError(131049, "..."),))

MESSAGES: dict[str, list[Event]] = {
    "text_with_phone": [TextReceived(**inbound(1), text="السلام عليكم")],
    "text_username_only": [TextReceived(**inbound(2, HIDDEN), text="نعم")],
    "text_with_parent_id": [TextReceived(**inbound(42), text="مرحبا")],
    "text_quoting_a_card": [TextReceived(**inbound(37, context="wamid.CARD4821"), text="اعتماد")],
    "button_reply": [ButtonTapped(**inbound(3, context="wamid.CARD4821"), reply=APPROVE, title="اعتماد")],
    "button_reply_username_only": [
        ButtonTapped(**inbound(35, HIDDEN, "wamid.CARD4821"), reply=APPROVE, title="اعتماد")
    ],
    "list_reply": [ButtonTapped(**inbound(4, context="wamid.LIST9"), reply=SCHEDULE, title="احجز اجتماع")],
    "list_row_without_description": [
        ButtonTapped(**inbound(36, context="wamid.LIST9"), reply=SCHEDULE, title="احجز اجتماع")
    ],
    "flow_completion": [other(5, "nfm_reply", context="wamid.FLOW1", content=FORM)],
    "flow_completion_nested": [other(41, "nfm_reply", context="wamid.FLOW1", content=SURVEY)],
    "interactive_unknown": [other(40, "call_permission_reply")],
    "template_button": [ButtonTapped(**inbound(6, context="wamid.TPL77"), reply=APPROVE, title="اعتماد")],
    "template_button_without_payload": [TextReceived(**inbound(6, context="wamid.TPL77"), text="إيقاف")],
    "image": [other(7, "image", caption="كتالوج", content=IMAGE)],
    "video": [
        other(22, "video", caption="جولة في المعرض", content=media("video/mp4", "1003383421380022", "Vd1nY0gG"))
    ],
    "document": [
        other(
            23, "document", caption="العرض المعدل",
            content=media("application/pdf", "1003383421380023", "Dc1nY0gG", filename="عرض.pdf"),
        )
    ],
    "sticker": [other(24, "sticker", content=media("image/webp", "1003383421380024", "St1nY0gG"))],
    "voice": [
        other(8, "audio", content=media("audio/ogg; codecs=opus", "1908647269890001", "wvqXMe6n", is_voice=True))
    ],
    "audio_file": [other(25, "audio", content=media("audio/mpeg", "1908647269890025", "Au1qXMe6"))],
    "location": [
        other(9, "location", content=Location(latitude=24.7136, longitude=46.6753, name="المكتب", address="الرياض"))
    ],
    "location_pin": [other(26, "location", content=Location(latitude=21.4858, longitude=39.1925))],
    "contacts_shared": [
        other(
            10, "contacts", sender=HIDDEN,
            content=SharedContacts(phones=(f"+{PHONE}",), wa_ids=(PHONE,), is_own=True),
        )
    ],
    "contacts_shared_by_hand": [
        other(
            27, "contacts",
            content=SharedContacts(phones=("+966 50 972 2233", "011 000 0001"), wa_ids=("966509722233",)),
        )
    ],
    "reaction_added": [
        other(11, "reaction", opens_window=False, content=Reaction(wamid="wamid.CARD4821", emoji="👍"))
    ],
    "reaction_removed": [other(12, "reaction", opens_window=False, content=Reaction(wamid="wamid.CARD4821"))],
    "reaction_to_several": [
        other(43, "reaction", opens_window=False, content=Reaction(wamid="wamid.CARD4821", emoji="👍")),
        other(44, "reaction", opens_window=False, content=Reaction(wamid="wamid.CARD4821")),
    ],
    "order": [other(13, "order", content=Order(catalog_id="194836987000001", lines=(LINE,)))],
    "order_with_words": [
        other(
            28, "order", caption="متى التوصيل؟",
            content=Order(
                catalog_id="194836987000001",
                lines=(
                    OrderLine(product_id="sku-1", quantity=2, price="30.5", currency="SAR"),
                    OrderLine(product_id="sku-2", quantity=1, price="12", currency="SAR"),
                ),
            ),
        )
    ],
    "referral": [TextReceived(**inbound(14, referral=Referral(**CLICKED, click_id="Aff-n8ZT")), text="معلومات")],
    "referral_without_click_id": [TextReceived(**inbound(29, referral=Referral(**CLICKED)), text="معلومات")],
    "product_question": [
        TextReceived(
            **inbound(31, context="wamid.CAT1", product=Product(catalog_id="194836987000001", product_id="sku-1")),
            text="هل هذا متوفر؟",
        )
    ],
    "forwarded": [TextReceived(**inbound(15, is_forwarded=True), text="...")],
    "forwarded_many_times": [TextReceived(**inbound(30, is_forwarded=True), text="...")],
    "edit": [other(16, "edit", opens_window=False, caption="نص جديد", content=Edit(wamid="wamid.IN1"))],
    "edit_of_a_caption": [
        other(32, "edit", opens_window=False, caption="كتالوج جديد", content=Edit(wamid="wamid.IN7"))
    ],
    "edit_username_only": [
        other(33, "edit", sender=HIDDEN, opens_window=False, caption="إيقاف", content=Edit(wamid="wamid.IN2"))
    ],
    "revoke": [other(17, "revoke", opens_window=False, content=Revocation(wamid="wamid.IN1"))],
    "revoke_username_only": [
        other(34, "revoke", sender=HIDDEN, opens_window=False, content=Revocation(wamid="wamid.IN2"))
    ],
    "unsupported": [other(18, "unsupported", content=Unsupported(what="poll", code=131051))],
    "unsupported_without_kind": [other(38, "unsupported", content=Unsupported(code=131051))],
    "unknown_type": [other(39, "hologram")],
    "group_message": [seen("messages", "group message", ITEM.format("messages"), phone_number_id=NUMBER_ID)],
    "several_entries": [
        TextReceived(**inbound(1), text="الأولى"),
        TextReceived(**inbound(21), text="الثانية"),
        FAILED,
    ],
}  # fmt: skip

SYSTEM: dict[str, list[Event]] = {
    "user_changed_number": [
        moved(
            1, "user_changed_number", Sender(PHONE, BSUID), second=20, new_wa_id="966500000099", new_bsuid=NEW_BSUID
        )
    ],
    "user_changed_number_without_former_id": [
        moved(50, "user_changed_number", Sender(PHONE, None), new_wa_id="966500000099", new_bsuid=NEW_BSUID)
    ],
    "user_changed_number_without_from": [
        moved(51, "user_changed_number", Sender(None, BSUID), new_wa_id="966500000099", new_bsuid=NEW_BSUID)
    ],
    "user_changed_number_only_in_words": [
        moved(52, "user_changed_number", Sender(PHONE, None), new_wa_id="966500000099", new_bsuid=NEW_BSUID)
    ],
    "user_changed_number_old_names": [
        moved(55, "user_changed_number", Sender(PHONE, None), new_wa_id="966500000099")
    ],
    "user_changed_user_id": [
        moved(2, "user_changed_user_id", Sender(None, BSUID), second=21, new_bsuid=NEW_BSUID)
    ],
    "user_changed_user_id_only_in_words": [
        moved(53, "user_changed_user_id", Sender(None, BSUID), new_bsuid=NEW_BSUID)
    ],
    "user_changed_user_id_from_nobody": [
        Malformed(
            path=ITEM.format("messages"), error="neither from nor from_user_id names a person",
            phone_number_id=NUMBER_ID, waba_id=WABA,
        )
    ],
    "customer_identity_changed": [moved(3, "customer_identity_changed", MUNA, second=22)],
    "customer_identity_changed_username_only": [moved(57, "customer_identity_changed", HIDDEN)],
    "system_unknown": [seen("messages", "system user_moved", ITEM.format("messages"), phone_number_id=NUMBER_ID)],
    "account_error": [erred("account_error", 0, 130429, "...")],
    "account_errors": [erred("account_errors", 0, 130429), erred("account_errors", 1, 131016, "...")],
}  # fmt: skip

STATUSES: dict[str, list[Event]] = {
    "status_sent": [
        status(1, "sent", 30, callback_data="att_01JD7Q2M9X", pricing_category="marketing", pricing_type="regular")
    ],
    "status_delivered": [status(1, "delivered", 31, callback_data="att_01JD7Q2M9X")],
    "status_read": [status(1, "read", 90)],
    "status_read_username_only": [status(15, "read", 45, recipient_wa_id=None)],
    "status_to_bsuid": [status(2, "delivered", 32, recipient_wa_id=None)],
    "status_failed": [FAILED],
    "status_failed_to_bsuid": [
        status(12, "failed", 42, recipient_wa_id=None, errors=(ReportedError(131026),))
    ],
    "status_batch": [status(4, "sent", 34), status(4, "delivered", 34)],
    "statuses_of_two_people": [
        status(16, "read", 46, recipient_wa_id="966509722233", recipient_bsuid="SA.13491208655302741918"),
        status(17, "read", 46),
    ],
    "status_played": [status(5, "played", 35)],
    "status_held": [status(6, "held_for_quality_assessment", 36)],
    "status_warning": [status(7, "warning", 37, errors=(ReportedError(131053, "..."),))],
    "status_deleted": [status(8, "deleted", 38)],
    "status_unknown": [status(9, "teleported", 39)],
    "status_group": [status(10, "delivered", 40)],
    "status_group_as_a_whole": [
        status(
            11, "sent", 41, recipient_wa_id=None, recipient_bsuid=None, pricing_category="group_service",
            pricing_type="free_group_customer_service",
        )
    ],
    "status_free": [
        status(13, "delivered", 43, pricing_category="service", pricing_type="free_customer_service")
    ],
    "status_with_conversation": [
        status(14, "sent", 44, pricing_category="referral_conversion", pricing_type="free_entry_point")
    ],
}  # fmt: skip

OTHERS: dict[str, list[Event]] = {
    "user_preferences": [preference(40, "stop")],
    "user_preferences_resume": [preference(41, "resume")],
    "user_preferences_username_only": [preference(41, "stop")],
    "message_echoes": [echo(1, 43, "text", Sender(PHONE, None), "...")],
    "message_echoes_image": [
        echo(2, 44, "image", Sender(PHONE, None), "صورة المنتج"),
        echo(3, 45, "revoke", Sender(PHONE, None)),
    ],
    "message_echoes_username_only": [echo(4, 46, "text", HIDDEN, "...")],
    "contact_book": [seen("smb_app_state_sync", "")],
    "history": [seen("history", "")],
    "calls": [seen("calls", "")],
    "flow_news": [seen("flows", "FLOW_STATUS_CHANGE")],
    "group_participants": [seen("group_participants_update", "")],
}
