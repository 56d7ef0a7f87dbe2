"""The whole body of POST /messages. Meta, "Service messages", read 2026-11-22."""

import re
from collections.abc import Mapping
from typing import Any

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
"""E.164 with `+`: without it Meta puts the *business's* country code in front and the message goes to someone else."""
_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


class BadAddress(ValueError):
    """Neither `+` with digits nor a BSUID. The address itself is not kept: it may be a phone number."""

    def __init__(self) -> None:
        super().__init__("address is neither a phone number with + nor a BSUID; nothing can be sent to it")


def message_body(part: Mapping[str, Any], *, address: str) -> dict[str, Any]:
    """The request body that is approved and POSTed, without `biz_opaque_callback_data` (the client adds it).

    part: `type` and what belongs to it, from `whatsapp.cards`. address: `+9665…` is sent as `to`, a BSUID as
    `recipient`. Raises BadAddress for any other form.
    """
    body: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if _PHONE.fullmatch(address):
        body["to"] = address
    elif _BSUID.fullmatch(address):
        body["recipient"] = address
    else:
        raise BadAddress
    return body | dict(part)
