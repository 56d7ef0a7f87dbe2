"""Keeping what the gate said, so that it can be shown and replayed."""

from datetime import datetime

from wakeel.domain.gate import Verdict
from wakeel.store.models import VerdictRow


def row(
    business_id: str,
    verdict: Verdict,
    *,
    phase: str,
    now: datetime,
    draft_id: str | None = None,
    outbox_id: str | None = None,
) -> VerdictRow:
    """A verdict as a row, not saved yet; times among its facts become ISO strings."""
    facts = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in verdict.facts.items()}
    return VerdictRow(
        business_id=business_id,
        draft_id=draft_id,
        outbox_id=outbox_id,
        phase=phase,
        answer=verdict.answer.value,
        code=verdict.code.value,
        all_codes=[code.value for code in verdict.all_codes],
        facts=facts,
        next_allowed_at=verdict.next_allowed_at,
        grant_id=verdict.grant_id,
        policy_version=verdict.policy_version,
        ledger_seq=verdict.ledger_seq,
        at=now,
    )


def keep(business_id: str, verdict: Verdict, *, phase: str, draft_id: str, now: datetime) -> None:
    row(business_id, verdict, phase=phase, draft_id=draft_id, now=now).save(force_insert=True)
