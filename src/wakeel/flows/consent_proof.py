"""How we know what a person said: the part of a ledger entry that an operator types in, checked.

The opt-in checklist of the reference "consent and contactability" (section 2.1) and its fields (3.2) are asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from wakeel.domain.consent_sources import method_of
from wakeel.domain.media import EXTENSIONS, MAX_EVIDENCE_BYTES, media_type_of
from wakeel.domain.text import plain
from wakeel.domain.words import Text
from wakeel.store.consent import NewFile

CLOCK = "paper"
"""A person typed the time, from memory or from a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """at: when it was said or signed; None only for a withdrawal. evidence: words that prove it; file: or a scan, photo
    or recording. wording: the exact text that was agreed to; language, notice_version: of it, '' if unknown.
    """

    at: datetime | None
    source: str
    evidence: str = ""
    file: bytes = b""
    file_name: str = ""
    wording: str = ""
    language: str = ""
    notice_version: str = ""

    def entry(self) -> dict[str, Any]:
        """These fields as `store.consent.append` takes them."""
        kind = media_type_of(self.file) if self.file else None
        return {
            "at": self.at,
            "source": self.source,
            "method": method_of(self.source),
            "evidence": self.evidence.strip(),
            "evidence_file": NewFile(kind, self.file, name=plain(self.file_name)[:200]) if kind else None,
            "wording": self.wording.strip(),
            "language": self.language,
            "notice_version": self.notice_version.strip(),
            "clock": CLOCK,
        }

    def occurrence(self, *scope: str) -> str:
        """The same entry once more, by a second click, is the same happening."""
        at = self.at.isoformat() if self.at else ""
        words = [self.evidence.strip(), self.wording.strip(), self.language, self.notice_version.strip()]
        digest = sha256("\0".join(words).encode() + self.file).hexdigest()
        return "|".join([*scope, at, self.source, digest])


@dataclass(frozen=True, slots=True)
class RefusedConsent:
    """field: the input to mend, '' if none can. reason: what is wrong and what to do."""

    field: str
    reason: Text


def refuse_proof(
    proof: Proof, *, sources: Collection[str], now: datetime, needs_wording: bool
) -> RefusedConsent | None:
    """What is missing or wrong; None if the proof can be written down."""
    if proof.source not in sources:
        return RefusedConsent("source", Text("اختر الطريقة.", "Choose how."))
    if proof.at is not None and (proof.at.tzinfo is None or proof.at > now):
        return RefusedConsent(
            "happened_at", Text("الوقت غير صالح أو في المستقبل.", "The time is invalid or in the future.")
        )
    if needs_wording and not proof.wording.strip():
        return RefusedConsent(
            "wording", Text("اكتب نص الموافقة كما عُرض عليه.", "Write the exact words they agreed to.")
        )
    if not proof.evidence.strip() and not proof.file:
        return RefusedConsent(
            "evidence",
            Text(
                "اذكر الدليل (كيف وأين ومن حضر) أو أرفق ملفه.",
                "Name the evidence (how, where, who) or attach its file.",
            ),
        )
    return _refuse_file(proof.file)


def _refuse_file(file: bytes) -> RefusedConsent | None:
    if len(file) > MAX_EVIDENCE_BYTES:
        return RefusedConsent("evidence_file", Text("الملف أكبر من 5 م.ب.", "The file is over 5 MB."))
    if file and media_type_of(file) is None:
        kinds = ", ".join(sorted(EXTENSIONS.values()))
        return RefusedConsent(
            "evidence_file",
            Text(f"نوع الملف غير مقبول. المقبول: {kinds}.", f"This kind of file is not taken. Taken are: {kinds}."),
        )
    return None
