"""The sending policy: everything of the gate that is a choice and not a fact. Data, read from files, never code.

Shape and defaults: reference "consent and contactability", sections 1.5, 5.3, 9.1 and 9.2, read 2026-11-22.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wakeel.domain import document_reader as reader
from wakeel.domain.calendars import (
    Calendar,
    Spans,
    Windows,
    calendar_document,
    read_calendar,
    read_country,
    read_windows,
    windows_document,
)
from wakeel.domain.consent import Category
from wakeel.domain.document_reader import DocumentFault, Faulty, Node

MODES = ("newer_explicit_grant_reopens", "permanent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `max` messages of one category to one person in any `window`."""

    category: str
    window: timedelta
    max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One complete policy. version: 12 hex digits of its canonical document, so equal policies have equal versions."""

    service_window: timedelta
    service_window_margin: timedelta
    clock_skew_tolerance: timedelta
    duplicate_window: timedelta
    platform_limit_cooldown: timedelta
    pair_interval: timedelta
    opt_out_confirmation_within: timedelta
    permanent_opt_out: bool
    reply_after_opt_out: bool
    carry_grants_on_number_change: bool
    caps: tuple[Cap, ...]
    send_windows: Windows
    default_time_zone: str
    marketing_blocked_countries: frozenset[str]
    calendars: Mapping[str, Calendar]
    version: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        written = json.dumps(as_document(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        object.__setattr__(self, "version", hashlib.sha256(written.encode()).hexdigest()[:12])

    @property
    def looks_back(self) -> timedelta:
        """How far back a decision asks what was sent to the person."""
        waits = (self.duplicate_window, self.platform_limit_cooldown, self.pair_interval)
        return max(*waits, *(cap.window for cap in self.caps))

    def spans_on(self, day: date, *, category: str, country: str | None) -> Spans:
        """When messages of `category` may go on that local date in that country; empty: not at all."""
        calendar = self.calendars.get(country or "")
        spans = calendar.spans_on(day, category) if calendar is not None else None
        return self.send_windows.get(category, ()) if spans is None else spans


class PolicyFault(ValueError):
    """The document is no policy. faults: all of them, each with its path."""

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


_DURATIONS = {
    "service_window": 24 * 3600,
    "service_window_margin": 120,
    "clock_skew_tolerance": 120,
    "duplicate_window": 24 * 3600,
    "platform_limit_cooldown": 24 * 3600,
    "pair_interval": 6,
    "opt_out_confirmation_within": 300,
}
_DEFAULTS: dict[str, Any] = {
    "opt_out_mode": MODES[0],
    "reply_after_opt_out": True,
    "carry_grants_on_number_change": False,
    "caps": [
        {"category": "marketing", "window_s": 86_400, "max": 1},
        {"category": "marketing", "window_s": 604_800, "max": 2},
        {"category": "utility", "window_s": 86_400, "max": 5},
        {"category": "authentication", "window_s": 3_600, "max": 5},
    ],
    "send_windows": {"marketing": [["09:00", "21:00"]], "utility": [["08:00", "22:00"]]},
    "default_time_zone": "Asia/Riyadh",
    "marketing_blocked_countries": ["US"],
    "calendars": {},
}


def policy_from(document: Mapping[str, object], *, is_strict: bool = True) -> Policy:
    """Read a policy in the shape of the reference's section 9.1; a missing key has the default of its section 1.5.

    is_strict: a key that nothing reads is a fault too. Raises PolicyFault with every fault.
    """
    node = Node({**_DEFAULTS, **document}, is_strict=is_strict)
    node.only(*(f"{name}_s" for name in _DURATIONS), *_DEFAULTS)
    durations: dict[str, Any] = {
        name: node.child(f"{name}_s").read(reader.seconds, timedelta(seconds=default))
        for name, default in _DURATIONS.items()
    }
    switches = {
        name: node.child(name).read(reader.true_or_false, _DEFAULTS[name])
        for name in ("reply_after_opt_out", "carry_grants_on_number_change")
    }
    policy = Policy(
        **durations,
        **switches,
        permanent_opt_out=node.child("opt_out_mode").read(reader.one_of(*MODES), MODES[0]) == "permanent",
        caps=tuple(_cap(item) for item in node.child("caps").items()),
        send_windows=read_windows(node.child("send_windows")),
        default_time_zone=node.child("default_time_zone").read(_zone_name, "UTC"),
        marketing_blocked_countries=frozenset(
            item.read(read_country, "") for item in node.child("marketing_blocked_countries").items()
        ),
        calendars={key: read_calendar(key, item) for key, item in node.child("calendars").children()},
    )
    if node.faults:
        raise PolicyFault(tuple(node.faults))
    return policy


def as_document(policy: Policy) -> dict[str, Any]:
    """The policy as JSON-able data, always the same for equal policies; `policy_from` reads it back."""
    return {
        **{f"{name}_s": int(getattr(policy, name).total_seconds()) for name in _DURATIONS},
        "opt_out_mode": MODES[1] if policy.permanent_opt_out else MODES[0],
        "reply_after_opt_out": policy.reply_after_opt_out,
        "carry_grants_on_number_change": policy.carry_grants_on_number_change,
        "caps": [
            {"category": c.category, "window_s": int(c.window.total_seconds()), "max": c.max} for c in policy.caps
        ],
        "send_windows": windows_document(policy.send_windows),
        "default_time_zone": policy.default_time_zone,
        "marketing_blocked_countries": sorted(policy.marketing_blocked_countries),
        "calendars": {key: calendar_document(policy.calendars[key]) for key in sorted(policy.calendars)},
    }


def _cap(node: Node) -> Cap:
    node.only("category", "window_s", "max")
    for key in ("category", "window_s", "max"):
        if node.child(key).value is None:
            node.child(key).fault("is missing")
    return Cap(
        category=node.child("category").read(reader.one_of(*(c.value for c in Category)), ""),
        window=node.child("window_s").read(reader.seconds, timedelta()),
        max=node.child("max").read(reader.whole(1, 1_000_000), 1),
    )


def _zone_name(value: object) -> str:
    try:
        return ZoneInfo(reader.text(value)).key
    except (KeyError, ValueError, OSError):
        raise Faulty("give an IANA time zone such as Asia/Riyadh") from None
