"""What the samples have in common: who wrote, which number of ours, when."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wakeel.domain.buttons import ButtonKind, ButtonReply
from wakeel.domain.events import OtherMessage, Sender, Unrecognised

SAMPLES = Path(__file__).parent.parent / "samples" / "whatsapp"
PHONE, BSUID, NEW_BSUID = "966500000001", "SA.20418873640192557731", "SA.77120000000000000001"
NUMBER_ID, WABA = "105500000000002", "215500000000001"
MUNA = Sender(PHONE, BSUID, "منى")
HIDDEN = Sender(None, BSUID, "منى", "muna.sales")
NUMBER: dict[str, Any] = {"phone_number_id": NUMBER_ID, "waba_id": WABA}
METADATA_VALUE: dict[str, Any] = {"metadata": {"display_phone_number": "966110000001", "phone_number_id": NUMBER_ID}}
APPROVE = ButtonReply(ButtonKind.MESSAGE_DRAFT, "approve", "drf_4821", "msg:drf_4821:approve")
SCHEDULE = ButtonReply(ButtonKind.OPPORTUNITY, "schedule", "opp_4821", "opp:opp_4821:schedule")


def at(second: int) -> datetime:
    return datetime.fromtimestamp(1763800000 + second, UTC)


def inbound(number: int, sender: Sender = MUNA, context: str | None = None, **more: Any) -> dict[str, Any]:
    frame = {"wamid": f"wamid.IN{number}", "sent_at": at(number), "sender": sender, "context_wamid": context}
    return NUMBER | frame | more


def other(number: int, type: str, **more: Any) -> OtherMessage:
    return OtherMessage(**inbound(number, more.pop("sender", MUNA), more.pop("context", None)), type=type, **more)


def seen(field: str, what: str, path: str = "entry[0].changes[0]", **more: Any) -> Unrecognised:
    return Unrecognised(field=field, what=what, path=path, **({"waba_id": WABA} | more))


def value_of(stem: str) -> Any:
    return json.loads((SAMPLES / f"{stem}.json").read_bytes())["entry"][0]["changes"][0]["value"]


def key(field: str, entity: str, time: str, value: Any) -> str:
    """The contract of `key`, written down a second time."""
    text = json.dumps([field, entity, time, value], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
