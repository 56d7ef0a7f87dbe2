"""Keeping what the gate said and what it read, so that it can be shown and given again."""

from collections.abc import Iterable
from datetime import datetime

from wakeel.domain.gate_json import request_document
from wakeel.domain.gate_request import GateRequest, Verdict
from wakeel.domain.policy import Policy, as_document
from wakeel.store.models import PolicyRow, VerdictRow


def row(
    business_id: str,
    verdict: Verdict,
    *,
    request: GateRequest,
    phase: str,
    now: datetime,
    draft_id: str | None = None,
    outbox_id: str | None = None,
) -> VerdictRow:
    """A verdict as a row, not saved yet; times among its facts become ISO strings.

    request: as it was decided; with phase `plan` without the approval that was only assumed.
    """
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
        request=request_document(request),
        at=now,
    )


def keep(business_id: str, verdict: Verdict, *, request: GateRequest, phase: str, draft_id: str, now: datetime) -> None:
    """Save one verdict, and its policy if that is new."""
    keep_all([row(business_id, verdict, request=request, phase=phase, draft_id=draft_id, now=now)], request.policy)


def keep_all(rows: Iterable[VerdictRow], policy: Policy) -> None:
    """Save the verdicts of one batch, all by the same policy."""
    found = list(rows)
    if found and not PolicyRow.objects.filter(pk=policy.version).exists():
        # Another process may be first: the same version is the same document.
        first = PolicyRow(version=policy.version, document=as_document(policy), first_used_at=found[0].at)
        PolicyRow.objects.bulk_create([first], ignore_conflicts=True)
    VerdictRow.objects.bulk_create(found)
