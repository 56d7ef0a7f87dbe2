"""Keeping what the gate said and what it read, so that it can be shown and given again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection
from django.db.models import QuerySet

from wakeel.domain.gate_json import request_document, request_parts
from wakeel.domain.gate_request import GateRequest, Verdict
from wakeel.domain.policy import Policy, as_document
from wakeel.store.claims import Due
from wakeel.store.compiled import Compiled
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import PolicyRow, VerdictRow
from wakeel.store.stored_times import as_kept


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
    return VerdictRow(
        business_id=business_id,
        draft_id=draft_id,
        outbox_id=outbox_id,
        phase=phase,
        answer=verdict.answer.value,
        code=verdict.code.value,
        all_codes=[code.value for code in verdict.all_codes],
        facts=_plain(verdict),
        next_allowed_at=verdict.next_allowed_at,
        grant_id=verdict.grant_id,
        policy_version=verdict.policy_version,
        ledger_seq=verdict.ledger_seq,
        request=request_document(request),
        at=now,
    )


def keep_all(rows: Iterable[VerdictRow], policy: Policy) -> None:
    """Save the verdicts of one batch, all by the same policy, and that policy if it is new."""
    found = list(rows)
    if found:
        _keep_policy(policy, now=found[0].at)
    insert_rows(found)


def keep_claimed(decided: Sequence[tuple[Due, GateRequest, Verdict]], policy: Policy, *, now: datetime) -> None:
    """The same for a claimed batch, whose answers were given at `now`, in raw SQL."""
    if not decided:
        return
    _keep_policy(policy, now=now)
    rows, at = [_claimed(*one) for one in decided], as_kept(now)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_KEEP_ALL, [at, _json(rows)])
        else:
            # Nothing travels here: binding each value is quicker than taking one large document apart.
            cursor.executemany(_KEEP_EACH, [(*map(_bound, COLUMNS, row), at) for row in rows])


def _keep_policy(policy: Policy, *, now: datetime) -> None:
    if not _policies(version=policy.version):
        # Another process may be first: the same version is the same document.
        first = PolicyRow(version=policy.version, document=as_document(policy), first_used_at=now)
        PolicyRow.objects.bulk_create([first], ignore_conflicts=True)


@Compiled
def _policies(*, version: Any) -> "QuerySet[PolicyRow, Any]":
    return PolicyRow.objects.filter(pk=version).values_list("pk")


def _claimed(message: Due, request: GateRequest, verdict: Verdict) -> tuple[Any, ...]:
    next_at = verdict.next_allowed_at
    return (
        message.business_id, message.draft_id, message.id, "claim", verdict.answer.value, verdict.code.value,
        [code.value for code in verdict.all_codes], _plain(verdict),
        None if next_at is None else str(as_kept(next_at)), verdict.grant_id, verdict.policy_version,
        verdict.ledger_seq, request_parts(request),
    )  # fmt: skip


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in verdict.facts.items()}


COLUMNS = (
    "business_id", "draft_id", "outbox_id", "phase", "answer", "code", "all_codes", "facts", "next_allowed_at",
    "grant_id", "policy_version", "ledger_seq", "request",
)  # fmt: skip
_JSON = frozenset({"all_codes", "facts", "request"})
_CASTS = {"next_allowed_at": "::timestamptz", "ledger_seq": "::bigint"}


_encode = msgspec.json.Encoder(order="deterministic").encode


def _json(value: Any) -> str:
    return _encode(value).decode()


def _bound(name: str, value: Any) -> Any:
    return _json(value) if name in _JSON else value


def _column(place: int, name: str) -> str:
    return f"given.value -> {place}" if name in _JSON else f"(given.value ->> {place}){_CASTS.get(name, '')}"


_INTO = f"INSERT INTO verdict ({', '.join(COLUMNS)}, at)"
_KEEP_EACH = f"{_INTO} VALUES ({', '.join(['%s'] * (len(COLUMNS) + 1))})"
_KEEP_ALL = (
    f"{_INTO} SELECT {', '.join(_column(place, name) for place, name in enumerate(COLUMNS))}, "  # noqa: S608 - our words
    "%s::timestamptz FROM jsonb_array_elements(%s::jsonb) AS given (value)"
)
