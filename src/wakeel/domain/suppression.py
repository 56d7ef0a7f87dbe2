"""Why a person is never written to, whatever the ledger says. Check 8 of the gate; reference 5.2, read 2026-11-22."""

from enum import StrEnum

from wakeel.domain.words import Text


class SuppressionCause(StrEnum):
    COMPLAINT = "complaint"
    BLOCKED = "blocked"
    REPORT = "report"
    LEGAL = "legal"
    MINOR = "minor"
    MANUAL = "manual"
    RESTRICTED = "restricted"  # while the accuracy of their data is being checked
    ERASED = "erased"


CAUSE_WORDS: dict[SuppressionCause, Text] = {
    SuppressionCause.COMPLAINT: Text("شكوى", "a complaint"),
    SuppressionCause.BLOCKED: Text("حظر", "a block"),
    SuppressionCause.REPORT: Text("بلاغ", "a report"),
    SuppressionCause.LEGAL: Text("سبب نظامي", "a legal reason"),
    SuppressionCause.MINOR: Text("قاصر", "a minor"),
    SuppressionCause.MANUAL: Text("قرار من المنشأة", "a decision of the business"),
    SuppressionCause.RESTRICTED: Text("تقييد حتى تُراجع بياناته", "restricted until their data is checked"),
    SuppressionCause.ERASED: Text("أُتلفت بياناته بطلبه", "their data was destroyed at their request"),
}
