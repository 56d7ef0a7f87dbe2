"""Is the consent ledger what was written? Chain, payloads, wordings, evidence, head, anchors, and the stored standings.

Streaming: memory does not grow with the ledger, and no transaction stays open while it is read. Reads only, but for
`refresh_standings`.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from wakeel import clock, config
from wakeel.domain.words import Text
from wakeel.flows import ledger_findings as say
from wakeel.flows.ledger_findings import Finding, Findings
from wakeel.flows.verify_chain import ChainCheck, has_anchors_of_ours
from wakeel.flows.verify_payloads import PayloadCheck
from wakeel.flows.verify_standings import differing
from wakeel.store import anchor_file, heartbeat, ledger_rows
from wakeel.store.entries import CHAIN, link_of
from wakeel.store.keyring import keyring
from wakeel.store.models import Business


@dataclass(frozen=True, slots=True)
class Report:
    """What was compared and what was found. findings: the first ones in full; total: how many there are."""

    entries: int
    anchors: int
    people: int
    findings: tuple[Finding, ...]
    total: int

    @property
    def summary(self) -> Text:
        """One line."""
        if self.total:
            return Text(
                f"{self.total} خلل في سجل الموافقات ({self.entries} قيد، {self.anchors} تثبيت).",
                f"{self.total} faults in the consent ledger ({self.entries} entries, {self.anchors} anchors)",
            )
        return Text(
            f"سجل الموافقات سليم: {self.entries} قيد، {self.anchors} تثبيت، {self.people} شخص.",
            f"the consent ledger is intact: {self.entries} entries, {self.anchors} anchors, {self.people} people",
        )


def verify(*, now: datetime, anchors_dir: Path | None = None) -> Report:
    """Every business of this deployment. anchors_dir: where the anchor files are, the deployment's own by default.

    Raises KeyRefused when a key is missing: without keys nothing can be said.
    """
    keyring()
    folder = anchors_dir or config.get().anchors_dir
    findings, entries, anchors, people = Findings(), 0, 0, 0
    businesses = list(Business.objects.order_by("created_at").values_list("id", flat=True))
    for business_id in businesses:
        check = ChainCheck(business_id, CHAIN, findings)
        check.read_anchors(folder)
        anchors += check.anchors
        entries += _walk(business_id, check, findings)
        for contact_id, differs in differing(business_id, now=now):
            people += 1
            if differs:
                findings.add(say.standing_differs(business_id, contact_id))
    for business_id in anchor_file.businesses(folder):
        if business_id not in businesses and has_anchors_of_ours(folder, business_id):
            findings.add(say.business_gone(business_id, anchor_file.path_of(folder, business_id).name))
    return Report(entries, anchors, people, tuple(findings.kept), findings.total)


def verify_and_note(*, anchors_dir: Path | None = None) -> Report:
    """The same now, and its outcome on the health page."""
    started_at = clock.real_now()
    report = verify(now=clock.now(), anchors_dir=anchors_dir)
    heartbeat.note_ledger_check(
        entries=report.entries,
        faults=report.total,
        pid=os.getpid(),
        started_at=started_at,
        real_now=clock.real_now(),
    )
    return report


def is_check_due(*, real_now: datetime) -> bool:
    """True if nobody verified today, by the calendar of the deployment's zone."""
    last, zone = heartbeat.ledger_checked_at(), ZoneInfo(config.get().time_zone)
    return last is None or last.astimezone(zone).date() < real_now.astimezone(zone).date()


def _walk(business_id: str, check: ChainCheck, findings: Findings) -> int:
    """Rows are appended while this reads: the head is held against the rows only when both have come to rest."""
    beside, count, head = PayloadCheck(business_id, findings), 0, None
    read_once = ledger_rows.furthest_read(business_id)
    while True:
        before = check.last_seq
        for page in ledger_rows.pages(business_id, after=check.last_seq):
            for row in page:
                check.step(link_of(row))
            beside.check(page)
            count += len(page)
        head = ledger_rows.head(business_id, CHAIN)
        if head is None or head.last_seq <= check.last_seq or check.last_seq == before:
            break
    beside.finish()
    if read_once > check.last_seq:
        findings.add(say.read_beyond(business_id, last=check.last_seq, seq=read_once))
    if head is None:
        check.finish(head_seq=None, head_mac=b"")
    else:
        check.finish(head_seq=head.last_seq, head_mac=bytes(head.last_mac))
    return count
