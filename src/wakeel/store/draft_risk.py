"""What the rule about risk reads of a draft."""

from datetime import datetime

from wakeel.domain.gate import is_window_open
from wakeel.domain.named_prices import greatest_amount, names_price
from wakeel.domain.risk import Risk, RiskFacts, risk_of
from wakeel.store import gate_facts
from wakeel.store.models import Draft


def risk_of_text(draft: Draft, text: str, *, is_template: bool, now: datetime, category: str = "") -> Risk:
    """The risk of a draft with this text. category: another one than the draft has, '' for the same.

    Reads contact, opportunity and the number's business, which the caller has loaded.
    """
    wrote_at, business = draft.contact.last_inbound_at, draft.number.business
    limit = business.high_value
    facts = RiskFacts(
        category=category or draft.category,
        is_template=is_template,
        is_window_open=is_window_open(wrote_at, now=now),
        has_written=wrote_at is not None,
        findings=gate_facts.findings(text, draft.number),
        names_price=names_price(text),
        value=greatest_amount(draft.opportunity.value) if limit is not None else None,
        high_value=limit,
    )
    return risk_of(facts)
