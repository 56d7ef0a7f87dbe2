"""What Meta says of our account, its numbers and its templates. Words: reference WA 3.7 and 8, read 2026-11-22.

Unknown words are kept as they came: a new event of Meta's is shown, never lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """waba_id: the account. webhook_field: what it came in. at: aware UTC of Meta, None if it said no time.

    key: the same for every repetition of this piece of news: field, entity, event, time, hash of the value.
    """

    waba_id: str
    webhook_field: str
    key: str
    at: datetime | None = None
    phone_number_id: str | None = None
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfTemplate(_News):
    """template_id: Meta's number as text. A template is found by account, name and language."""

    template_id: str
    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStatusChanged(_OfTemplate):
    """event: APPROVED, REJECTED, PAUSED, DISABLED, FLAGGED … category: None if it was not said. reason: Meta's word, ''
    for NONE. note: the title and words beside it (pause, disabling, advice)."""

    event: str
    category: str | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateQualityChanged(_OfTemplate):
    """quality: GREEN, YELLOW, RED, UNKNOWN."""

    quality: str
    previous: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCategoryChanged(_OfTemplate):
    """Announced (correct_category with its time) or done (category differs from previous).

    category: the one in force now. correct_category: what it becomes at effective_at, None when it is done.
    """

    category: str
    previous: str = ""
    correct_category: str | None = None
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateComponentsChanged(_OfTemplate):
    """components: as the listing of templates has them: type, text, buttons."""

    components: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLimitChanged(_News):
    """`phone_number_quality_update`, which despite its name tells throughput and limit. limit: TIER_… or ''."""

    display_phone: str
    event: str
    limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNameDecided(_News):
    """decision: APPROVED, REJECTED …; name: the one asked for."""

    display_phone: str
    decision: str
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityChanged(_News):
    """messaging_limit: TIER_… or digits, as it came; max_numbers: None if it was not said."""

    messaging_limit: str = ""
    max_numbers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """type: RESTRICTED_…; until: None without an end."""

    type: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUpdated(_News):
    """event: ACCOUNT_RESTRICTION, ACCOUNT_VIOLATION, DISABLED_UPDATE … details: what else it said, by Meta's names."""

    event: str
    restrictions: tuple[Restriction, ...] = ()
    ban_state: str = ""
    details: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAlerted(_News):
    """alert: Meta's type of it; severity, status: its words."""

    entity: str
    alert: str
    severity: str = ""
    status: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReviewed(_News):
    """decision: APPROVED, REJECTED …"""

    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityChanged(_News):
    """event: PIN_CHANGED, PIN_RESET_REQUEST … of one number of ours."""

    display_phone: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessUsernameChanged(_News):
    """username: None when it was deleted; status: approved, reserved, deleted."""

    display_phone: str
    status: str
    username: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountErred(_News):
    """An error that belongs to no message (`value.errors` of `messages`)."""

    code: int
    details: str = ""


PlatformEvent = (
    TemplateStatusChanged
    | TemplateQualityChanged
    | TemplateCategoryChanged
    | TemplateComponentsChanged
    | NumberLimitChanged
    | NumberNameDecided
    | CapabilityChanged
    | AccountUpdated
    | AccountAlerted
    | AccountReviewed
    | SecurityChanged
    | BusinessUsernameChanged
    | AccountErred
)
