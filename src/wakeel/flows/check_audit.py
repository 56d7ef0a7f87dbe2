"""Is the audit log what was written? The mechanism and the words of `ledger-verify`, for its chain."""

import os
from dataclasses import dataclass
from datetime import datetime

from wakeel import clock
from wakeel.domain.audit import Action
from wakeel.domain.words import Text
from wakeel.flows import audit as log
from wakeel.flows.ledger_findings import Finding, Findings
from wakeel.flows.verify_chain import ChainCheck
from wakeel.store import audit, heartbeat
from wakeel.store.keyring import keyring
from wakeel.store.models import Business

NEWEST = 20_000
"""Entries that a page checks while somebody waits for it; the worker checks all of them once a day."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was walked and what was found. findings: the first ones in full; total: how many there are."""

    entries: int
    findings: tuple[Finding, ...]
    total: int

    @property
    def summary(self) -> Text:
        """One line."""
        if self.total:
            return Text(
                f"{self.total} خلل في سجل الأعمال ({self.entries} قيد).",
                f"{self.total} faults in the audit log ({self.entries} entries)",
            )
        return Text(f"سجل الأعمال سليم: {self.entries} قيد.", f"the audit log is intact: {self.entries} entries")


def check_all(*, real_now: datetime) -> AuditReport:
    """Every entry of every business, and the outcome for the audit page. Raises KeyRefused when a key is missing."""
    keyring()
    findings, started_at = Findings(), real_now
    found: dict[str, tuple[int, int]] = {}
    for business_id in Business.objects.order_by("created_at").values_list("id", flat=True):
        before = findings.total
        entries = _walk(business_id, findings, after=0)
        found[business_id] = (entries, findings.total - before)
    heartbeat.note_audit_check(found, pid=os.getpid(), started_at=started_at, real_now=clock.real_now())
    return AuditReport(sum(entries for entries, _ in found.values()), tuple(findings.kept), findings.total)


def check_newest(business_id: str, *, by: str, now: datetime) -> AuditReport:
    """The newest entries of one business, at somebody's wish; the log keeps that they asked and what was found."""
    findings, head = Findings(), audit.head(business_id)
    entries = _walk(business_id, findings, after=max(0, head.last_seq - NEWEST)) if head else 0
    log.note(
        business_id, by=by, action=Action.AUDIT_CHECKED, subject=business_id, now=now,
        after={"rows": entries, "faults": findings.total},
    )  # fmt: skip
    return AuditReport(entries, tuple(findings.kept), findings.total)


def _walk(business_id: str, findings: Findings, *, after: int) -> int:
    """How many were walked. Acts are written while this reads: the head is read again when the rows end."""
    check = ChainCheck(business_id, audit.CHAIN, findings, start=audit.link(business_id, after) if after else None)
    count = 0
    while True:
        before = check.last_seq
        for page in audit.pages(business_id, after=before):
            for row in page:
                check.step(audit.link_of(row))
            count += len(page)
        head = audit.head(business_id)
        if head is None or head.last_seq <= check.last_seq or check.last_seq == before:
            break
    check.finish(head_seq=head.last_seq if head else None, head_mac=bytes(head.last_mac) if head else b"")
    return count
