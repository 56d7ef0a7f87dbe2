"""What the business and Meta can change of the account and its number, beside templates and rules. Pure state."""

from dataclasses import dataclass, field
from typing import Any

from wakeel.simulator.errors import MetaError
from wakeel.simulator.rules.book import Rules, Standing
from wakeel.simulator.world import Phone

Json = dict[str, Any]

LIMITS = {250: "TIER_250", 2_000: "TIER_2K", 10_000: "TIER_10K", 100_000: "TIER_100K"}
"""Unique people in 24 hours to Graph's word. Source: Meta, "Messaging limits", read 2026-11-22."""
UNLIMITED = "TIER_UNLIMITED"
HIGH_PER_S = 1_000
"""Messages a second after the upgrade. Source: Meta, "Throughput", read 2026-11-22."""
STATUSES = {Standing.LOCKED: "BANNED", Standing.RESTRICTED: "RESTRICTED"}


@dataclass(slots=True)
class Account:
    """Outlives the process.

    verified_name: '' for the name of the business; new_name: asked for, '' for none.
    quality: GREEN, YELLOW, RED, UNKNOWN.
    pin: of two-step verification, '' while it is off. subscribed: False stops every webhook.
    account_callback, number_callback: addresses that override the one of the start (Meta, "Webhook overrides").
    profile: as Graph lists it. settings: of number and account, as they were given.
    """

    verified_name: str = ""
    name_status: str = "APPROVED"
    new_name: str = ""
    quality: str = "GREEN"
    registered: bool = True
    pin: str = ""
    subscribed: bool = True
    account_callback: str = ""
    number_callback: str = ""
    profile: Json = field(default_factory=dict)
    settings: dict[str, Json] = field(default_factory=dict)

    @property
    def checks_identity(self) -> bool:
        """Whether webhooks name the identity key hash of a person (Meta, "Phone numbers", read 2026-11-22)."""
        wanted = self.settings.get("number", {}).get("user_identity_change")
        return isinstance(wanted, dict) and wanted.get("enable_identity_key_check") is True

    def webhook_url(self, usual: str) -> str:
        """Where webhooks go: the number's address, else the account's, else the usual one."""
        return self.number_callback or self.account_callback or usual

    def objection(self, phone: Phone | None) -> MetaError | None:
        """Why nothing may be sent at all, or not to this person; None if it may.

        Source: Meta, "Error codes" and "Block users", read 2026-11-22.
        """
        if not self.registered:
            return MetaError(133010, "The business phone number is not registered.")
        if phone is not None and phone.blocked:
            return MetaError(130403, "This user was blocked by the business.")
        return None


def limit_word(rules: Rules) -> str:
    """The messaging limit as Graph names it; between two steps the lower one."""
    if not rules.messaging_limit:
        return UNLIMITED
    people = rules.messaging_limit_people
    if people > max(LIMITS):
        return UNLIMITED
    return LIMITS[max((step for step in LIMITS if step <= people), default=min(LIMITS))]


def throughput_word(rules: Rules) -> str:
    """STANDARD or HIGH."""
    return "HIGH" if not rules.throughput or rules.throughput_per_s >= HIGH_PER_S else "STANDARD"


def status_word(account: Account, rules: Rules) -> str:
    """The number's status as Graph names it."""
    if not account.registered:
        return "DISCONNECTED"
    return STATUSES.get(rules.account, "CONNECTED")


def health_word(account: Account, rules: Rules) -> str:
    """AVAILABLE, LIMITED or BLOCKED: whether messages can be sent."""
    if not account.registered or rules.account in {Standing.LOCKED, Standing.RESTRICTED}:
        return "BLOCKED"
    return "LIMITED" if rules.account is Standing.UNPAID or account.quality == "RED" else "AVAILABLE"
