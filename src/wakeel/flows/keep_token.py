"""What WhatsApp says of our access token is kept for the health page: whether it works, and until when."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.checkup_account import TokenFacts
from wakeel.store import heartbeat


def keep_token(facts: TokenFacts | None, *, real_now: datetime) -> None:
    """facts: None if Meta refused the token itself."""
    with transaction.atomic():
        heartbeat.note_token(
            is_valid=facts is not None and facts.is_valid,
            expires_at=facts.expires_at if facts is not None else None,
            real_now=real_now,
        )
