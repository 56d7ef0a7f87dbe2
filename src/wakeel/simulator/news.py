"""What Meta tells a business by itself about account, numbers and names: the value of one change, by field.

Source: Meta, webhook references of these fields, read 2026-11-22. Pure.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from wakeel.simulator.durations import DAY_S
from wakeel.simulator.wishes import Mistake, given, words

Json = dict[str, Any]

PORTFOLIO_ID = "506914307650001"
REQUESTER_ID = "61555822100001"
WITHOUT_USERNAME = "deleted"


def account_update(wish: Json, *, now: float) -> Json:
    """{event, restriction?, days?, remediation?, ban_state?, violation?, partner?, tier?, category?, region?}."""
    event = given(wish, "event", str)
    value: Json = {"event": event}
    if restriction := words(wish, "restriction"):
        row: Json = {"restriction_type": restriction}
        if days := given(wish, "days", int, default=0):
            row["expiration"] = int(now) + days * DAY_S
        if remediation := words(wish, "remediation"):
            row["remediation"] = remediation
        value["restriction_info"] = [row]
    if ban_state := words(wish, "ban_state"):
        day = datetime.fromtimestamp(now, UTC).strftime("%B %d, %Y")
        value["ban_info"] = {"waba_ban_state": ban_state, "waba_ban_date": day}
    if event == "ACCOUNT_VIOLATION":
        value["violation_info"] = {"violation_type": words(wish, "violation", default="SPAM")}
    if event.startswith("PARTNER_"):
        value["waba_info"] = {
            "waba_id": words(wish, "partner", default=PORTFOLIO_ID),
            "owner_business_id": PORTFOLIO_ID,
        }
    if event == "VOLUME_BASED_PRICING_TIER_UPDATE":
        value["volume_tier_info"] = {
            "tier_update_time": int(now),
            "pricing_category": words(wish, "category", default="UTILITY"),
            "tier": words(wish, "tier", default="25000001:50000000"),
            "effective_month": datetime.fromtimestamp(now, UTC).strftime("%Y-%m"),
            "region": words(wish, "region", default="Saudi Arabia"),
        }
    return value


def news(wish: Json, *, display_phone: str) -> tuple[str, Json]:
    """Field and value of the news that a wish names by `event`. Raises Mistake for an event nobody knows."""
    event = given(wish, "event", str)
    if event not in NEWS:
        raise Mistake(f"event must be one of {', '.join(NEWS)}")
    field, has_number, make = NEWS[event]
    return field, ({"display_phone_number": display_phone} if has_number else {}) | make(wish)


def _number_quality(wish: Json) -> Json:
    value = {"event": words(wish, "what", default="THROUGHPUT_UPGRADE")}
    return value | {"max_daily_conversations_per_business": words(wish, "limit", default="TIER_UNLIMITED")}


def _number_name(wish: Json) -> Json:
    name = given(wish, "name", str)
    value: Json = {"decision": words(wish, "decision", default="APPROVED"), "requested_verified_name": name}
    return value | {"rejection_reason": words(wish, "reason") or None}


def _capability(wish: Json) -> Json:
    limit = wish.get("limit", 2_000)
    if isinstance(limit, bool) or not isinstance(limit, (int, str)):
        raise Mistake("limit must be a number of people or a word such as TIER_2K")
    numbers = given(wish, "numbers", int, default=25)
    return {"max_daily_conversations_per_business": limit, "max_phone_numbers_per_waba": numbers}


def _alert(wish: Json) -> Json:
    info = {
        "alert_severity": words(wish, "severity", default="WARNING"),
        "alert_status": words(wish, "status", default="ACTIVE"),
        "alert_type": words(wish, "type", default="INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED"),
        "alert_description": words(wish, "description", default="Set on the phones page."),
    }
    return {"entity_type": "BUSINESS", "entity_id": PORTFOLIO_ID, "alert_info": info}


def _review(wish: Json) -> Json:
    return {"decision": words(wish, "decision", default="APPROVED")}


def _security(wish: Json) -> Json:
    return {"event": words(wish, "what", default="PIN_RESET_REQUEST"), "requester": REQUESTER_ID}


def _username(wish: Json) -> Json:
    status = words(wish, "status", default="reserved")
    if status == WITHOUT_USERNAME:
        return {"status": status}
    return {"username": words(wish, "username", default="example.co"), "status": status}


def _flow(wish: Json) -> Json:
    old, new = words(wish, "old", default="DRAFT"), words(wish, "new", default="PUBLISHED")
    message = f"Flow status changed from {old} to {new}"
    return {
        "event": "FLOW_STATUS_CHANGE",
        "message": message,
        "flow_id": "6627390910605886",
        "old_status": old,
        "new_status": new,
    }


NEWS: dict[str, tuple[str, bool, Callable[[Json], Json]]] = {
    "number_quality": ("phone_number_quality_update", True, _number_quality),
    "number_name": ("phone_number_name_update", True, _number_name),
    "capability": ("business_capability_update", False, _capability),
    "account_alert": ("account_alerts", False, _alert),
    "account_review": ("account_review_update", False, _review),
    "security": ("security", True, _security),
    "business_username": ("business_username_updates", True, _username),
    "flow": ("flows", False, _flow),
}
"""Event to field, whether the value names our number, and what else stands in it."""
