"""News of Meta's in words, for the health page and for operators. Meta's own word always stays beside them.

By our name of the event and Meta's word in it; a word nobody knows gets the sentence of its kind.
"""

from collections.abc import Mapping
from typing import Any

from wakeel.domain.words import Text

_IN_MANAGER = Text("راجع مدير واتساب.", "Look at WhatsApp Manager.")

QUALITY_WORDS: Mapping[str, Text] = {
    "GREEN": Text("جيدة", "good"),
    "YELLOW": Text("متوسطة", "medium"),
    "RED": Text("منخفضة", "low"),
    "UNKNOWN": Text("لم تُقيّم بعد", "not rated yet"),
}
"""Of a number or a template, by Meta's word."""

NOT_LISTED_WORDS = Text("لم يعد في قائمة واتساب", "not in WhatsApp's listing any more")
"""Why we take a template for deleted although nobody said so."""

WORD_OF: Mapping[str, str] = {
    "TemplateStatusChanged": "event",
    "TemplateQualityChanged": "quality",
    "TemplateCategoryChanged": "category",
    "NumberLimitChanged": "event",
    "NumberNameDecided": "decision",
    "CapabilityChanged": "messaging_limit",
    "AccountUpdated": "event",
    "AccountAlerted": "alert",
    "AccountReviewed": "decision",
    "SecurityChanged": "event",
    "BusinessUsernameChanged": "status",
    "AccountErred": "code",
}
"""Which fact of an event is Meta's word for what happened."""

_KINDS: Mapping[str, Text] = {
    "TemplateStatusChanged": Text("تغيّرت حالة قالب", "A template's status changed"),
    "TemplateQualityChanged": Text("تغيّرت جودة قالب", "A template's quality changed"),
    "TemplateCategoryChanged": Text("تغيّر تصنيف قالب", "A template's category changed"),
    "TemplateComponentsChanged": Text("تغيّر نص قالب", "A template's text changed"),
    "NumberLimitChanged": Text("تغيّرت حدود رقم الإرسال", "The limits of the sending number changed"),
    "NumberNameDecided": Text("قرار بشأن الاسم الظاهر للرقم", "A decision on the number's display name"),
    "CapabilityChanged": Text("تغيّر حد المراسلة اليومي", "The daily messaging limit changed"),
    "AccountUpdated": Text("خبر عن الحساب", "News of the account"),
    "AccountAlerted": Text("تنبيه على الحساب", "An alert about the account"),
    "AccountReviewed": Text("نتيجة مراجعة الحساب", "The account was reviewed"),
    "SecurityChanged": Text("حدث أمان في رقم الإرسال", "A security event of the sending number"),
    "BusinessUsernameChanged": Text("تغيّر اسم المستخدم للمنشأة", "The business's username changed"),
    "AccountErred": Text("أبلغ واتساب عن خطأ لا يخص رسالة بعينها", "WhatsApp reported an error of no single message"),
}

_WORDS: Mapping[tuple[str, str], Text] = {
    ("TemplateStatusChanged", "APPROVED"): Text("اعتُمد قالب", "A template was approved"),
    ("TemplateStatusChanged", "REJECTED"): Text("رُفض قالب", "A template was rejected"),
    ("TemplateStatusChanged", "PENDING"): Text("قالب قيد المراجعة", "A template is in review"),
    ("TemplateStatusChanged", "PAUSED"): Text("أُوقف قالب مؤقتًا بسبب الجودة", "A template was paused for quality"),
    ("TemplateStatusChanged", "DISABLED"): Text("عُطّل قالب", "A template was disabled"),
    ("TemplateStatusChanged", "FLAGGED"): Text(
        "وُضعت على قالب ملاحظة جودة، ولا يزال صالحًا للإرسال", "A template was flagged for quality; it can be sent still"
    ),
    ("TemplateStatusChanged", "REINSTATED"): Text("عاد قالب إلى العمل", "A template works again"),
    ("TemplateStatusChanged", "LOCKED"): Text("قُفل تعديل قالب", "A template was locked against editing"),
    ("TemplateStatusChanged", "IN_APPEAL"): Text("قالب قيد الاعتراض", "A template is under appeal"),
    ("TemplateStatusChanged", "LIMIT_EXCEEDED"): Text("تجاوز عدد القوالب حدّه", "There are more templates than allowed"),
    ("TemplateStatusChanged", "ARCHIVED"): Text("أُرشف قالب لم يُستخدم", "An unused template was archived"),
    ("TemplateStatusChanged", "UNARCHIVED"): Text("عاد قالب من الأرشيف", "A template came back from the archive"),
    ("TemplateStatusChanged", "PENDING_DELETION"): Text("قالب قيد الحذف", "A template is being deleted"),
    ("TemplateStatusChanged", "DELETED"): Text("حُذف قالب", "A template was deleted"),
    ("NumberLimitChanged", "THROUGHPUT_UPGRADE"): Text("زادت سرعة رقم الإرسال", "The sending number became faster"),
    ("NumberLimitChanged", "ONBOARDING"): Text("سُجّل رقم الإرسال لدى واتساب", "The sending number was registered"),
    ("NumberLimitChanged", "FLAGGED"): Text("انخفضت جودة رقم الإرسال", "The quality of the sending number became low"),
    ("NumberNameDecided", "APPROVED"): Text("اعتُمد الاسم الظاهر للرقم", "The number's display name was approved"),
    ("NumberNameDecided", "REJECTED"): Text("رُفض الاسم الظاهر للرقم", "The number's display name was rejected"),
    ("AccountUpdated", "ACCOUNT_RESTRICTION"): Text("قيّد واتساب الحساب", "WhatsApp restricted the account"),
    ("AccountUpdated", "ACCOUNT_VIOLATION"): Text(
        "سجّل واتساب مخالفة على الحساب", "WhatsApp recorded a violation by the account"
    ),
    ("AccountUpdated", "DISABLED_UPDATE"): Text("تعطيل الحساب لدى واتساب", "WhatsApp disables the account"),
    ("AccountUpdated", "SCHEDULE_FOR_DISABLE"): Text(
        "يعطّل واتساب الحساب قريبًا", "WhatsApp is going to disable the account"
    ),
    ("AccountUpdated", "DISABLE"): Text("عطّل واتساب الحساب", "WhatsApp disabled the account"),
    ("AccountUpdated", "REINSTATE"): Text("أعاد واتساب تفعيل الحساب", "WhatsApp reinstated the account"),
    ("AccountUpdated", "ACCOUNT_DELETED"): Text("حُذف الحساب لدى واتساب", "The account was deleted at WhatsApp"),
    ("AccountUpdated", "ACCOUNT_OFFBOARDED"): Text("فُصل الحساب عن المنصة", "The account was taken off the platform"),
    ("AccountUpdated", "ACCOUNT_RECONNECTED"): Text("عاد ربط الحساب بالمنصة", "The account was connected again"),
    ("AccountUpdated", "SENDING_RESUMED"): Text("استأنف المسؤول الإرسال", "An administrator resumed sending"),
    ("AccountUpdated", "VOLUME_BASED_PRICING_TIER_UPDATE"): Text("تغيّرت شريحة الأسعار", "The price tier changed"),
    ("AccountReviewed", "APPROVED"): Text("اجتاز الحساب المراجعة", "The account passed its review"),
    ("AccountReviewed", "REJECTED"): Text("لم يجتز الحساب المراجعة", "The account did not pass its review"),
    ("SecurityChanged", "PIN_CHANGED"): Text("تغيّر رمز التحقق بخطوتين للرقم", "The number's two-step PIN was changed"),
    ("SecurityChanged", "PIN_RESET_REQUEST"): Text(
        "طُلب إلغاء رمز التحقق بخطوتين للرقم", "Somebody asked to reset the number's two-step PIN"
    ),
    ("SecurityChanged", "PIN_RESET_SUCCESS"): Text(
        "أُلغي رمز التحقق بخطوتين للرقم", "The number's two-step PIN was reset"
    ),
    ("BusinessUsernameChanged", "approved"): Text("اعتُمد اسم المستخدم للمنشأة", "The business's username was approved"),
    ("BusinessUsernameChanged", "reserved"): Text("حُجز اسم المستخدم للمنشأة", "The business's username was reserved"),
    ("BusinessUsernameChanged", "deleted"): Text("حُذف اسم المستخدم للمنشأة", "The business's username was deleted"),
}

_NEWS = Text("خبر من واتساب", "News from WhatsApp")
_ANNOUNCED = Text("سيتغيّر تصنيف قالب", "A template's category is going to change")
_SECURITY_ADVICE = Text(
    "إن لم يكن الطلب من المنشأة فالحساب في خطر: راجع من له صلاحية عليه في مدير واتساب فورًا.",
    "If nobody of the business asked for it, the account is at risk: see in WhatsApp Manager at once who has access.",
)
_ADVICE: Mapping[tuple[str, str], Text] = {
    ("TemplateStatusChanged", "REJECTED"): Text(
        "عدّله أو اعترض في مدير واتساب.", "Edit it or appeal in WhatsApp Manager."
    ),
    ("TemplateStatusChanged", "PAUSED"): Text(
        "لا يُرسل ما دام موقوفًا. راجع نصه ولمن يُرسل.", "It is not sent meanwhile. Review its text and who gets it."
    ),
    ("TemplateStatusChanged", "DISABLED"): Text(
        "استبدله بقالب آخر أو اعترض في مدير واتساب.", "Replace it, or appeal in WhatsApp Manager."
    ),
    ("TemplateStatusChanged", "LIMIT_EXCEEDED"): Text(
        "احذف قوالب لا تُستخدم في مدير واتساب.", "Delete unused templates in WhatsApp Manager."
    ),
    ("TemplateCategoryChanged", ""): Text(
        "يتغيّر سعره وما يلزم له من موافقة. تُطلب مراجعته من دعم واتساب خلال 60 يومًا.",
        "Its price and the consent it needs change. Ask WhatsApp's support for a review within 60 days.",
    ),
    ("NumberLimitChanged", "FLAGGED"): Text("أوقف التسويق وراجع ما يُرسل.", "Stop marketing and review what is sent."),
    ("SecurityChanged", "PIN_RESET_REQUEST"): _SECURITY_ADVICE,
    ("SecurityChanged", "PIN_RESET_SUCCESS"): _SECURITY_ADVICE,
    ("SecurityChanged", "PIN_CHANGED"): _SECURITY_ADVICE,
}


def word_of(kind: str, facts: Mapping[str, Any]) -> str:
    """Meta's word for what happened, '' where it gives none. Of a ban the state of it; of a category the coming one."""
    for name in ("ban_state", "correct_category"):
        if facts.get(name):
            return str(facts[name])
    return str(facts.get(WORD_OF.get(kind, ""), ""))


def headline(kind: str, facts: Mapping[str, Any]) -> Text:
    """What happened, in one short sentence without its subject; Meta's word is `word_of`."""
    if facts.get("correct_category"):
        return _ANNOUNCED
    return _WORDS.get((kind, word_of(kind, facts))) or _KINDS.get(kind, _NEWS)


def subject(facts: Mapping[str, Any]) -> str:
    """What it is about: a template's name and language, a number's digits, a username, what was restricted; '' for the
    account as a whole."""
    if facts.get("restrictions"):
        return ", ".join(str(one["type"]) for one in facts["restrictions"])
    if facts.get("name") and facts.get("language"):
        return f"{facts['name']} ({facts['language']})"
    return str(facts.get("username") or facts.get("display_phone") or "")


def advice(kind: str, facts: Mapping[str, Any]) -> Text:
    """What a person can do about it."""
    return _ADVICE.get((kind, word_of(kind, facts))) or _ADVICE.get((kind, ""), _IN_MANAGER)


def stopped_words(state: str) -> Text:
    """Why an account does not send, by its state."""
    return _WORDS.get(("AccountUpdated", state), _KINDS["AccountUpdated"])
