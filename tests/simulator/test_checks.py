"""Every limit of Meta that the simulator holds a payload against, one fault at a time."""

from typing import Any

import pytest

from tests.simulator.payloads import changed
from wakeel.simulator.checks.message import check_message, check_receipt

TEXT: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "to": "+966501110001",
    "type": "text",
    "text": {"body": "نص"},
}


def buttons(*replies: tuple[str, str]) -> dict[str, Any]:
    choices = [{"type": "reply", "reply": {"id": button_id, "title": title}} for button_id, title in replies]
    interactive = {"type": "button", "body": {"text": "سؤال"}, "action": {"buttons": choices}}
    return {"messaging_product": "whatsapp", "to": "+966501110001", "type": "interactive", "interactive": interactive}


def rows(*counts: int, title: str | None = "قسم") -> dict[str, Any]:
    sections = []
    for section, count in enumerate(counts):
        row_list = [{"id": f"{section}:{row}", "title": f"صف {row}"} for row in range(count)]
        sections.append({"rows": row_list} | ({"title": title} if title else {}))
    interactive = {"type": "list", "body": {"text": "سؤال"}, "action": {"button": "اختيار", "sections": sections}}
    return {"messaging_product": "whatsapp", "to": "+966501110001", "type": "interactive", "interactive": interactive}


def test_everything_at_its_limit_is_taken():
    """A limit that is one too tight would hide a right product behind a wrong stand-in."""
    full = buttons(("a" * 256, "ع" * 20), ("b", "نعم"), ("c", "لا"))
    full = changed(full, "interactive.body.text", "س" * 1024)
    full = changed(full, "interactive.header", {"type": "text", "text": "ع" * 60})
    full = changed(full, "interactive.footer", {"text": "ع" * 60})
    full = changed(full, "biz_opaque_callback_data", "x" * 512)
    longest_list = changed(rows(5, 5), "interactive.action.button", "ع" * 20)
    longest_list = changed(longest_list, "interactive.action.sections.0.rows.0.id", "x" * 200)
    longest_list = changed(longest_list, "interactive.action.sections.0.rows.0.title", "ع" * 24)
    longest_list = changed(longest_list, "interactive.action.sections.0.rows.0.description", "ع" * 72)
    for payload in (full, longest_list, rows(10, title=None), changed(TEXT, "text.body", "س" * 4096)):
        assert check_message(payload) is None


CARD = buttons(("a", "نعم"), ("b", "لا"))
LIST = rows(2, 2)
FIRST = "interactive.action.buttons.0.reply"
ROW = "interactive.action.sections.0.rows.0"

TEMPLATE = changed(changed(TEXT, "type", "template"), "text", None) | {
    "template": {"name": "t", "language": {"code": "ar"}}
}
WRONG = [
    (changed(TEXT, "messaging_product", None), 100),
    (changed(TEXT, "messaging_product", "sms"), 100),
    (changed(TEXT, "to", None), 100),
    (changed(TEXT, "to", ""), 131008),
    (changed(TEXT, "to", "ليلى"), 131009),
    (changed(TEXT, "to", "+(--) 123"), 131009),
    (changed(TEXT, "to", 966501110001), 100),
    (changed(TEXT, "type", None), 131008),
    (changed(TEXT, "type", "telegram"), 100),
    (changed(TEXT, "type", "image"), 100),
    (changed(TEXT, "text", None), 131008),
    (changed(TEXT, "text", "نص"), 100),
    (changed(TEXT, "text.body", None), 131008),
    (changed(TEXT, "text.body", ""), 131009),
    (changed(TEXT, "text.body", " \n"), 131009),
    (changed(TEXT, "text.body", "س" * 4097), 131009),
    (changed(TEXT, "text.body", "😀" * 2049), 131009),
    (changed(TEXT, "text.bold", True), 100),
    (changed(TEXT, "wat", True), 100),
    (changed(TEXT, "recipient_type", "crowd"), 100),
    (changed(TEXT, "biz_opaque_callback_data", "x" * 513), 131009),
    (changed(TEXT, "context", {}), 131008),
    (changed(TEXT, "context", {"message_id": "1"}), 131009),
    (changed(TEXT, "category", "utility"), 100),
    (changed(TEXT, "recipient_identity_key_hash", 5), 100),
    (changed(TEXT, "recipient_type", "group"), 131215),
    (changed(changed(TEXT, "to", None), "recipient", "966501110001"), 131009),
    (changed(CARD, "interactive.type", "flow"), 100),
    (changed(CARD, "interactive.type", "riddle"), 100),
    (changed(CARD, "interactive.body", None), 131008),
    (changed(CARD, "interactive.body.text", "س" * 1025), 131009),
    (changed(CARD, "interactive.header", {"type": "text", "text": "ع" * 61}), 131009),
    (changed(CARD, "interactive.header", {"type": "image"}), 131008),
    (changed(CARD, "interactive.footer", {"text": "ع" * 61}), 131009),
    (changed(CARD, "interactive.action.buttons", []), 131009),
    (changed(CARD, "interactive.action.buttons.0.type", "url"), 131009),
    (buttons(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")), 131009),
    (changed(CARD, f"{FIRST}.title", "ع" * 21), 131009),
    (changed(CARD, f"{FIRST}.title", ""), 131009),
    (changed(CARD, f"{FIRST}.title", "لا"), 131009),
    (changed(CARD, f"{FIRST}.title", None), 131008),
    (changed(CARD, f"{FIRST}.id", "b"), 131009),
    (changed(CARD, f"{FIRST}.id", "x" * 257), 131009),
    (changed(CARD, f"{FIRST}.id", " a"), 131009),
    (changed(CARD, f"{FIRST}.id", "a "), 131009),
    (changed(LIST, "interactive.action.button", "ع" * 21), 131009),
    (changed(LIST, "interactive.action.sections", []), 131009),
    (changed(LIST, "interactive.action.sections.0.rows", []), 131009),
    (changed(LIST, "interactive.action.sections.0.title", "ع" * 25), 131009),
    (changed(LIST, "interactive.header", {"type": "image", "image": {"id": "1"}}), 131009),
    (rows(2, 2, title=None), 131008),
    (rows(6, 5), 131009),
    (rows(*[1] * 11), 131009),
    (changed(LIST, f"{ROW}.id", "0:1"), 131009),
    (changed(LIST, f"{ROW}.id", "x" * 201), 131009),
    (changed(LIST, f"{ROW}.title", "ع" * 25), 131009),
    (changed(LIST, f"{ROW}.description", "ع" * 73), 131009),
    (changed(changed(TEXT, "type", "template"), "text", None) | {"template": {"name": "t"}}, 131008),
    (changed(TEMPLATE, "template.language", {}), 131008),
    (changed(TEMPLATE, "template.namespace", "x"), 100),
    (changed(TEMPLATE, "template.components", [{"type": "body"}]), 131008),
    (
        changed(TEMPLATE, "template.components", [{"type": "body", "parameters": [{"type": "text", "text": ""}]}]),
        131008,
    ),
    (["not", "an", "object"], 100),
]


@pytest.mark.parametrize(("payload", "code"), WRONG)
def test_a_broken_rule_gets_metas_code(payload: object, code: int):
    error = check_message(payload)
    assert error is not None
    assert error.code == code
    body = error.body()["error"]
    assert body["code"] == code
    assert body["error_data"]["details"] == error.details
    assert body["type"] == "OAuthException"
    assert body["fbtrace_id"]


@pytest.mark.parametrize("to", ["+966 50 111 0001", "(050) 111-0001", "0501110001"])
def test_a_phone_number_may_be_written_with_signs(to: str):
    assert check_message(changed(TEXT, "to", to)) is None


@pytest.mark.parametrize("bsuid", ["SA.1", "SA.ENT.11815799212886844830"])
def test_a_bsuid_is_enough_of_an_address(bsuid: str):
    assert check_message(changed(changed(TEXT, "to", None), "recipient", bsuid)) is None


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A"}, None),
        ({"messaging_product": "whatsapp", "status": "seen", "message_id": "wamid.A"}, 131009),
        ({"messaging_product": "whatsapp", "status": "read"}, 131008),
        ({"messaging_product": "whatsapp", "status": "read", "message_id": "A"}, 131009),
        (
            {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A", "typing_indicator": {}},
            131009,
        ),
    ],
)
def test_a_read_receipt_is_checked_too(payload: dict[str, Any], code: int | None):
    error = check_receipt(payload)
    assert (error.code if error else None) == code
