"""Names for the ids that travel between rooms. All are opaque strings; none is ever a phone number."""

import re
from typing import NewType

BusinessId = NewType("BusinessId", str)
ContactId = NewType("ContactId", str)
OperatorId = NewType("OperatorId", str)
OpportunityId = NewType("OpportunityId", str)
DraftId = NewType("DraftId", str)
CardId = NewType("CardId", str)
OutboxId = NewType("OutboxId", str)
AttemptId = NewType("AttemptId", str)

Bsuid = NewType("Bsuid", str)
"""Meta's `user_id`: country code, a dot, up to 128 letters and digits. Scoped to one business portfolio."""

WaId = NewType("WaId", str)
"""Phone digits as WhatsApp writes them, without `+`. May be absent for people who hide their number."""

Wamid = NewType("Wamid", str)
"""Meta's id of one message."""

BUTTON_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""What may stand inside a button id: these ids live in chats for ever (docs/reference/buttons.md)."""
