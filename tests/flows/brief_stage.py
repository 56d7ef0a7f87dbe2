"""Pieces for tests of briefs and of an operator's window: approved templates, and taps on them."""

import json
from datetime import datetime
from importlib import resources
from typing import Any

from tests import rows
from tests.flows.stage import Answer, Stage
from wakeel.domain.template_texts import components_hash
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.store.models import Operator, OutboxMessage, Template, TemplateText


def approve_template(stage: Stage, *, language: str = "ar", body: str = "", **fields: Any) -> Template:
    """The brief's ready-made template, submitted and approved by Meta as it ships, unless told otherwise. body: other
    words."""
    file = resources.files("wakeel.starter_templates") / "operator_brief.json"
    said = json.loads(file.read_text(encoding="utf-8"))["languages"][language]
    buttons = [{"type": "QUICK_REPLY", "text": button["label"]} for button in said["buttons"]]
    components = [{"type": "BODY", "text": body or said["body"]}, {"type": "BUTTONS", "buttons": buttons}]
    business = stage.firm.business
    TemplateText.objects.create(
        business=business, name="operator_brief", meta_name="operator_brief_v1", language=language, category="UTILITY",
        components=components, payloads=[button["payload"] for button in said["buttons"]], created_at=stage.now,
    )  # fmt: skip
    assert components_hash(components)
    values = {"status": "APPROVED", "category": "UTILITY", "components": components, **fields}
    return Template.objects.create(
        business=business, waba_id=rows.WABA_ID, name="operator_brief_v1", language=language, **values
    )


def set_window(operator: Operator, *, wrote_at: datetime | None) -> None:
    operator.last_inbound_at = wrote_at
    operator.save(update_fields=["last_inbound_at"])


def posted_templates(left: list[Claimed]) -> list[dict[str, Any]]:
    return [dict(one.body["template"]) for one in left if one.body["type"] == "template"]


def tap_template(stage: Stage, payload: str, *, by: Operator | None = None) -> Answer:
    """A tap on a quick reply of the newest template on that phone: `type` button, as WhatsApp sends it."""
    who = by or stage.operator
    sent = OutboxMessage.objects.filter(operator=who, body__type="template", wamid__isnull=False).latest("id")
    message = {
        "type": "button",
        "button": {"payload": payload, "text": "زر"},
        "context": {"from": "966110000001", "id": sent.wamid},
    }
    return stage._message(message, who)
