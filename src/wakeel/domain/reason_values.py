"""Words for what a reason names: how Meta calls the state of a template or number, and until when something waits."""

from wakeel.domain.reasons import ReasonCode
from wakeel.domain.words import Text

STATUS_WORDS: dict[str, Text] = {
    "PENDING": Text("قيد المراجعة", "in review"),
    "IN_APPEAL": Text("قيد الاعتراض", "under appeal"),
    "REJECTED": Text("مرفوض", "rejected"),
    "PAUSED": Text("موقوف مؤقتًا", "paused"),
    "DISABLED": Text("معطّل", "disabled"),
    "PENDING_DELETION": Text("قيد الحذف", "being deleted"),
    "CHANGED": Text("تغيّر نصه", "its text changed"),
    "DELETED": Text("محذوف", "deleted"),
    "LIMIT_EXCEEDED": Text("تجاوز الحد", "over its limit"),
    "DISCONNECTED": Text("غير متصل", "not connected"),
    "FLAGGED": Text("عليه ملاحظات جودة", "flagged for quality"),
    "RESTRICTED": Text("مقيّد", "restricted"),
    "RATE_LIMITED": Text("محدود السرعة", "rate limited"),
    "BANNED": Text("محظور", "banned"),
    "MIGRATED": Text("نُقل", "migrated"),
    "ACCOUNT_RESTRICTION": Text("الحساب مقيّد", "the account is restricted"),
    "ACCOUNT_VIOLATION": Text("على الحساب مخالفة", "the account has a violation"),
    "SCHEDULE_FOR_DISABLE": Text("الحساب في طريقه إلى التعطيل", "the account is about to be disabled"),
    "DISABLE": Text("الحساب معطّل", "the account is disabled"),
    "DISABLED_UPDATE": Text("الحساب معطّل", "the account is disabled"),
    "ACCOUNT_DELETED": Text("الحساب محذوف", "the account is deleted"),
    "ACCOUNT_OFFBOARDED": Text("الحساب مفصول عن المنصة", "the account is off the platform"),
    "APPROVED": Text("معتمد", "approved"),
    "LOCKED": Text("معتمد، ولا يُعدّل", "approved, locked against editing"),
    "REINSTATED": Text("عاد إلى العمل", "reinstated"),
    "ARCHIVED": Text("مؤرشف", "archived"),
    "UNARCHIVED": Text("عاد من الأرشيف", "back from the archive"),
    "UNVERIFIED": Text("غير موثّق", "not verified"),
    "UNKNOWN": Text("غير معروف", "unknown"),
}
"""By Meta's word for a template or a sending number; another word is shown as it is."""

UNTIL_WORDS: dict[ReasonCode, Text] = {
    ReasonCode.TEMPLATE_PAUSED: Text("يعود للعمل {t}.", "It resumes {t}."),
    ReasonCode.QUIET_HOURS: Text("تُرسل في {t}.", "Will go {t}."),
}
"""The sentence about `{until}` when the end is known …"""

NO_END_WORDS: dict[ReasonCode, Text] = {
    ReasonCode.TEMPLATE_PAUSED: Text(
        "لا يعود تلقائيًا؛ يستأنفه المسؤول من مدير واتساب.",
        "It does not resume by itself: an administrator resumes it in WhatsApp Manager.",
    ),
    ReasonCode.QUIET_HOURS: Text(
        "لا وقت مسموح خلال 60 يومًا. راجع أوقات الإرسال في السياسة.",
        "No hour is open within 60 days. Review the hours in the policy.",
    ),
}
"""… and when nobody knows it."""
