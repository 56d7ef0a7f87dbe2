"""What the webhook refused, and that WhatsApp verified our address, for the health page."""

from collections.abc import Mapping

from django.db import transaction

from wakeel import clock
from wakeel.store import heartbeat
from wakeel.store.retry import whole_transaction

VERIFIED, NOT_VERIFIED = "verified", "not_verified"
SIGNATURES = frozenset({"signature_missing", "signature_duplicate", "signature_malformed", "signature_wrong"})


@whole_transaction
def note_webhook(counts: Mapping[str, int]) -> None:
    """Add what one process counted since it told the last time. counts: by the words of `web.webhook`."""
    wrong = sum(number for word, number in counts.items() if word in SIGNATURES)
    with transaction.atomic():
        heartbeat.add_webhook_counts(
            wrong=wrong, not_verified=counts.get(NOT_VERIFIED, 0), is_verified=VERIFIED in counts,
            real_now=clock.real_now(),
        )  # fmt: skip
