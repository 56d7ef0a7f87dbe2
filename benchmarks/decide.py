"""How long one decision of the gate takes, on facts in memory. Prints one JSON line: microseconds, p50 and p99.

    .venv/bin/python -m benchmarks.decide [DECISIONS]

Three requests, each with a ledger of ten events as a person collects them in two years, five earlier sends and the
policy that ships: `allow` (an approved offer at noon), `defer` (the same on a Thursday night in Cairo, where Friday and
Saturday are closed) and `refuse` (they opted out). Target: allow at most 100 µs (p50).

The peer of the same run is what an outbound service cannot avoid either: parsing and validating one phone number with
`phonenumbers`. `ratio` is allow over peer, both p50; below 1 the decision is the cheaper of the two.
"""

import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import phonenumbers

from wakeel.domain.consent import ConsentEvent, ConsentType, Subject
from wakeel.domain.gate import decide
from wakeel.domain.gate_request import (
    ApprovalFacts,
    GateRequest,
    History,
    MessageFacts,
    RecipientFacts,
    Send,
    SenderFacts,
    TemplateFacts,
)
from wakeel.domain.outbox import Audience
from wakeel.domain.reasons import Answer
from wakeel.policy_files import load

DECISIONS = 20_000
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
THURSDAY_NIGHT = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BOTH = frozenset({"marketing", "utility"})
OFFERS = frozenset({"offers", "order_updates"})


def event(number: int, kind: ConsentType, days_ago: int, **fields: Any) -> ConsentEvent:
    at = NOW - days_ago * DAY
    values: dict[str, Any] = {
        "recorded_at": at, "contact": "con_1", "address": "token_1", "explicit": True, "categories": BOTH,
        "purposes": OFFERS, "clock": "whatsapp", **fields,
    }  # fmt: skip
    return ConsentEvent(id=f"cns_{number}", type=kind, at=at, **values)


LEDGER = (
    event(0, ConsentType.GRANT, 700, source="web_form", needs_confirmation=True),
    event(1, ConsentType.CONFIRM, 699, grant_id="cns_0"),
    event(2, ConsentType.WITHDRAW, 400, categories=frozenset({"marketing"}), purposes=None, source="inferred_text"),
    event(3, ConsentType.RESUME, 399, withdraw_id="cns_2", source="operator"),
    event(4, ConsentType.WITHDRAW, 300, purposes=None, source="keyword"),
    event(5, ConsentType.RE_PERMISSION, 200, source="keyword_start_confirmed", expires_at=NOW - 20 * DAY),
    event(6, ConsentType.WITHDRAW, 150, purposes=frozenset({"surveys"}), source="user_request"),
    event(7, ConsentType.RENEW, 30, grant_id="cns_5", expires_at=NOW + 700 * DAY),
    event(8, ConsentType.CORRECT, 20),
    event(9, ConsentType.REFUSE, 10, purposes=frozenset({"surveys"})),
)
SENDS = tuple(
    Send(at=NOW - days * DAY, category=category, body_hash=f"b{days}", request_key=f"r{days}", outcome="sent")
    for days, category in ((3, "marketing"), (5, "utility"), (9, "marketing"), (12, "service"), (20, "marketing"))
)
ALLOW = GateRequest(
    audience=Audience.CONTACT,
    message=MessageFacts(
        kind="template", category="marketing", purpose="offers", request_key="drf_1:1", body_hash="b",
        names_sender=True, has_opt_out=True,
    ),
    recipient=RecipientFacts(
        id="con_1", known=True, address="token_1", country="SA", time_zones=("Asia/Riyadh",),
        last_inbound_at=NOW - 3 * DAY, subject=Subject(contacts=frozenset({"con_1"}), addresses=frozenset({"token_1"})),
    ),
    current_digest="d",
    approval=ApprovalFacts(approved_digest="d", approved_at=NOW - DAY, expires_at=NOW + 30 * DAY),
    consent_events=LEDGER,
    history=History(sends=SENDS),
    template=TemplateFacts(status="APPROVED", category="MARKETING"),
    sender=SenderFacts(messaging_limit=2000, unique_recipients_24h=100),
    live_send=True,
    policy=load(""),
)  # fmt: skip
CAIRO = replace(ALLOW.recipient, country="EG", time_zones=("Africa/Cairo",))
STOPPED = (*LEDGER[:-1], event(9, ConsentType.WITHDRAW, 2, purposes=None, source="keyword"))
CASES: dict[str, tuple[GateRequest, datetime, Answer]] = {
    "allow": (ALLOW, NOW, Answer.ALLOW),
    "defer": (replace(ALLOW, recipient=CAIRO), THURSDAY_NIGHT, Answer.DEFER),
    "refuse": (replace(ALLOW, consent_events=STOPPED), NOW, Answer.BLOCK),
}


def microseconds(run: Callable[[], object], *, times: int) -> dict[str, float]:
    for _ in range(times // 10):
        run()
    taken = []
    for _ in range(times):
        started = time.perf_counter_ns()
        run()
        taken.append((time.perf_counter_ns() - started) / 1000)
    centiles = statistics.quantiles(taken, n=100)
    return {"p50": round(centiles[49], 1), "p99": round(centiles[98], 1)}


def parse_a_number() -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse("0501234567", "SA"))


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else DECISIONS
    for name, (request, now, answer) in CASES.items():
        found = decide(request, now=now).answer
        if found is not answer:
            raise SystemExit(f"{name}: expected {answer}, got {found}")
    figures: dict[str, Any] = {
        name: microseconds(partial(decide, request, now=now), times=times) for name, (request, now, _) in CASES.items()
    }
    peer = microseconds(parse_a_number, times=times)
    print(
        json.dumps({
            "benchmark": "decide", "unit": "µs", "decisions": times, "events": len(LEDGER), **figures,
            "peer_phonenumbers": peer, "ratio": round(figures["allow"]["p50"] / peer["p50"], 2),
            "target_p50": 100, "python": platform.python_version(),
        }, ensure_ascii=False)
    )  # fmt: skip


if __name__ == "__main__":
    main()
