"""Approvals of texts that need two people. A vote counts for exactly what was seen, while its person is active."""

from datetime import datetime

from wakeel.domain.recognition import OperatorState
from wakeel.store.models import Draft, Operator, Vote


def cast(draft: Draft, operator: Operator, *, digest: str, via: str, now: datetime) -> bool:
    """Keep one vote; False if this person voted for the same before. The caller holds the draft's lock."""
    same = {"draft": draft, "version": draft.version, "digest": digest, "operator": operator}
    if Vote.objects.filter(**same).exists():
        return False
    Vote.objects.create(business_id=draft.business_id, via=via, at=now, **same)
    return True


def voters(draft: Draft, *, digest: str) -> list[Operator]:
    """Active operators who approved just this of the current version, in the order of their votes."""
    rows = Vote.objects.filter(draft=draft, version=draft.version, digest=digest, operator__state=OperatorState.ACTIVE)
    return [vote.operator for vote in rows.select_related("operator").order_by("at", "id")]


def withdraw(operator_id: str) -> None:
    """Nothing that this person approved as one of two counts any more, nor if they come back."""
    Vote.objects.filter(operator=operator_id).delete()


def void(draft: Draft) -> None:
    """Nobody's vote for this draft counts any more; the decisions that brought them are kept."""
    Vote.objects.filter(draft=draft).delete()
