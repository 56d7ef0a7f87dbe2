"""One row per file of tests/samples/whatsapp: what the webhook decoder makes of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.events import (
    ButtonTapped,
    Event,
    IdentityChanged,
    OtherMessage,
    PreferenceChanged,
    ReportedError,
    Sender,
    StatusReceived,
    TextReceived,
    Unrecognised,
)
from wakeel.whatsapp.webhook import decode

SAMPLES = Path(__file__).parent.parent / "samples" / "whatsapp"
BSUID = "SA.20418873640192557731"
MUNA = Sender("966500000001", BSUID, "منى")
HIDDEN = Sender(None, BSUID, "منى", "muna.sales")
NUMBER = {"phone_number_id": "105500000000002", "waba_id": "215500000000001"}
ITEM = "entry[0].changes[0].value.{}[0]"
APPROVE = ButtonReply(ButtonKind.MESSAGE_DRAFT, "approve", "drf_4821", "msg:drf_4821:approve")


def at(second: int) -> datetime:
    return datetime.fromtimestamp(1763800000 + second, UTC)


def inbound(number: int, sender: Sender = MUNA, context: str | None = None) -> dict:
    return NUMBER | {"wamid": f"wamid.IN{number}", "sent_at": at(number), "sender": sender, "context_wamid": context}


def other(number: int, type: str, **more) -> OtherMessage:
    return OtherMessage(**inbound(number, more.pop("sender", MUNA), more.pop("context", None)), type=type, **more)


def status(number: int, word: str, second: int, **more) -> StatusReceived:
    known = {"recipient_wa_id": "966500000001", "recipient_bsuid": BSUID}
    return StatusReceived(**NUMBER, wamid=f"wamid.OUT{number}", status=word, at=at(second), **(known | more))


def seen(field: str, what: str, path: str, **more) -> Unrecognised:
    return Unrecognised(field=field, what=what, path=path, **({"waba_id": NUMBER["waba_id"]} | more))


EXPECTED: dict[str, list[Event]] = {
    "text_with_phone": [TextReceived(**inbound(1), text="السلام عليكم")],
    "text_username_only": [TextReceived(**inbound(2, HIDDEN), text="نعم")],
    "button_reply": [ButtonTapped(**inbound(3, context="wamid.CARD4821"), reply=APPROVE, title="اعتماد")],
    "list_reply": [
        ButtonTapped(
            **inbound(4, context="wamid.LIST9"),
            reply=ButtonReply(ButtonKind.OPPORTUNITY, "schedule", "opp_4821", "opp:opp_4821:schedule"),
            title="احجز اجتماع",
        )
    ],
    "flow_completion": [other(5, "nfm_reply", context="wamid.FLOW1")],
    "template_button": [ButtonTapped(**inbound(6, context="wamid.TPL77"), reply=APPROVE, title="اعتماد")],
    "template_button_without_payload": [TextReceived(**inbound(6, context="wamid.TPL77"), text="إيقاف")],
    "image": [other(7, "image", caption="كتالوج")],
    "voice": [other(8, "audio")],
    "location": [other(9, "location")],
    "contacts_shared": [other(10, "contacts", sender=HIDDEN)],
    "reaction_added": [other(11, "reaction", opens_window=False)],
    "reaction_removed": [other(12, "reaction", opens_window=False)],
    "order": [other(13, "order")],
    "referral": [TextReceived(**inbound(14), text="معلومات")],
    "forwarded": [TextReceived(**inbound(15), text="...")],
    "edit": [other(16, "edit", opens_window=False)],
    "revoke": [other(17, "revoke", opens_window=False)],
    "unsupported": [other(18, "unsupported")],
    "group_message": [
        seen("messages", "group message", ITEM.format("messages"), phone_number_id=NUMBER["phone_number_id"])
    ],
    "user_changed_number": [
        IdentityChanged(
            **NUMBER, wamid="wamid.SY1", sent_at=at(20), kind="user_changed_number",
            sender=Sender("966500000001", BSUID), new_wa_id="966500000099", new_bsuid="SA.77120000000000000001",
        )
    ],
    "user_changed_user_id": [
        IdentityChanged(
            **NUMBER, wamid="wamid.SY2", sent_at=at(21), kind="user_changed_user_id",
            sender=Sender(None, BSUID), new_bsuid="SA.77120000000000000001",
        )
    ],
    "customer_identity_changed": [
        IdentityChanged(**NUMBER, wamid="wamid.SY3", sent_at=at(22), kind="customer_identity_changed", sender=MUNA)
    ],
    "account_error": [
        seen("messages", "error 130429", "entry[0].changes[0].value.errors", phone_number_id=NUMBER["phone_number_id"])
    ],
    "status_sent": [status(1, "sent", 30, callback_data="att_01JD7Q2M9X")],
    "status_delivered": [status(1, "delivered", 31, callback_data="att_01JD7Q2M9X")],
    "status_read": [status(1, "read", 90)],
    "status_to_bsuid": [status(2, "delivered", 32, recipient_wa_id=None)],
    "status_failed": [status(3, "failed", 33, recipient_bsuid=None, errors=(ReportedError(131049, "..."),))],
    "status_batch": [status(4, "sent", 34), status(4, "delivered", 34)],
    "status_played": [status(5, "played", 35)],
    "user_preferences": [
        PreferenceChanged(**NUMBER, sender=MUNA, category="marketing_messages", value="stop", at=at(40))
    ],
    "template_status_update": [seen("message_template_status_update", "REJECTED", "entry[0].changes[0]")],
    "account_update": [seen("account_update", "ACCOUNT_RESTRICTION", "entry[0].changes[0]")],
    "phone_number_quality_update": [seen("phone_number_quality_update", "THROUGHPUT_UPGRADE", "entry[0].changes[0]")],
    "message_echoes": [seen("smb_message_echoes", "", "entry[0].changes[0]")],
    "several_entries": [
        TextReceived(**inbound(1), text="الأولى"),
        TextReceived(**inbound(21), text="الثانية"),
        status(3, "failed", 33, recipient_bsuid=None, errors=(ReportedError(131049, "..."),)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_every_sample_is_read_as_expected(path: Path):
    """Unescaped as the file is written, and escaped as Meta sends it."""
    expected = EXPECTED[path.stem]
    assert decode(path.read_bytes()) == expected
    assert decode(json.dumps(json.loads(path.read_bytes())).encode("ascii")) == expected


def test_every_sample_has_its_source():
    sources = (SAMPLES.parent / "SOURCES.md").read_text(encoding="utf-8")
    names = {path.name for path in SAMPLES.glob("*.json")}
    assert names == {f"{stem}.json" for stem in EXPECTED}
    assert all(f"`{name}`" in sources for name in names)
