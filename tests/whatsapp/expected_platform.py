"""What each sample about our account, numbers and templates says; name → its one event."""

from datetime import UTC, datetime
from typing import Any

from tests.whatsapp.sample_values import WABA, at, key, value_of
from wakeel.domain.events import Event
from wakeel.domain.platform_events import (
    AccountAlerted,
    AccountReviewed,
    AccountUpdated,
    BusinessUsernameChanged,
    CapabilityChanged,
    NumberLimitChanged,
    NumberNameDecided,
    Restriction,
    SecurityChanged,
    TemplateCategoryChanged,
    TemplateComponentsChanged,
    TemplateQualityChanged,
    TemplateStatusChanged,
)

OFFER = {"template_id": "1689556908129835", "name": "offer_v1", "language": "ar"}
RATED = OFFER | {"template_id": "806312974732579"}
CARD = {"template_id": "278077987957091", "name": "card_v3", "language": "ar"}
OUR_PHONE = {"display_phone": "966110000001"}
LATER = datetime.fromtimestamp(1764400000, UTC)


def news(stem: str, field: str, second: int = 41) -> dict[str, Any]:
    """What all news have in common; the samples are news of one account, a second apart."""
    found = {"waba_id": WABA, "webhook_field": field, "at": at(second)}
    return found | {"key": key(field, WABA, str(1763800000 + second), value_of(stem))}


def template(stem: str, event: str, **more: Any) -> Event:
    values = OFFER | {"category": "MARKETING"} | more
    return TemplateStatusChanged(**news(stem, "message_template_status_update"), **values, event=event)


def account(stem: str, event: str, second: int = 41, **more: Any) -> Event:
    return AccountUpdated(**news(stem, "account_update", second), event=event, **more)


TEMPLATES: dict[str, Event] = {
    "template_approved": template("template_approved", "APPROVED"),
    "template_pending": template("template_pending", "PENDING"),
    "template_status_update": template(
        "template_status_update", "REJECTED", category="UTILITY", name="opportunity_card_v3",
        reason="INVALID_FORMAT", note="...: ...",
    ),
    "template_rejected_for_promotion": template("template_rejected_for_promotion", "REJECTED", reason="PROMOTIONAL"),
    "template_paused": template("template_paused", "PAUSED", note="FIRST_PAUSE: ..."),
    "template_paused_again": template("template_paused_again", "PAUSED", note="SECOND_PAUSE: ..."),
    "template_unpaused": template("template_unpaused", "APPROVED", note="UNPAUSE: ..."),
    "template_disabled": template("template_disabled", "DISABLED", note="1763800041"),
    "template_flagged": template("template_flagged", "FLAGGED"),
    "template_reinstated": template("template_reinstated", "REINSTATED"),
    "template_locked": template("template_locked", "LOCKED"),
    "template_in_appeal": template("template_in_appeal", "IN_APPEAL"),
    "template_limit_exceeded": template("template_limit_exceeded", "LIMIT_EXCEEDED"),
    "template_archived": template("template_archived", "ARCHIVED"),
    "template_unarchived": template("template_unarchived", "UNARCHIVED"),
    "template_deleted": template("template_deleted", "DELETED"),
    "template_pending_deletion": template("template_pending_deletion", "PENDING_DELETION"),
    "template_quality_update": TemplateQualityChanged(
        **news("template_quality_update", "message_template_quality_update"),
        **RATED, quality="YELLOW", previous="GREEN",
    ),
    "template_quality_under_status": TemplateQualityChanged(
        **news("template_quality_under_status", "message_template_status_update"),
        **RATED, quality="YELLOW", previous="GREEN",
    ),
    "template_category_announced": TemplateCategoryChanged(
        **news("template_category_announced", "template_category_update"),
        **CARD, category="UTILITY", correct_category="MARKETING", effective_at=at(86_400),
    ),
    "template_category_done": TemplateCategoryChanged(
        **news("template_category_done", "template_category_update"),
        **CARD, category="MARKETING", previous="UTILITY",
    ),
    "template_components_update": TemplateComponentsChanged(
        **news("template_components_update", "message_template_components_update"),
        **CARD | {"template_id": "1315502779341834"},
        components=(
            {"type": "HEADER", "format": "TEXT", "text": "..."},
            {"type": "BODY", "text": "نص {{1}} ..."},
            {"type": "FOOTER", "text": "..."},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "اعتماد"}]},
        ),
    ),
    "template_components_with_links": TemplateComponentsChanged(
        **news("template_components_with_links", "message_template_components_update"),
        template_id="1315502779341834", name="card_v4", language="en_US",
        components=(
            {"type": "BODY", "text": "Text"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "URL", "text": "Open", "url": "https://example.com/{{1}}"},
                    {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+966110000001"},
                ],
            },
        ),
    ),
}  # fmt: skip

NUMBERS: dict[str, Event] = {
    "phone_number_quality_update": NumberLimitChanged(
        **news("phone_number_quality_update", "phone_number_quality_update", 43),
        **OUR_PHONE, event="THROUGHPUT_UPGRADE", limit="TIER_UNLIMITED",
    ),
    "phone_number_onboarded": NumberLimitChanged(
        **news("phone_number_onboarded", "phone_number_quality_update"),
        **OUR_PHONE, event="ONBOARDING", limit="TIER_250",
    ),
    "phone_number_flagged": NumberLimitChanged(
        **news("phone_number_flagged", "phone_number_quality_update"), **OUR_PHONE, event="FLAGGED", limit="TIER_2K"
    ),
    "phone_number_name_approved": NumberNameDecided(
        **news("phone_number_name_approved", "phone_number_name_update"),
        **OUR_PHONE, decision="APPROVED", name="شركة",
    ),
    "phone_number_name_rejected": NumberNameDecided(
        **news("phone_number_name_rejected", "phone_number_name_update"),
        **OUR_PHONE, decision="REJECTED", name="شركة", reason="NAME_EMPLOYEE_ISSUE",
    ),
    "capability_as_number": CapabilityChanged(
        **news("capability_as_number", "business_capability_update"), messaging_limit="2000", max_numbers=25
    ),
    "capability_as_tier": CapabilityChanged(
        **news("capability_as_tier", "business_capability_update"), messaging_limit="TIER_UNLIMITED", max_numbers=25
    ),
    "capability_old_names": CapabilityChanged(
        **news("capability_old_names", "business_capability_update"), messaging_limit="1000"
    ),
    "security_pin_reset": SecurityChanged(
        **news("security_pin_reset", "security"), **OUR_PHONE, event="PIN_RESET_REQUEST"
    ),
    "security_pin_changed": SecurityChanged(
        **news("security_pin_changed", "security"), **OUR_PHONE, event="PIN_CHANGED"
    ),
    "business_username_reserved": BusinessUsernameChanged(
        **news("business_username_reserved", "business_username_updates"),
        **OUR_PHONE, status="reserved", username="example.co",
    ),
    "business_username_deleted": BusinessUsernameChanged(
        **news("business_username_deleted", "business_username_updates"), **OUR_PHONE, status="deleted"
    ),
}  # fmt: skip

FIRST_MESSAGES = Restriction(type="RESTRICTED_BIZ_INITIATED_MESSAGING", until=LATER)
ACCOUNT: dict[str, Event] = {
    "account_update": account(
        "account_update", "ACCOUNT_RESTRICTION", 42, restrictions=(FIRST_MESSAGES,), details={"remediation": "..."}
    ),
    "account_restrictions": account(
        "account_restrictions", "ACCOUNT_RESTRICTION",
        restrictions=(FIRST_MESSAGES, Restriction(type="RESTRICTED_ADD_PHONE_NUMBER_ACTION")),
        details={"remediation": "..."},
    ),
    "account_violation": account("account_violation", "ACCOUNT_VIOLATION", details={"violation_type": "SPAM"}),
    "account_disabled": account(
        "account_disabled", "DISABLED_UPDATE", ban_state="SCHEDULE_FOR_DISABLE",
        details={"waba_ban_date": "November 20, 2026"},
    ),
    "account_reinstated": account(
        "account_reinstated", "DISABLED_UPDATE", ban_state="REINSTATE", details={"waba_ban_date": "November 21, 2026"}
    ),
    "account_deleted": account("account_deleted", "ACCOUNT_DELETED"),
    "account_offboarded": account(
        "account_offboarded", "ACCOUNT_OFFBOARDED", details={"phone_number": "966110000001"}
    ),
    "account_reconnected": account("account_reconnected", "ACCOUNT_RECONNECTED"),
    "account_partner_added": account(
        "account_partner_added", "PARTNER_ADDED",
        details={"waba_id": WABA, "owner_business_id": "506914307650001"},
    ),
    "account_auth_international": account(
        "account_auth_international", "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
        details={"start_time": "1763800042", "country_code": "IN"},
    ),
    "account_country": account(
        "account_country", "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", details={"country": "SA"}
    ),
    "account_marketing_terms": account("account_marketing_terms", "MM_LITE_TERMS_SIGNED"),
    "account_ads_linked": account(
        "account_ads_linked", "AD_ACCOUNT_LINKED", details={"ad_account_linked": "70000000000001"}
    ),
    "account_volume_tier": account(
        "account_volume_tier", "VOLUME_BASED_PRICING_TIER_UPDATE",
        details={
            "tier_update_time": "1763800042", "pricing_category": "UTILITY", "tier": "25000001:50000000",
            "effective_month": "2026-11", "region": "India",
        },
    ),
    "account_alerts": AccountAlerted(
        **news("account_alerts", "account_alerts"), entity="BUSINESS 506914307650001",
        alert="INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED", severity="WARNING", status="ACTIVE", description="...",
    ),
    "account_alerts_flat": AccountAlerted(
        **news("account_alerts_flat", "account_alerts"), entity="PHONE_NUMBER 105500000000002", alert="OBA_APPROVED",
        severity="INFORMATIONAL", status="ACTIVE", description="...",
    ),
    "account_review_update": AccountReviewed(
        **news("account_review_update", "account_review_update"), decision="APPROVED"
    ),
}  # fmt: skip
